"""Contacts as strips at the bottom of the timeline and the Dope Sheet, one row for each limb."""

from dataclasses import dataclass
from typing import Any

import bpy

from core_model.corrections.records import TOUCHING

from ..settings import settings_of
from ..takes.listing import active_take
from .frames import clock_of
from .kinds import CONTACTS, LIFTS, STANDS
from .markers import words

_COLOURS = {True: (0.35, 0.6, 0.95, 0.9), False: (0.5, 0.62, 0.55, 0.55)}
"""Of what somebody said, and of what was found by itself."""
_NOTHING = (0.9, 0.4, 0.3, 0.9)  # where somebody said that nothing is touched
_ROW, _BAR, _LOWEST = 11, 7, 22  # pixels at a scale of 1
_TEXT, _RULER = 9, 20

_handle: Any = None


@dataclass(frozen=True)
class Strip:
    """How long a limb touches something.

    Parameters
    ----------
    limb : str
        One of `core_model.corrections.records.TOUCHING`.
    first, last : float
        Frames of the scene.
    said : bool
        Whether somebody said it; else the bake found it by itself.
    touches : bool
        False where somebody said that it touches nothing.
    """

    limb: str
    first: float
    last: float
    said: bool
    touches: bool


def strips_of(scene: bpy.types.Scene) -> list[Strip]:
    """Return the contacts of the active take that count, by limb and time."""
    take = active_take(scene)
    if take is None or not settings_of(scene).corrections.show_marks:
        return []
    rate, start = clock_of(scene, take)
    found = []
    for item in take.corrections:
        if item.kind in CONTACTS and item.enabled:
            first, last = (
                start + (each - take.clip_start) * rate for each in (item.time, item.end)
            )
            found.append(Strip(item.part, first, last, item.kind != STANDS, item.kind != LIFTS))
    return sorted(found, key=lambda each: (TOUCHING.index(each.limb), each.first))


def _draw() -> None:
    context = bpy.context
    scene, region = context.scene, context.region
    if scene is None or region is None or not (strips := strips_of(scene)):
        return
    import blf
    import gpu
    from gpu_extras.batch import batch_for_shader

    scale = context.preferences.system.ui_scale if context.preferences else 1.0
    view: Any = region.view2d
    rows = {limb: row for row, limb in enumerate(dict.fromkeys(s.limb for s in reversed(strips)))}
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    gpu.state.blend_set("ALPHA")
    room = region.height - _RULER * scale
    rows = {limb: row for limb, row in rows.items() if (_LOWEST + (row + 1) * _ROW) * scale < room}
    for strip in strips:
        if strip.limb not in rows:
            continue
        left, right = (
            view.view_to_region(frame, 0, clip=False)[0]
            for frame in (strip.first - 0.5, strip.last + 0.5)
        )
        low = (_LOWEST + rows[strip.limb] * _ROW) * scale
        high = low + (_BAR if strip.touches else 2) * scale
        corners: Any = [(left, low), (right, low), (left, high), (right, high)]
        shader.uniform_float("color", _COLOURS[strip.said] if strip.touches else _NOTHING)
        batch_for_shader(shader, "TRI_STRIP", {"pos": corners}).draw(shader)
    blf.size(0, _TEXT * scale)
    blf.color(0, 0.9, 0.9, 0.9, 0.9)
    for limb, row in rows.items():
        blf.position(0, 6 * scale, (_LOWEST + row * _ROW) * scale, 0)
        blf.draw(0, words(limb))
    gpu.state.blend_set("NONE")


def add_strips() -> None:
    """Begin to draw."""
    global _handle
    space = bpy.types.SpaceDopeSheetEditor
    _handle = space.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL")


def remove_strips() -> None:
    """Draw no more."""
    global _handle
    if _handle is not None:
        bpy.types.SpaceDopeSheetEditor.draw_handler_remove(_handle, "WINDOW")
        _handle = None
