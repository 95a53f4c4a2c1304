"""The shell around a task: an operator that follows it by a timer, or stays until it is done."""

import time
from typing import Any, Literal

import bpy

from core_model.errors import MocapError

from . import tasks
from .status_bar import redraw_status
from .tasks import Steps, Task

Result = set[Literal["RUNNING_MODAL", "CANCELLED", "FINISHED", "PASS_THROUGH", "INTERFACE"]]
"""What an operator answers."""

_TICK = 0.05  # seconds


class TaskOperator(bpy.types.Operator):
    """Base of operators that start a task.

    Invoked (by a button) it comes back at once and follows the task by a timer, so that Blender
    stays usable; executed (by a script) it returns when the task has ended.
    """

    _task: Task | None = None
    _timer: bpy.types.Timer | None = None

    def steps(self, context: bpy.types.Context) -> Steps:
        """Return the steps of the task; subclasses tell what they are."""
        raise NotImplementedError

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if not self._begin(context):
            return {"CANCELLED"}
        manager = context.window_manager
        assert manager
        ask_before_quitting(self.bl_label)
        redraw(context)
        self._timer = manager.event_timer_add(_TICK, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Result:
        if not self._begin(context):
            return {"CANCELLED"}
        assert self._task
        while not self._task.poll():
            time.sleep(0.005)
        return self._finish(context)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        assert self._task
        # The task may also have been ended by Cancel, at any moment.
        if self._task.outcome is None and event.type == "TIMER":
            shown = self._task.progress
            self._task.poll()
            if self._task.progress != shown:
                redraw(context)
            ask_before_quitting(self.bl_label)
        return {"PASS_THROUGH"} if self._task.outcome is None else self._finish(context)

    def cancel(self, context: bpy.types.Context) -> None:
        """End the task: Blender closes the window or the file."""
        if self._task:
            self._task.cancel()
        self._stop_timer(context)

    def _begin(self, context: bpy.types.Context) -> bool:
        try:
            self._task = tasks.start(self.bl_label, self.steps(context))
        except MocapError as error:
            self.report({"ERROR"}, str(error))
        return self._task is not None

    def _finish(self, context: bpy.types.Context) -> Result:
        self._stop_timer(context)
        redraw(context)
        outcome = self._task.outcome if self._task else None
        assert outcome
        self.report({outcome.level}, outcome.text)
        return {"FINISHED"} if outcome.finished else {"CANCELLED"}

    def _stop_timer(self, context: bpy.types.Context) -> None:
        if self._timer and context.window_manager:
            context.window_manager.event_timer_remove(self._timer)
        self._timer = None


def can_start(cls: type[bpy.types.Operator]) -> bool:
    """Return whether no task is under way; else tell the button so."""
    task = tasks.current()
    if task:
        cls.poll_message_set(f"{task.title} is still going on: wait for it or cancel it")
    return task is None


def ask_before_quitting(title: str) -> None:
    """Let Blender ask before it quits, as it does when something is not saved.

    Add-ons are not asked when Blender quits. What a task makes will have to be saved, so the file
    counts as changed from the start; also when the user saves it meanwhile.
    """
    if not bpy.data.is_dirty and _can_push_undo():
        bpy.ops.ed.undo_push(message=title)


def _can_push_undo() -> bool:
    push: Any = bpy.ops.ed.undo_push
    return bool(push.poll())


def redraw(context: bpy.types.Context) -> None:
    """Draw again all that shows a task."""
    redraw_panels(context)
    redraw_status(context)


def redraw_panels(context: bpy.types.Context) -> None:
    """Draw the sidebars of all 3D Views and the preferences again."""
    for window in context.window_manager.windows if context.window_manager else ():
        for area in window.screen.areas:
            for region in area.regions:
                if (area.type, region.type) in (("VIEW_3D", "UI"), ("PREFERENCES", "WINDOW")):
                    region.tag_redraw()
