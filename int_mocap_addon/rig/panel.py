"""The sub-panel Rig."""

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..wrapping import is_wide


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
        layout.use_property_split = is_wide(context)
        layout.use_property_decorate = False
        layout.prop(settings, "root")
        column = layout.column(heading="Show")
        column.prop(settings, "colours")
        column.prop(settings, "bone_shapes")


CLASSES = (INT_MOCAP_PT_rig,)
