"""What to capture, and how."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from ..defaults import take_defaults
from ..paths import FILE_OPTIONS
from ..tasks import forget_outcome
from .clip_facts import ClipFacts, read_clip


class FoundPersonItem(bpy.types.PropertyGroup):
    """Somebody that the first pass found in the clip."""

    number: IntProperty()
    wanted: BoolProperty(name="Capture", description="Capture this person", default=True)
    thumbnail: StringProperty()
    start: FloatProperty()
    end: FloatProperty()


class ClipItem(bpy.types.PropertyGroup):
    """What is known of the clip; zeros where it is not."""

    frames: IntProperty()
    rate: FloatProperty()
    width: IntProperty()
    height: IntProperty()
    seconds: FloatProperty()
    picture: StringProperty()


def _forget_answer(item: "ViewItem", context: bpy.types.Context) -> None:
    item.told_by = ""


class ViewItem(bpy.types.PropertyGroup):
    """Another clip of the same performance."""

    clip: StringProperty(
        name="Clip",
        description="Video of the same performance, filmed from elsewhere at the same time",
        subtype="FILE_PATH",
        options=FILE_OPTIONS,
        update=_forget_answer,
    )
    use_offset: BoolProperty(
        name="I Know When It Begins",
        description="Say when this clip begins, instead of having it found",
        update=_forget_answer,
    )
    offset: FloatProperty(
        name="Begins At",
        description="Seconds of the first clip at which this one begins; below 0 if it began "
        "earlier",
        precision=3,
        step=1,
        update=_forget_answer,
    )
    focal: FloatProperty(
        name="Focal Length",
        description="Focal length of the camera that filmed this clip, in pixels. 0 if you do not "
        "know: then it is found with the motion",
        min=0.0,
        precision=0,
        step=1000,
    )
    found: FloatProperty()
    sure: FloatProperty()
    told_by: StringProperty()


def _forget_people(settings: "CaptureSettings", context: bpy.types.Context) -> None:
    """Forget whom the first pass found: it was another clip, or another part of it."""
    settings.found.clear()
    settings.tracks = ""


def _look_at_clip(settings: "CaptureSettings", context: bpy.types.Context) -> None:
    """Find out what the clip is, and forget what was said of another."""
    _forget_people(settings, context)
    forget_outcome()
    scene: Any = settings.id_data
    take_defaults(scene)
    facts = read_clip(Path(bpy.path.abspath(settings.clip))) if settings.clip else ClipFacts()
    for name in ("frames", "rate", "width", "height", "seconds", "picture"):
        setattr(settings.of_clip, name, getattr(facts, name))
    if facts.seconds and (not settings.use_range or settings.start >= facts.seconds):
        settings.start, settings.end = 0.0, facts.seconds


def _frame_of(name: str) -> Callable[["CaptureSettings"], int]:
    return lambda settings: round(getattr(settings, name) * settings.of_clip.rate)


def _set_frame_of(name: str) -> Callable[["CaptureSettings", int], None]:
    def put(settings: "CaptureSettings", frame: int) -> None:
        if settings.of_clip.rate:
            setattr(settings, name, frame / settings.of_clip.rate)

    return put


class CaptureSettings(bpy.types.PropertyGroup):
    """The panel Capture."""

    clip: StringProperty(
        name="Clip",
        description="Video to capture, or a folder of pictures",
        update=_look_at_clip,
    )
    of_clip: PointerProperty(type=ClipItem)
    views: CollectionProperty(type=ViewItem)
    active_view: IntProperty()
    use_range: BoolProperty(
        name="In and Out",
        description="Capture only a part of the clip",
        update=_forget_people,
    )
    start: FloatProperty(
        name="In",
        description="Where to begin, in seconds of the clip",
        min=0.0,
        subtype="TIME_ABSOLUTE",
        update=_forget_people,
    )
    end: FloatProperty(
        name="Out",
        description="Where to end, in seconds of the clip",
        min=0.0,
        default=10.0,
        subtype="TIME_ABSOLUTE",
        update=_forget_people,
    )
    range_unit: EnumProperty(
        name="Unit",
        description="What in and out points are counted in",
        items=(
            ("SECONDS", "Seconds", "Seconds of the clip"),
            ("FRAMES", "Frames", "Frames of the clip, from 0"),
        ),
    )
    start_frame: IntProperty(
        name="In",
        description="Frame of the clip at which to begin",
        min=0,
        get=_frame_of("start"),
        set=_set_frame_of("start"),
    )
    end_frame: IntProperty(
        name="Out",
        description="Frame of the clip at which to end",
        min=0,
        get=_frame_of("end"),
        set=_set_frame_of("end"),
    )
    people: EnumProperty(
        name="People",
        items=(
            ("ALL", "All", "Everybody in the clip"),
            ("LARGEST", "Largest", "The person seen largest and longest"),
            ("CHOSEN", "Choose", "Those that you tick after a first look at the clip"),
        ),
    )
    found: CollectionProperty(type=FoundPersonItem)
    tracks: StringProperty()
    model: EnumProperty(
        name="Model",
        items=(
            ("DEFAULT", "Default", "The INT weights that come with INT Mocap"),
            ("OWN", "My INT Checkpoint", "A checkpoint of your own"),
        ),
    )
    weights: StringProperty(
        name="Checkpoint",
        description="File of an INT checkpoint",
        subtype="FILE_PATH",
        options=FILE_OPTIONS,
    )
    body_file: StringProperty(
        name="SMPL Body",
        description="Your own SMPL file as the body, for non-commercial research only. "
        "Leave empty for the default body, which is free to use",
        subtype="FILE_PATH",
        options=FILE_OPTIONS,
    )
    device: EnumProperty(
        name="Device",
        items=(
            ("auto", "Automatic", "The graphics card if it can be used, else the processor"),
            ("cpu", "Processor", "Works everywhere"),
            ("cuda", "NVIDIA Card", "Faster; needs an engine with CUDA"),
        ),
    )
    quality: EnumProperty(
        name="Quality",
        items=(
            ("best", "Best", "Looks at people as exactly as it can"),
            ("fast", "Fast", "In about half of the time, and less exact: for a first look"),
        ),
        update=_forget_people,
    )
    height: FloatProperty(
        name="Person's Height",
        description="How tall the first person is, in metres; places and speeds are as exact as "
        "this. 0 if you do not know: then it is the height of an average body",
        min=0.0,
        max=2.6,
        precision=2,
        step=1,
    )
    focal: FloatProperty(
        name="Focal Length",
        description="Focal length of the camera that filmed the clip, in pixels. 0 if you do not "
        "know: then it is what straight edges behind the people, the clip itself or a camera "
        "that turns tell, or that of an ordinary phone",
        min=0.0,
        precision=0,
        step=1000,
    )
    refine: BoolProperty(
        name="Fit to Picture",
        description="Fit the motion to what was seen after the network. Slower, and much nearer "
        "to the picture",
        default=True,
    )
    hands: BoolProperty(
        name="Hands",
        description="Look for hands where they are large enough in the picture: wrists and "
        "fingers move as they do",
        default=True,
    )
    bake: BoolProperty(
        name="Bake at Once",
        description="Turn the takes into animation as soon as they are captured",
        default=True,
    )
