"""Left and right swapped, as the image INT's training does to half of its samples."""

import numpy as np

from core_model.skeleton import JOINT_COUNT, MIRROR
from core_model.weak_perspective import CROP_SIDE

# fmt: off
SPIN_MIRROR = (
    0, 1, 5, 6, 7, 2, 3, 4, 8, 12, 13, 14, 9, 10, 11, 16, 15, 18, 17, 22, 23, 24, 19, 20, 21,
    30, 29, 28, 27, 26, 25, 36, 35, 34, 33, 32, 31, 37, 38, 39, 40, 41, 42, 43, 44, 46, 45, 48, 47,
)
# fmt: on
"""The joint that each of SPIN's 49 joints becomes in a mirror."""

_HIPS = [27, 28]


def mirrored_poses(poses: np.ndarray) -> np.ndarray:
    """Mirror axis-angle poses (..., 72) in SMPL order, radians, across the plane x = 0."""
    swapped = poses.reshape(*poses.shape[:-1], JOINT_COUNT, 3)[..., list(MIRROR), :]
    return (swapped * [1, -1, -1]).reshape(poses.shape)


def mirrored_keypoints(keypoints: np.ndarray) -> np.ndarray:
    """Mirror keypoints (..., 49, 3) of a crop: pixels and confidence."""
    swapped = keypoints[..., list(SPIN_MIRROR), :]
    swapped[..., 0] = CROP_SIDE - 1 - swapped[..., 0]
    return swapped


def mirrored_joints(joints: np.ndarray) -> np.ndarray:
    """Mirror joints (..., 49, 4), metres and confidence, about the middle of their hips."""
    swapped = joints[..., list(SPIN_MIRROR), :]
    middle = swapped[..., _HIPS, 0].mean(axis=-1, keepdims=True)
    swapped[..., 0] = 2 * middle - swapped[..., 0]
    return swapped
