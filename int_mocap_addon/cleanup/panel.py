"""The panel Clean-up."""

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from .properties import BODY_PARTS


class INT_MOCAP_PT_cleanup(SidebarPanel, bpy.types.Panel):
    """How a take becomes animation."""

    bl_label = "Clean-up"
    bl_idname = "INT_MOCAP_PT_cleanup"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).cleanup
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(settings, "profile")
        strength = layout.column(align=True)
        strength.active = settings.profile != "none"
        for part in BODY_PARTS:
            strength.prop(settings, part)
        layout.prop(settings, "feet")
        layout.prop(settings, "root_motion")
        layout.prop(settings, "frame_rate")
        layout.prop(settings, "start_frame")
        layout.label(text="Bake to see the change", icon="INFO")


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
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(settings, "reduce_keys")
        tolerance = layout.column(align=True)
        tolerance.active = settings.reduce_keys
        tolerance.prop(settings, "angle_tolerance")
        tolerance.prop(settings, "distance_tolerance")
        layout.prop(settings, "rotation_mode")


CLASSES = (INT_MOCAP_PT_cleanup, INT_MOCAP_PT_keys)
