"""Where a figure stands before the camera."""

import numpy as np

from core_model.body.landmarks import place_landmarks
from core_model.body.model import Body
from core_model.body.skeleton import forward_kinematics
from core_model.geometry.camera import Camera, solve_translation

_FACE = slice(0, 11)
_NEAREST = 0.1  # metres: what would be nearer, or behind the lens, is taken to be there


def landmarks_in_picture(
    rotations: np.ndarray,
    betas: np.ndarray,
    pelvis: np.ndarray,
    camera: Camera,
    body: Body,
) -> np.ndarray:
    """Return where a figure's landmarks would be seen, (T, 33, 2), pixels.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Joint 0 turns SMPL space to camera space.
    betas : (10,)
    pelvis : (T, 3)
        Metres, camera space.
    camera : Camera
    body : Body
        With landmarks.
    """
    joints, turned = forward_kinematics(rotations, body.rest_joints(betas))
    joints = joints - joints[:, :1] + pelvis[:, None]
    points = place_landmarks(joints, turned, body.landmark_offsets(betas))
    points[..., 2] = np.maximum(points[..., 2], _NEAREST)
    return camera.project(points)


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
