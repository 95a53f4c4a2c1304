"""By how much keys may miss a motion: turns of bones, and places of joints in the world."""

import numpy as np

from bake.reduction.axis_angle import SENSITIVITY
from bake.reduction.euler import euler_sensitivity

_STANDS = 0.015  # metres per second: a foot that is slower stands
_STANDING = 1.5e-4  # metres that it may be off


def most_of_turn(values: np.ndarray, order: str, degrees: float) -> np.ndarray:
    """Return by how much curves (K, C) may miss (K,) for what they turn: a length over C.

    `order` is "QUATERNION", "AXIS_ANGLE", one of Euler angles, or "" for a location, which turns
    nothing.
    """
    angle = np.radians(degrees)
    if order == "":
        return np.full(len(values), np.inf)
    if order == "QUATERNION":
        return np.full(len(values), np.sin(angle / 2))
    if order == "AXIS_ANGLE":
        return np.full(len(values), angle / SENSITIVITY)
    return angle / euler_sensitivity(values, order)


def allowed_distances(
    points: np.ndarray,
    feet: np.ndarray,
    last_of_run: np.ndarray,
    fps: float,
    units: float,
    millimetres: float,
) -> np.ndarray:
    """Return how far off each point may be (P, K); feet that stand less than others.

    Parameters
    ----------
    points : (P, K, 3)
        `units` to a metre.
    feet : (P,) bool
        Which of them must not slide while they stand.
    last_of_run : (K,) bool
    fps, units, millimetres : float
    """
    most = millimetres / 1000
    steps = np.linalg.norm(np.diff(points, axis=1), axis=2) * fps / units
    steps[:, last_of_run[:-1]] = np.inf
    endless = np.full((len(points), 1), np.inf)
    slower = np.minimum(np.append(steps, endless, axis=1), np.append(endless, steps, axis=1))
    stands = feet[:, None] & (slower < _STANDS)
    return np.where(stands, min(most, _STANDING), most) * units
