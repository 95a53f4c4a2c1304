"""The panel Scene."""

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take


class INT_MOCAP_PT_scene(SidebarPanel, bpy.types.Panel):
    """Looking at what came of the motion."""

    bl_label = "Scene"
    bl_idname = "INT_MOCAP_PT_scene"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        if active_take(context.scene):
            column = layout.column(align=True)
            column.operator("int_mocap.look_through_camera", icon="CAMERA_DATA")
            column.operator("int_mocap.frame_take", icon="ZOOM_SELECTED")


class INT_MOCAP_PT_review(SidebarPanel, bpy.types.Panel):
    """How figures are shown."""

    bl_label = "Review"
    bl_idname = "INT_MOCAP_PT_review"
    bl_parent_id = "INT_MOCAP_PT_scene"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).scene
        column = layout.column()
        for name in (
            "show_sticks",
            "see_through",
            "lock_body",
            "show_background",
            "show_overlay",
        ):
            column.prop(settings, name)


class INT_MOCAP_PT_bake_with(SidebarPanel, bpy.types.Panel):
    """What comes with the motion."""

    bl_label = "Bake With"
    bl_idname = "INT_MOCAP_PT_bake_with"
    bl_parent_id = "INT_MOCAP_PT_scene"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).scene
        column = layout.column()
        column.prop(settings, "with_body")
        column.prop(settings, "with_camera")
        row = column.row()
        row.active = settings.with_camera
        row.prop(settings, "with_background")
        column.prop(settings, "with_sound")
        column.prop(settings, "mark_doubtful")
        column.prop(settings, "keep_raw_track")
        column.prop(settings, "clear_default")


CLASSES = (INT_MOCAP_PT_scene, INT_MOCAP_PT_review, INT_MOCAP_PT_bake_with)
