"""Buttons of the panel Scene: looking at what a take became."""

from typing import Any

import bpy

from ..operators import Result
from ..takes.listing import active_take
from .first_sight import see_clip, select_only
from .views import View, frame_in, views_of


class INT_MOCAP_OT_look_through_camera(bpy.types.Operator):
    """Look through the camera of the active take."""

    bl_idname = "int_mocap.look_through_camera"
    bl_label = "Look Through Camera"
    bl_description = (
        "See the take as its clip was filmed, through its own camera. That becomes the scene's "
        "camera, or only this view's if the scene has one of yours"
    )
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = active_take(context.scene)
        if take is None or not _there(take.camera, context):
            cls.poll_message_set("The take has no camera in this scene: bake it with one")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        assert context.scene
        see_clip(context.scene, active_take(context.scene).camera, _views(context))
        return {"FINISHED"}


class INT_MOCAP_OT_frame_take(bpy.types.Operator):
    """Bring the figure of the active take into sight."""

    bl_idname = "int_mocap.frame_take"
    bl_label = "Frame Figure"
    bl_description = "Select the armature that the take became, and move the view over to it"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = active_take(context.scene)
        if take is None or not _there(take.armature, context):
            cls.poll_message_set("The take is not baked yet")
            return False
        if context.mode != "OBJECT":
            cls.poll_message_set("Go to Object Mode first")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        armature = active_take(context.scene).armature
        if not select_only([armature]):
            self.report({"ERROR"}, f"{armature.name} is not in this view layer.")
            return {"CANCELLED"}
        for view in _views(context):
            frame_in(view)
        return {"FINISHED"}


def _there(thing: Any, context: bpy.types.Context) -> bool:
    return bool(thing and context.scene and context.scene.objects.get(thing.name) == thing)


def _views(context: bpy.types.Context) -> list[View]:
    """Return the view that a button was pressed in; for a script, all that show the scene."""
    assert context.scene
    views = list(views_of(context.scene))
    return [each for each in views if each.area == context.area] or views


CLASSES = (INT_MOCAP_OT_look_through_camera, INT_MOCAP_OT_frame_take)
