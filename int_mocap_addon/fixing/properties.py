"""How poses are mended, and the fix that is open."""

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, PointerProperty, StringProperty


class FixSettings(bpy.types.PropertyGroup):
    """The panel Fix Pose."""

    fade: IntProperty(
        name="Fade",
        description="Frames in which a fix comes, and goes again",
        default=8,
        min=1,
        soft_max=60,
    )
    reach: EnumProperty(
        name="Reach",
        description="How far a fix reaches",
        items=(
            ("HERE", "Here", "It fades in before the frame, and out after it"),
            ("ONWARD", "From Here On", "It fades in, and stays up to the next fix or the end"),
        ),
    )
    armature: PointerProperty(type=bpy.types.Object)
    frame: IntProperty()
    before: StringProperty()
    keys: StringProperty()
    posed: StringProperty()
    away: BoolProperty()
