"""How high the floor is on which somebody walks, from the soles of their feet."""

import functools

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix

_FEET = [
    JOINT_INDEX[f"{side}_{joint}"] for side in ("left", "right") for joint in ("ankle", "foot")
]
_SOLE = 0.03  # metres above the lowest point of a foot
_POINTS = 12  # of each sole's part
_PERCENTILE = 10  # of the frames: so many may be lower by mistake
_MOST_FRAMES = 5000  # looked at, of long takes


def lowest_soles(poses: np.ndarray, trans: np.ndarray, betas: np.ndarray) -> float:
    """Return how high somebody's lowest sole mostly is when it is low, metres.

    Parameters
    ----------
    poses, trans : (T, 72), (T, 3)
        As in a Take, Z up.
    betas : (10,)
    """
    some = np.unique(np.linspace(0, len(poses) - 1, _MOST_FRAMES).astype(int))
    rest = default_body().rest_joints(betas)
    rotations = axis_angle_to_matrix(poses[some].reshape(-1, JOINT_COUNT, 3))
    joints, turned = forward_kinematics(rotations, rest)
    soles = _sole_points()
    heights = [
        (joints[:, joint, None] + points @ np.swapaxes(turned[:, joint], 1, 2))[..., 2].min(axis=1)
        for joint, points in zip(_FEET, soles, strict=True)
    ]
    return float(np.percentile(np.min(heights, axis=0) + trans[some, 2], _PERCENTILE))


@functools.cache
def _sole_points() -> list[np.ndarray]:
    """Return points of the soles (P, 3) from each of `_FEET` at rest, SMPL axes, metres."""
    body = default_body()
    vertices, joints = body.rest_vertices(np.zeros(10)), body.rest_joints(np.zeros(10))
    carrier = body.weights.argmax(axis=1)
    points = []
    for joint in _FEET:
        own = vertices[carrier == joint]
        low = own[own[:, 1] < own[:, 1].min() + _SOLE]
        spread = np.linspace(0, len(low) - 1, min(_POINTS, len(low))).astype(int)
        points.append(low[np.argsort(low[:, 2])[spread]] - joints[joint])
    return points
