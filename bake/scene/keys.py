"""The motion of a person as the keys of an armature."""

from collections.abc import Collection, Sequence
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys
from bake.scene.action import baked_action, bone_path, forget_curves, write_curves
from bake.scene.armature import has_finger_bones, rest_bones, rest_orientations
from bake.scene.channels import Channel, Rig, channels_of
from bake.scene.confidence import hide_confidence, show_confidence
from bake.scene.motion import Motion
from bake.scene.placement import placement_of
from bake.scene.raw_curves import keep_raw
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES

_TURNS = ("rotation_quaternion", "rotation_euler", "rotation_axis_angle")


def read_rig(armature: bpy.types.Object, joints: np.ndarray) -> Rig:
    """Read the bones that a person's motion moves.

    Parameters
    ----------
    armature : bpy.types.Object
        From `create_armature`, in any size and place, also one that was applied.
    joints : (24, 3)
        The rest pose that it was made from, metres.
    """
    names = (*JOINT_NAMES, *(FINGER_JOINT_NAMES if has_finger_bones(armature) else ()))
    bones = rest_bones(armature)
    parents = [bones[name].parent for name in names]
    return Rig(
        names=names,
        parents=tuple(
            names.index(each.name) if each and each.name in names else -1 for each in parents
        ),
        heads=np.array([bones[name].head_local for name in names], dtype=np.float64),
        orientations=rest_orientations(armature, names),
        place=placement_of(armature, joints),
    )


def key_body(armature: bpy.types.Object, name: str, motion: Motion, marked: bool) -> list[str]:
    """Write the motion of a person into the action of its armature; `key_fingers` comes after it.

    Curves of an earlier bake are replaced, those of other channels stay.

    Parameters
    ----------
    armature : bpy.types.Object
        See `read_rig`.
    name : str
        Of the action, if a new one is made.
    motion : Motion
    marked : bool
        Whether to show on the timeline what the capture was not sure of.

    Returns
    -------
    list of str
        What the user should know, one sentence each.
    """
    rig = read_rig(armature, motion.joints)
    action, holder = baked_action(name, armature)
    forget_curves(holder, _paths(rig.names))
    keep_raw(
        action,
        holder,
        "body",
        _key(armature, holder, _of(channels_of(rig, motion), JOINT_NAMES), motion.keys),
    )
    hide_confidence(armature, holder)
    if marked:
        show_confidence(armature, holder, motion.keys, motion.confidence)
    if rig.place.fits:
        return []
    return [
        f"The bones of {armature.name} are not those of the take any more: hands and feet may miss "
        "their places."
    ]


def key_fingers(armature: bpy.types.Object, name: str, motion: Motion) -> None:
    """Write the motion of fingers beside that of the body, where bones and motion are there."""
    if motion.fingers is None or not has_finger_bones(armature):
        return
    channels = _of(channels_of(read_rig(armature, motion.joints), motion), FINGER_JOINT_NAMES)
    action, holder = baked_action(name, armature)
    forget_curves(holder, _paths(FINGER_JOINT_NAMES))
    keep_raw(action, holder, "fingers", _key(armature, holder, channels, motion.keys))


def _of(channels: Sequence[Channel], bones: Collection[str]) -> list[Channel]:
    return [channel for channel in channels if channel.bone in bones]


def _key(
    armature: bpy.types.Object, holder: Any, channels: Sequence[Channel], keys: Keys
) -> set[str]:
    """Write channels and return their data paths."""
    assert armature.pose
    written = set()
    for channel in channels:
        if channel.path in _TURNS:
            # The user may have turned bones by other angles meanwhile.
            armature.pose.bones[channel.bone].rotation_mode = "QUATERNION"
        path = bone_path(channel.bone, channel.path)
        write_curves(holder, path, channel.bone, keys.frames, channel.values, keys.last_of_run)
        written.add(path)
    return written


def _paths(bones: Sequence[str]) -> set[str]:
    """Return the data paths of all that moves bones and is written anew."""
    turns = {bone_path(bone, channel) for bone in bones for channel in _TURNS}
    return turns | {bone_path(bone, "location") for bone in bones if bone == JOINT_NAMES[0]}
