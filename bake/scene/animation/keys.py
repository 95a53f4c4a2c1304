"""The motion of a person as the keys of an armature."""

from collections.abc import Collection
from typing import Any

import bpy
import numpy as np

from bake.motion.root_path import ROOT
from bake.reduction.euler import ORDERS
from bake.scene.animation.action import baked_action, bone_path, forget_curves, write_keys
from bake.scene.animation.channels import BY_QUATERNION, Rig
from bake.scene.animation.confidence import hide_confidence, show_confidence
from bake.scene.animation.curves import PersonCurves
from bake.scene.animation.motion import Motion
from bake.scene.animation.own_channel import put_own_channel
from bake.scene.animation.raw_curves import keep_raw
from bake.scene.rig.armature import has_finger_bones, rest_bones, rest_orientations
from bake.scene.rig.placement import placement_of
from bake.scene.rig.root_bone import follows_hips, forget_following, turn_root_as
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES

_TURNS = ("rotation_quaternion", "rotation_euler", "rotation_axis_angle")
_GIVEN_MODE = "mocap_rotation"
"""Custom property of an armature: how its bones were turned when it was baked. A bone that turns
otherwise now was changed by the user."""


def read_rig(armature: bpy.types.Object, joints: np.ndarray, rotation_mode: str) -> Rig:
    """Read the bones that a person's motion moves.

    Parameters
    ----------
    armature : bpy.types.Object
        From `create_armature`, in any size and place, also one that was applied.
    joints : (24, 3)
        The rest pose that it was made from, metres.
    rotation_mode : str
        Of bones that the user has not given another one.
    """
    names = (
        *JOINT_NAMES,
        *(FINGER_JOINT_NAMES if has_finger_bones(armature) else ()),
        *((ROOT,) if follows_hips(armature) else ()),
    )
    bones = rest_bones(armature)
    parents = [bones[name].parent for name in names]
    given = armature.get(_GIVEN_MODE, BY_QUATERNION)
    assert armature.pose
    modes = [armature.pose.bones[name].rotation_mode for name in names]
    return Rig(
        names=names,
        parents=tuple(
            names.index(each.name) if each and each.name in names else -1 for each in parents
        ),
        modes=tuple(
            mode if mode != given and mode in (BY_QUATERNION, *ORDERS) else rotation_mode
            for mode in modes
        ),
        usual_mode=rotation_mode,
        heads=np.array([bones[name].head_local for name in names], dtype=np.float64),
        tails=np.array([bones[name].tail_local for name in names], dtype=np.float64),
        orientations=rest_orientations(armature, names),
        place=placement_of(armature, joints),
    )


def key_body(
    armature: bpy.types.Object,
    name: str,
    motion: Motion,
    curves: PersonCurves,
    marked: bool,
) -> list[str]:
    """Write the motion of a person into the action of its armature; `key_fingers` comes after it.

    Curves of an earlier bake are replaced, those of other channels stay.

    Parameters
    ----------
    armature : bpy.types.Object
        See `read_rig`.
    name : str
        Of the action, if a new one is made.
    motion : Motion
    curves : PersonCurves
        Of the motion on the bones of this armature.
    marked : bool
        Whether to show on the timeline what the capture was not sure of.

    Returns
    -------
    list of str
        What the user should know, one sentence each.
    """
    action, holder = baked_action(name, armature)
    forget_following(armature, holder)
    written = _replace(armature, holder, curves, (ROOT, *JOINT_NAMES))
    keep_raw(action, holder, "body", written)
    turn_root_as(armature, curves.rig.usual_mode)
    put_own_channel(armature, holder, int(motion.keys.frames[0]))
    if curves.rig.usual_mode != BY_QUATERNION:
        armature[_GIVEN_MODE] = curves.rig.usual_mode
    elif armature.get(_GIVEN_MODE) is not None:
        del armature[_GIVEN_MODE]
    hide_confidence(armature, holder)
    if marked:
        show_confidence(armature, holder, motion.keys, motion.confidence, reduced=curves.reduced)
    if curves.rig.place.fits:
        return []
    return [
        f"The bones of {armature.name} are not those of the take any more: hands and feet may miss "
        "their places."
    ]


def key_fingers(armature: bpy.types.Object, name: str, curves: PersonCurves) -> None:
    """Write the motion of fingers beside that of the body, where there is any."""
    if curves.of(FINGER_JOINT_NAMES) and has_finger_bones(armature):
        action, holder = baked_action(name, armature)
        keep_raw(action, holder, "fingers", _replace(armature, holder, curves, FINGER_JOINT_NAMES))


def _replace(
    armature: bpy.types.Object, holder: Any, curves: PersonCurves, bones: Collection[str]
) -> set[str]:
    """Write the curves of some bones in place of those that moved them; return their data paths."""
    assert armature.pose
    moved = curves.of(bones)
    turns = {bone_path(each.bone, path) for each in moved for path in _TURNS}
    forget_curves(holder, turns | {bone_path(each.bone, each.path) for each in moved})
    for each in moved:
        if each.path in _TURNS:
            mode = curves.rig.modes[curves.rig.names.index(each.bone)]
            bone: Any = armature.pose.bones[each.bone]
            bone.rotation_mode = mode
        write_keys(holder, bone_path(each.bone, each.path), each.bone, each.keys)
    return {bone_path(each.bone, each.path) for each in moved}
