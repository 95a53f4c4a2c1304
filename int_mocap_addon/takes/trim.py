"""In and out points of a take: its part that is baked."""

from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

if TYPE_CHECKING:
    from bake.motion.trim import Trim

_SAME = 1e-4  # seconds; Blender keeps single precision


def keep_in_take(item: Any, context: bpy.types.Context) -> None:
    """Bring both points into the take; called when one of them, or their use, was changed."""
    ends = {"trim_start": item.start, "trim_end": item.start + item.seconds}
    for point, end in ends.items():
        wanted = getattr(item, point) if item.is_property_set(point) else end
        inside = min(max(wanted, ends["trim_start"]), ends["trim_end"])
        if not item.is_property_set(point) or abs(inside - wanted) > _SAME:
            setattr(item, point, inside)


def trim_of(item: Any) -> "Trim":
    """Return the part of a take that is to be baked.

    Raises
    ------
    MocapError
        When its end is before its beginning.
    """
    from bake.motion.trim import Trim

    if not item.use_trim:
        return Trim()
    if item.trim_end < item.trim_start:
        raise MocapError(
            f"Trimming leaves nothing of {item.name}: its Out, {item.trim_end:.2f} s, is before "
            f"its In, {item.trim_start:.2f} s."
        )
    return Trim(item.trim_start, item.trim_end)


def draw_trim(layout: bpy.types.UILayout, item: Any) -> None:
    """Show the points of a take."""
    layout.prop(item, "use_trim")
    if item.use_trim:
        points = layout.row(align=True)
        points.prop(item, "trim_start", text="In")
        points.prop(item, "trim_end", text="Out")
