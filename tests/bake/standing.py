"""Somebody who stands, steps and jumps, made up for the tests of feet."""

import numpy as np

from bake.feet.figure import figure_of
from bake.motion.resample import Keys, Timeline, exact_rate
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_quaternion

FIGURE = figure_of(default_body(), np.zeros(10))
RATE = 30
TIMELINE = Timeline(exact_rate(RATE), 0.0)
UPRIGHT = np.array([np.pi / 2, 0, 0])


def stepping(seconds=6.0, seed=0, noise=0.001, drift=0.06) -> Keys:
    """Return keys of somebody who steps on the spot, on a root that drifts and trembles.

    One leg is lifted at a time by bending hip and knee, with a second's stand in between.
    """
    random = np.random.default_rng(seed)
    times = np.arange(int(seconds * RATE)) / RATE
    poses = np.zeros((len(times), 24, 3))
    poses[:, 0] = UPRIGHT
    for side, start in (("left", 1.0), ("right", 3.0)):
        lift = np.clip(np.sin((times - start) * np.pi), 0, 1) * (
            (times > start) & (times < start + 1)
        )
        poses[:, JOINT_INDEX[f"{side}_hip"], 0] = -1.0 * lift - 0.15
        poses[:, JOINT_INDEX[f"{side}_knee"], 0] = 1.6 * lift + 0.3
        poses[:, JOINT_INDEX[f"{side}_ankle"], 0] = -0.15
    wander = drift * np.sin(times[:, None] * [0.9, 0.7, 0.5]) * [1, 1, 0.2]
    positions = np.array([0, 0, FIGURE.rest[0, 1] - 0.01]) + wander
    positions += noise * random.normal(size=positions.shape)
    return _keys(poses, positions)


def shuffling(seconds=3.0, step=0.3, at=1.0, takes=0.35) -> Keys:
    """Return keys of somebody whose left foot goes back over the floor once, and stays there.

    It goes `step` metres in `takes` seconds and is hardly lifted, as a tired step is.
    """
    times = np.arange(int(seconds * RATE)) / RATE
    share = np.clip((times - at) / takes, 0, 1)
    gone = share * share * (3 - 2 * share)
    poses = np.zeros((len(times), 24, 3))
    poses[:, 0] = UPRIGHT
    for side in ("left", "right"):
        for part, angle in (("hip", -0.15), ("knee", 0.3), ("ankle", -0.15)):
            poses[:, JOINT_INDEX[f"{side}_{part}"], 0] = angle
    leg = FIGURE.rest[JOINT_INDEX["left_hip"], 1] - FIGURE.rest[JOINT_INDEX["left_ankle"], 1]
    back, lift = gone * step / leg, 0.08 * np.sin(np.pi * share)
    poses[:, JOINT_INDEX["left_hip"], 0] += back - lift
    poses[:, JOINT_INDEX["left_knee"], 0] += 2 * lift
    poses[:, JOINT_INDEX["left_ankle"], 0] -= back + lift
    positions = np.tile([0, 0, FIGURE.rest[0, 1] - 0.01], (len(times), 1))
    return _keys(poses, positions)


def jumping(height=0.4, seconds=3.0, jumps=1) -> tuple[Keys, np.ndarray]:
    """Return keys of somebody who jumps, and how high above the ground (K,), metres.

    Between two jumps is a quarter of a second.
    """
    times = np.arange(int(seconds * RATE)) / RATE
    poses = np.zeros((len(times), 24, 3))
    poses[:, 0] = UPRIGHT
    for side in ("left", "right"):
        for part, angle in (("hip", -0.15), ("knee", 0.3), ("ankle", -0.15)):
            poses[:, JOINT_INDEX[f"{side}_{part}"], 0] = angle
    apart = 2 * np.sqrt(2 * height / 9.81) + 0.25
    tops = seconds / 2 + apart * (np.arange(jumps) - (jumps - 1) / 2)
    above = np.clip(height - 9.81 / 2 * (times[:, None] - tops) ** 2, 0, None).max(axis=1)
    positions = np.array([0, 0, FIGURE.rest[0, 1] - 0.01]) + above[:, None] * [0, 0, 1]
    return _keys(poses, positions), above


def _keys(poses: np.ndarray, positions: np.ndarray) -> Keys:
    count = len(poses)
    return Keys(
        frames=np.arange(1, count + 1),
        quaternions=axis_angle_to_quaternion(poses),
        positions=positions,
        last_of_run=np.arange(count) == count - 1,
    )
