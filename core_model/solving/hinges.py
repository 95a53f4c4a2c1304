"""Knees and elbows bend one way: a correction must not carry them through, to the other."""

import numpy as np

from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_quaternion

HINGES = {
    JOINT_INDEX["left_knee"]: np.array([1.0, 0.0, 0.0]),
    JOINT_INDEX["right_knee"]: np.array([1.0, 0.0, 0.0]),
    JOINT_INDEX["left_elbow"]: np.array([0.0, -1.0, 0.0]),
    JOINT_INDEX["right_elbow"]: np.array([0.0, 1.0, 0.0]),
}
"""Joints that bend one way, and the axis about which they do, as they are at rest."""

_NEAR, _GIVES = np.radians(8.0), np.radians(3.0)
"""Before a limb is straight, in which it gives way; how much further one goes that hardly bends."""


def flexion(rotations: np.ndarray, joint: int) -> np.ndarray:
    """Return how far a joint of `HINGES` is bent, radians (...,); below 0 it is bent backwards.

    Parameters
    ----------
    rotations : (..., 3, 3)
        Local.
    joint : int
        SMPL's.
    """
    quaternions = matrix_to_quaternion(rotations)
    twist = 2 * np.arctan2(quaternions[..., 1:] @ HINGES[joint], quaternions[..., 0])
    return np.asarray((twist + np.pi) % (2 * np.pi) - np.pi)


def not_backwards(rotations: np.ndarray, before: np.ndarray, joint: int) -> np.ndarray:
    """Return rotations that bend a joint of `HINGES` hardly further backwards than it was.

    What is bent less than it was comes evenly to straight, instead of going through it.

    Parameters
    ----------
    rotations, before : (..., 3, 3)
        Local, as they would be and as they were.
    joint : int
        SMPL's.
    """
    bent, was = flexion(rotations, joint), flexion(before, joint)
    least = np.minimum(was - _GIVES, 0.0)
    near = np.minimum(was - least, _NEAR)
    beyond = least + near - bent
    allowed = np.where(beyond > 0, least + near * np.exp(-np.maximum(beyond, 0) / near), bent)
    back = axis_angle_to_matrix((allowed - bent)[..., None] * HINGES[joint])
    changed = (allowed - bent)[..., None, None] != 0
    return np.asarray(np.where(changed, rotations @ back, rotations))
