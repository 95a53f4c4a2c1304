"""How the bones of a figure look, and what of them an animator may move."""

from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from bake.motion.root_path import ROOT
from bake.scene.rig.armature import rest_bones
from bake.scene.rig.bone_shapes import show_shapes
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES

_PARTS = {
    "Torso": ("pelvis", "spine1", "spine2", "spine3", "neck", "head"),
    "Arms": ("collar", "shoulder", "elbow", "wrist", "hand"),
    "Legs": ("hip", "knee", "ankle", "foot"),
}

_SIDES = {"left_": "Left", "right_": "Right"}

_COLOURS = {
    "Left": (0.09, 0.35, 0.95),
    "Right": (0.85, 0.08, 0.06),
    "": (0.95, 0.65, 0.05),
    "Root": (0.15, 0.65, 0.15),
}
"""As on the screen; brighter than those that Blender comes with, so that thin lines show."""

_SELECTED, _ACTIVE = 0.4, 0.7
"""How far on the way to white."""

_THICKNESS = 0.1
"""Of a bone's length, for bones shown as boxes."""


@dataclass(frozen=True)
class RigStyle:
    """What an animator wants of the rig.

    Parameters
    ----------
    root : str
        One of `bake.motion.root_path.ROOT_BONES`.
    colours : bool
        Left, right and middle in different colours.
    shapes : bool
        Bones drawn as rings around the limbs.
    """

    root: str = "origin"
    colours: bool = True
    shapes: bool = False


def dress(armature: bpy.types.Object, style: RigStyle) -> None:
    """Sort the bones of a new armature into collections, colour and lock them.

    Left and Right are there to select and to solo: they begin hidden, since Blender shows a bone as
    long as any of its collections is visible, so that hiding Arms hides arms.

    Parameters
    ----------
    armature : bpy.types.Object
        From `create_armature`.
    style : RigStyle
    """
    data: Any = armature.data
    assert armature.pose
    for name in ("Root", *_PARTS, "Fingers", *_SIDES.values()):
        members = [bone for bone in data.bones if name in _collections_of(bone.name)]
        if not members:
            continue
        collection = data.collections.get(name)
        if collection is None:
            collection = data.collections.new(name)
            collection.is_visible = name not in _SIDES.values()
        for bone in members:
            collection.assign(bone)
    for bone in data.bones:
        bone.bbone_x = bone.bbone_z = _THICKNESS * bone.length
        bone.use_deform = bone.name != ROOT
        posed = armature.pose.bones[bone.name]
        posed.lock_scale = (True, True, True)
        moves = bone.name in (ROOT, JOINT_NAMES[0])
        posed.lock_location = (not moves, not moves, not moves)
    show_colours(armature, style.colours)
    show_shapes(armature, style.shapes)


def show_colours(armature: bpy.types.Object, shown: bool) -> None:
    """Colour the bones of a figure by side, or as Blender does."""
    for bone in rest_bones(armature):
        collections = _collections_of(bone.name)
        if not collections or not bone.color:
            continue
        bone.color.palette = "CUSTOM" if shown else "DEFAULT"
        if shown:
            colour = np.array(_COLOURS.get(collections[-1], _COLOURS[""]))
            custom: Any = bone.color.custom
            custom.normal = colour
            custom.select = colour + _SELECTED * (1 - colour)
            custom.active = colour + _ACTIVE * (1 - colour)


def _collections_of(bone: str) -> tuple[str, ...]:
    """Return the names of the collections of a bone; none for bones of the user's."""
    if bone == ROOT:
        return ("Root",)
    side = next((name for begin, name in _SIDES.items() if bone.startswith(begin)), "")
    joint = bone.partition("_")[2] if side else bone
    if bone in FINGER_JOINT_NAMES:
        part = "Fingers"
    else:
        part = next((part for part, joints in _PARTS.items() if joint in joints), "")
    return tuple(name for name in (part, side) if name) if part else ()
