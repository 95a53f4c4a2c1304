"""The panel More Cameras: other clips of the same performance, filmed from elsewhere."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty

from ..operators import Result, redraw_panels
from ..preferences import clips_folder, remember_clips_folder
from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..wrapping import content_width, draw_text, is_wide

_HELP = (
    "Film with a second phone from another side, 60 to 120 degrees around. Nothing has to be "
    "synchronised or calibrated; a clap helps."
)
_TOLD_BY = {"you": "as you say", "sound": "by the sound", "motion": "by how people move"}


class INT_MOCAP_UL_views(bpy.types.UIList):
    """The other clips."""

    def draw_item(
        self,
        context: bpy.types.Context | None,
        layout: bpy.types.UILayout,
        data: Any | None,
        item: Any | None,
        icon: int | None,
        active_data: Any,
        active_property: str | None,
        index: int | None,
        flt_flag: int | None,
    ) -> None:
        assert item
        row = layout.row(align=True)
        there = Path(bpy.path.abspath(item.clip)).exists()
        mark: Any = "ERROR" if not there else "CHECKMARK" if item.told_by else "VIEW_CAMERA"
        row.label(text=Path(item.clip).name or "No clip", icon=mark)
        if item.use_offset:
            row.label(text=f"{_signed(item.offset, 2)} s")
        elif item.told_by:
            row.label(text=f"{_signed(item.found, 2)} s")


def _signed(number: float, digits: int) -> str:
    """Return a number with its sign; of what is rounded to 0 that is a plus."""
    return f"{round(number, digits) + 0.0:+.{digits}f}"


class INT_MOCAP_OT_add_view(bpy.types.Operator):
    """Choose another clip of the same performance."""

    bl_idname = "int_mocap.add_view"
    bl_label = "Add Camera"
    bl_description = "Choose another clip of the same performance, filmed from elsewhere"
    bl_options = {"REGISTER", "UNDO"}

    filter_movie: BoolProperty(default=True, options={"HIDDEN"})
    filter_folder: BoolProperty(default=True, options={"HIDDEN"})
    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        from core_model.take.view import MOST_VIEWS

        if len(settings_of(context.scene).capture.views) >= MOST_VIEWS:
            cls.poll_message_set(f"{MOST_VIEWS} more cameras are the most")
            return False
        return True

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        if self.filepath:
            return self.execute(context)
        assert context.window_manager
        folder = clips_folder()
        if folder:
            self.filepath = str(Path(folder)) + "/"
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Result:
        path = Path(bpy.path.abspath(self.filepath))
        if not path.exists():
            self.report({"ERROR"}, f"There is no clip at {self.filepath}.")
            return {"CANCELLED"}
        settings = settings_of(context.scene).capture
        item = settings.views.add()
        item.clip = self.filepath
        settings.active_view = len(settings.views) - 1
        remember_clips_folder(str(path.parent))
        redraw_panels(context)
        return {"FINISHED"}


class INT_MOCAP_OT_remove_view(bpy.types.Operator):
    """Take a clip off the list."""

    bl_idname = "int_mocap.remove_view"
    bl_label = "Remove Camera"
    bl_description = "Take this clip off the list; the file stays"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return bool(settings_of(context.scene).capture.views)

    def execute(self, context: bpy.types.Context) -> Result:
        settings = settings_of(context.scene).capture
        settings.views.remove(min(settings.active_view, len(settings.views) - 1))
        settings.active_view = max(min(settings.active_view, len(settings.views) - 1), 0)
        return {"FINISHED"}


class INT_MOCAP_OT_move_view(bpy.types.Operator):
    """Change the order of the clips."""

    bl_idname = "int_mocap.move_view"
    bl_label = "Move Camera"
    bl_description = "Move this clip up or down in the list"
    bl_options = {"REGISTER", "UNDO"}

    direction: EnumProperty(
        name="Direction",
        items=(("UP", "Up", "Towards the first"), ("DOWN", "Down", "Towards the last")),
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return len(settings_of(context.scene).capture.views) > 1

    def execute(self, context: bpy.types.Context) -> Result:
        settings = settings_of(context.scene).capture
        to = settings.active_view + (-1 if self.direction == "UP" else 1)
        if not 0 <= to < len(settings.views):
            return {"CANCELLED"}
        settings.views.move(settings.active_view, to)
        settings.active_view = to
        return {"FINISHED"}


class INT_MOCAP_PT_more_cameras(SidebarPanel, bpy.types.Panel):
    """Other clips of the same performance."""

    bl_label = "More Cameras"
    bl_idname = "INT_MOCAP_PT_more_cameras"
    bl_parent_id = "INT_MOCAP_PT_capture"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings, width = settings_of(context.scene).capture, content_width(context)
        layout.use_property_split = is_wide(context)
        layout.use_property_decorate = False
        if not settings.views:
            draw_text(layout, _HELP, width)
            layout.operator("int_mocap.add_view", icon="ADD")
            return
        row = layout.row()
        row.template_list(
            "INT_MOCAP_UL_views", "", settings, "views", settings, "active_view", rows=3
        )
        column = row.column(align=True)
        column.operator("int_mocap.add_view", text="", icon="ADD")
        column.operator("int_mocap.remove_view", text="", icon="REMOVE")
        column.separator()
        arrows: Any = (("UP", "TRIA_UP"), ("DOWN", "TRIA_DOWN"))
        for direction, icon in arrows:
            move: Any = column.operator("int_mocap.move_view", text="", icon=icon)
            move.direction = direction
        item = settings.views[min(settings.active_view, len(settings.views) - 1)]
        layout.prop(item, "use_offset")
        if item.use_offset:
            layout.prop(item, "offset")
        elif item.told_by:
            how = _TOLD_BY.get(item.told_by, item.told_by)
            unsure = "" if item.sure > 0.1 or item.told_by != "motion" else ", not sure"
            draw_text(layout, f"Begins at {_signed(item.found, 3)} s, found {how}{unsure}.", width)
        layout.prop(item, "focal")


def views_of(settings: Any) -> dict[str, Any]:
    """Return the other clips as options of a capture, none where there are none."""
    paths = [str(Path(bpy.path.abspath(item.clip)).absolute()) for item in settings.views]
    if not paths:
        return {}
    offsets = [item.offset if item.use_offset else None for item in settings.views]
    focals = [item.focal or None for item in settings.views]
    return {"views": paths, "offsets": offsets, "view_focals": focals}


def remember_answers(settings: Any, answers: list[dict[str, Any]]) -> None:
    """Show in the list when each clip was found to begin.

    Parameters
    ----------
    settings : CaptureSettings
    answers : list of dict
        As in the summary of a capture.
    """
    by_clip = {answer["video"]: answer for answer in answers}
    for item in settings.views:
        answer = by_clip.get(str(Path(bpy.path.abspath(item.clip)).absolute()))
        if answer:
            item.found, item.sure = answer["offset"], answer["sure"]
            item.told_by = answer["told_by"]


CLASSES = (
    INT_MOCAP_UL_views,
    INT_MOCAP_OT_add_view,
    INT_MOCAP_OT_remove_view,
    INT_MOCAP_OT_move_view,
    INT_MOCAP_PT_more_cameras,
)
