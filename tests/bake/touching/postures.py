"""Postures on hands, knees and toes that slide as a capture's do, made up for tests."""

import numpy as np

from bake.feet.figure import lowest_of_parts, posed
from bake.motion.resample import Keys
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    matrix_to_axis_angle,
    matrix_to_quaternion,
)
from tests.bake.standing import FIGURE, RATE


def push_ups(seconds=4.0, period=2.0) -> Keys:
    """Return keys of somebody who does push-ups, with hands and toes that slide."""
    times = np.arange(int(seconds * RATE)) / RATE
    down = 0.5 - 0.5 * np.cos(2 * np.pi * times / period)
    poses = np.zeros((len(times), 24, 3))
    for side, sign in (("left", -1.0), ("right", 1.0)):
        poses[:, JOINT_INDEX[f"{side}_shoulder"], 1] = sign * (1.5 + 0.4 * down)
        poses[:, JOINT_INDEX[f"{side}_elbow"], 1] = -sign * 1.2 * down
        poses[:, JOINT_INDEX[f"{side}_wrist"], 1] = sign * 0.8 * down
        poses[:, JOINT_INDEX[f"{side}_hip"], 0] = -0.1
        poses[:, JOINT_INDEX[f"{side}_knee"], 0] = 0.2
        poses[:, JOINT_INDEX[f"{side}_foot"], 0] = -0.6
    poses[:, 0] = matrix_to_axis_angle(_leaning(poses))
    return _on_the_ground(poses, times)


def kneeling(seconds=3.0) -> Keys:
    """Return keys of somebody who kneels upright and sways, with knees that slide."""
    times = np.arange(int(seconds * RATE)) / RATE
    sway = np.sin(2 * np.pi * times / 1.5)
    poses = np.zeros((len(times), 24, 3))
    poses[:, 0] = [np.pi / 2, 0, 0]
    for side, sign in (("left", 1.0), ("right", -1.0)):
        poses[:, JOINT_INDEX[f"{side}_hip"], 0] = -0.15 + 0.12 * sway
        poses[:, JOINT_INDEX[f"{side}_hip"], 2] = sign * 0.06
        poses[:, JOINT_INDEX[f"{side}_knee"], 0] = 1.75 - 0.1 * sway
        poses[:, JOINT_INDEX[f"{side}_ankle"], 0] = 0.7
    return _on_the_ground(poses, times)


def _leaning(poses: np.ndarray) -> np.ndarray:
    """Return how somebody faces down (N, 3, 3), head towards +Y, with hands as low as his toes."""
    least, most = np.zeros(len(poses)), np.ones(len(poses))
    for _ in range(20):
        lean = (least + most) / 2
        facing = axis_angle_to_matrix(lean[:, None] * [1.0, 0, 0]) @ np.diag([-1.0, 1.0, -1.0])
        quaternions = axis_angle_to_quaternion(poses)
        quaternions[:, 0] = matrix_to_quaternion(facing)
        low = lowest_of_parts(FIGURE, posed(FIGURE, quaternions, np.zeros((len(poses), 3))))
        hands, toes = (low[:, JOINT_INDEX[f"left_{each}"]] for each in ("hand", "foot"))
        least, most = np.where(toes > hands, lean, least), np.where(toes > hands, most, lean)
    return facing


def _on_the_ground(poses: np.ndarray, times: np.ndarray) -> Keys:
    """Put the lowest part to the ground, with a slide that is none of the figure's."""
    quaternions = axis_angle_to_quaternion(poses)
    positions = np.zeros((len(times), 3))
    positions[:, 2] = -lowest_of_parts(FIGURE, posed(FIGURE, quaternions, positions)).min(axis=1)
    positions += 0.02 * np.sin(times[:, None] * [1.9, 1.3, 0.7]) * [1, 1, 0.5]
    last = np.arange(len(times)) == len(times) - 1
    return Keys(np.arange(1, len(times) + 1), quaternions, positions, last)
