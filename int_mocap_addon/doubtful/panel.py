"""The list of doubtful ranges, below that of the takes."""

from typing import Any

import bpy

from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..takes.listing import active_take
from .frames import first_and_last

_ROWS = 3


_KINDS: dict[str, tuple[str, str]] = {
    "unsure": ("", "HIDE_OFF"),
    "sides": ("exchanged", "MOD_MIRROR"),
    "slide": ("slide", "CON_LOCLIKE"),
    "limit": ("bent too far", "CON_ROTLIMIT"),
    "ghost": ("a ghost?", "GHOST_DISABLED"),
}
"""Words and icon of each kind of range."""


class INT_MOCAP_UL_doubtful(bpy.types.UIList):
    """Ranges by part of the body, with where they begin and how long they last."""

    bl_idname = "INT_MOCAP_UL_doubtful"

    def filter_items(
        self, context: bpy.types.Context | None, data: Any, property: str | None
    ) -> Any:
        items = getattr(data, property or "doubtful")
        # Blender asks for the new place of each; the worst stands first, what was seen last.
        worst = sorted(range(len(items)), key=lambda n: (items[n].seen, -items[n].severity))
        places = [0] * len(items)
        for place, number in enumerate(worst):
            places[number] = place
        return [], places

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
        row.prop(item, "seen", text="")
        told, shown = _KINDS.get(item.kind, ("", "HIDE_OFF"))
        sign: Any = shown
        row.active = not item.seen
        name = f"{item.name} {told}".strip()
        show: Any = row.operator("int_mocap.show_doubtful", text=name, icon=sign, emboss=False)
        show.index = index or 0
        facts = row.row()
        facts.alignment = "RIGHT"
        facts.label(text=f"{first}  {item.end - item.start:.1f} s")


def _mend_name(take: Any) -> str:
    """Return what the button that mends the selected range does."""
    index = take.active_doubtful
    kind = take.doubtful[index].kind if 0 <= index < len(take.doubtful) else ""
    return {"sides": "Swap Sides", "ghost": "Not a Person"}.get(kind, "Fill")


class INT_MOCAP_PT_doubtful(SidebarPanel, bpy.types.Panel):
    """Where the active take needs a look."""

    bl_label = "Doubtful Ranges"
    bl_idname = "INT_MOCAP_PT_doubtful"
    bl_parent_id = "INT_MOCAP_PT_mend"

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
        row = layout.row(align=True)
        row.operator("int_mocap.worst_doubtful", icon="VIEWZOOM")
        mend: Any = "IPO_EASE_IN_OUT"
        row.operator("int_mocap.mend_doubtful", text=_mend_name(take), icon=mend)
        layout.prop(settings_of(context.scene).scene, "doubtful_markers")


CLASSES = (INT_MOCAP_UL_doubtful, INT_MOCAP_PT_doubtful)
