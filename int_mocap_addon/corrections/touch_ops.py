"""Buttons that say what touches something, and what does not."""

from typing import Any

import bpy
from bpy.props import EnumProperty
from mathutils import Vector

from core_model.errors import MocapError

from ..fixing.ops import figure_in_hand
from ..operators import Result
from ..settings import settings_of
from .frames import time_of
from .kinds import CURSOR, FLOOR, FOUND, LIFTS, TOUCHES
from .markers import words
from .ops import touched, wants_take

_SAME_TIME = 1e-3  # seconds; Blender keeps single precision
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


class INT_MOCAP_OT_bound_contact(bpy.types.Operator):
    """Let a contact of the list begin or end at the current frame."""

    bl_idname = "int_mocap.bound_contact"
    bl_label = "Begins Here"
    bl_options = {"REGISTER", "UNDO"}

    edge: EnumProperty(
        items=(("START", "Begins Here", ""), ("END", "Ends Here", "")), options={"SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: Any) -> str:
        does = "begin" if properties.edge == "START" else "end"
        return f"Let what is selected in the list {does} at this frame"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = figure_in_hand(context)
        if take is None or active_contact(take) is None:
            cls.poll_message_set("Select in the list what touches, or what lifts")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        from .records import sort_corrections

        scene, take = context.scene, figure_in_hand(context)
        assert scene
        item = active_contact(take)
        now = time_of(scene, take, scene.frame_current)
        start, end = (now, item.end) if self.edge == "START" else (item.time, now)
        if start > end + _SAME_TIME:
            self.report({"ERROR"}, "It would end before it begins.")
            return {"CANCELLED"}
        if not take.start - _SAME_TIME <= now <= take.start + take.seconds + _SAME_TIME:
            self.report({"ERROR"}, f"{take.name} has no frame there.")
            return {"CANCELLED"}
        item.time, item.end = start, max(start, end)
        sort_corrections(take)
        return {"FINISHED"}


def active_contact(take: Any) -> Any:
    """Return the contact that is selected in the list of a take; None if it is something else."""
    index = take.active_correction
    item = take.corrections[index] if 0 <= index < len(take.corrections) else None
    return item if item is not None and item.kind in (TOUCHES, LIFTS) else None


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


CLASSES = (INT_MOCAP_OT_touches, INT_MOCAP_OT_lifts, INT_MOCAP_OT_bound_contact)
