"""A standing foot turns no faster than both its ends may move."""

import numpy as np

from bake.retarget.rig import Bone, Rig
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.rest_pose import rest_pose
from bake.retarget.solving.soles import sole_of
from bake.retarget.solving.steady_feet import slowed, steady
from core_model.geometry.rotations import axis_angle_to_matrix

LENGTH, MOST, FPS = 0.3, 0.005, 30.0


def test_a_jerk_of_a_standing_foot_is_spread():
    posing, sole = _pitched(np.radians([0.0] * 20 + [2.0] * 20))
    standing = np.ones(39, bool)
    steady(posing, sole, [0, 1], standing, MOST, 1 / FPS)
    steps = np.linalg.norm(np.diff(sole.ball_from_ankle(posing), axis=0), axis=1)
    assert steps.max() < 1.01 * MOST
    # Long before and after, and on the whole, the foot does what it did.
    assert np.abs(posing.turns[0][[0, -1]] - _turns(np.radians([0.0, 2.0]))).max() < 0.002
    np.testing.assert_allclose(posing.turns[0], posing.turns[1])


def test_a_foot_that_does_not_stand_is_left_alone():
    posing, sole = _pitched(np.radians([0.0] * 20 + [2.0] * 20))
    before = posing.turns[0].copy()
    steady(posing, sole, [0, 1], np.zeros(39, bool), MOST, 1 / FPS)
    np.testing.assert_array_equal(posing.turns[0], before)


def test_a_foot_that_stands_sinks_in_small_steps():
    places = np.zeros((60, 3))
    places[30:, 2] = -0.004
    about = np.zeros((2, 60, 3))
    about[1] = [0.0, -LENGTH, 0.0]
    standing = np.ones((2, 59), bool)
    moved = slowed(places, about, standing, 0.0029, 1 / FPS)
    steps = np.linalg.norm(np.diff(places + moved, axis=0), axis=1)
    assert 0.002 < steps.max() < 1.01 * 0.0029
    # Nothing moves that need not, and what swings may go as fast as it likes.
    assert not slowed(places, about, standing, 0.005, 1 / FPS).any()
    assert not slowed(places, about, np.zeros_like(standing), 0.0029, 1 / FPS).any()


def _pitched(angles):
    """Return a foot that points to -Y, its ankle 0.1 m above the floor, pitched by angles (K,)."""
    ankle, ball, tip = np.array([[0, 0, 0.1], [0, -LENGTH, 0.1], [0, -LENGTH - 0.1, 0.0]])
    rig = Rig("foot", (_bone("foot", -1, ankle, ball), _bone("toes", 0, ball, tip)))
    posing = Posing(rig, rest_pose(rig), len(angles))
    posing.turns = {0: _turns(angles), 1: _turns(angles)}
    return posing, sole_of(0, 1, ankle, ball, tip, np.array([0.0, 0, 1]), 0.0)


def _turns(angles):
    return axis_angle_to_matrix(angles[:, None] * [1.0, 0.0, 0.0])


def _bone(name, parent, head, tail):
    rest = np.eye(4)
    rest[:3, 3] = head
    return Bone(name, parent, rest, tail)
