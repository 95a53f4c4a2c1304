"""How a task that is under way is shown, and how the last one ended."""

from typing import Any

import bpy

from . import tasks
from .wording import time_left
from .wrapping import draw_text

_OUTCOME_ICONS: dict[str, Any] = {"INFO": "CHECKMARK", "WARNING": "ERROR", "ERROR": "CANCEL"}


def draw_task(layout: bpy.types.UILayout, width: float, title: str = "") -> None:
    """Show the task under way with its bar and Cancel, or how the last one ended.

    Parameters
    ----------
    layout : bpy.types.UILayout
    width : float
        Pixels that it has.
    title : str
        How only a task with this title ended; empty for any.
    """
    task, outcome = tasks.current(), tasks.last_outcome(title)
    if task:
        column = layout.column(align=True)
        column.progress(text=bar_text(task.progress), factor=task.progress.fraction or 0.0)
        draw_text(column, task.progress.text, width)
        column.operator("int_mocap.cancel", icon="X")
    elif outcome:
        box = layout.box().column(align=True)
        draw_text(box, outcome.text, width, _OUTCOME_ICONS[outcome.level])
        if outcome.level == "ERROR":
            box.operator("int_mocap.open_log", icon="TEXT")


def bar_text(progress: tasks.Progress) -> str:
    """Return what stands on the bar: how much is done, and how long it will still take."""
    parts = [] if progress.fraction is None else [f"{progress.fraction:.0%}"]
    if progress.left is not None:
        parts.append(time_left(progress.left))
    return ", ".join(parts)
