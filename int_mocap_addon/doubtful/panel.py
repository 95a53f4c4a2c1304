"""The list of doubtful ranges, below that of the takes."""

from typing import Any

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take
from .frames import first_and_last

_ROWS = 3


class INT_MOCAP_UL_doubtful(bpy.types.UIList):
    """Ranges by part of the body, with where they begin and how long they last."""

    bl_idname = "INT_MOCAP_UL_doubtful"

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
        first, last = first_and_last(context.scene, data, item)
        row = layout.row(align=True)
        show: Any = row.operator("int_mocap.show_doubtful", text="", icon="VIEWZOOM", emboss=False)
        show.index = index or 0
        row.label(text=item.name)
        facts = row.row()
        facts.alignment = "RIGHT"
        facts.label(text=f"{first}  {item.end - item.start:.1f} s")


class INT_MOCAP_PT_doubtful(SidebarPanel, bpy.types.Panel):
    """Where the active take needs a look."""

    bl_label = "Doubtful Ranges"
    bl_idname = "INT_MOCAP_PT_doubtful"
    bl_parent_id = "INT_MOCAP_PT_takes"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        take = active_take(context.scene)
        return take is not None and len(take.doubtful) > 0

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        take = active_take(context.scene)
        layout.template_list(
            "INT_MOCAP_UL_doubtful", "", take, "doubtful", take, "active_doubtful", rows=_ROWS
        )
        row = layout.row(align=True)
        for direction, text, icon in (
            ("PREVIOUS", "Previous", "PREV_KEYFRAME"),
            ("NEXT", "Next", "NEXT_KEYFRAME"),
        ):
            shown: Any = icon
            step: Any = row.operator("int_mocap.step_doubtful", text=text, icon=shown)
            step.direction = direction
        layout.prop(settings_of(context.scene).scene, "doubtful_markers")


CLASSES = (INT_MOCAP_UL_doubtful, INT_MOCAP_PT_doubtful)
