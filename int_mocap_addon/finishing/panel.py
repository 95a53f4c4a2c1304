"""The panel Finish, under Mend."""

from typing import Any

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take
from ..wrapping import content_width, draw_text
from .on_actions import figure_of
from .tool import on_action


class INT_MOCAP_PT_finish(SidebarPanel, bpy.types.Panel):
    """What can be made of the active take, or of what a figure shows."""

    bl_label = "Finish"
    bl_idname = "INT_MOCAP_PT_finish"
    bl_parent_id = "INT_MOCAP_PT_mend"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_take(context.scene) is not None or figure_of(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        assert context.scene
        layout: Any = self.layout
        layout.row().prop(settings_of(context.scene).finish, "on", expand=True)
        if on_action(context.scene):
            figure = figure_of(context)
            told = f"What {figure.name} shows" if figure else "Select an armature that moves"
            draw_text(layout, told, content_width(context), "ARMATURE_DATA")
        layout.operator_context = "EXEC_DEFAULT"
        for row_of in (("trim_take", "split_take"), ("mirror_take", "loop_take")):
            row = layout.row(align=True)
            for name in row_of:
                row.operator(f"int_mocap.{name}")
        column = layout.column(align=True)
        column.operator("int_mocap.retime_take", text="Slow Motion")
        column.operator("int_mocap.place_take")
        column.operator("int_mocap.exaggerate_limb")
        column.operator_menu_enum("int_mocap.join_takes", "other", text="Join With")
        column.operator_menu_enum("int_mocap.copy_limb", "other", text="Copy Limb From")


CLASSES = (INT_MOCAP_PT_finish,)
