import numpy as np
import pytest

from core_model.body.skeleton import forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from core_model.hands.model import (
    HIGHEST,
    LOWEST,
    THUMB,
    angles_of,
    finger_rotations,
    palm_rotations,
)
from tests.core_model.hands.hands import GESTURES, landmarks_of, model


def poses(count: int) -> np.ndarray:
    random = np.random.default_rng(0)
    pose = axis_angle_to_matrix(random.normal(0, 0.6, (count, 24, 3)))
    pose[:, 22:] = np.eye(3)
    return pose


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("name", sorted(GESTURES))
def test_a_gesture_is_read_back_from_its_landmarks(name, side):
    angles = np.tile(GESTURES[name], (5, 1))
    points = landmarks_of(angles, side, poses(5))
    hand = model(side)
    found = finger_rotations(hand, angles_of(hand, points, palm_rotations(hand, points)))
    error = np.degrees(rotation_angle(found, finger_rotations(hand, angles)))
    assert error[:, : 3 * THUMB].max() < 0.01
    # How a thumb is turned about itself shows only in its bends.
    assert error[:, 3 * THUMB :].max() < 12


@pytest.mark.parametrize("side", [0, 1])
def test_all_that_fingers_can_do_is_read_back(side):
    random = np.random.default_rng(1)
    angles = random.uniform(0.95 * LOWEST, 0.95 * HIGHEST, (100, 21))
    points = landmarks_of(angles, side, poses(100))
    hand = model(side)
    found = angles_of(hand, 3.0 * points, palm_rotations(hand, 3.0 * points))
    fingers = slice(0, 4 * THUMB)
    np.testing.assert_allclose(found[:, fingers], angles[:, fingers], atol=1e-6)


@pytest.mark.parametrize("side", [0, 1])
def test_palms_turn_as_the_wrist_does(side):
    pose = poses(6)
    points = landmarks_of(np.tile(GESTURES["point"], (6, 1)), side, pose)
    _, turned = forward_kinematics(pose, np.zeros((24, 3)))
    np.testing.assert_allclose(palm_rotations(model(side), points), turned[:, 20 + side], atol=1e-9)


def test_left_and_right_mirror_each_other():
    mirror = np.diag([-1.0, 1.0, 1.0])
    left, right = (finger_rotations(model(side), GESTURES["point"][None])[0] for side in (0, 1))
    # A spread or the swing of a thumb has the opposite sign on the other hand; there is none here.
    np.testing.assert_allclose(mirror @ left @ mirror, right, atol=1e-3)


def test_a_fist_brings_the_finger_tips_to_the_palm():
    rest = np.tile(np.eye(3), (1, 24, 1, 1))
    fist, flat = (landmarks_of(GESTURES[name][None], 0, rest)[0] for name in ("fist", "open"))
    for tip in (8, 12, 16, 20):
        assert np.linalg.norm(flat[tip] - flat[0]) > 0.12
        assert np.linalg.norm(fist[tip] - fist[0]) < 0.09
        assert fist[tip, 1] < fist[tip - 3, 1]  # palms face down in the T-pose
