"""Corrections that a doubtful range asks for, by its kind."""

from collections.abc import Sequence
from typing import Any

from .kinds import FILL, NOBODY, SIDES
from .records import add_span, sort_corrections


def mend(take: Any, stretch: Any, joints: Sequence[str]) -> str:
    """Correct a doubtful range of a take, and return a sentence that tells how.

    Parameters
    ----------
    take : TakeItem
    stretch : DoubtfulItem
    joints : sequence of str
        Of its part.
    """
    # The last frame begins where the range ends, and is not part of it.
    start, end = stretch.start, stretch.end - 0.5 / max(take.rate, 1e-3)
    if stretch.kind == "sides":
        add_span(take, SIDES, start, end).limbs = "all"
        told = f"Left and right of {take.name} change places there"
    elif stretch.kind == "ghost":
        add_span(take, NOBODY, start, end)
        told = f"{take.name} is nobody"
    else:
        add_span(take, FILL, start, end, ",".join(joints))
        told = f"{stretch.name} is led from before to after"
    sort_corrections(take)
    return f"{told}: press Solve Again."
