"""The panel Scene."""

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take


class INT_MOCAP_PT_scene(SidebarPanel, bpy.types.Panel):
    """What comes with the motion."""

    bl_label = "Scene"
    bl_idname = "INT_MOCAP_PT_scene"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).scene
        layout.use_property_split = True
        layout.use_property_decorate = False
        column = layout.column(heading="Bake With")
        column.prop(settings, "with_body")
        column.prop(settings, "with_camera")
        row = column.row()
        row.active = settings.with_camera
        row.prop(settings, "with_background")
        column.prop(settings, "mark_doubtful")
        column.prop(settings, "keep_raw_track")
        layout.column(heading="Show").prop(settings, "show_overlay")
        take = active_take(context.scene)
        if take and take.camera:
            row = layout.row(align=True)
            row.operator("view3d.view_camera", text="Look Through Camera", icon="CAMERA_DATA")


CLASSES = (INT_MOCAP_PT_scene,)
