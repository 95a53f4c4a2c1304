"""Bones of which somebody said which joint they are: the file, or the VRM add-on."""

from collections.abc import Mapping
from typing import Any

import bpy

from bake.retarget.maps.vrm_names import VRM0_NAMES, VRM1_NAMES

_TOLD = "mocap_human_bones"
"""Custom property of an armature's data: names of bones by our joints."""


def remember_bones(armature: bpy.types.Object, joints: Mapping[str, str]) -> None:
    """Keep with an armature what its file said of its bones.

    Parameters
    ----------
    armature : bpy.types.Object
    joints : mapping of str to str
        Names of bones by our joints; those that the armature does not have are left out.
    """
    data: Any = armature.data
    known = {joint: bone for joint, bone in joints.items() if bone in data.bones}
    if known:
        data[_TOLD] = known


def told_bones(armature: bpy.types.Object) -> dict[str, str]:
    """Return the names of bones by our joints, as far as anybody said.

    Parameters
    ----------
    armature : bpy.types.Object
    """
    data: Any = armature.data
    told = _by_add_on(data) or _by_file(data)
    return {joint: bone for joint, bone in told.items() if bone in data.bones}


def _by_file(data: Any) -> dict[str, str]:
    told = data.get(_TOLD)
    if not hasattr(told, "items"):
        return {}
    return {
        str(joint): bone
        for joint, bone in told.items()
        if joint in VRM1_NAMES and isinstance(bone, str)
    }


def _by_add_on(data: Any) -> dict[str, str]:
    """Return what the VRM add-on keeps with an armature that it imported, or that the user told."""
    extension = getattr(data, "vrm_addon_extension", None)
    if extension is None:
        return {}
    if str(getattr(extension, "spec_version", "")).startswith("0"):
        known = {name: joint for joint, name in VRM0_NAMES.items()}
        bones = extension.vrm0.humanoid.human_bones
        told = {known[each.bone]: each.node.bone_name for each in bones if each.bone in known}
    else:
        bones = extension.vrm1.humanoid.human_bones
        told = {
            joint: human_bone.node.bone_name
            for joint, name in VRM1_NAMES.items()
            if (human_bone := getattr(bones, _snake(name), None)) is not None
        }
    return {joint: bone for joint, bone in told.items() if bone}


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
