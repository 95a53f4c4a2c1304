"""The panel Capture from Video, and how a task that is under way is shown."""

from typing import Any

import bpy

from .. import tasks
from ..settings import settings_of
from ..sidebar import SidebarPanel
from .thumbnails import icon_of

_OUTCOME_ICONS: dict[str, Any] = {"INFO": "CHECKMARK", "WARNING": "ERROR", "ERROR": "CANCEL"}
_LETTERS_PER_LINE = 34


class INT_MOCAP_PT_capture(SidebarPanel, bpy.types.Panel):
    """From a clip to takes."""

    bl_label = "Capture from Video"
    bl_idname = "INT_MOCAP_PT_capture"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).capture
        layout.use_property_split = True
        layout.use_property_decorate = False
        row = layout.row(align=True)
        row.prop(settings, "clip")
        row.operator("int_mocap.open_clip", text="", icon="FILE_FOLDER")
        layout.prop(settings, "use_range")
        if settings.use_range:
            column = layout.column(align=True)
            column.prop(settings, "start")
            column.prop(settings, "end")
        layout.row().prop(settings, "people", expand=True)
        if settings.people == "CHOSEN":
            _draw_people(layout, settings)
        layout.prop(settings, "model")
        if settings.model == "OWN":
            layout.prop(settings, "weights")
        layout.prop(settings, "body_file", placeholder="Default")
        layout.prop(settings, "quality")
        layout.prop(settings, "device")
        layout.prop(settings, "height")
        layout.prop(settings, "focal")
        layout.prop(settings, "refine")
        layout.prop(settings, "hands")
        layout.prop(settings, "bake")
        if tasks.current() is None:
            big = layout.row()
            big.scale_y = 1.5
            big.operator("int_mocap.capture", icon="REC")
        draw_task(layout)


def draw_task(layout: bpy.types.UILayout) -> None:
    """Show the task under way with its bar and Cancel, or how the last one ended."""
    task, outcome = tasks.current(), tasks.last_outcome()
    if task:
        column = layout.column(align=True)
        stage, _, speed = task.progress.text.partition(" · ")
        column.progress(text=stage, factor=task.progress.fraction or 0.0)
        if speed:
            column.label(text=speed)
        column.operator("int_mocap.cancel", icon="X")
    elif outcome:
        box = layout.box().column(align=True)
        for number, line in enumerate(_wrapped(outcome.text)):
            box.label(text=line, icon="BLANK1" if number else _OUTCOME_ICONS[outcome.level])
        if outcome.level == "ERROR":
            box.operator("int_mocap.open_log", icon="TEXT")


def _draw_people(layout: bpy.types.UILayout, settings: Any) -> None:
    layout.operator("int_mocap.find_people", icon="VIEWZOOM")
    grid = layout.grid_flow(columns=3, even_columns=True, even_rows=True, align=True)
    for person in settings.found:
        cell = grid.box().column(align=True)
        icon = icon_of(person.thumbnail)
        if icon:
            cell.template_icon(icon, scale=4.0)
        cell.use_property_split = False
        cell.prop(person, "wanted", text=f"{person.start:.0f} to {person.end:.0f} s")


def _wrapped(text: str) -> list[str]:
    """Break a text into lines that fit the sidebar."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= _LETTERS_PER_LINE and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


CLASSES = (INT_MOCAP_PT_capture,)
