"""What the panel Retarget remembers: choices in the scene, and a bone map with each armature."""

from contextlib import suppress
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

from core_model.errors import MocapError

_BLENDS = (
    "Frames in which strips blend with what is below; takes in a row fade into each other, each "
    "turned and moved to go on where the last one is"
)


class MappedBoneItem(bpy.types.PropertyGroup):
    """A bone that follows a joint; nameless where none does."""

    name: StringProperty(name="Bone", description="Bone of the armature that follows the joint")
    found: StringProperty()  # by detection or a file; what differs is the user's choice


class MappedJointItem(bpy.types.PropertyGroup):
    """A joint of the human, with its bones; it always has one, which may be nameless."""

    name: StringProperty()
    bones: CollectionProperty(type=MappedBoneItem)
    certainty: FloatProperty(default=1.0)
    locked: BoolProperty(
        name="Lock", description="Leave the bones of this joint alone: they get no keys"
    )
    twist: FloatProperty(
        name="Twist Share",
        description="How much of the limb's twist goes to the bones after the first",
        min=0.0,
        max=1.0,
        subtype="FACTOR",
    )


class BoneMapSettings(bpy.types.PropertyGroup):
    """The bone map of an armature, kept with its object, or in the scene for an override."""

    owner: PointerProperty(type=bpy.types.Object)  # in scenes only
    name: StringProperty(name="Bone Map", description="Name of the map")
    joints: CollectionProperty(type=MappedJointItem)
    active_joint: IntProperty(name="Active Joint")
    mover: StringProperty(
        name="Mover", description="The bone that carries the body, where that is not the hips'"
    )
    root: StringProperty(
        name="Root", description="The bone on the floor above all others; empty for none"
    )
    controls: StringProperty()  # IK, switches and all else of the map, as the text of a map file
    only_open: BoolProperty(
        name="To Look At", description="List only joints without a bone, and doubtful ones"
    )
    fingers: BoolProperty(name="Fingers", description="List the fingers, too")


def _draw_again(_: Any, context: bpy.types.Context) -> None:
    for window in context.window_manager.windows if context.window_manager else ():
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def _find_bones(settings: Any, _: bpy.types.Context) -> None:
    """Give an armature that was just chosen its map; the panel says where none is found."""
    from .maps import give_map

    for armature in (settings.target, settings.armature):
        if armature is not None and armature.library is None:
            with suppress(MocapError):
                give_map(armature)


def _is_armature(_: Any, thing: bpy.types.Object) -> bool:
    return thing.type == "ARMATURE"


class RetargetSettings(bpy.types.PropertyGroup):
    """The panel Retarget."""

    source: EnumProperty(
        name="Source",
        items=(
            ("TAKE", "Take", "The take that is selected in the list"),
            ("TAKES", "All Takes", "Every take of the list, an action for each"),
            ("ARMATURE", "Armature", "What another armature does: an FBX, a BVH, any action"),
        ),
    )
    armature: PointerProperty(
        type=bpy.types.Object,
        poll=_is_armature,
        name="From",
        description="The armature whose action is put on the target",
        update=_find_bones,
    )
    target: PointerProperty(
        type=bpy.types.Object,
        poll=_is_armature,
        name="Target",
        description="The armature of your character; its bones are found as you choose it",
        update=_find_bones,
    )
    listed: EnumProperty(
        name="Bones Of",
        items=(("TARGET", "Target", "The map of the target"), ("SOURCE", "Source", "The source's")),
    )
    maps: CollectionProperty(type=BoneMapSettings)  # of library overrides
    show_rest: BoolProperty(
        name="Show Rest Poses",
        description="Draw the joints of source and target at rest beside each other, as the maps "
        "have them",
        update=_draw_again,
    )
    root: EnumProperty(
        name="Root Motion",
        items=(
            ("hips", "On the Hips", "The bone of the hips, or what moves it, carries the motion"),
            (
                "bone",
                "On the Root Bone",
                "The rig's root bone travels on the floor; for Unreal, Unity and Godot",
            ),
            ("in_place", "In Place", "The figure does not get anywhere"),
        ),
    )
    keep_travel: BoolProperty(
        name="Way on an Empty",
        description="Let an empty go the way that the figure does not get anywhere on; parent the "
        "rig or a camera to it if you like",
    )
    start: EnumProperty(
        name="Start",
        items=(
            ("captured", "As Captured", "Where and as the motion was captured"),
            ("-Y", "Facing -Y", "At the origin, facing the front view"),
            ("+Y", "Facing +Y", "At the origin, facing away from the front view"),
        ),
    )
    limbs: EnumProperty(
        name="Limbs",
        items=(
            ("fk", "FK", "Key the bones of arms and legs"),
            ("ik", "IK", "Key the controls of hands and feet, with their poles"),
            ("both", "Both", "Key both, so that you can switch"),
        ),
    )
    pin_feet: BoolProperty(
        name="Pin Feet",
        description="Feet that stand still on the source stand still on the target",
        default=True,
    )
    pin_hands: BoolProperty(
        name="Pin Hands", description="Hands that rest on the source rest on the target"
    )
    floor: BoolProperty(
        name="Keep Above Floor", description="Toes and heels do not go into the floor", default=True
    )
    pose_as_rest: BoolProperty(
        name="Current Pose as Rest",
        description="The pose that the target has now is the one that matches the source at rest",
    )
    place: EnumProperty(
        name="Into",
        items=(
            ("new", "New Action", "An action for each take; what the rig did before stays saved"),
            ("active", "Active Action", "Keys on these frames give way, all others stay"),
            ("strip", "NLA Strips", "An action for each take, pushed down one after the other"),
        ),
    )
    blend_in: IntProperty(name="Blend In", description=_BLENDS, min=0)
    blend_out: IntProperty(name="Blend Out", description=_BLENDS, min=0)
    step: IntProperty(name="Step", description="Frames from key to key", default=1, min=1)
    use_range: BoolProperty(name="Range", description="Retarget only a part of the frames")
    first: IntProperty(name="First", default=1)
    last: IntProperty(name="Last", default=250)


CLASSES = (MappedBoneItem, MappedJointItem, BoneMapSettings, RetargetSettings)
