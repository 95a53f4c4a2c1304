"""What of a body stands on the floor."""

import numpy as np
import pytest

from bake.feet.figure import HEEL, INNER, LEGS, OUTER, TOE, figure_of, lowest_of_parts, posed
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_quaternion
from tests.bake.motions import tiny_body

UPRIGHT = np.array([np.pi / 2, 0, 0])


def standing(figure, poses):
    poses = np.asarray(poses, float)
    poses[:, 0] = UPRIGHT
    positions = np.tile([0.0, 0.0, figure.rest[0, 1]], (len(poses), 1))
    return posed(figure, axis_angle_to_quaternion(poses), positions)


@pytest.mark.parametrize("seed", range(4))
def test_soles_of_any_shape_lie_on_the_floor_and_have_the_length_of_a_foot(seed):
    betas = np.random.default_rng(seed).normal(0, 1.5, 10)
    figure = figure_of(default_body(), betas)
    pose = standing(figure, np.zeros((1, 24, 3)))
    soles = pose.soles[0]
    assert np.abs(soles[..., 2]).max() < 0.005
    assert np.allclose(soles[..., 2], figure.sole_heights, atol=1e-9)
    length = np.linalg.norm(soles[:, TOE] - soles[:, HEEL], axis=-1)
    assert (length > 0.18).all() and (length < 0.32).all()
    for side, sign in ((0, 1), (1, -1)):
        assert sign * (soles[side, OUTER, 0] - soles[side, INNER, 0]) > 0.05
        assert soles[side, TOE, 1] < soles[side, INNER, 1] < soles[side, HEEL, 1]


def test_toes_turn_at_the_ball():
    figure = figure_of(default_body(), np.zeros(10))
    bent = np.zeros((2, 24, 3))
    bent[1, LEGS[0][3], 0] = -0.5
    soles = standing(figure, bent).soles
    assert soles[1, 0, TOE, 2] > soles[0, 0, TOE, 2] + 0.01
    assert np.allclose(soles[1, :, :TOE], soles[0, :, :TOE])


def test_the_lowest_skin_is_that_of_the_mesh():
    figure = figure_of(default_body(), np.zeros(10))
    poses = np.random.default_rng(0).normal(0, 0.4, (5, 24, 3))
    poses[:, 0] = UPRIGHT
    pose = standing(figure, poses)
    from core_model.geometry.rotations import axis_angle_to_matrix

    skin = default_body().pose(axis_angle_to_matrix(poses), np.zeros(10))
    skin = skin - default_body().rest_joints(np.zeros(10))[0] + pose.joints[:, None, 0]
    lowest = lowest_of_parts(figure, pose).min(axis=1)
    assert np.abs(lowest - skin[..., 2].min(axis=1)).max() < 0.03


def test_a_body_without_skin_on_its_feet_stands_on_its_joints():
    figure = figure_of(tiny_body(), np.zeros(10))
    assert np.isfinite(figure.soles).all()
    assert figure.rest[JOINT_INDEX["right_hand"], 1] == 0
