"""Axis and angle: the rotation that was meant, without jumps, and within its tolerance."""

import numpy as np
import pytest

from bake.reduction.allowances import most_of_turn
from bake.reduction.axis_angle import axis_and_angle_to_quaternion, quaternion_to_axis_and_angle
from core_model.geometry.rotations import (
    axis_angle_to_quaternion,
    quaternion_to_matrix,
    rotation_angle,
)


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return rotation_angle(quaternion_to_matrix(one), quaternion_to_matrix(other))


@pytest.fixture
def tumbling() -> np.ndarray:
    """Turns (300, 4) about an axis that wanders, through several whole turns."""
    times = np.linspace(0, 10, 300)[:, None]
    axis = np.concatenate((np.cos(times / 3), np.sin(times / 3), 0.3 + 0 * times), axis=1)
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    return axis_angle_to_quaternion(2.5 * times * axis)


def test_the_rotation_is_the_same_and_nothing_jumps(tumbling):
    values = quaternion_to_axis_and_angle(tumbling)
    assert _apart(axis_and_angle_to_quaternion(values), tumbling).max() < 1e-6
    assert np.allclose(np.linalg.norm(values[:, 1:], axis=1), 1)
    assert np.abs(np.diff(values, axis=0)).max() < 0.2
    assert np.ptp(values[:, 0]) > 4 * np.pi


def test_no_turn_has_an_axis_as_well():
    still = np.tile([1.0, 0, 0, 0], (5, 1))
    values = quaternion_to_axis_and_angle(still)
    assert (values[:, 0] == 0).all() and np.allclose(np.linalg.norm(values[:, 1:], axis=1), 1)
    moved = still.copy()
    moved[2:] = axis_angle_to_quaternion(np.array([[0.0, 0.5, 0.0]]))[0]
    assert np.allclose(quaternion_to_axis_and_angle(moved)[0], [0, 0, 1, 0])


def test_what_curves_may_miss_turns_a_bone_by_no_more(tumbling):
    values = quaternion_to_axis_and_angle(tumbling)
    allowed = most_of_turn(values, "AXIS_ANGLE", 0.5)
    chance = np.random.default_rng(0)
    for _ in range(20):
        way = chance.normal(size=values.shape)
        way *= (allowed / np.linalg.norm(way, axis=1))[:, None]
        off = _apart(axis_and_angle_to_quaternion(values + way), tumbling)
        assert np.degrees(off).max() < 0.5
