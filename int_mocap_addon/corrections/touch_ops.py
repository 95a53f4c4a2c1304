"""Buttons that say what touches something, and what does not."""

from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty

from core_model.errors import MocapError

from ..fixing.ops import figure_in_hand
from ..operators import Result
from ..settings import settings_of
from .frames import time_of
from .kinds import CONTACTS, CURSOR, FLOOR, FOUND, OBJECT, STANDS
from .markers import words
from .ops import touched, wants_take
from .stances import take_over
from .surfaces import surface_near

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
            cls.poll_message_set("Select in the list what touches, lifts or stands")
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
        if item.kind == STANDS:
            item = take_over(take, take.active_correction)
        item.time, item.end = start, max(start, end)
        sort_corrections(take)
        return {"FINISHED"}


class INT_MOCAP_OT_take_over_contact(bpy.types.Operator):
    """Make one's own what the bake found by itself."""

    bl_idname = "int_mocap.take_over_contact"
    bl_label = "Take Over"
    bl_description = (
        "Make your own what the bake found by itself: it stays as it is until you let it begin or "
        "end elsewhere, whatever is captured again"
    )
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(default=-1, options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = figure_in_hand(context)
        if take is None or not any(item.kind == STANDS for item in take.corrections):
            cls.poll_message_set("The bake found nothing that stands by itself")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        from .records import sort_corrections

        take = figure_in_hand(context)
        index = take.active_correction if self.index < 0 else self.index
        if not 0 <= index < len(take.corrections) or take.corrections[index].kind != STANDS:
            self.report({"ERROR"}, "Select in the list what stands by itself.")
            return {"CANCELLED"}
        item = take_over(take, index)
        self.report({"INFO"}, f"{words(item.part).capitalize()} is yours there.")
        sort_corrections(take)
        return {"FINISHED"}


def active_contact(take: Any) -> Any:
    """Return the contact that is selected in the list of a take; None if it is something else."""
    index = take.active_correction
    item = take.corrections[index] if 0 <= index < len(take.corrections) else None
    return item if item is not None and item.kind in CONTACTS else None


def _add(operator: bpy.types.Operator, context: bpy.types.Context, touches: bool) -> Result:
    from core_model.corrections.records import Contact

    from .records import add_contact, sort_corrections

    scene, take = context.scene, figure_in_hand(context)
    assert scene
    limb = settings_of(scene).corrections.touching
    try:
        start, end = _span(scene, take)
        height = _height(scene, take) if touches else 0.0
        thing = _thing(scene) if touches else None
        surface = surface_near(take, thing, limb, start, end) if thing else ""
    except MocapError as error:
        operator.report({"ERROR"}, str(error))
        return {"CANCELLED"}
    off = add_contact(take, Contact(1, start, end, limb, touches, height))
    item = take.corrections[take.active_correction]
    item.thing, item.surface = thing, surface
    told = f"{words(limb).capitalize()} {touched(item)}"
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
    if settings.surface != CURSOR:
        return 0.0
    point = scene.cursor.location
    return float((take.armature.matrix_world.inverted() @ point if take.armature else point).z)


def _thing(scene: bpy.types.Scene) -> Any:
    """Return the object that is touched, None if it is none."""
    settings = settings_of(scene).corrections
    if settings.surface != OBJECT:
        return None
    if settings.surface_object is None:
        raise MocapError("Choose the object that it touches.")
    return settings.surface_object


CLASSES = (
    INT_MOCAP_OT_touches,
    INT_MOCAP_OT_lifts,
    INT_MOCAP_OT_bound_contact,
    INT_MOCAP_OT_take_over_contact,
)
