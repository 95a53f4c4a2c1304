"""How strongly to smooth, at which frame rate, and where on the ground."""

import math

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty

BY_TAKE = "by-take"
"""Item of the ways to treat root and feet that leaves the choice to what kind of take it is."""

BODY_PARTS = ("torso", "head", "arms", "legs", "root")


def _strength(part: str) -> object:
    return FloatProperty(
        name=part.capitalize(),
        description=f"Smoothing of the {part}, as a multiple of the profile's",
        default=1.0,
        min=0.0,
        soft_max=3.0,
        max=10.0,
    )


PROFILES = (
    ("none", "None", "The motion as it was captured"),
    ("light", "Light", "Takes the edge off jitter; for good footage and fast action"),
    ("default", "Default", "Calm when still, crisp when fast; right for most clips"),
    (
        "heavy",
        "Heavy",
        "For shaky or grainy footage of slow motion; softens quick gestures",
    ),
)
"""Items of smoothing: identifier, name, description."""


class CleanupSettings(bpy.types.PropertyGroup):
    """The panel Clean-up."""

    profile: EnumProperty(
        name="Smoothing",
        items=PROFILES,
        default="default",
    )
    torso: _strength("torso")
    head: _strength("head")
    arms: _strength("arms")
    legs: _strength("legs")
    root: _strength("root")
    feet: EnumProperty(
        name="Foot Lock",
        items=(
            (
                BY_TAKE,
                "By Take",
                "Auto for takes that were filmed and are smoothed, else Never: motion from "
                "elsewhere, such as AMASS, stays as it is",
            ),
            (
                "auto",
                "Auto",
                "Keeps a foot in one place and flat on the floor for as long as it stands; "
                "steps and jumps stay",
            ),
            (
                "always",
                "Always",
                "Always keeps the lower foot on the floor: for motion without jumps whose feet "
                "were hard to see",
            ),
            ("never", "Never", "Leaves the legs as they were captured"),
            (
                "ground",
                "Ground Only",
                "Brings standing feet to the height of the floor and lets them slide, as on skates",
            ),
        ),
    )
    frame_rate: EnumProperty(
        name="Frame Rate",
        items=(
            (
                "AUTO",
                "Automatic",
                "The clip's in a scene without animation, else the scene's. "
                "The motion lasts as long as the clip in any case",
            ),
            ("CLIP", "Of the Clip", "Give the scene the frame rate of the clip"),
            ("SCENE", "Of the Scene", "Keep the frame rate of the scene"),
        ),
    )
    start_frame: IntProperty(
        name="Start Frame",
        description="Frame at which the clip begins. The first bake sets it to the first frame of "
        "the scene, unless you chose another",
        default=1,
    )
    root_motion: EnumProperty(
        name="Root",
        items=(
            (
                BY_TAKE,
                "By Take",
                "On the Ground for takes that were filmed and are smoothed, else Free: motion "
                "from elsewhere, such as AMASS, stays as it is",
            ),
            ("free", "Free", "Where the capture saw it"),
            ("ground", "On the Ground", "Takes hovering and sinking out, leaves jumps"),
            (
                "in-place",
                "In Place",
                "On the ground, and without getting anywhere: the sway of the steps is left",
            ),
        ),
    )
    reduce_keys: BoolProperty(
        name="Fewer Keys",
        description="Write few Bezier keys that are easy to edit. Without, every frame gets a key, "
        "as exact as the capture",
        default=True,
    )
    angle_tolerance: FloatProperty(
        name="Angle",
        description="How far the turn of a bone may be off on any frame",
        subtype="ANGLE",
        default=math.radians(0.5),
        min=math.radians(0.01),
        max=math.radians(20),
        precision=2,
        step=10,
    )
    distance_tolerance: FloatProperty(
        name="Distance (mm)",
        description="How many millimetres a joint may be off on any frame. Feet that stand get "
        "less, so that they do not slide",
        default=2.0,
        min=0.05,
        max=100.0,
        step=10,
        precision=2,
    )
    rotation_mode: EnumProperty(
        name="Rotation",
        description="How bones turn. Bones that you gave another mode keep it",
        items=(
            ("QUATERNION", "Quaternion", "No gimbal lock; what Blender gives bones by default"),
            ("XYZ", "XYZ Euler", "Three angles to read and edit, without jumps"),
        ),
    )
