"""Buttons of the panel Capture."""

import os
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from core_model.engine.logs import newest_log
from core_model.errors import MocapError

from .. import tasks
from ..addon import ADDON
from ..operators import Result, TaskOperator, can_start, redraw_panels
from ..preferences import clips_folder, remember_clips_folder
from ..settings import settings_of
from ..storage import log_folder
from ..takes.replacing import takes_of_clip
from ..tasks import Steps
from .request import clip_path, request_of

_EARLIER = (
    (
        "REPLACE",
        "Replace",
        "Take its takes off the list and its figures out of the scene, except those that you "
        "worked on by hand. Files on disk stay",
    ),
    ("KEEP", "Keep Both", "Leave it as it is, and add the new one"),
)


class INT_MOCAP_OT_open_clip(bpy.types.Operator):
    """Choose the clip, by the file browser or by dropping it onto the viewport."""

    bl_idname = "int_mocap.open_clip"
    bl_label = "Open Clip"
    bl_description = "Choose the video to capture, or a folder of pictures"
    bl_options = {"REGISTER", "UNDO"}

    filter_movie: BoolProperty(default=True, options={"HIDDEN"})
    filter_folder: BoolProperty(default=True, options={"HIDDEN"})
    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if self.filepath:  # dropped
            return self.execute(context)
        assert context.window_manager
        folder = clips_folder()
        if folder:
            self.filepath = os.path.join(folder, "")
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Result:
        if not Path(bpy.path.abspath(self.filepath)).exists():
            self.report({"ERROR"}, f"There is no clip at {self.filepath}.")
            return {"CANCELLED"}
        settings_of(context.scene).capture.clip = self.filepath
        remember_clips_folder(str(Path(bpy.path.abspath(self.filepath)).parent))
        redraw_panels(context)
        self.report({"INFO"}, f"{Path(self.filepath).name} is ready to be captured.")
        return {"FINISHED"}


def _ops() -> Any:
    """Return our own operators, which the type checker does not know."""
    return getattr(bpy.ops, "int_mocap")  # noqa: B009


def _clip_is_there(cls: type[bpy.types.Operator], context: bpy.types.Context) -> bool:
    try:
        assert context.scene
        clip_path(context.scene)
    except MocapError as error:
        cls.poll_message_set(str(error).rstrip("."))
        return False
    return can_start(cls)


class INT_MOCAP_OT_find_people(TaskOperator):
    """Look through the clip for people to choose from."""

    bl_idname = "int_mocap.find_people"
    bl_label = "Find People"
    bl_description = "Look through the clip and show everybody in it, to tick whom to capture"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return _clip_is_there(cls, context)

    def steps(self, context: bpy.types.Context) -> Steps:
        from .job import find_people_steps

        assert context.scene
        return find_people_steps(context.scene.name)


