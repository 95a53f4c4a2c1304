"""The root bone: it carries the whole figure, and moves or turns a performance at one place."""

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from bake.motion.root_path import ROOT
from bake.scene.animation.action import all_holders, bone_path, forget_curves
from bake.scene.rig.armature import editing, has_finger_bones, rest_bones
from bake.scene.rig.placement import placement_of
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES, PARENTS

_FOLLOWS = "mocap_root_follows"
"""Custom property of an armature whose root bone is to follow the hips."""

_FOLLOWED = "mocap_root_followed"
"""Custom property of an armature whose root bone was keyed to follow them."""

_LENGTH = 0.3  # metres

_CHANNELS = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle")


def has_root_bone(armature: bpy.types.Object) -> bool:
    """Return whether the pelvis of an armature hangs on a root bone."""
    parent = rest_bones(armature)[JOINT_NAMES[0]].parent
    return parent is not None and parent.name == ROOT


def put_root_bone(armature: bpy.types.Object, root: str, joints: np.ndarray) -> bool:
    """Give an armature the root bone that is wanted, or take it away, as long as it is as made.

    The root bone lies where the origin of the rest pose is, with the axes of the world, so that
    nothing else moves when it comes or goes.

    Parameters
    ----------
    armature : bpy.types.Object
        From `create_armature`.
    root : str
        One of `bake.motion.root_path.ROOT_BONES`.
    joints : (24, 3)
        The rest pose that the armature was made from, metres.

    Returns
    -------
    bool
        Whether the armature has bones now that it had not before.
    """
    there, new = has_root_bone(armature), False
    if there != (root != "none") and _as_made(armature, joints):
        if there and not _used(armature):
            _remove(armature)
        elif not there:
            _add(armature, joints)
            new = True
    if root == "hips" and has_root_bone(armature):
        armature[_FOLLOWS] = True
    elif armature.get(_FOLLOWS):
        del armature[_FOLLOWS]
    return new


def follows_hips(armature: bpy.types.Object) -> bool:
    """Return whether an armature's root bone is to follow the hips."""
    return bool(armature.get(_FOLLOWS)) and has_root_bone(armature)


def forget_following(armature: bpy.types.Object, holder: Any) -> None:
    """Take away the keys with which a root bone followed the hips; begin anew if it is to again.

    Parameters
    ----------
    armature : bpy.types.Object
    holder : bpy.types.Action or bpy.types.ActionChannelbag
        From `baked_action`.
    """
    if armature.get(_FOLLOWED):
        del armature[_FOLLOWED]
        forget_curves(holder, {bone_path(ROOT, channel) for channel in _CHANNELS})
        if has_root_bone(armature):
            assert armature.pose
            armature.pose.bones[ROOT].matrix_basis = Matrix.Identity(4)
    if follows_hips(armature):
        armature[_FOLLOWED] = True


def turn_root_as(armature: bpy.types.Object, mode: str) -> None:
    """Let a root bone that is neither posed nor keyed turn in the rotation mode of the others."""
    if has_root_bone(armature) and _rests(armature) and not _is_keyed(armature):
        assert armature.pose
        bone: Any = armature.pose.bones[ROOT]
        bone.rotation_mode = mode


def _add(armature: bpy.types.Object, joints: np.ndarray) -> None:
    place = placement_of(armature, joints)
    head, tail, up = place.apply(np.array([[0.0, 0, 0], [0, _LENGTH, 0], [0, 0, _LENGTH]]))
    data: Any = armature.data
    with editing(armature):
        bone = data.edit_bones.new(ROOT)
        bone.head, bone.tail = Vector(head), Vector(tail)
        bone.align_roll(Vector(up - head))
        bone.use_deform = False
        data.edit_bones[JOINT_NAMES[0]].parent = bone
    assert armature.pose
    armature.pose.bones[ROOT].rotation_mode = "QUATERNION"


def _remove(armature: bpy.types.Object) -> None:
    data: Any = armature.data
    with editing(armature):
        data.edit_bones.remove(data.edit_bones[ROOT])


def _as_made(armature: bpy.types.Object, joints: np.ndarray) -> bool:
    """Return whether the bones are those that were made, hung together as they were."""
    bones, data = rest_bones(armature), armature.data
    assert data and armature.pose
    top = [ROOT] if has_root_bone(armature) else []
    fingers = FINGER_JOINT_NAMES if has_finger_bones(armature) else ()
    hung = ["".join(top), *(JOINT_NAMES[parent] for parent in PARENTS[1:])]
    parents = [bones[name].parent for name in JOINT_NAMES]
    return (
        data.users == 1
        and data.library is None
        and {bone.name for bone in bones} == {*JOINT_NAMES, *fingers, *top}
        and [parent.name if parent else "" for parent in parents] == hung
        and not any(bone.constraints for bone in armature.pose.bones)
        and placement_of(armature, joints).fits
    )


def _used(armature: bpy.types.Object) -> bool:
    """Return whether the user has a use for the root bone: posed or keyed it, or hung things on it.

    One that follows the hips is posed and keyed anyway.
    """
    own = not armature.get(_FOLLOWED) and (not _rests(armature) or _is_keyed(armature))
    return own or any(
        (thing.parent == armature and thing.parent_bone == ROOT)
        or any(
            getattr(each, "target", None) == armature and getattr(each, "subtarget", "") == ROOT
            for each in thing.constraints
        )
        for thing in bpy.data.objects
    )


def _rests(armature: bpy.types.Object) -> bool:
    assert armature.pose
    return bool(np.allclose(np.array(armature.pose.bones[ROOT].matrix_basis), np.eye(4), atol=1e-6))


def _is_keyed(armature: bpy.types.Object) -> bool:
    data = armature.animation_data
    begin = bone_path(ROOT, "")
    actions = [strip.action for track in data.nla_tracks for strip in track.strips] if data else []
    return any(
        curve.data_path.startswith(begin)
        for action in (data.action if data else None, *actions)
        if action
        for holder in all_holders(action)
        for curve in holder.fcurves
    )
