"""Where a figure stands before the camera, and how sure its joints are."""

import numpy as np

from core_model.body import Body
from core_model.camera import Camera, solve_translation
from core_model.landmarks import LANDMARK_INDEX, place_landmarks
from core_model.skeleton import JOINT_NAMES, forward_kinematics

_FACE = slice(0, 11)


def place_in_camera(
    rotations: np.ndarray,
    betas: np.ndarray,
    landmarks: np.ndarray,
    camera: Camera,
    body: Body,
) -> tuple[np.ndarray, np.ndarray]:
    """Find the translation that puts a figure's landmarks where they were seen.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Joint 0 turns SMPL space to camera space.
    betas : (10,)
    landmarks : (T, 33, 3)
        Pixels and visibility.

    Returns
    -------
    pelvis : (T, 3)
        Metres, camera space.
    solved : (T,) bool
    """
    joints, turned = forward_kinematics(rotations, body.rest_joints(betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(betas)) - joints[:, :1]
    rays = camera.rays(landmarks[..., :2])
    trust = np.square(landmarks[..., 2])
    trust[:, _FACE] = 0.3 * trust[:, _FACE]
    return solve_translation(points, rays, trust)


_WITNESSES = {
    "pelvis": ("left_hip", "right_hip"),
    "spine": ("left_hip", "right_hip", "left_shoulder", "right_shoulder"),
    "neck": ("left_shoulder", "right_shoulder", "nose"),
    "head": ("nose", "left_ear", "right_ear"),
    "hip": ("hip", "knee"),
    "knee": ("knee", "ankle"),
    "ankle": ("ankle", "heel", "foot_index"),
    "foot": ("heel", "foot_index"),
    "collar": ("shoulder",),
    "shoulder": ("shoulder", "elbow"),
    "elbow": ("elbow", "wrist"),
    "wrist": ("wrist", "index", "pinky"),
    "hand": ("index", "pinky", "thumb"),
}
"""The landmarks from which a joint's rotation is seen; those of a limb are of its own side."""


def joint_confidence(visibility: np.ndarray) -> np.ndarray:
    """Return how well each joint was seen (T, 24), 0 to 1, from landmark visibility (T, 33)."""
    columns = []
    for name in JOINT_NAMES:
        side, _, part = name.rpartition("_")
        witnesses = _WITNESSES[part.rstrip("123")]
        indices = [LANDMARK_INDEX[f"{side}_{w}" if side else w] for w in witnesses]
        columns.append(visibility[:, indices].mean(axis=1))
    return np.stack(columns, axis=1)
