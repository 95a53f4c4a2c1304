"""Buttons that go from one doubtful range to the next."""

from typing import Any

import bpy
from bpy.props import EnumProperty, IntProperty

from bake.motion.doubtful import PARTS

from ..operators import Result
from ..takes.listing import active_take
from .frames import first_and_last


class _OfDoubtfulTake(bpy.types.Operator):
    """Base of operators that need a take with doubtful ranges."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = active_take(context.scene)
        if take is None or not take.doubtful:
            cls.poll_message_set("The take has no doubtful range")
            return False
        return True


class INT_MOCAP_OT_step_doubtful(_OfDoubtfulTake):
    """Go to the range before or after the current frame."""

    bl_idname = "int_mocap.step_doubtful"
    bl_label = "Next Doubtful"
    bl_options = {"REGISTER", "UNDO"}

    direction: EnumProperty(
        items=(("NEXT", "Next", ""), ("PREVIOUS", "Previous", "")), options={"SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: Any) -> str:
        which = "next" if properties.direction == "NEXT" else "previous"
        return f"Go to the {which} range in which the capture was not sure, and select its bones"

    def execute(self, context: bpy.types.Context) -> Result:
        scene = context.scene
        assert scene
        take, now = active_take(scene), scene.frame_current
        starts = [first_and_last(scene, take, item)[0] for item in take.doubtful]
        if self.direction == "NEXT":
            found = next((n for n, frame in enumerate(starts) if frame > now), None)
        else:
            earlier = [n for n, frame in enumerate(starts) if frame < now]
            found = earlier[-1] if earlier else None
        if found is None:
            where = "after" if self.direction == "NEXT" else "before"
            self.report({"INFO"}, f"There is no doubtful range {where} this frame.")
            return {"CANCELLED"}
        take.active_doubtful = found
        _show(context, take, take.doubtful[found])
        return {"FINISHED"}


class INT_MOCAP_OT_show_doubtful(_OfDoubtfulTake):
    """Go to a range of the list."""

    bl_idname = "int_mocap.show_doubtful"
    bl_label = "Show"
    bl_description = "Go to where the range begins; in Pose Mode, select the bones of the part"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(options={"SKIP_SAVE"})

    def execute(self, context: bpy.types.Context) -> Result:
        take = active_take(context.scene)
        if not 0 <= self.index < len(take.doubtful):
            self.report({"ERROR"}, "There is no such range.")
            return {"CANCELLED"}
        take.active_doubtful = self.index
        _show(context, take, take.doubtful[self.index])
        return {"FINISHED"}


def _show(context: bpy.types.Context, take: Any, item: Any) -> None:
    """Go to the first frame of a range; in Pose Mode, select the bones of the part."""
    assert context.scene
    context.scene.frame_set(first_and_last(context.scene, take, item)[0])
    armature, joints = take.armature, PARTS.get(item.name)
    if armature is None or armature.mode != "POSE" or joints is None:
        return
    for bone in armature.pose.bones:
        # The selection moved from the bone to the pose bone in Blender 5.0.
        holder = bone if hasattr(bone, "select") else bone.bone
        holder.select = bone.name in joints
    if joints[-1] in armature.data.bones:
        armature.data.bones.active = armature.data.bones[joints[-1]]


CLASSES = (INT_MOCAP_OT_step_doubtful, INT_MOCAP_OT_show_doubtful)
