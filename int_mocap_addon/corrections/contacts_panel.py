"""The panel Contacts, under Corrections: what touches what, said by somebody or found by itself."""

from typing import Any

import bpy

from ..fixing.ops import figure_in_hand
from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..wrapping import is_wide
from .frames import frame_of
from .kinds import CONTACTS, ICONS, OBJECT, STANDS, TOUCHES
from .ops import told_of
from .touch_ops import active_contact

_ROWS = 4


class INT_MOCAP_UL_contacts(bpy.types.UIList):
    """All contacts of a take in the order of time."""

    bl_idname = "INT_MOCAP_UL_contacts"

    def filter_items(self, context: bpy.types.Context | None, data: Any, property: str) -> Any:
        """Show contacts alone, those that were found between those that were said."""
        items = list(getattr(data, property))
        shown = self.bitflag_filter_item
        flags = [shown if each.kind in CONTACTS else 0 for each in items]
        ordered = sorted(range(len(items)), key=lambda index: items[index].time)
        places = [0] * len(items)
        for place, index in enumerate(ordered):
            places[index] = place
        return flags, places

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
        found = item.kind == STANDS
        if found:
            row.label(text="", icon=ICONS[STANDS])
        else:
            row.prop(item, "enabled", text="")
        told = row.row(align=True)
        told.active = item.enabled and not found
        first, last = (frame_of(context.scene, data, each) for each in (item.time, item.end))
        shown = told.operator(
            "int_mocap.show_correction", text=f"{first} to {last}: {told_of(item)}", emboss=False
        )
        shown.index = index or 0
        if found:
            taken = row.operator("int_mocap.take_over_contact", text="", icon="GREASEPENCIL")
            taken.index = index or 0
        elif item.kind == TOUCHES and item.part.endswith("_foot") and not item.surface:
            told.prop(item, "rolls", text="", icon="MOD_CURVE")


class INT_MOCAP_PT_contacts(SidebarPanel, bpy.types.Panel):
    """What touches, from when to when, and the buttons that say so."""

    bl_label = "Contacts"
    bl_idname = "INT_MOCAP_PT_contacts"
    bl_parent_id = "INT_MOCAP_PT_corrections"

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = self.layout
        settings, take = settings_of(context.scene).corrections, figure_in_hand(context)
        wide = is_wide(context)
        if any(item.kind in CONTACTS for item in take.corrections):
            row = layout.row()
            row.template_list(
                *("INT_MOCAP_UL_contacts", "", take, "corrections", take, "active_correction"),
                rows=_ROWS,
            )
            row.operator("int_mocap.delete_correction", text="", icon="REMOVE")
        if active_contact(take) is not None:
            row = layout.row(align=True)
            for edge, text in (("START", "Begins Here"), ("END", "Ends Here")):
                row.operator("int_mocap.bound_contact", text=text).edge = edge
        column = layout.column(align=True)
        row = column.row(align=True) if wide else column.column(align=True)
        row.prop(settings, "touching", text="")
        row.prop(settings, "surface", text="")
        if settings.surface == OBJECT:
            column.prop(settings, "surface_object", text="")
        row = column.row(align=True) if wide else column.column(align=True)
        row.operator("int_mocap.touches", icon="SNAP_FACE")
        row.operator("int_mocap.lifts", icon="SNAP_OFF")


CLASSES = (INT_MOCAP_UL_contacts, INT_MOCAP_PT_contacts)
