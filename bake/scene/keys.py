"""The motion of a person as the keys of an armature."""

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import Keys
from bake.scene.action import baked_action, bone_path, forget_curves, write_curves
from bake.scene.armature import has_finger_bones, rest_bones, rest_orientations
from bake.scene.confidence import hide_confidence, show_confidence
from bake.scene.motion import Motion
from bake.scene.placement import placement_of
from bake.scene.pose_bones import pose_bone_quaternions, root_locations
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import without_sign_flips

_PELVIS = JOINT_NAMES[0]
_TURNS = ("rotation_quaternion", "rotation_euler", "rotation_axis_angle")


def key_body(armature: bpy.types.Object, name: str, motion: Motion, marked: bool) -> list[str]:
    """Write the motion of a person into the action of its armature; `key_fingers` comes after it.

    Curves of an earlier bake are replaced, those of other channels stay.

    Parameters
    ----------
    armature : bpy.types.Object
        From `create_armature`, in any size and place, also one that was applied.
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
    place = placement_of(armature, motion.joints)
    keys, rest = motion.keys, place.turn.T @ rest_orientations(armature)
    pelvis = np.array(rest_bones(armature)[_PELVIS].head_local, dtype=np.float64)
    locations = place.scale * root_locations(keys.positions, rest[0], place.undo(pelvis))
    rotations = without_sign_flips(pose_bone_quaternions(keys.quaternions, rest))
    _, holder = baked_action(name, armature)
    forget_curves(holder, _paths(armature))
    write_curves(
        holder, bone_path(_PELVIS, "location"), _PELVIS, keys.frames, locations, keys.last_of_run
    )
    _key_rotations(armature, holder, JOINT_NAMES, rotations, keys)
    hide_confidence(armature, holder)
    if marked:
        show_confidence(armature, holder, keys, motion.confidence)
    if place.fits:
        return []
    return [
        f"The bones of {armature.name} are not those of the take any more: hands and feet may miss "
        "their places."
    ]


def key_fingers(armature: bpy.types.Object, name: str, motion: Motion) -> None:
    """Write the motion of fingers beside that of the body, where bones and motion are there."""
    if motion.fingers is None or not has_finger_bones(armature):
        return
    turn = placement_of(armature, motion.joints).turn
    rest = turn.T @ rest_orientations(armature, FINGER_JOINT_NAMES)
    rotations = without_sign_flips(pose_bone_quaternions(motion.fingers, rest, first_is_root=False))
    _, holder = baked_action(name, armature)
    forget_curves(holder, {bone_path(bone, _TURNS[0]) for bone in FINGER_JOINT_NAMES})
    _key_rotations(armature, holder, FINGER_JOINT_NAMES, rotations, motion.keys)


def _key_rotations(
    armature: bpy.types.Object,
    holder: Any,
    bones: Sequence[str],
    rotations: np.ndarray,
    keys: Keys,
) -> None:
    assert armature.pose
    for index, bone in enumerate(bones):
        # The user may have turned bones by other angles meanwhile.
        armature.pose.bones[bone].rotation_mode = "QUATERNION"
        path = bone_path(bone, "rotation_quaternion")
        write_curves(holder, path, bone, keys.frames, rotations[:, index], keys.last_of_run)


def _paths(armature: bpy.types.Object) -> set[str]:
    """Return the data paths of all that moves bones and is written anew."""
    bones = (*JOINT_NAMES, *(FINGER_JOINT_NAMES if has_finger_bones(armature) else ()))
    turns = {bone_path(bone, channel) for bone in bones for channel in _TURNS}
    return turns | {bone_path(_PELVIS, "location")}
