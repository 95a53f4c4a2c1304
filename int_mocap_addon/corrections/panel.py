"""The panel Corrections, under Mend."""

from typing import Any

import bpy

from ..fixing.ops import figure_in_hand
from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..task_view import draw_task
from ..wrapping import content_width, draw_text, is_wide
from . import moves
from .digest import needs_solving
from .frames import frame_of
from .kinds import ICONS, NOBODY, PLACE, ROTATION, STANDS
from .ops import told_of
from .stances import said_of

_ROWS = 4


class INT_MOCAP_UL_corrections(bpy.types.UIList):
    """What was said, with its frame."""

    bl_idname = "INT_MOCAP_UL_corrections"

    def filter_items(self, context: bpy.types.Context | None, data: Any, property: str) -> Any:
        """Leave out what the bake found by itself."""
        items = getattr(data, property)
        return [0 if each.kind == STANDS else self.bitflag_filter_item for each in items], []

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
        assert context and context.scene
        row: Any = layout.row(align=True)
        row.prop(item, "enabled", text="")
        told = row.row(align=True)
        told.active = item.enabled
        frame = "" if item.kind == NOBODY else f"{frame_of(context.scene, data, item.time)}: "
        shown = told.operator(
            "int_mocap.show_correction",
            text=f"{frame}{told_of(item)}",
            icon=ICONS[item.kind],
            emboss=False,
        )
        shown.index = index or 0
        if item.kind in (ROTATION, PLACE):
            told.prop(item, "soft", text="", icon="MOD_SOFT" if item.soft else "PINNED")


class INT_MOCAP_PT_corrections(SidebarPanel, bpy.types.Panel):
    """What the animator knows better, and the button that solves the rest."""

    bl_label = "Corrections"
    bl_idname = "INT_MOCAP_PT_corrections"
    bl_parent_id = "INT_MOCAP_PT_mend"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = figure_in_hand(context)
        return bool(take and take.filmed)

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = self.layout
        scene: Any = context.scene
        settings, take = settings_of(scene).corrections, figure_in_hand(context)
        if len(settings_of(scene).takes) > 1:
            layout.label(text=take.name, icon="ARMATURE_DATA")
        column = layout.column(align=True)
        row = column.row(align=True)
        row.operator("int_mocap.pin", icon="PINNED")
        row.prop(settings, "soft", toggle=True)
        column.row(align=True).prop(settings, "what", expand=True)
        column.prop(settings, "pin_moves", toggle=True, icon="REC")
        if take.armature is not None:
            column.prop(take.armature.pose, "use_auto_ik", text="Drag Limbs", toggle=True)
        if moves.problem():
            draw_text(layout, moves.problem(), content_width(context), "ERROR")
        self._draw_list(layout, take)
        self._draw_sides(layout, settings, is_wide(context))
        if needs_solving(scene, take):
            draw_text(layout, "Not solved with these yet", content_width(context), "INFO")
        layout.row(align=True).prop(settings, "bake_only", expand=True)
        row = layout.row()
        row.scale_y = 1.3
        row.operator("int_mocap.solve_again", icon="FILE_REFRESH")
        draw_task(layout, content_width(context), "Solve Again")

    def _draw_list(self, layout: Any, take: Any) -> None:
        row = layout.row()
        row.template_list(
            *("INT_MOCAP_UL_corrections", "", take, "corrections", take, "active_correction"),
            rows=_ROWS if said_of(take) else 2,
        )
        column = row.column(align=True)
        column.operator("int_mocap.delete_correction", text="", icon="REMOVE")
        column.separator()
        for direction, icon in (("PREVIOUS", "PREV_KEYFRAME"), ("NEXT", "NEXT_KEYFRAME")):
            column.operator("int_mocap.step_correction", text="", icon=icon).direction = direction
        column.prop(settings_of(take.id_data).corrections, "show_marks", text="", icon="MARKER")

    def _draw_sides(self, layout: Any, settings: Any, wide: bool) -> None:
        column = layout.column(align=True)
        row = column.row(align=True) if wide else column.column(align=True)
        row.operator("int_mocap.swap_sides", icon="MOD_MIRROR")
        row.prop(settings, "limbs", text="")
        column.operator("int_mocap.edit_landmarks", icon="TRACKER")
        row = column.row(align=True) if wide else column.column(align=True)
        row.operator_menu_enum("int_mocap.swap_people", "other", icon="ARROW_LEFTRIGHT")
        row.operator("int_mocap.not_a_person", icon="GHOST_DISABLED")


class INT_MOCAP_PT_bake_part(SidebarPanel, bpy.types.Panel):
    """Which limbs and frames are baked anew, where not all is."""

    bl_label = "Bake Part"
    bl_idname = "INT_MOCAP_PT_bake_part"
    bl_parent_id = "INT_MOCAP_PT_corrections"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = self.layout
        settings = settings_of(context.scene).corrections
        layout.prop(settings, "part_range", text="")
        column = layout.column(align=True)
        column.prop(settings, "part_limbs")
        layout.operator("int_mocap.bake_part", icon="ACTION_TWEAK")


CLASSES = (INT_MOCAP_UL_corrections, INT_MOCAP_PT_corrections, INT_MOCAP_PT_bake_part)
