"""Slides, heights and drifts that are known come out as such."""

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD
from core_model.geometry.rotations import axis_angle_to_matrix
from train.evaluate.floor_metrics import foot_slide, root_drift, sole_heights, standing_feet


@pytest.fixture
def walk() -> np.ndarray:
    """Balls of two feet (90, 2, 3) at 30 frames a second that step in turn, 0.4 m a step."""
    balls = np.zeros((90, 2, 3))
    phase = np.arange(90) / 30
    for foot in (0, 1):
        swing = np.clip((phase + 0.5 * foot) % 1.0 * 2 - 1, 0, 1)
        steps = np.floor(phase + 0.5 * foot)
        balls[:, foot, 1] = 0.4 * (steps + swing)
        balls[:, foot, 2] = 0.02 + 0.1 * np.sin(np.pi * swing)
    return balls


def test_standing_feet_are_found_and_do_not_slide(walk: np.ndarray) -> None:
    standing = standing_feet(walk, 30, walk[..., 2] - 0.02)
    assert 0.3 < standing.mean() < 0.6
    assert foot_slide(walk, standing, 30).max() < 1e-9


def test_a_slide_is_stated_at_thirty_frames_a_second(walk: np.ndarray) -> None:
    standing = standing_feet(walk, 30, walk[..., 2] - 0.02)
    along = np.arange(90)[:, None, None] * np.array([0.003, 0.004, 0.1])
    np.testing.assert_allclose(foot_slide(walk + along, standing, 30), 5.0)
    np.testing.assert_allclose(foot_slide(walk + along, standing, 60), 10.0)


def test_frames_nobody_saw_do_not_count(walk: np.ndarray) -> None:
    standing = standing_feet(walk, 30)
    broken = walk.copy()
    broken[40:50] = np.nan
    slides = foot_slide(broken, standing, 30)
    assert np.isfinite(slides).all()
    assert 0 < len(slides) < len(foot_slide(walk, standing, 30))


def test_soles_of_a_body_at_rest_are_on_the_floor() -> None:
    body, betas = default_body(), np.linspace(-1, 1, 10)
    joints = body.rest_joints(betas) @ SMPL_TO_WORLD.T
    lift = -(body.rest_vertices(betas) @ SMPL_TO_WORLD.T)[:, 2].min()
    balls = joints[[JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]] + [0, 0, lift + 0.05]
    np.testing.assert_allclose(sole_heights(balls[None], betas, body), 0.05, atol=1e-9)


def test_drift_forgives_heading_and_place_but_not_size_or_tilt() -> None:
    rng = np.random.default_rng(0)
    way = np.cumsum(rng.normal(0, 0.02, (90, 3)), axis=0)
    turn = axis_angle_to_matrix(np.array([0.0, 0.0, 1.1]))
    ahead = np.array([0.0, 1.0, 0.0])
    moved = way @ turn.T + [1.0, 2.0, 3.0]
    assert root_drift(moved, way, turn @ ahead, ahead, 30).max() < 1e-6
    assert root_drift(1.2 * way, way, ahead, ahead, 30).max() > 10
    tilt = axis_angle_to_matrix(np.array([0.2, 0.0, 0.0]))
    assert root_drift(way @ tilt.T, way, ahead, ahead, 30).max() > 10
    late = way + np.where(np.arange(90) < 30, 0, 0.01)[:, None] * [3.0, 0.0, 4.0]
    np.testing.assert_allclose(root_drift(late, way, ahead, ahead, 30), 50.0)
