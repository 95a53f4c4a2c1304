"""Feet come to their places, and knees hardly change for it."""

import numpy as np
import pytest

from bake.feet.figure import LEGS, TOE, posed
from bake.feet.leg_ik import (
    KNEE_FREE,
    KNEE_MORE,
    bend_of,
    bend_toes,
    flexion,
    limited_bend,
    move_foot,
    reach_of,
)
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_quaternion
from tests.bake.standing import FIGURE, stepping

TIMES = np.arange(60) / 30


def standing():
    keys = stepping(seconds=2.0, noise=0.0, drift=0.0)
    quaternions = keys.quaternions[:1].repeat(len(TIMES), axis=0)
    return posed(FIGURE, quaternions, keys.positions[:1].repeat(len(TIMES), axis=0))


def moved(pose, leg, ankle, foot):
    locals_ = pose.locals.copy()
    reached = move_foot(pose, leg, ankle, foot, locals_, TIMES)
    quaternions = matrix_to_quaternion(locals_)
    return posed(FIGURE, quaternions, pose.joints[:, 0]), reached


@pytest.mark.parametrize("leg", LEGS)
@pytest.mark.parametrize("move", [(0.03, 0, 0), (0, -0.05, 0), (0, 0, 0.006)])
def test_a_foot_comes_to_its_place_and_keeps_its_direction(leg, move):
    pose = standing()
    _, knee, ankle, _ = leg
    wanted = pose.joints[:, ankle] + np.array(move)
    after, reached = moved(pose, leg, wanted, pose.turned[:, ankle])
    assert np.allclose(after.joints[:, ankle], reached, atol=1e-9)
    assert np.abs(reached - wanted).max() < 0.002
    assert np.allclose(after.turned[:, ankle], pose.turned[:, ankle], atol=1e-9)
    # The knee stays in front of the leg, as it was.
    assert (after.joints[:, knee, 1] < after.joints[:, ankle, 1]).all()


def test_a_foot_that_is_asked_too_much_comes_as_far_as_the_knee_allows():
    pose, leg = standing(), LEGS[0]
    hip, knee, ankle, _ = leg
    for move in ([0, 0, 0.3], [0, 0, -0.3]):
        wanted = pose.joints[:, ankle] + move
        after, _ = moved(pose, leg, wanted, pose.turned[:, ankle])
        bent = [
            flexion(one[:, knee] - one[:, hip], one[:, ankle] - one[:, knee])
            for one in (pose.joints, after.joints)
        ]
        change = np.degrees(np.abs(bent[1] - bent[0]))
        assert 6 < change.max() < 8


def test_reach_and_bend_belong_to_each_other():
    bent = np.linspace(0.01, 2.5, 30)
    upper, lower = np.full(30, 0.42), np.full(30, 0.39)
    assert np.allclose(bend_of(upper, lower, reach_of(upper, lower, bent)), bent)


def test_small_changes_of_a_knee_are_made_and_large_ones_kept_back():
    wanted = np.radians(np.linspace(0, 120, 500))
    was = np.full(500, np.radians(50))
    found = limited_bend(was, wanted)
    small = np.abs(wanted - was) < KNEE_FREE
    assert np.allclose(found[small], wanted[small])
    assert np.abs(found - was).max() <= KNEE_FREE + KNEE_MORE
    assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize("pitch", [0.0, 0.4, 0.8])
def test_toes_lie_on_the_floor_under_a_raised_heel(pitch):
    pose, leg = standing(), LEGS[1]
    _, _, ankle, ball = leg
    foot = pose.turned[:, ankle] @ axis_angle_to_matrix(np.array([pitch, 0.0, 0.0]))
    # Put the ball where it is when the figure stands flat.
    bone = FIGURE.rest[ball] - FIGURE.rest[ankle]
    place = pose.joints[:, ankle].copy()
    place[:, 2] = FIGURE.rest[ball, 1] - (foot @ bone)[:, 2]
    locals_ = pose.locals.copy()
    bend_toes(FIGURE, 1, leg, place, foot, np.ones(len(TIMES)), locals_)
    toes = foot @ locals_[:, ball]
    tip = place[:, 2] + (foot @ bone)[:, 2] + (toes @ FIGURE.soles[1, TOE])[:, 2]
    assert np.abs(tip - FIGURE.sole_heights[1, TOE]).max() < 1e-6
