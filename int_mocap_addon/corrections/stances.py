"""What the bake found by itself to stand, in the list after all that somebody said."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .kinds import STANDS, TOUCHES

if TYPE_CHECKING:
    from bake.motion.touches import Touch


def list_stances(take: Any, stands: "Iterable[Touch]") -> None:
    """Show in the list of a take what its bake held by itself, in place of what an earlier one did.

    Parameters
    ----------
    take : TakeItem
    stands : iterable of Touch
        In the order of time.
    """
    active = take.active_correction
    clear_stances(take)
    for touch in stands:
        item = take.corrections.add()
        item.kind, item.part, item.time, item.end = STANDS, touch.limb, touch.start, touch.end
        item.found = touch.height is None
    take.active_correction = min(active, max(len(take.corrections) - 1, 0))


def clear_stances(take: Any) -> None:
    """Take what was found by itself out of the list of a take."""
    for index in range(len(take.corrections) - 1, -1, -1):
        if take.corrections[index].kind == STANDS:
            take.corrections.remove(index)


def take_over(take: Any, index: int) -> Any:
    """Make what was found by itself something that was said, and return it.

    Bound to heel and ball as before, it is baked as it was until it is changed.
    """
    item = take.corrections[index]
    item.kind, item.rolls, item.enabled = TOUCHES, True, True
    item.values = (0.0, 0.0, 0.0)
    take.active_correction = index
    return item


def said_of(take: Any) -> list[Any]:
    """Return what somebody said of a take, without what was found by itself."""
    return [item for item in take.corrections if item.kind != STANDS]
