"""The panel Finish, under Mend."""

from typing import Any

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take
from ..wrapping import content_width, draw_text

_OF_ACTIONS = (
    "Push its action down in the Nonlinear Animation editor: its strip is trimmed (Action Start "
    "and End), slowed down (Playback Scale, or Animated Strip Time for a ramp) and looped (Repeat) "
    "there. Turn or move the armature to place it, and mirror with Pose, Paste Pose Flipped."
)


def foreign_figure(context: bpy.types.Context) -> Any:
    """Return the selected armature that moves, but as no take of the list does; else None."""
    figure = context.active_object
    if figure is None or figure.type != "ARMATURE" or figure.animation_data is None:
        return None
    if figure.animation_data.action is None and not figure.animation_data.nla_tracks:
        return None
    takes = settings_of(context.scene).takes if context.scene else ()
    return None if any(each.armature == figure for each in takes) else figure


class INT_MOCAP_PT_finish(SidebarPanel, bpy.types.Panel):
    """What can be made of the active take."""

    bl_label = "Finish"
    bl_idname = "INT_MOCAP_PT_finish"
    bl_parent_id = "INT_MOCAP_PT_mend"
    bl_options = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_take(context.scene) is not None or foreign_figure(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = self.layout
        figure = foreign_figure(context)
        if figure is not None:
            told = f"{figure.name} plays no take. {_OF_ACTIONS}"
            draw_text(layout, told, content_width(context), "INFO")
        if active_take(context.scene) is None:
            return
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
