"""Texts in as many lines as the width of a region needs."""

from collections.abc import Callable, Sequence
from typing import Any

import blf
import bpy

_FONT = 0
_TABS = {"VIEW_3D": 1.0}  # of a button's height: the tabs beside the panels
_MARGINS = {"VIEW_3D": 1.5, "PREFERENCES": 9.0}  # of a button's height, both sides together
_ICON, _PADDING = 1.0, 0.9  # of a button's height
_UNIT = 20.0  # pixels of a button's height at a scale of 1
_POINTS = 11.0
_WITHOUT_NAME = {"ENUM", "STRING"}  # do not show their name in their field
_NARROW = 210.0  # pixels at a scale of 1, from which on names stand beside their values


def ui_scale() -> float:
    """Return by what the user enlarges Blender's buttons and texts, 1 for not at all."""
    preferences = bpy.context.preferences
    return float(preferences.system.ui_scale) if preferences else 1.0


def content_width(context: bpy.types.Context) -> float:
    """Return the pixels that panels of the region have between their margins, not zoomed."""
    region, area = context.region, context.area
    if region is None or area is None:
        return 12 * _UNIT
    width = float(region.width)
    view: Any = region.view2d
    if view:
        seen = view.region_to_view(width, 0.0)[0] - view.region_to_view(0.0, 0.0)[0]
        width = float(seen) or width
    margins = _TABS.get(area.type, 0.0) + _MARGINS.get(area.type, 1.0)
    return max(width - margins * _UNIT * ui_scale(), 4 * _UNIT)


def is_wide(context: bpy.types.Context) -> bool:
    """Return whether names of settings have room beside their values."""
    return content_width(context) >= _NARROW * ui_scale()


def draw_settings(
    layout: bpy.types.UILayout, context: bpy.types.Context, owner: Any, names: Sequence[str]
) -> None:
    """Draw settings with their names beside them, or above them where there is no room.

    Parameters
    ----------
    layout : bpy.types.UILayout
    context : bpy.types.Context
    owner : bpy.types.PropertyGroup
    names : sequence of str
        Of the owner's properties.
    """
    wide = is_wide(context)
    column = layout.column()
    column.use_property_split, column.use_property_decorate = wide, False
    for name in names:
        setting = owner.bl_rna.properties[name]
        if wide or setting.type not in _WITHOUT_NAME:
            column.prop(owner, name)
        else:
            pair = column.column(align=True)
            pair.label(text=setting.name)
            pair.prop(owner, name, text="")


def draw_text(layout: bpy.types.UILayout, text: str, width: float, icon: Any = "NONE") -> None:
    """Draw a text as labels, one below the other.

    Parameters
    ----------
    layout : bpy.types.UILayout
    text : str
    width : float
        Pixels that the layout has.
    icon : str
        Of the first line.
    """
    unit = _UNIT * ui_scale()
    room = width - _PADDING * unit - (_ICON * unit if icon != "NONE" else 0.0)
    column = layout.column(align=True)
    for number, line in enumerate(wrapped(text, room, _measure())):
        column.label(text=line, icon="BLANK1" if number and icon != "NONE" else icon)


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines at its spaces, and inside words that have no room in a line.

    Parameters
    ----------
    text : str
    width : float
        As `measure` returns it.
    measure : callable
        Returns how wide a text is.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while measure(word) > width and len(word) > 1:
            fits = next((n for n in range(len(word) - 1, 1, -1) if measure(word[:n]) <= width), 1)
            lines[-1], word = word[:fits], word[fits:]
            lines.append("")
        lines[-1] = word
    return lines


def _measure() -> Callable[[str], float]:
    """Return a function that tells the width of a text in pixels, as labels are drawn."""
    preferences = bpy.context.preferences
    styles = preferences.ui_styles if preferences else None
    points = styles[0].widget.points if styles else _POINTS
    blf.size(_FONT, points * ui_scale())
    return lambda text: float(blf.dimensions(_FONT, text)[0])
