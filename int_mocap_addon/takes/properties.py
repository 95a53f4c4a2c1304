"""A take in the list."""

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

from ..corrections.properties import CorrectionItem
from ..doubtful.properties import DoubtfulItem
from ..paths import FILE_OPTIONS
from ..rig.names import rename_take
from .trim import keep_in_take


def _rename_in_scene(item: "TakeItem", context: bpy.types.Context) -> None:
    old = item.armature.name if item.armature else ""
    if item.name != old:
        rename_take(item, old, item.name)


class TakeItem(bpy.types.PropertyGroup):
    """One person of one clip: where its file is, what is in it, and what it became."""

    name: StringProperty(
        name="Name",
        description="Name of the take, its armature and its action",
        update=_rename_in_scene,
    )
    uid: StringProperty()
    path: StringProperty(subtype="FILE_PATH", options=FILE_OPTIONS)
    body_file: StringProperty(
        name="SMPL Body",
        description="SMPL file of the body that the take is baked onto; the one it was captured "
        "with. Empty for the default body",
        subtype="FILE_PATH",
        options=FILE_OPTIONS,
    )
    up: EnumProperty(
        name="Up",
        description="The axis that is up in the take's file",
        items=(
            ("z", "Z", "As the files of AMASS and of this add-on have it"),
            ("y", "Y", "As some programs write it: the take is turned, so that the figure stands"),
        ),
    )
    use_trim: BoolProperty(
        name="Trim",
        description="Bake only a part of the take; it stays in step with its clip",
        update=keep_in_take,
    )
    trim_start: FloatProperty(
        name="In",
        description="Second of the clip at which the baked part begins",
        min=0.0,
        step=10,
        subtype="TIME_ABSOLUTE",
        update=keep_in_take,
    )
    trim_end: FloatProperty(
        name="Out",
        description="Second of the clip at which it ends",
        min=0.0,
        step=10,
        subtype="TIME_ABSOLUTE",
        update=keep_in_take,
    )
    filmed: BoolProperty(default=True)
    clip: StringProperty()
    asked_first: StringProperty()
    clip_start: FloatProperty()
    shot: IntProperty()  # from 1; 0 in a clip that was never cut
    shot_start: FloatProperty()  # seconds of the clip
    start: FloatProperty()
    seconds: FloatProperty()
    frames: IntProperty()
    rate: FloatProperty()
    confidence: FloatProperty()
    armature: PointerProperty(type=bpy.types.Object)
    body: PointerProperty(type=bpy.types.Object)
    camera: PointerProperty(type=bpy.types.Object)
    baked_start: IntProperty()  # frame at which the clip begins
    baked_rate: FloatProperty()  # frames per second, 0 until it is baked
    doubtful: CollectionProperty(type=DoubtfulItem)
    active_doubtful: IntProperty(name="Active Doubtful Range")
    sound: StringProperty()
    corrections: CollectionProperty(type=CorrectionItem)
    active_correction: IntProperty(name="Active Correction")
    solved: StringProperty(subtype="FILE_PATH", options=FILE_OPTIONS)  # the take, solved again
    solved_with: StringProperty()  # what was said then
