"""Confidence goes down where landmarks hide, jump or are missed, and nowhere else."""

import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_COUNT, LANDMARK_INDEX, place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES, SMPL_TO_CAMERA, forward_kinematics
from core_model.fit.confidence import BONE_ENDS, confidence_features, joint_confidence
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix

BODY = default_body()
CAMERA = Camera.assumed(1280, 720)
BETAS, FRAMES = np.zeros(10), 40
TIMES = np.arange(FRAMES) / 30


@pytest.fixture
def motion() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Somebody who swings every limb: rotations, pelvis, and landmarks seen without error."""
    rng = np.random.default_rng(0)
    swing = 0.25 * rng.normal(size=(24, 3)) * np.sin(3 * TIMES)[:, None, None]
    rotations = axis_angle_to_matrix(swing)
    rotations[:, 0] = SMPL_TO_CAMERA @ rotations[:, 0]
    pelvis = np.tile([0.2, 0.1, 4.0], (FRAMES, 1))
    joints, turned = forward_kinematics(rotations, BODY.rest_joints(BETAS))
    joints = joints - joints[:, :1] + pelvis[:, None]
    pixels = CAMERA.project(place_landmarks(joints, turned, BODY.landmark_offsets(BETAS)))
    seen = np.concatenate((pixels, np.ones((FRAMES, LANDMARK_COUNT, 1))), axis=-1)
    return rotations, pelvis, seen


def sure(
    motion: tuple[np.ndarray, np.ndarray, np.ndarray],
    landmarks: np.ndarray,
    camera: Camera = CAMERA,
    times: np.ndarray = TIMES,
) -> np.ndarray:
    rotations, pelvis, _ = motion
    return joint_confidence(rotations, BETAS, pelvis, landmarks, times, camera, BODY)


def test_what_is_seen_and_explained_is_trusted(
    motion: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    confidence = sure(motion, motion[2])
    assert confidence.shape == (FRAMES, 24)
    assert confidence.min() > 0.6 and confidence.max() < 1


@pytest.mark.parametrize("fault", ["hidden", "missed", "jumping"])
def test_a_fault_at_a_wrist_costs_its_arm_and_the_rest_hardly_anything(
    motion: tuple[np.ndarray, np.ndarray, np.ndarray], fault: str
) -> None:
    landmarks = motion[2].copy()
    wrist = [LANDMARK_INDEX[f"left_{part}"] for part in ("wrist", "index", "pinky", "thumb")]
    if fault == "hidden":
        landmarks[:, wrist, 2] = 0.02  # what lost ones have, by the peak of their heat maps
    elif fault == "missed":
        landmarks[:, wrist, 0] += 40
    else:
        landmarks[20, wrist, 1] += 60
    before, after = sure(motion, motion[2])[20], sure(motion, landmarks)[20]
    arm = [JOINT_INDEX[f"left_{part}"] for part in ("elbow", "wrist", "hand")]
    others = [j for j, name in enumerate(JOINT_NAMES) if j not in arm and "collar" not in name]
    assert (after[arm] < before[arm] - 0.1).all()
    np.testing.assert_allclose(after[others], before[others], atol=0.05)


def test_size_of_the_picture_and_frame_rate_do_not_matter(
    motion: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    rng = np.random.default_rng(1)
    landmarks = motion[2].copy()
    landmarks[..., :2] += rng.normal(0, 6, (1, LANDMARK_COUNT, 2))
    large = landmarks * [2.0, 2.0, 1.0]
    expected = sure(motion, landmarks)
    np.testing.assert_allclose(sure(motion, large, Camera.assumed(2560, 1440)), expected)
    twice = [np.repeat(part, 2, axis=0) for part in (motion[0], motion[1], landmarks)]
    # Held frames are stairs; where nothing moves fast they hardly differ from the motion itself.
    slower = sure((twice[0], twice[1], twice[2]), twice[2], times=np.arange(2 * FRAMES) / 60)
    np.testing.assert_allclose(slower[::2], expected, atol=0.05)


def test_every_bone_ends_at_a_joint_that_hangs_from_it() -> None:
    for joint, end in enumerate(BONE_ENDS):
        assert end == joint or end > joint
    assert BONE_ENDS[JOINT_INDEX["left_elbow"]] == JOINT_INDEX["left_wrist"]


def test_a_single_frame_is_enough(motion: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    features = confidence_features(
        motion[0][:1], BETAS, motion[1][:1], motion[2][:1], TIMES[:1], CAMERA, BODY
    )
    assert np.isfinite(features).all() and features.min() >= 0 and features.max() <= 1


@pytest.mark.parametrize(("found", "least", "most"), [(9, 0.0, 0.15), (11, 0.3, 0.95)])
def test_a_shape_with_hardly_a_landmark_found_is_nobody(
    motion: tuple[np.ndarray, np.ndarray, np.ndarray], found: int, least: float, most: float
) -> None:
    """Furniture that the pose network takes for a person has no landmark with a clear peak."""
    landmarks = motion[2].copy()
    landmarks[..., 2] = 0.05
    landmarks[:, :found, 2] = 0.95
    assert least < sure(motion, landmarks).mean() < most
