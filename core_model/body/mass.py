"""Where a body has its weight, and how low it is carried."""

import numpy as np

from core_model.body.skeleton import JOINT_INDEX

_LOW, _UPRIGHT = 0.36, 0.42
"""Height of the mass above what carries it, as a share of the body's height: as of somebody on the
floor, and surely not. Standing has 0.55, sitting on a chair 0.42, kneeling and crawling 0.32, deep
squats 0.27."""

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


def lowness(height: np.ndarray, tall: float, doubt: float = 0.0) -> np.ndarray:
    """Return how low a body is carried, 0 (standing) to 1 (on the floor, or squatting).

    Parameters
    ----------
    height : (...)
        Of the middle of its mass above the lowest skin, metres.
    tall : float
        Height of the body, metres.
    doubt : float
        Share of `tall` by which the height may be wrong.
    """
    share = height / tall - doubt
    return np.asarray(np.clip((_UPRIGHT - share) / (_UPRIGHT - _LOW), 0, 1))
