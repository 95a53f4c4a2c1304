"""VRMA, a motion for any VRM avatar, by the VRM add-on where it is installed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy

from bake.export.options import ExportOptions
from bake.export.skeleton import Skeleton
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import BoneMap
from core_model.errors import OutputError

_FINGERS = {"index": "index", "middle": "middle", "ring": "ring", "pinky": "little"}
_PHALANGES = ("proximal", "intermediate", "distal")
_THUMB = ("metacarpal", "proximal", "distal")


def _human_bones() -> Mapping[str, str]:
    """Return VRM 1.0's names of our joints, as the add-on writes them."""
    names = {
        "pelvis": "hips",
        "spine1": "spine",
        "spine2": "chest",
        "spine3": "upper_chest",
        "neck": "neck",
        "head": "head",
    }
    limbs = {
        "collar": "shoulder",
        "shoulder": "upper_arm",
        "elbow": "lower_arm",
        "wrist": "hand",
        "hip": "upper_leg",
        "knee": "lower_leg",
        "ankle": "foot",
        "foot": "toes",
    }
    for side in ("left", "right"):
        names |= {f"{side}_{joint}": f"{side}_{bone}" for joint, bone in limbs.items()}
        for number in range(3):
            names[f"{side}_thumb{number + 1}"] = f"{side}_thumb_{_THUMB[number]}"
            for joint, bone in _FINGERS.items():
                names[f"{side}_{joint}{number + 1}"] = f"{side}_{bone}_{_PHALANGES[number]}"
    return names


HUMAN_BONES = _human_bones()
"""By our joints."""


def require_add_on() -> None:
    """Make sure that the VRM add-on is there.

    Raises
    ------
    OutputError
        When it is not.
    """
    if "vrma" not in dir(bpy.ops.export_scene):
        raise OutputError(
            "A .vrma is written by the VRM add-on: install it from extensions.blender.org "
            "(Edit, Preferences, Get Extensions, 'VRM format'), then export again."
        )


def without_root(skeleton: Skeleton) -> Skeleton:
    """Leave the root bone out: a VRMA knows the place of the hips alone."""
    if skeleton.root < 0 or len(skeleton.bones) < 2:
        return skeleton
    kept = [place for place in range(len(skeleton.bones)) if place != skeleton.root]
    places = {old: new for new, old in enumerate(kept)}
    bones = (skeleton.bones[place] for place in kept)
    return Skeleton(tuple(replace(bone, parent=places.get(bone.parent, -1)) for bone in bones), -1)


def write_vrma(path: Path, armature: Any, name: str, options: ExportOptions) -> None:
    """Write the motion of a clean skeleton of the scene that is shown.

    Parameters
    ----------
    path : Path
    armature : bpy.types.Object
        It plays in a strip; the add-on reads active actions.
    name : str
        Of the figure that it is of.
    options : ExportOptions

    Raises
    ------
    OutputError
        When the add-on does not write it.
    RigError
        When the skeleton is no human figure.
    """
    _tell_bones(armature, options.map_for(name, read_rig(armature)))
    data = armature.animation_data
    strip = data.nla_tracks[0].strips[0]
    action, slot = strip.action, getattr(strip, "action_slot", None)
    data.nla_tracks.remove(data.nla_tracks[0])
    data.action = action
    if slot:
        data.action_slot = slot
    layer: Any = bpy.context.view_layer
    layer.objects.active = armature
    armature.select_set(True)
    writer: Any = bpy.ops.export_scene.vrma  # type: ignore[attr-defined]
    done = writer(filepath=str(path), armature_object_name=armature.name)
    if done != {"FINISHED"}:
        raise OutputError("The VRM add-on could not write the motion; the console tells more.")


def _tell_bones(armature: Any, found: BoneMap) -> None:
    """Tell the add-on which bone is which of a human."""
    extension = armature.data.vrm_addon_extension
    extension.spec_version = "1.0"
    bones = extension.vrm1.humanoid.human_bones
    for joint, name in HUMAN_BONES.items():
        mapped = found.joints.get(joint)
        if mapped and mapped.bones:
            getattr(bones, name).node.bone_name = mapped.bones[0]
