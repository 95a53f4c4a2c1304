"""The task under way in Blender's status bar, which every workspace has."""

from typing import Any

import bpy

from . import tasks
from .task_view import bar_text

_WIDTH = 9.0  # buttons' heights


def _draw(header: bpy.types.Header, context: bpy.types.Context) -> None:
    task, layout = tasks.current(), header.layout
    if task is None or layout is None:
        return
    row = layout.row(align=True)
    bar = row.row()
    bar.ui_units_x = _WIDTH
    bar.progress(text=bar_text(task.progress), factor=task.progress.fraction or 0.0)
    row.operator("int_mocap.cancel", text="", icon="X", emboss=False)
    row.label(text=f"{task.title}: {task.progress.text}")


def add_status() -> None:
    """Begin to show tasks."""
    _header().prepend(_draw)


def remove_status() -> None:
    """Show none any more."""
    _header().remove(_draw)


def redraw_status(context: bpy.types.Context) -> None:
    """Let the status bars of all windows be drawn again."""
    manager = context.window_manager
    for window in manager.windows if manager else ():
        # Blender has no other way for add-ons to have it drawn. None shows Blender's own hints.
        with context.temp_override(window=window):
            window.workspace.status_text_set(None)


def _header() -> Any:
    return getattr(bpy.types, "STATUSBAR_HT_header")  # noqa: B009 - not in the stubs
