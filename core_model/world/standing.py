"""When feet stand still on something."""

import numpy as np

from core_model.body.skeleton import JOINT_INDEX

FOOT_POINTS = ("left_ankle", "right_ankle", "left_foot", "right_foot")
"""The joints that are looked at, in this order: both ankles, then both balls of the feet."""

ANKLE_ABOVE_BALL = 0.06
"""Metres between the two joints of a foot that stands flat, along the upright."""

_POINTS = [JOINT_INDEX[name] for name in FOOT_POINTS]
_LIFT = np.array([ANKLE_ABOVE_BALL, ANKLE_ABOVE_BALL, 0.0, 0.0])
_STEADY = 0.04  # seconds over which positions are averaged before speeds are taken
_ACROSS, _ALONG = 0.15, 0.6  # m/s that a standing foot seems to move across and along the sight
RAISED = 0.06
"""Metres above the lower foot at which a foot that keeps still begins to hang in the air."""


_SIDES = ("left", "right")


def foot_points(joints: np.ndarray) -> np.ndarray:
    """Return the places (T, 4, 3) of `FOOT_POINTS` among joints (T, 24, 3)."""
    return joints[:, _POINTS]


def stillness(points: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how surely points keep still (T, N), 0 to 1.

    Parameters
    ----------
    points : (T, N, 3)
        Metres, camera space. Along the line of sight, where one camera measures badly, a point may
        seem to move more.
    times : (T,)
        Seconds, increasing.
    """
    if len(times) < 3:
        return np.ones(points.shape[:2])
    speed = np.gradient(_averaged(points, times), times, axis=0)
    sight = points / np.linalg.norm(points, axis=-1, keepdims=True)
    along = (speed * sight).sum(axis=-1)
    across = np.linalg.norm(speed - along[..., None] * sight, axis=-1)
    return np.asarray(np.exp(-0.5 * ((across / _ACROSS) ** 2 + (along / _ALONG) ** 2)))


def standing(
    points: np.ndarray, still: np.ndarray, up: np.ndarray, raised: float = RAISED
) -> np.ndarray:
    """Return how surely each foot point carries the body (T, 4), 0 to 1.

    Parameters
    ----------
    points : (T, 4, 3)
        From `foot_points`, metres.
    still : (T, 4)
        From `stillness`.
    up : (3,)
        Unit vector in the frame of the points.
    raised : float
        Metres by which a foot that carries may be above the lower one; more where up is not known
        exactly.
    """
    heights = points @ up - _LIFT
    above = heights - heights.min(axis=1, keepdims=True)
    return np.asarray(still * np.exp(-0.5 * (above / raised) ** 2))


def leg_reach(joints: np.ndarray) -> np.ndarray:
    """Return how straight both legs are (T, 2): hip to ankle, as a share of thigh and shin."""
    reaches = []
    for side in _SIDES:
        hip, knee, ankle = (
            joints[:, JOINT_INDEX[f"{side}_{part}"]] for part in ("hip", "knee", "ankle")
        )
        leg = np.linalg.norm(knee - hip, axis=1) + np.linalg.norm(ankle - knee, axis=1)
        reaches.append(np.linalg.norm(ankle - hip, axis=1) / leg)
    return np.stack(reaches, axis=1)


def _averaged(points: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Average points (T, N, 3) with their neighbours in time."""
    total, share = points.copy(), np.ones(len(times))
    step = float(np.median(np.diff(times)))
    for shift in range(1, round(2.5 * _STEADY / step) + 1):
        apart = times[shift:] - times[:-shift]
        weight = np.exp(-0.5 * (apart / _STEADY) ** 2)
        total[shift:] += weight[:, None, None] * points[:-shift]
        total[:-shift] += weight[:, None, None] * points[shift:]
        share[shift:] += weight
        share[:-shift] += weight
    return np.asarray(total / share[:, None, None])
