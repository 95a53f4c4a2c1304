"""Buttons of the panel Fix Pose."""

from typing import Any

import bpy
from bpy.props import IntProperty

from core_model.errors import MocapError

from ..operators import Result, can_start
from ..settings import settings_of
from ..takes.listing import active_take
from . import session


def figure_in_hand(context: bpy.types.Context) -> Any:
    """Return the take whose figure is worked on: the active object's, else the selected take."""
    takes, thing = settings_of(context.scene).takes, context.active_object
    for take in takes:
        if thing and thing in (take.armature, take.body):
            return take
    return active_take(context.scene)


class INT_MOCAP_OT_fix_pose(bpy.types.Operator):
    """Begin to mend the pose at the current frame."""

    bl_idname = "int_mocap.fix_pose"
    bl_label = "Fix Pose Here"
    bl_description = (
        "Pose the figure at this frame by hand: what you move is keyed on a layer over the bake, "
        "and fades in and out so that it does not pop"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take, reason = figure_in_hand(context), ""
        armature = take.armature if take else None
        if take is None:
            reason = "There is no take yet: capture a clip or load one"
        elif armature is None:
            reason = f"{take.name} is not baked yet"
        elif context.view_layer is None or armature.name not in context.view_layer.objects:
            reason = f"{armature.name} is not in this view layer"
        elif session.is_open(context.scene):
            reason = "Apply or discard the fix that is open first"
        elif context.mode not in ("OBJECT", "POSE"):
            reason = "Go to Object Mode or Pose Mode first"
        if reason:
            cls.poll_message_set(reason)
            return False
        return can_start(cls)

    def execute(self, context: bpy.types.Context) -> Result:
        take, scene = figure_in_hand(context), context.scene
        armature, layer = take.armature, context.view_layer
        assert scene and layer
        try:
            session.begin(scene, armature, take.name)
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if layer.objects.active != armature or context.mode != "POSE":
            if context.mode != "OBJECT":
                bpy.ops.object.mode_set(mode="OBJECT")
            for other in context.selected_objects:
                other.select_set(False)
            armature.hide_set(False)
            armature.select_set(True)
            layer.objects.active = armature
            bpy.ops.object.mode_set(mode="POSE")
        return {"FINISHED"}


class _OfOpenFix(bpy.types.Operator):
    """Base of operators that end a fix."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not session.is_open(context.scene):
            cls.poll_message_set("No pose is being mended: press Fix Pose Here first")
            return False
        return True


class INT_MOCAP_OT_apply_fix(_OfOpenFix):
    """Key what was posed."""

    bl_idname = "int_mocap.apply_fix"
    bl_label = "Apply"
    bl_description = "Key what you moved, and nothing else, with a fade"

    def execute(self, context: bpy.types.Context) -> Result:
        assert context.scene
        frame = settings_of(context.scene).fixing.frame
        try:
            bones = session.apply(context.scene)
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"Mended {', '.join(bones)} at frame {frame}.")
        return {"FINISHED"}


class INT_MOCAP_OT_discard_fix(_OfOpenFix):
    """Put the pose back."""

    bl_idname = "int_mocap.discard_fix"
    bl_label = "Discard"
    bl_description = "Put the pose back as it was"

    def execute(self, context: bpy.types.Context) -> Result:
        assert context.scene
        session.discard(context.scene)
        return {"FINISHED"}


class INT_MOCAP_OT_show_fix(bpy.types.Operator):
    """Go to the frame of a fix."""

    bl_idname = "int_mocap.show_fix"
    bl_label = "Go to Fix"
    bl_description = "Go to the frame at which this was mended"
    bl_options = {"INTERNAL"}

    frame: IntProperty()

    def execute(self, context: bpy.types.Context) -> Result:
        assert context.scene
        context.scene.frame_set(self.frame)
        return {"FINISHED"}


class INT_MOCAP_OT_delete_fix(bpy.types.Operator):
    """Take a fix out again."""

    bl_idname = "int_mocap.delete_fix"
    bl_label = "Delete Fix"
    bl_description = "Take out what was mended at this frame; other fixes stay"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    frame: IntProperty()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session.is_open(context.scene):
            cls.poll_message_set("Apply or discard the fix that is open first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        from bake.scene.by_hand.fixes import delete_fix, fixes_of
        from bake.scene.by_hand.layers import take_off_if_empty

        take, scene = figure_in_hand(context), context.scene
        armature = take.armature if take else None
        assert scene
        if armature is None or all(fix.frame != self.frame for fix in fixes_of(armature)):
            self.report({"ERROR"}, f"Nothing was mended at frame {self.frame}.")
            return {"CANCELLED"}
        delete_fix(armature, self.frame, settings_of(scene).fixing.fade)
        take_off_if_empty(armature)
        scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
        return {"FINISHED"}


class INT_MOCAP_OT_merge_fixes(bpy.types.Operator):
    """Make bake and layers one action."""

    bl_idname = "int_mocap.merge_fixes"
    bl_label = "Merge for Export"
    bl_description = (
        "Put the bake and all that lies over it into one action, as exporters want it. Bake Again "
        "still knows what was changed, and the layers stay in the file"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if session.is_open(context.scene):
            cls.poll_message_set("Apply or discard the fix that is open first")
            return False
        return can_start(cls)

    def execute(self, context: bpy.types.Context) -> Result:
        from bake.scene.by_hand.merging import has_layers, merge_layers
        from bake.scene.writer import refuse_if_locked

        take, scene = figure_in_hand(context), context.scene
        assert scene
        if take is None or take.armature is None or not has_layers(take.armature):
            self.report({"ERROR"}, "There is nothing to merge: no layer lies over a bake.")
            return {"CANCELLED"}
        try:
            refuse_if_locked([take.armature])
            merge_layers(scene, take.armature)
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"{take.name} is one action again.")
        return {"FINISHED"}


CLASSES = (
    INT_MOCAP_OT_fix_pose,
    INT_MOCAP_OT_apply_fix,
    INT_MOCAP_OT_discard_fix,
    INT_MOCAP_OT_show_fix,
    INT_MOCAP_OT_delete_fix,
    INT_MOCAP_OT_merge_fixes,
)
