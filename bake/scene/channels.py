"""What the bones of an armature do at every frame: plain numbers, before any key is written.

Nothing here reads or changes Blender, so that it can be worked out in a thread.
"""

from dataclasses import dataclass

import numpy as np

from bake.motion.euler import quaternion_to_euler
from bake.scene.motion import Motion
from bake.scene.placement import Placement
from bake.scene.pose_bones import pose_bone_quaternions, root_locations
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_COUNT, JOINT_NAMES
from core_model.geometry.rotations import without_sign_flips

LOCATION, QUATERNION, EULER = "location", "rotation_quaternion", "rotation_euler"
BY_QUATERNION = "QUATERNION"
"""The rotation mode of a pose bone that is no order of Euler angles."""


@dataclass(frozen=True)
class Rig:
    """The bones of an armature at rest, in its own space and units.

    Parameters
    ----------
    names : tuple of str
        Joints in SMPL order first, fingers behind them if there are any.
    parents : tuple of int
        Place of each bone's parent in `names`, -1 for none.
    modes : tuple of str
        How each bone is turned: `BY_QUATERNION` or one of `bake.motion.euler.ORDERS`.
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
    """Return what each bone does at the frames of a motion: the body's bones, then the fingers."""
    place, keys = rig.place, motion.keys
    rest = place.turn.T @ rig.orientations
    locations = root_locations(keys.positions, rest[0], place.undo(rig.heads[0]))
    channels = [Channel(JOINT_NAMES[0], LOCATION, place.scale * locations)]
    turns = pose_bone_quaternions(keys.quaternions, rest[:JOINT_COUNT])
    channels += _turning(rig, JOINT_NAMES, turns)
    if motion.fingers is not None and len(rig.names) > JOINT_COUNT:
        turns = pose_bone_quaternions(motion.fingers, rest[JOINT_COUNT:], first_is_root=False)
        channels += _turning(rig, FINGER_JOINT_NAMES, turns)
    return channels


def _turning(rig: Rig, bones: tuple[str, ...], quaternions: np.ndarray) -> list[Channel]:
    channels = []
    for bone, turns in zip(bones, np.moveaxis(without_sign_flips(quaternions), 1, 0), strict=True):
        mode = rig.modes[rig.names.index(bone)]
        if mode == BY_QUATERNION:
            channels.append(Channel(bone, QUATERNION, turns))
        else:
            channels.append(Channel(bone, EULER, quaternion_to_euler(turns, mode)))
    return channels
