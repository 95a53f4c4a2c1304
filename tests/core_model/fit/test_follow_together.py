"""A figure follows what all its landmarks do together, and not what some of them do."""

import numpy as np

from core_model.body.landmarks import place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import SMPL_TO_CAMERA, forward_kinematics
from core_model.fit.follow_together import followed_together
from core_model.geometry.camera import Camera

CAMERA = Camera.assumed(1280, 720)
BODY = default_body()
BETAS = np.zeros(10)
TIMES = np.arange(60) / 30
ROTATIONS = np.tile(np.eye(3), (60, 24, 1, 1))
ROTATIONS[:, 0] = SMPL_TO_CAMERA
STANDING = np.tile([0.1, 0.2, 4.0], (60, 1))


def seen(pelvis: np.ndarray) -> np.ndarray:
    """Return the landmarks (60, 33, 3) of a figure that stands with its pelvis there."""
    joints, turned = forward_kinematics(ROTATIONS, BODY.rest_joints(BETAS))
    points = place_landmarks(joints, turned, BODY.landmark_offsets(BETAS))
    points = points - joints[:, :1] + pelvis[:, None]
    pixels = CAMERA.project(points)
    return np.concatenate((pixels, np.full((60, 33, 1), 0.95)), axis=-1)


def followed(landmarks: np.ndarray) -> np.ndarray:
    return followed_together(STANDING, ROTATIONS, BETAS, landmarks, TIMES, CAMERA, BODY)


def test_a_hop_that_the_fit_held_back_is_followed():
    hop = np.zeros((60, 3))
    hop[30:36, 1] = -np.array([0.02, 0.035, 0.04, 0.04, 0.035, 0.02])
    moved = followed(seen(STANDING + hop)) - STANDING
    assert moved[30:36, 1].min() < -0.025 and np.abs(moved[:20]).max() < 0.004
    assert np.abs(moved[:, [0, 2]]).max() < 0.003, "only across the picture, and only up"


def test_trembling_and_single_limbs_move_nothing():
    random = np.random.default_rng(0)
    landmarks = seen(STANDING)
    landmarks[..., :2] += random.normal(0, 1.0, (60, 33, 2))
    assert np.abs(followed(landmarks) - STANDING).max() < 0.001
    landmarks = seen(STANDING)
    landmarks[20:30, 13:23, 1] -= 30
    assert np.abs(followed(landmarks) - STANDING).max() < 0.002
