"""The sub-panel Rig."""

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..wrapping import draw_settings


class INT_MOCAP_PT_rig(SidebarPanel, bpy.types.Panel):
    """How the armatures are made."""

    bl_label = "Rig"
    bl_idname = "INT_MOCAP_PT_rig"
    bl_parent_id = "INT_MOCAP_PT_scene"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).rig
        draw_settings(layout, context, settings, ("root", "colours", "bone_shapes"))


CLASSES = (INT_MOCAP_PT_rig,)
