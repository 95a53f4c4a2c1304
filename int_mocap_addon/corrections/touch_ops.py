"""Buttons that say what touches something, and what does not."""

from typing import Any

import bpy
from mathutils import Vector

from core_model.errors import MocapError

from ..fixing.ops import figure_in_hand
from ..operators import Result
from ..settings import settings_of
from .frames import time_of
from .kinds import CURSOR, FLOOR, FOUND
from .markers import words
from .ops import touched, wants_take

_AROUND = 0.25  # seconds on either side of the current frame, without a preview range


class INT_MOCAP_OT_touches(bpy.types.Operator):
    """Say that a part of the body touches something."""

    bl_idname = "int_mocap.touches"
    bl_label = "Touches"
    bl_description = (
        "The part stays in one place on what it touches, from start to end of the preview range, "
        "without one a quarter of a second around this frame. Solve Again bakes it"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return wants_take(cls, context, baked=False)

    def execute(self, context: bpy.types.Context) -> Result:
        return _add(self, context, touches=True)


class INT_MOCAP_OT_lifts(bpy.types.Operator):
    """Say that a part of the body touches nothing."""

    bl_idname = "int_mocap.lifts"
    bl_label = "Lifts"
    bl_description = (
        "The part touches nothing from start to end of the preview range, without one a quarter of "
        "a second around this frame: a foot that was held there is let go. Solve Again bakes it"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return wants_take(cls, context, baked=False)

    def execute(self, context: bpy.types.Context) -> Result:
        return _add(self, context, touches=False)


def _add(operator: bpy.types.Operator, context: bpy.types.Context, touches: bool) -> Result:
    from core_model.corrections.records import Contact

    from .records import add_contact, sort_corrections

    scene, take = context.scene, figure_in_hand(context)
    assert scene
    limb = settings_of(scene).corrections.touching
    try:
        start, end = _span(scene, take)
        height = _height(scene, take) if touches else 0.0
    except MocapError as error:
        operator.report({"ERROR"}, str(error))
        return {"CANCELLED"}
    off = add_contact(take, Contact(1, start, end, limb, touches, height))
    told = f"{words(limb).capitalize()} {touched(take.corrections[take.active_correction])}"
    sort_corrections(take)
    more = "; what was said of it there before is switched off" if off else ""
    operator.report({"INFO"}, f"{told} for {end - start:.2f} s{more}: press Solve Again.")
    return {"FINISHED"}


def _span(scene: bpy.types.Scene, take: Any) -> tuple[float, float]:
    """Return seconds in the clip that are spoken of."""
    if scene.use_preview_range:
        first, last = scene.frame_preview_start, scene.frame_preview_end
        start, end = (time_of(scene, take, frame) for frame in (first, last))
    else:
        now = time_of(scene, take, scene.frame_current)
        start, end = now - _AROUND, now + _AROUND
    limit = (take.start, take.start + take.seconds)
    if end < limit[0] or start > limit[1]:
        raise MocapError(f"{take.name} has no frame there.")
    return max(start, limit[0]), min(end, limit[1])


def _height(scene: bpy.types.Scene, take: Any) -> float | None:
    """Return how high above the figure's floor is what is touched, metres; None: as captured."""
    settings = settings_of(scene).corrections
    if settings.surface == FLOOR:
        return 0.0
    if settings.surface == FOUND:
        return None
    if settings.surface == CURSOR:
        points = [scene.cursor.location]
    elif settings.surface_object is None:
        raise MocapError("Choose the object that it touches.")
    else:
        thing = settings.surface_object
        points = [thing.matrix_world @ Vector(corner) for corner in thing.bound_box]
    if take.armature is not None:
        to_figure = take.armature.matrix_world.inverted()
        points = [to_figure @ point for point in points]
    return float(max(point.z for point in points))


CLASSES = (INT_MOCAP_OT_touches, INT_MOCAP_OT_lifts)
