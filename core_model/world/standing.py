"""When feet stand still on something, and where a body has its weight."""

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
_TRUNK = 0.497
_SEGMENTS = (
    ("neck", "head", 0.081, 0.5),
    *(
        segment
        for side in ("left", "right")
        for segment in (
            (f"{side}_hip", f"{side}_knee", 0.100, 0.433),
            (f"{side}_knee", f"{side}_ankle", 0.0465, 0.433),
            (f"{side}_ankle", f"{side}_foot", 0.0145, 0.5),
            (f"{side}_shoulder", f"{side}_elbow", 0.028, 0.436),
            (f"{side}_elbow", f"{side}_wrist", 0.016, 0.430),
            (f"{side}_wrist", f"{side}_hand", 0.006, 0.506),
        )
    ),
)
"""From, to, share of the body's mass, and where along it the mass lies."""


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


def center_of_mass(joints: np.ndarray) -> np.ndarray:
    """Return the middle of the body's mass (T, 3) from its joints (T, 24, 3).

    Shares of mass and their places from Winter, "Biomechanics and Motor Control of Human Movement",
    2009, table 4.1.
    """
    ends = [JOINT_INDEX[f"{side}_{part}"] for part in ("hip", "shoulder") for side in _SIDES]
    total = _TRUNK * joints[:, ends].mean(axis=1)
    mass = _TRUNK
    for start, end, share, place in _SEGMENTS:
        first, last = joints[:, JOINT_INDEX[start]], joints[:, JOINT_INDEX[end]]
        total = total + share * ((1 - place) * first + place * last)
        mass += share
    return np.asarray(total / mass)


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
