"""The 24 joints of SMPL, how they hang together, and forward kinematics.

SMPL space: Y up, metres, the figure faces +Z and its left side is +X; in the rest pose (a T-pose)
every rotation is the identity. Rotations are local to the parent; joint 0 carries the global
orientation.
"""

import numpy as np

from core_model.geometry.rotations import Array, namespace

JOINT_NAMES = (
    "pelvis",
    "left_hip",
    "right_hip",
    "spine1",
    "left_knee",
    "right_knee",
    "spine2",
    "left_ankle",
    "right_ankle",
    "spine3",
    "left_foot",
    "right_foot",
    "neck",
    "left_collar",
    "right_collar",
    "head",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hand",
    "right_hand",
)
PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21)
MIRROR = (0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20, 23, 22)
"""The joint that each joint becomes in a mirror."""

JOINT_COUNT = len(JOINT_NAMES)
JOINT_INDEX = {name: index for index, name in enumerate(JOINT_NAMES)}

SMPL_TO_WORLD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Turns SMPL space (Y up, facing +Z) into the Take's and Blender's world (Z up, facing -Y)."""

SMPL_TO_CAMERA = np.diag([1.0, -1.0, -1.0])
"""Turns SMPL space into camera space (x right, y down, z forward) for a figure facing the lens."""


def _levels() -> tuple[tuple[int, ...], ...]:
    """Sort the joints by how far they are from the pelvis."""
    depth = [0] * JOINT_COUNT
    for joint in range(1, JOINT_COUNT):
        depth[joint] = depth[PARENTS[joint]] + 1
    return tuple(
        tuple(joint for joint in range(JOINT_COUNT) if depth[joint] == level)
        for level in range(max(depth) + 1)
    )


def with_ancestors(joint: int) -> list[int]:
    """Return a joint and all that carry it, up to the pelvis."""
    found = [joint]
    while PARENTS[found[-1]] >= 0:
        found.append(PARENTS[found[-1]])
    return found


_LEVELS = _levels()
_ORDER = [joint for level in _LEVELS for joint in level]
_PLACE = [_ORDER.index(joint) for joint in range(JOINT_COUNT)]


def forward_kinematics(rotations: Array, rest_joints: Array) -> tuple[Array, Array]:
    """Place the joints of posed skeletons, pelvis at its rest position.

    Parameters
    ----------
    rotations : (..., 24, 3, 3)
        Local rotation matrices, numpy or torch.
    rest_joints : (24, 3) or (..., 24, 3)
        Joint positions in the rest pose, metres, of the same kind as `rotations`.

    Returns
    -------
    joints : (..., 24, 3)
        Positions in the frame that the global orientation turns to, metres.
    global_rotations : (..., 24, 3, 3)
        Rotation of each joint from the rest pose, in the same frame.
    """
    xp = namespace(rotations)
    bones = rest_joints[..., 1:, :] - rest_joints[..., list(PARENTS[1:]), :]
    turned = [rotations[..., :1, :, :]]
    placed = [rest_joints[..., :1, :] + xp.zeros_like(rotations[..., :1, :, 0])]
    for above, level in zip(_LEVELS, _LEVELS[1:], strict=False):
        # All joints of a level at once: a handful of large products instead of many small ones.
        parents = [above.index(PARENTS[joint]) for joint in level]
        bone = bones[..., [joint - 1 for joint in level], :]
        parent = turned[-1][..., parents, :, :]
        placed.append(placed[-1][..., parents, :] + (parent @ bone[..., None])[..., 0])
        turned.append(parent @ rotations[..., list(level), :, :])
    return (
        xp.concatenate(placed, -2)[..., _PLACE, :],
        xp.concatenate(turned, -3)[..., _PLACE, :, :],
    )
