"""What the bones of an armature do at every frame: plain numbers, before any key is written.

Nothing here reads or changes Blender, so that it can be worked out in a thread.
"""

from dataclasses import dataclass

import numpy as np

from bake.motion.root_path import ROOT, RootPath
from bake.scene.motion import Motion
from bake.scene.placement import Placement
from bake.scene.pose_bones import pose_bone_quaternions, root_locations
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_COUNT, JOINT_NAMES
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    nearest_rotation,
    quaternion_multiply,
    quaternion_to_matrix,
    without_sign_flips,
)

LOCATION, QUATERNION = "location", "rotation_quaternion"


@dataclass(frozen=True)
class Rig:
    """The bones of an armature at rest, in its own space and units.

    Parameters
    ----------
    names : tuple of str
        Joints in SMPL order first, fingers behind them if there are any.
    parents : tuple of int
        Place of each bone's parent in `names`, -1 for none.
    heads : (N, 3)
    orientations : (N, 3, 3)
    place : Placement
        Where the bones are, seen from the rest pose that they were made from.
    root : (4, 4) or None
        Where the root bone is that is to follow the hips, None if none is.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    heads: np.ndarray
    orientations: np.ndarray
    place: Placement
    root: np.ndarray | None = None


@dataclass(frozen=True)
class Channel:
    """One property of one bone, at every frame of a motion.

    Parameters
    ----------
    bone : str
    path : str
        `LOCATION` or `QUATERNION`.
    values : (K, 3) or (K, 4)
        As Blender shows them; quaternions without sign flips.
    """

    bone: str
    path: str
    values: np.ndarray


def channels_of(rig: Rig, motion: Motion) -> list[Channel]:
    """Return what each bone does at the frames of a motion: root, body, then the fingers."""
    place, keys = rig.place, motion.keys
    rest = place.turn.T @ rig.orientations
    positions, quaternions, channels = keys.positions, keys.quaternions.copy(), []
    if rig.root is not None:
        channels += _following(rig.root, place, motion.path)
        positions, quaternions[:, 0] = motion.path.seen_from(keys)
    locations = root_locations(positions, rest[0], place.undo(rig.heads[0]))
    channels.append(Channel(JOINT_NAMES[0], LOCATION, place.scale * locations))
    turns = pose_bone_quaternions(quaternions, rest[:JOINT_COUNT])
    channels += _turning(JOINT_NAMES, turns)
    if motion.fingers is not None and len(rig.names) > JOINT_COUNT:
        turns = pose_bone_quaternions(motion.fingers, rest[JOINT_COUNT:], first_is_root=False)
        channels += _turning(FINGER_JOINT_NAMES, turns)
    return channels


def _following(root: np.ndarray, place: Placement, path: RootPath) -> list[Channel]:
    """Return what the root bone does whose rest pose (4, 4) is moved along the way of a figure."""
    rest, head = nearest_rotation(place.turn.T @ root[:3, :3]), place.undo(root[:3, 3])
    heads = path.places + quaternion_to_matrix(path.turns) @ head
    to_bone = np.broadcast_to(matrix_to_quaternion(rest[None])[0], path.turns.shape)
    from_bone = to_bone * np.array([1.0, -1.0, -1.0, -1.0])
    turns = quaternion_multiply(quaternion_multiply(from_bone, path.turns), to_bone)
    return [
        Channel(ROOT, LOCATION, place.scale * root_locations(heads, rest, head)),
        Channel(ROOT, QUATERNION, turns),
    ]


def _turning(bones: tuple[str, ...], quaternions: np.ndarray) -> list[Channel]:
    turns = without_sign_flips(quaternions)
    return [Channel(bone, QUATERNION, turns[:, place]) for place, bone in enumerate(bones)]
