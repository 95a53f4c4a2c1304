"""What the bones of an armature do at every frame: plain numbers, before any key is written.

Nothing here reads or changes Blender, so that it can be worked out in a thread.
"""

from dataclasses import dataclass

import numpy as np

from bake.motion.root_path import ROOT, RootPath
from bake.reduction.euler import quaternion_to_euler
from bake.scene.animation.motion import Motion
from bake.scene.rig.placement import Placement
from bake.scene.rig.pose_bones import pose_bone_quaternions, root_locations
from core_model.body.fingers import FINGER_JOINT_COUNT, FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_COUNT, JOINT_NAMES
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    nearest_rotation,
    quaternion_multiply,
    quaternion_to_matrix,
    without_sign_flips,
)

LOCATION, QUATERNION, EULER = "location", "rotation_quaternion", "rotation_euler"
BY_QUATERNION = "QUATERNION"
"""The rotation mode of a pose bone that is no order of Euler angles."""


@dataclass(frozen=True)
class Rig:
    """The bones of an armature at rest, in its own space and units.

    Parameters
    ----------
    names : tuple of str
        Joints in SMPL order first, fingers behind them if there are any, then a root bone if it
        is to follow the hips.
    parents : tuple of int
        Place of each bone's parent in `names`, -1 for none.
    modes : tuple of str
        How each bone is turned: `BY_QUATERNION` or one of `bake.reduction.euler.ORDERS`.
    usual_mode : str
        That of bones which the user has not given another one.
    heads, tails : (N, 3)
    orientations : (N, 3, 3)
    place : Placement
        Where the bones are, seen from the rest pose that they were made from.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    modes: tuple[str, ...]
    usual_mode: str
    heads: np.ndarray
    tails: np.ndarray
    orientations: np.ndarray
    place: Placement


@dataclass(frozen=True)
class Channel:
    """One property of one bone, at every frame of a motion.

    Parameters
    ----------
    bone : str
    path : str
        `LOCATION`, `QUATERNION` or `EULER`.
    values : (K, 3) or (K, 4)
        As Blender shows them; quaternions without sign flips, angles without jumps.
    """

    bone: str
    path: str
    values: np.ndarray


def channels_of(rig: Rig, motion: Motion) -> list[Channel]:
    """Return what each bone does at the frames of a motion: root, body, then the fingers."""
    place, keys = rig.place, motion.keys
    rest = place.turn.T @ rig.orientations
    positions, quaternions, channels = keys.positions, keys.quaternions.copy(), []
    if ROOT in rig.names:
        channels += _following(rig, motion.path)
        positions, quaternions[:, 0] = motion.path.seen_from(keys)
    locations = root_locations(positions, rest[0], place.undo(rig.heads[0]))
    channels.append(Channel(JOINT_NAMES[0], LOCATION, place.scale * locations))
    turns = pose_bone_quaternions(quaternions, rest[:JOINT_COUNT])
    channels += _turning(rig, JOINT_NAMES, turns)
    if motion.fingers is not None and FINGER_JOINT_NAMES[0] in rig.names:
        fingers = rest[JOINT_COUNT:][:FINGER_JOINT_COUNT]
        turns = pose_bone_quaternions(motion.fingers, fingers, first_is_root=False)
        channels += _turning(rig, FINGER_JOINT_NAMES, turns)
    return channels


def _following(rig: Rig, path: RootPath) -> list[Channel]:
    """Return what a root bone does that is carried along the way of a figure."""
    place, bone = rig.place, rig.names.index(ROOT)
    rest = nearest_rotation(place.turn.T @ rig.orientations[bone])
    head = place.undo(rig.heads[bone])
    heads = path.places + quaternion_to_matrix(path.turns) @ head
    to_bone = np.broadcast_to(matrix_to_quaternion(rest[None])[0], path.turns.shape)
    from_bone = to_bone * np.array([1.0, -1.0, -1.0, -1.0])
    turns = quaternion_multiply(quaternion_multiply(from_bone, path.turns), to_bone)
    moved = Channel(ROOT, LOCATION, place.scale * root_locations(heads, rest, head))
    return [moved, *_turning(rig, (ROOT,), turns[:, None])]


def _turning(rig: Rig, bones: tuple[str, ...], quaternions: np.ndarray) -> list[Channel]:
    channels = []
    for bone, turns in zip(bones, np.moveaxis(without_sign_flips(quaternions), 1, 0), strict=True):
        mode = rig.modes[rig.names.index(bone)]
        if mode == BY_QUATERNION:
            channels.append(Channel(bone, QUATERNION, turns))
        else:
            channels.append(Channel(bone, EULER, quaternion_to_euler(turns, mode)))
    return channels
