"""The panel Clean-up."""

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.panel import draw_bake
from ..wrapping import draw_settings
from .properties import BODY_PARTS


class INT_MOCAP_PT_cleanup(SidebarPanel, bpy.types.Panel):
    """How a take becomes animation."""

    bl_label = "Clean-up"
    bl_idname = "INT_MOCAP_PT_cleanup"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).cleanup
        draw_settings(layout, context, settings, ("profile", "feet", "root_motion"))
        draw_bake(layout, context)


class INT_MOCAP_PT_body_parts(SidebarPanel, bpy.types.Panel):
    """How strongly each part of the body is smoothed."""

    bl_label = "By Body Part"
    bl_idname = "INT_MOCAP_PT_body_parts"
    bl_parent_id = "INT_MOCAP_PT_cleanup"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).cleanup
        strength = layout.column()
        strength.active = settings.profile != "none"
        draw_settings(strength, context, settings, BODY_PARTS)


class INT_MOCAP_PT_frames(SidebarPanel, bpy.types.Panel):
    """On which frames of the scene a clip is."""

    bl_label = "Frames"
    bl_idname = "INT_MOCAP_PT_frames"
    bl_parent_id = "INT_MOCAP_PT_cleanup"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).cleanup
        draw_settings(layout, context, settings, ("frame_rate", "start_frame"))


class INT_MOCAP_PT_keys(SidebarPanel, bpy.types.Panel):
    """How many keys a motion gets, and of which kind."""

    bl_label = "Keys"
    bl_idname = "INT_MOCAP_PT_keys"
    bl_parent_id = "INT_MOCAP_PT_cleanup"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).cleanup
        draw_settings(layout, context, settings, ("reduce_keys",))
        tolerance = layout.column()
        tolerance.active = settings.reduce_keys
        draw_settings(tolerance, context, settings, ("angle_tolerance", "distance_tolerance"))
        draw_settings(layout, context, settings, ("rotation_mode",))


CLASSES = (
    INT_MOCAP_PT_cleanup,
    INT_MOCAP_PT_body_parts,
    INT_MOCAP_PT_frames,
    INT_MOCAP_PT_keys,
)
