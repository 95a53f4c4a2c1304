"""What to capture, and how."""

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    StringProperty,
)

from ..paths import FILE_OPTIONS


class FoundPersonItem(bpy.types.PropertyGroup):
    """Somebody that the first pass found in the clip."""

    number: IntProperty()
    wanted: BoolProperty(name="Capture", description="Capture this person", default=True)
    thumbnail: StringProperty()
    start: FloatProperty()
    end: FloatProperty()


def _forget_people(settings: "CaptureSettings", context: bpy.types.Context) -> None:
    """Forget whom the first pass found: it was another clip, or another part of it."""
    settings.found.clear()
    settings.tracks = ""


class CaptureSettings(bpy.types.PropertyGroup):
    """The panel Capture from Video."""

    clip: StringProperty(
        name="Clip",
        description="Video to capture, or a folder of pictures",
        update=_forget_people,
    )
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
            ("fast", "Fast", "In about two thirds of the time, and less exact: for a first look"),
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
        "know: then it is that of an ordinary phone, or what a camera that turns tells",
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
