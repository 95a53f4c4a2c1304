"""Poses on the floor, made by hand: on the back and on all fours, as motions of a Y-up world."""

import numpy as np

from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_matrix

FRAMES, RATE = 60, 30.0


def on_the_back(frames: int = FRAMES) -> np.ndarray:
    """Return rotations (T, 24, 3, 3) of somebody who lies and breathes, the head towards -Z."""
    local = np.tile(np.eye(3), (frames, JOINT_COUNT, 1, 1))
    local[:, 0] = _about("x", -90)
    for side, sign in (("left", -1), ("right", 1)):
        local[:, JOINT_INDEX[f"{side}_shoulder"]] = _about("z", sign * 70)
    sway = np.radians(4) * np.sin(np.arange(frames) / 9)
    neck = JOINT_INDEX["head"]
    local[:, neck] = axis_angle_to_matrix(sway[:, None] * np.array([0.0, 1.0, 0.0]))
    return local


def on_all_fours(frames: int = FRAMES) -> np.ndarray:
    """Return rotations (T, 24, 3, 3) of somebody on hands and knees who rocks a little."""
    local = np.tile(np.eye(3), (frames, JOINT_COUNT, 1, 1))
    rock = 3 * np.sin(np.arange(frames) / 9)
    local[:, 0] = np.stack([_about("x", 85 + each) for each in rock])
    for side, sign in (("left", -1), ("right", 1)):
        local[:, JOINT_INDEX[f"{side}_hip"]] = _about("x", -85)
        local[:, JOINT_INDEX[f"{side}_knee"]] = _about("x", 85)
        local[:, JOINT_INDEX[f"{side}_ankle"]] = _about("x", 40)
        local[:, JOINT_INDEX[f"{side}_shoulder"]] = _about("y", sign * 85)
    return local


def _about(axis: str, degrees: float) -> np.ndarray:
    return axis_angle_to_matrix(np.radians(degrees) * np.eye(3)["xyz".index(axis)])
