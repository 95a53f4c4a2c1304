"""Buttons of the panel Corrections."""

from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty

from core_model.errors import MocapError

from ..fixing.ops import figure_in_hand
from ..fixing.session import is_open
from ..operators import Result, TaskOperator, can_start, redraw_panels
from ..selection import select_bones
from ..settings import settings_of
from ..tasks import Steps
from .frames import frame_of
from .kinds import CONTACTS, FILL, LIFTS, NOBODY, PERSON, PLACE, ROTATION, SIDES, STANDS
from .markers import refresh_pin_markers, words
from .stances import said_of


def wants_take(cls: type[bpy.types.Operator], context: bpy.types.Context, baked: bool) -> bool:
    """Return whether there is a take to correct; else tell the button so."""
    take = figure_in_hand(context)
    if take is None:
        cls.poll_message_set("There is no take yet: capture a clip or load one")
        return False
    if baked and take.armature is None:
        cls.poll_message_set(f"{take.name} is not baked yet")
        return False
    return True


class INT_MOCAP_OT_pin(bpy.types.Operator):
    """Pin what is posed."""

    bl_idname = "int_mocap.pin"
    bl_label = "Pin"
    bl_description = (
        "Hold what you posed at this frame: Solve Again leads the motion there and away. With "
        "nothing posed, the selected bones are held as they are"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not wants_take(cls, context, baked=True):
            return False
        take = figure_in_hand(context)
        if context.mode != "POSE" or context.active_object != take.armature:
            cls.poll_message_set("Go to Pose Mode, and pose what is wrong")
            return False
        return can_start(cls)

    def execute(self, context: bpy.types.Context) -> Result:
        from .pinning import pin_pose

        scene = context.scene
        assert scene
        try:
            joints = pin_pose(scene, figure_in_hand(context))
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        refresh_pin_markers(scene)
        redraw_panels(context)
        self.report({"INFO"}, f"Pinned {', '.join(joints)} at frame {scene.frame_current}.")
        return {"FINISHED"}


class INT_MOCAP_OT_solve_again(TaskOperator):
    """Solve the take again with what was corrected."""

    bl_idname = "int_mocap.solve_again"
    bl_label = "Solve Again"
    bl_description = (
        "Fit the motion once more, so that it keeps to what you corrected and to what was seen, "
        "and bake it. What you posed at this frame is pinned first. Blender stays usable meanwhile"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return wants_take(cls, context, baked=False) and can_start(cls)

    def steps(self, context: bpy.types.Context) -> Steps:
        from .pinning import moved_here, pin_pose
        from .solving import solve_steps

        scene, take = context.scene, figure_in_hand(context)
        assert scene
        if take.armature is not None and take.armature.name in scene.objects:
            posing = context.mode == "POSE" and context.active_object == take.armature
            fixed = is_open(scene) and settings_of(scene).fixing.armature == take.armature
            if fixed or (posing and moved_here(scene, take)):
                known = {(item.time, item.part) for item in take.corrections}
                pin_pose(scene, take)
                refresh_pin_markers(scene)
                new = [i.part for i in take.corrections if (i.time, i.part) not in known]
                if new:
                    joints = ", ".join(dict.fromkeys(map(words, new)))
                    self.report({"INFO"}, f"Pinned {joints}, which you had posed.")
        return solve_steps(scene.name, take.uid)


class _OfList(bpy.types.Operator):
    """Base of operators that need a correction."""

    _found_too = True

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = figure_in_hand(context)
        if take is None or not (take.corrections if cls._found_too else said_of(take)):
            cls.poll_message_set("Nothing is corrected yet")
            return False
        return True


class INT_MOCAP_OT_show_correction(_OfList):
    """Go to a correction of the list."""

    bl_idname = "int_mocap.show_correction"
    bl_label = "Go to Correction"
    bl_description = "Go to its frame; in Pose Mode, select its bone"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    index: IntProperty(options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> Result:
        take = figure_in_hand(context)
        if not 0 <= self.index < len(take.corrections):
            self.report({"ERROR"}, "There is no such correction.")
            return {"CANCELLED"}
        _show(context, take, self.index)
        return {"FINISHED"}


class INT_MOCAP_OT_step_correction(_OfList):
    """Go to the correction before or after the current frame."""

    bl_idname = "int_mocap.step_correction"
    bl_label = "Next Correction"
    bl_options = {"REGISTER", "UNDO"}
    _found_too = False

    direction: EnumProperty(
        items=(("NEXT", "Next", ""), ("PREVIOUS", "Previous", "")), options={"SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: Any) -> str:
        which = "next" if properties.direction == "NEXT" else "previous"
        return f"Go to the {which} frame at which something is corrected"

    def execute(self, context: bpy.types.Context) -> Result:
        scene, take = context.scene, figure_in_hand(context)
        assert scene
        now = scene.frame_current
        after = self.direction == "NEXT"
        beyond = []
        for number, item in enumerate(take.corrections):
            frame = frame_of(scene, take, item.time)
            if item.kind != STANDS and (frame > now if after else frame < now):
                beyond.append((frame, number))
        if not beyond:
            where = "after" if after else "before"
            self.report({"INFO"}, f"Nothing is corrected {where} this frame.")
            return {"CANCELLED"}
        frame = (min if after else max)(frame for frame, _ in beyond)
        _show(context, take, next(n for f, n in beyond if f == frame))
        return {"FINISHED"}


class INT_MOCAP_OT_delete_correction(_OfList):
    """Delete the active correction."""

    bl_idname = "int_mocap.delete_correction"
    bl_label = "Delete Correction"
    bl_description = (
        "Take back what is selected in the list; Solve Again solves without it. Of what the bake "
        "found by itself it is said that nothing is touched there"
    )
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> Result:
        from .records import sort_corrections

        take = figure_in_hand(context)
        index = take.active_correction
        if not 0 <= index < len(take.corrections):
            self.report({"ERROR"}, "Select a correction in the list first.")
            return {"CANCELLED"}
        assert context.scene
        item = take.corrections[index]
        if item.kind == STANDS:
            item.kind = LIFTS
            self.report({"INFO"}, f"{words(item.part).capitalize()} touches nothing there.")
            sort_corrections(take)
            return {"FINISHED"}
        take.corrections.remove(index)
        take.active_correction = max(min(index, len(take.corrections) - 1), 0)
        refresh_pin_markers(context.scene)
        return {"FINISHED"}


def _show(context: bpy.types.Context, take: Any, index: int) -> None:
    """Go to the frame of a correction; in Pose Mode, select its bone."""
    scene = context.scene
    assert scene
    take.active_correction = index
    item = take.corrections[index]
    if item.kind != NOBODY:
        scene.frame_set(frame_of(scene, take, item.time))
    armature = take.armature
    if armature is None or armature.mode != "POSE" or item.kind not in (ROTATION, PLACE):
        return
    select_bones(armature, [item.part], item.part)


def touched(item: Any) -> str:
    """Return what a part of the body does, in a few words."""
    if item.kind == LIFTS:
        return "touches nothing"
    if item.kind == STANDS:
        return "stands"
    if item.surface:
        return f"on {item.thing.name}" if item.thing else "on a surface"
    if item.found:
        return "stays"
    return f"on {item.values[0]:.2f} m" if item.values[0] else "on the floor"


def told_of(item: Any) -> str:
    """Return a correction in a few words."""
    if item.kind == FILL:
        parts = item.part.split(",")
        return f"fill {words(parts[0])}" + (f" and {len(parts) - 1} more" if parts[1:] else "")
    if item.kind in CONTACTS:
        return f"{words(item.part)} {touched(item)}"
    if item.part:
        return words(item.part)
    return {SIDES: "left and right", PERSON: "other person", NOBODY: "no person"}[item.kind]


CLASSES = (
    INT_MOCAP_OT_pin,
    INT_MOCAP_OT_solve_again,
    INT_MOCAP_OT_show_correction,
    INT_MOCAP_OT_step_correction,
    INT_MOCAP_OT_delete_correction,
)
