"""Euler angles without jumps."""

import mathutils
import numpy as np
import pytest

from bake.reduction.euler import ORDERS, euler_sensitivity, euler_to_quaternion, quaternion_to_euler
from core_model.geometry.rotations import axis_angle_to_quaternion, quaternion_multiply


def _turning(seed: int = 0, frames: int = 400) -> np.ndarray:
    """Return rotations (K, 4) that turn in small steps, past every half turn."""
    steps = np.random.default_rng(seed).normal(0, 0.1, (frames, 3)) + [0.1, 0.05, -0.02]
    turns = [np.array([1.0, 0, 0, 0])]
    for step in axis_angle_to_quaternion(steps):
        turns.append(quaternion_multiply(turns[-1], step))
    return np.array(turns)


@pytest.mark.parametrize("order", ORDERS)
def test_angles_are_those_of_blender(order):
    turns = _turning()
    for angles, turn in zip(quaternion_to_euler(turns, order), turns, strict=True):
        blender = np.array(mathutils.Euler(angles, order).to_quaternion())
        assert abs(abs(blender @ turn) - 1) < 1e-6


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("seed", range(4))
def test_no_angle_jumps_by_half_a_turn(order, seed):
    angles = quaternion_to_euler(_turning(seed), order)
    assert np.abs(np.diff(angles, axis=0)).max() <= np.pi
    assert np.median(np.abs(np.diff(angles, axis=0))) < 0.3
    back = euler_to_quaternion(angles, order)
    assert np.allclose(np.abs((back * _turning(seed)).sum(axis=1)), 1)


def test_a_whole_turn_is_counted_on():
    turns = axis_angle_to_quaternion(np.linspace(0, 6 * np.pi, 100)[:, None] * [0.0, 0.0, 1.0])
    assert np.allclose(quaternion_to_euler(turns, "XYZ")[-1], [0, 0, 6 * np.pi], atol=1e-6)


@pytest.mark.parametrize("order", ORDERS)
def test_sensitivity_is_a_bound(order):
    random = np.random.default_rng(2)
    angles = random.uniform(-np.pi, np.pi, (2000, 3))
    change = random.normal(size=(2000, 3))
    change *= 1e-4 / np.linalg.norm(change, axis=1, keepdims=True)
    apart = euler_to_quaternion(angles, order) - euler_to_quaternion(angles + change, order)
    turned = 2 * np.linalg.norm(apart, axis=1) / 1e-4
    bound = euler_sensitivity(angles, order)
    assert (turned <= 1.001 * bound).all() and (turned > 0.95 * bound).any()
