"""The panel Takes."""

from typing import Any

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..wording import clock
from ..wrapping import content_width, draw_text, is_wide
from .listing import active_take
from .trim import draw_trim

_ROWS = 3


class INT_MOCAP_UL_takes(bpy.types.UIList):
    """Takes by name, with their length."""

    bl_idname = "INT_MOCAP_UL_takes"

    def draw_item(
        self,
        context: bpy.types.Context | None,
        layout: bpy.types.UILayout,
        data: Any,
        item: Any,
        icon: int | None,
        active_data: Any,
        active_property: str | None,
        index: int | None,
        flt_flag: int | None,
    ) -> None:
        wide = context is not None and is_wide(context)
        split = layout.split(factor=0.75 if wide else 1.0)
        baked = item.armature is not None
        split.prop(
            item, "name", text="", emboss=False, icon="OUTLINER_OB_ARMATURE" if baked else "ANIM"
        )
        if wide:
            facts = split.row()
            facts.alignment = "RIGHT"
            facts.label(text=clock(item.seconds))


class INT_MOCAP_PT_takes(SidebarPanel, bpy.types.Panel):
    """What was captured or loaded."""

    bl_label = "Takes"
    bl_idname = "INT_MOCAP_PT_takes"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene)
        row = layout.row()
        row.template_list(
            "INT_MOCAP_UL_takes", "", settings, "takes", settings, "active_take", rows=_ROWS
        )
        column = row.column(align=True)
        column.operator("int_mocap.load_takes", text="", icon="ADD")
        column.operator("int_mocap.remove_take", text="", icon="REMOVE")
        column.separator()
        column.operator("int_mocap.reveal_take", text="", icon="FILE_FOLDER")
        column.operator("int_mocap.select_take", text="", icon="RESTRICT_SELECT_OFF")
        take = active_take(context.scene)
        if take:
            facts = f"{take.frames} frames at {take.rate:.4g} fps, {take.confidence:.0%} sure"
            draw_text(layout, facts, content_width(context))
            if not take.filmed:
                layout.prop(take, "up")
            layout.prop(take, "body_file", text="Body", placeholder="Default")
            draw_trim(layout, take)
            if take.asked_first:
                text = f"The clip lies on another computer, {take.asked_first}"
                draw_text(layout, text, content_width(context), icon="ERROR")
                layout.operator("int_mocap.open_far_clip")


def draw_bake(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """Draw the buttons that turn takes into animation, or do it again."""
    take = active_take(context.scene)
    row = layout.row(align=True) if is_wide(context) else layout.column(align=True)
    row.scale_y = 1.3
    again = "Bake Again" if take and take.armature else "Bake"
    row.operator("int_mocap.bake", text=again, icon="ARMATURE_DATA")
    if len(settings_of(context.scene).takes) > 1:
        every: Any = row.operator("int_mocap.bake", text="Bake All")
        every.all_takes = True


CLASSES = (INT_MOCAP_UL_takes, INT_MOCAP_PT_takes)
