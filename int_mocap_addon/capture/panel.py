"""The panel Capture, in the order of work."""

from pathlib import Path
from typing import Any

import bpy

from .. import tasks
from ..engine import engine_problem
from ..settings import settings_of
from ..sidebar import SidebarPanel
from ..task_view import draw_task
from ..wording import clock
from ..wrapping import content_width, draw_settings, draw_text, is_wide, ui_scale
from .clip_facts import PICTURES
from .thumbnails import icon_of

_PICTURE = 6.5  # scale of a person's picture: 130 pixels
_CLIP = 4.0
_UNIT = 20.0  # pixels of a picture with a scale of 1
_BESIDE = 220.0  # pixels at a scale of 1, from which on there is room beside a picture


class INT_MOCAP_PT_capture(SidebarPanel, bpy.types.Panel):
    """From a clip to takes."""

    bl_label = "Capture"
    bl_idname = "INT_MOCAP_PT_capture"

    def draw_header_preset(self, context: bpy.types.Context) -> None:
        assert self.layout
        if not is_wide(context):
            return  # it would hide the title
        row = self.layout.row()
        row.operator("int_mocap.open_preferences", text="", icon="PREFERENCES", emboss=False)
        row.separator()  # the grip of the panel follows

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings, width = settings_of(context.scene).capture, content_width(context)
        layout.use_property_split = is_wide(context)
        layout.use_property_decorate = False
        _draw_engine(layout, width)
        _draw_clip(layout, settings, width)
        if settings.clip:
            _draw_range(layout, settings)
            layout.row().prop(settings, "people", expand=True)
            if settings.people == "CHOSEN":
                _draw_people(layout, settings, width)
        if tasks.current() is None:
            big = layout.row()
            big.scale_y = 1.5
            big.operator("int_mocap.capture", icon="REC")
        draw_task(layout, width)


class _SubPanel(SidebarPanel):
    """Base of what is seldom changed: closed until it is wanted."""

    bl_parent_id = "INT_MOCAP_PT_capture"
    bl_options: Any = {"DEFAULT_CLOSED"}
    settings: tuple[str, ...] = ()

    def draw(self, context: bpy.types.Context) -> None:
        layout: Any = getattr(self, "layout")  # noqa: B009 - `bpy.types.Panel` has it
        draw_settings(layout, context, settings_of(context.scene).capture, self.settings)


class INT_MOCAP_PT_capture_quality(_SubPanel, bpy.types.Panel):
    """What is done, and how thoroughly."""

    bl_label = "Quality"
    bl_idname = "INT_MOCAP_PT_capture_quality"
    settings = ("quality", "refine", "hands", "bake")


class INT_MOCAP_PT_capture_camera(_SubPanel, bpy.types.Panel):
    """What is known of the shot."""

    bl_label = "Person and Camera"
    bl_idname = "INT_MOCAP_PT_capture_camera"
    settings = ("height", "focal")


class INT_MOCAP_PT_capture_model(_SubPanel, bpy.types.Panel):
    """What captures."""

    bl_label = "Model and Device"
    bl_idname = "INT_MOCAP_PT_capture_model"

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        assert layout
        settings = settings_of(context.scene).capture
        weights = ["weights"] if settings.model == "OWN" else []
        names = ["device", "model", *weights, "body_file"]
        draw_settings(layout, context, settings, names)
        layout.operator("int_mocap.open_preferences", icon="PREFERENCES")


def _draw_engine(layout: bpy.types.UILayout, width: float) -> None:
    """Say what is missing before anything can be captured, with the way to mend it."""
    problem = engine_problem()
    if problem:
        box = layout.box().column()
        draw_text(box, problem, width, "ERROR")
        box.operator("int_mocap.open_preferences", text="Open Preferences", icon="PREFERENCES")


def _draw_clip(layout: bpy.types.UILayout, settings: Any, width: float) -> None:
    if not settings.clip:
        big = layout.row()
        big.scale_y = 2.0
        big.operator("int_mocap.open_clip", icon="FILE_MOVIE")
        draw_text(layout, "Or drop a video onto the 3D View", width)
        return
    clip = settings.of_clip
    path = Path(clip.picture)
    kind: Any = "IMAGE" if path.suffix.lower() in PICTURES else "MOVIE"
    icon = icon_of(clip.picture, kind) if clip.picture else 0
    cell = _beside_picture(layout, icon, _CLIP, width)
    facts = cell.column(align=True)
    row = facts.row(align=True)
    row.use_property_split = False
    row.prop(settings, "clip", text="")
    row.operator("int_mocap.open_clip", text="", icon="FILE_FOLDER")
    for line in _facts(clip):
        facts.label(text=line)


def _facts(clip: Any) -> list[str]:
    """Return lines about a clip: how long, how large, how fast; none where nothing is known."""
    length = [clock(clip.seconds)] if clip.seconds else []
    frames = [f"{clip.frames} frames"] if clip.frames else []
    size = [f"{clip.width} x {clip.height}"] if clip.width else []
    rate = [f"{clip.rate:.4g} fps"] if clip.rate else []
    lines = (", ".join(length + frames), ", ".join(size + rate))
    return [line for line in lines if line]


def _draw_range(layout: bpy.types.UILayout, settings: Any) -> None:
    layout.prop(settings, "use_range")
    if not settings.use_range:
        return
    in_frames = settings.range_unit == "FRAMES" and settings.of_clip.rate
    column = layout.column(align=True)
    if settings.of_clip.rate:
        column.row(align=True).prop(settings, "range_unit", expand=True)
    column.prop(settings, "start_frame" if in_frames else "start")
    column.prop(settings, "end_frame" if in_frames else "end")


def _draw_people(layout: bpy.types.UILayout, settings: Any, width: float) -> None:
    layout.operator("int_mocap.find_people", icon="VIEWZOOM")
    for person in settings.found:
        cell = _beside_picture(layout.box(), icon_of(person.thumbnail), _PICTURE, width)
        texts = cell.column(align=True)
        texts.use_property_split = False
        texts.prop(person, "wanted", text=f"Person {person.number}")
        texts.label(text=f"{clock(person.start)} to {clock(person.end)}")


def _beside_picture(
    layout: bpy.types.UILayout, icon: int, scale: float, width: float
) -> bpy.types.UILayout:
    """Draw a picture and return the place beside it, or below it where there is no room."""
    if not icon:
        return layout.column()
    if width < _BESIDE * ui_scale():
        layout.template_icon(icon, scale=scale)
        return layout.column()
    split = layout.split(factor=min(_UNIT * scale * ui_scale() / width, 0.6))
    split.template_icon(icon, scale=scale)
    return split.column()


CLASSES = (
    INT_MOCAP_PT_capture,
    INT_MOCAP_PT_capture_quality,
    INT_MOCAP_PT_capture_camera,
    INT_MOCAP_PT_capture_model,
)
