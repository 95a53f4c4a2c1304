"""The metrics against the reference implementation's numbers, a published table, and invariants."""

from pathlib import Path

import numpy as np
import pytest

from core_model.geometry.rotations import axis_angle_to_matrix
from tests.places import BASELINES
from train.evaluate import metrics
from train.evaluate.joint_sets import (
    EVALUATION_JOINTS,
    EVALUATION_MIRROR,
    HIPS,
    LIMB_LANDMARKS,
    LIMB_MIRROR,
    evaluation_joints_from_landmarks,
)


@pytest.fixture
def motion() -> np.ndarray:
    return np.cumsum(np.random.default_rng(1).normal(0, 0.1, (20, 14, 3)), axis=0)


@pytest.mark.shared
def test_alignment_and_acceleration_match_the_reference_vectors(shared: Path) -> None:
    with np.load(shared / "parity" / "int_parity.npz") as file:
        first, second = file["fn/pa_S1"], file["fn/pa_S2"]
        aligned, accelerations = file["fn/pa_S1_hat"], file["fn/accel_err"]
    ours = metrics.similarity_aligned(first.astype(float), second.astype(float))
    np.testing.assert_allclose(ours, aligned, atol=2e-5)
    ours = metrics.acceleration_error(first, second) / 1000
    np.testing.assert_allclose(ours, accelerations, rtol=1e-5)


def test_alignment_undoes_any_similarity_and_only_pa_forgives_it(motion: np.ndarray) -> None:
    turn = axis_angle_to_matrix(np.array([0.3, -1.2, 2.0]))
    moved = 1.7 * motion @ turn.T + [1.0, -2.0, 3.0]
    np.testing.assert_allclose(metrics.similarity_aligned(moved, motion), motion, atol=1e-9)
    assert metrics.pa_mpjpe(moved, motion).max() < 1e-6
    assert metrics.pa_mpjpe_sequence(moved, motion).max() < 1e-6
    assert metrics.mpjpe(moved, motion).min() > 100


def test_a_mirrored_pose_is_not_forgiven(motion: np.ndarray) -> None:
    assert metrics.pa_mpjpe(motion * [-1, 1, 1], motion).min() > 10


def test_alignment_is_the_least_squares_optimum(motion: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    target = motion + rng.normal(0, 0.05, motion.shape)
    aligned = metrics.similarity_aligned(motion, target)
    best = ((aligned - target) ** 2).sum((1, 2))
    for _ in range(20):
        turn = axis_angle_to_matrix(rng.normal(0, 0.01, 3))
        other = aligned @ turn.T * rng.normal(1, 0.01) + rng.normal(0, 0.01, 3)
        assert (((other - target) ** 2).sum((1, 2)) >= best).all()


def test_in_plane_and_depth_split_a_known_offset(motion: np.ndarray) -> None:
    shifted = motion + [0.03, 0.04, -0.12]
    np.testing.assert_allclose(metrics.mpjpe(shifted, motion), 130)
    np.testing.assert_allclose(metrics.in_plane_error(shifted, motion), 50)
    np.testing.assert_allclose(metrics.depth_error(shifted, motion), 120)
    np.testing.assert_allclose(metrics.acceleration_error(shifted, motion), 0, atol=1e-9)


def test_a_turning_pose_costs_the_sequence_and_not_the_frame(motion: np.ndarray) -> None:
    angles = np.linspace(0, 2, len(motion))[:, None] * np.array([0.0, 1.0, 0.0])
    turning = motion @ np.swapaxes(axis_angle_to_matrix(angles), 1, 2)
    assert metrics.pa_mpjpe(turning, motion).max() < 1e-6
    assert metrics.pa_mpjpe_sequence(turning, motion).mean() > 10


def test_frames_with_a_missing_joint_are_left_out_and_counted(motion: np.ndarray) -> None:
    prediction = motion + 0.01 * np.random.default_rng(3).normal(size=motion.shape)
    whole = metrics.pose_errors(prediction[5:], motion[5:], origin=HIPS, mirror=EVALUATION_MIRROR)
    broken, far = prediction.copy(), prediction.copy()
    broken[:5] = np.nan
    far[:5] += 10 * np.random.default_rng(4).normal(size=far[:5].shape)
    result = metrics.pose_errors(broken, motion, origin=HIPS, mirror=EVALUATION_MIRROR)
    assert whole == result
    assert result is not None and result.frames == 15
    assert np.isnan(metrics.pa_mpjpe(broken, motion)[:5]).all()
    other = metrics.pose_errors(far, motion, origin=HIPS, mirror=EVALUATION_MIRROR)
    assert other is not None and other.mpjpe > 100
    assert (
        metrics.pose_errors(
            np.full_like(motion, np.nan), motion, origin=HIPS, mirror=EVALUATION_MIRROR
        )
        is None
    )


def test_rotation_error_is_the_angle_between() -> None:
    turn = axis_angle_to_matrix(
        np.deg2rad(np.array([[0.0, 0.0, 1e-4], [0.0, 30.0, 0.0], [180.0, 0.0, 0.0]]))
    )
    errors = metrics.rotation_error(turn, np.eye(3))
    np.testing.assert_allclose(errors, [1e-4, 30, 180], rtol=1e-6)


def test_swapped_sides_are_found_frame_by_frame() -> None:
    motion = np.random.default_rng(5).normal(size=(10, 12, 3))
    prediction = motion.copy()
    prediction[3:6] = prediction[3:6][:, list(LIMB_MIRROR)]
    flipped = metrics.left_right_flips(prediction, motion, LIMB_MIRROR)
    assert flipped.tolist() == [False] * 3 + [True] * 3 + [False] * 4


def test_neck_and_head_from_landmarks_lie_where_the_body_has_them() -> None:
    from core_model.body.model import default_body

    body = default_body()
    joints = body.rest_joints(np.zeros(10))
    assert body.landmark_regressor is not None
    landmarks = body.landmark_regressor @ body.v_template
    estimated = evaluation_joints_from_landmarks(landmarks)
    difference = np.linalg.norm(estimated - joints[list(EVALUATION_JOINTS)], axis=-1)
    assert difference.max() < 0.025


@pytest.mark.shared
def test_mediapipe_on_pose2sim_scores_what_the_reference_table_says(shared: Path) -> None:
    clips = shared / "data" / "clips" / "pose2sim_single" / "reference3d.npz"
    baseline = BASELINES / "mediapipe_pose2sim.npz"
    table = {  # MPJPE, in plane, depth, PA, PA sequence, acceleration; pose2sim_reference.md
        "cam01": (105, 40, 90, 78, 100, 16.9),
        "cam02": (230, 191, 87, 125, 250, 94.8),
        "cam03": (124, 54, 102, 85, 96, 13.9),
        "cam04": (116, 43, 102, 82, 97, 12.9),
    }
    with np.load(clips) as reference, np.load(baseline) as recorded:
        for index, (camera, expected) in enumerate(table.items()):
            world = reference["joints3d"][:, 0][:, list(LIMB_LANDMARKS)]
            truth = world @ reference["R"][index].T + reference["t"][index]
            found = recorded[f"{camera}_world"][:, list(LIMB_LANDMARKS)].astype(float)
            e = metrics.pose_errors(found, truth, origin=HIPS, mirror=LIMB_MIRROR)
            assert e is not None
            got = (e.mpjpe, e.in_plane, e.depth, e.pa_mpjpe, e.pa_sequence, e.acceleration)
            np.testing.assert_allclose(got, expected, rtol=0.02, err_msg=camera)
            assert e.flips == (32 if camera == "cam02" else 0)
