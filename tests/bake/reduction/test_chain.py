"""Bones that hang together stand where our own kinematics says."""

import numpy as np

from bake.reduction.chain import Chain
from core_model.body.skeleton import PARENTS, forward_kinematics
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    matrix_to_quaternion,
)


def test_a_body_is_posed_like_by_forward_kinematics():
    random = np.random.default_rng(0)
    rest = random.normal(0, 0.3, (24, 3))
    turns = random.normal(0, 1, (5, 24, 3))
    expected, _ = forward_kinematics(axis_angle_to_matrix(turns), rest)
    carriers = np.array([max(parent, 0) for parent in PARENTS])
    chain = Chain(PARENTS, rest, np.tile(np.eye(3), (24, 1, 1)), carriers, rest)
    heads, points = chain.pose(np.moveaxis(axis_angle_to_quaternion(turns), 1, 0), {})
    assert np.allclose(np.moveaxis(heads, 0, 1), expected)
    assert np.allclose(points[1:], heads[1:])


def test_bones_turn_and_move_in_their_own_axes_whatever_order_they_come_in():
    random = np.random.default_rng(1)
    axes = axis_angle_to_matrix(random.normal(size=(2, 3)))
    turn, move = random.normal(size=3), random.normal(size=(1, 3))
    # The child stands before its parent.
    chain = Chain(
        (1, -1), np.array([[0, 0, 1.0], [0, 0, 0]]), axes, np.array([0]), np.zeros((1, 3))
    )
    own = np.stack((matrix_to_quaternion(np.eye(3)), axis_angle_to_quaternion(turn)))[:, None]
    heads, _ = chain.pose(own, {1: move})
    assert np.allclose(heads[1, 0], axes[1] @ move[0])
    world = axes[1] @ axis_angle_to_matrix(turn[None])[0] @ axes[1].T
    assert np.allclose(heads[0, 0], heads[1, 0] + world @ [0, 0, 1])
    assert chain.above.tolist() == [[True], [True]]