class INT_MOCAP_OT_capture(TaskOperator):
    """Capture the clip."""

    bl_idname = "int_mocap.capture"
    bl_label = "Capture from Video"
    bl_description = "Capture the motion of the people in the clip; Blender stays usable meanwhile"
    bl_options = {"REGISTER", "UNDO"}

    earlier: EnumProperty(
        name="Earlier Capture",
        description="What becomes of takes of the same clip that are in the list",
        items=(("ASK", "Ask", "Ask if there are any; a script keeps them"), *_EARLIER),
        options={"HIDDEN", "SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        settings = settings_of(context.scene).capture
        if settings.people == "CHOSEN" and not any(each.wanted for each in settings.found):
            cls.poll_message_set("Find people first and tick whom to capture")
            return False
        return _clip_is_there(cls, context)

    def steps(self, context: bpy.types.Context) -> Steps:
        from .job import capture_steps

        assert context.scene
        request = request_of(context.scene)
        return capture_steps(context.scene.name, request, self.earlier == "REPLACE")

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        assert context.scene
        if self.earlier == "ASK" and takes_of_clip(context.scene, clip_path(context.scene)):
            _ops().capture_again("INVOKE_DEFAULT")
            return {"CANCELLED"}
        return super().invoke(context, event)


class INT_MOCAP_OT_capture_again(bpy.types.Operator):
    """Ask what becomes of the earlier capture of a clip, then capture it again."""

    bl_idname = "int_mocap.capture_again"
    bl_label = "This Clip Was Captured Before"
    bl_description = "Capture the clip again, instead of its earlier capture or beside it"
    bl_options = {"INTERNAL"}

    earlier: EnumProperty(
        name="Earlier Capture",
        description="What becomes of the takes of the same clip that are in the list",
        items=_EARLIER,
        options={"SKIP_SAVE"},
    )
    _how = "EXEC_DEFAULT"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return bool(INT_MOCAP_OT_capture.poll(context))

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        self._how = "INVOKE_DEFAULT"
        assert context.window_manager
        return context.window_manager.invoke_props_dialog(self, width=320, confirm_text="Capture")

    def draw(self, context: bpy.types.Context) -> None:
        assert self.layout and context.scene
        names = [each.name for each in takes_of_clip(context.scene, clip_path(context.scene))]
        self.layout.label(text=f"Takes in the list: {', '.join(names)}")
        self.layout.row().prop(self, "earlier", expand=True)

    def execute(self, context: bpy.types.Context) -> Result:
        _ops().capture(self._how, earlier=self.earlier)
        return {"FINISHED"}


class INT_MOCAP_OT_check_engine(TaskOperator):
    """Try out what captures."""

    bl_idname = "int_mocap.check_engine"
    bl_label = "Check Engine"
    bl_description = "Load all that captures, run it once, and tell versions, device and time"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return can_start(cls)

    def steps(self, context: bpy.types.Context) -> Steps:
        from .job import check_engine_steps

        return check_engine_steps(settings_of(context.scene).capture.device)


class INT_MOCAP_OT_open_preferences(bpy.types.Operator):
    """Show the preferences of the add-on."""

    bl_idname = "int_mocap.open_preferences"
    bl_label = "Preferences"
    bl_description = "Open the preferences of INT Mocap: engine, takes folder and defaults"

    def execute(self, context: bpy.types.Context) -> Result:
        if bpy.app.background:
            self.report({"ERROR"}, "Preferences are shown in a window only.")
            return {"CANCELLED"}
        bpy.ops.preferences.addon_show(module=ADDON)
        return {"FINISHED"}


class INT_MOCAP_OT_cancel(bpy.types.Operator):
    """End the task under way."""

    bl_idname = "int_mocap.cancel"
    bl_label = "Cancel"
    bl_description = "Stop at once; the scene stays as it was"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        task = tasks.current()
        if task is None:
            cls.poll_message_set("Nothing is going on")
            return False
        if not task.progress.can_cancel:
            cls.poll_message_set("Nearly done: the keys are being written")
        return task.progress.can_cancel

    def execute(self, context: bpy.types.Context) -> Result:
        task = tasks.current()
        assert task
        task.cancel()
        redraw_panels(context)
        return {"FINISHED"}


class INT_MOCAP_OT_open_log(bpy.types.Operator):
    """Show what the engine wrote."""

    bl_idname = "int_mocap.open_log"
    bl_label = "Open Log"
    bl_description = "Open what the engine wrote while it last worked"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if newest_log(log_folder()) is None:
            cls.poll_message_set("The engine has not been started yet")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Result:
        log = newest_log(log_folder())
        if log is None:
            self.report({"ERROR"}, "The log is not there any more.")
            return {"CANCELLED"}
        bpy.ops.wm.path_open(filepath=str(log))
        return {"FINISHED"}


CLASSES = (
    INT_MOCAP_OT_open_clip,
    INT_MOCAP_OT_find_people,
    INT_MOCAP_OT_capture,
    INT_MOCAP_OT_capture_again,
    INT_MOCAP_OT_check_engine,
    INT_MOCAP_OT_open_preferences,
    INT_MOCAP_OT_cancel,
    INT_MOCAP_OT_open_log,
)
