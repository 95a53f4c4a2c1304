"""How far a recording's pelvis leans forward in somebody who stands: the same for everybody.

Where a pelvis points is a matter of definition: two hips and a trunk that is held are the same
whichever way the bone between them is drawn. Skeletons of one database differ by 30 degrees in it,
those of one person by six, and nothing in a picture tells one from the other. So that a network
need not guess whose skeleton it looks at, each is turned to lean alike while its owner stands.
"""

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix

USUAL_TILT = np.radians(2.0)
"""The middle of 45 recorded bodies; SMPL's own pelvis at rest has none."""

_HIPS = [JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]]
_KNEES = [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]
_ANKLES = [JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]]
_NECK, _SPINE = JOINT_INDEX["neck"], JOINT_INDEX["spine1"]
_STRETCHED = 0.93  # hips above the lower ankle, of the length of a leg
_UPRIGHT = np.cos(np.radians(15.0))
_ENOUGH = 60
"""Frames; of fewer nothing is concluded."""


def standing_tilt(local: np.ndarray) -> float:
    """Return how far a body's pelvis leans forward, radians, where its owner stands or walks.

    Parameters
    ----------
    local : (T, 24, 3, 3)
        SMPL's local rotations of all frames of one body, in a Y-up world.

    Returns
    -------
    float
        Of the pelvis's own Y axis from the vertical, about its own X axis; `USUAL_TILT` where
        nobody stands for two seconds.
    """
    rest = default_body().rest_joints(np.zeros(10))
    joints, turned = forward_kinematics(local.astype(float), rest)
    middle = joints[:, _HIPS].mean(axis=1)
    trunk = joints[:, _NECK] - middle
    leg = np.linalg.norm(rest[_KNEES] - rest[_HIPS], axis=1).mean()
    leg += np.linalg.norm(rest[_ANKLES] - rest[_KNEES], axis=1).mean()
    high = middle[:, 1] - joints[:, _ANKLES, 1].min(axis=1) > _STRETCHED * leg
    stands = high & (trunk[:, 1] > _UPRIGHT * np.linalg.norm(trunk, axis=1))
    if stands.sum() < _ENOUGH:
        return float(USUAL_TILT)
    # The vertical in the pelvis's own axes: it leans forward where that points backward.
    up = turned[stands, 0, 1]
    return float(np.median(np.arctan2(-up[:, 2], up[:, 1])))


def with_usual_tilt(local: np.ndarray, tilt: float) -> np.ndarray:
    """Return a motion of which the pelvis leans as much as everybody's.

    The thighs keep their directions and all below them theirs; the trunk is turned as one so that
    the neck keeps its direction from the middle of the hips.

    Parameters
    ----------
    local : (T, 24, 3, 3)
        SMPL's local rotations.
    tilt : float
        Radians, what `standing_tilt` says of the body.
    """
    back = tilt - USUAL_TILT
    rest = default_body().rest_joints(np.zeros(10))
    turn = _about_x(-back)
    result = local.astype(float)
    result[:, 0] = result[:, 0] @ turn
    result[:, _HIPS] = turn.T @ result[:, _HIPS]
    # In the pelvis's axes as they were, seen from the side: (Y, Z).
    still = local.astype(float)
    still[:, 0] = np.eye(3)
    neck = forward_kinematics(still, rest)[0][:, _NECK]
    spine, middle = rest[_SPINE] - rest[0], rest[_HIPS].mean(axis=0) - rest[0]
    trunk, line = (neck - rest[0] - spine)[:, 1:], (neck - rest[0] - middle)[:, 1:]
    moved = (turn @ (spine - middle))[1:]
    unit = line / np.linalg.norm(line, axis=1, keepdims=True)
    aside = _cross(unit, moved[None]) / np.linalg.norm(trunk, axis=1)
    forward = -np.arcsin(np.clip(aside, -1, 1)) - np.arctan2(
        _cross(unit, trunk), (unit * trunk).sum(axis=1)
    )
    result[:, _SPINE] = turn.T @ _about_x(forward) @ result[:, _SPINE]
    return result


def _about_x(angle: float | np.ndarray) -> np.ndarray:
    """Return rotations (..., 3, 3) by angles (...), radians; positive ones lean forward."""
    return np.asarray(axis_angle_to_matrix(np.asarray(angle)[..., None] * np.array([1.0, 0, 0])))


def _cross(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
