"""The floor that people stand on, and how large they are against each other if it is one floor.

From one camera everybody's size is a guess of its own. But whoever is taken for too large is taken
to be too far away as well, and then stands on a floor too far below the lens.
"""

from collections.abc import Sequence

import numpy as np

from core_model.world.gravity import Stance, stances
from core_model.world.standing import foot_points, standing, stillness

SOLE_BELOW_FOOT = 0.025
"""Metres from the joint at the ball of the foot down to the sole."""

_LEAST_STANDING = 1.0  # seconds
_LOW_SHARE = 0.25  # of the time on the feet: most of a clip may take place on a step
_LEAST_BELOW = 0.5  # metres from the lens to the floor, where sizes show in it
_FLATNESS = 0.05  # metres by which the floor under a figure may be off
_SIZES = 0.06  # standard deviation of people's sizes, as a share
_MOST = 0.2  # of the logarithm: whoever differs more is a child, or stands on something


def floor_below(joints: np.ndarray, times: np.ndarray, up: np.ndarray) -> float | None:
    """Return how far below the lens the floor is under somebody, metres; None if nobody knows.

    Parameters
    ----------
    joints : (T, 24, 3)
        Camera space, metres.
    times : (T,)
        Seconds.
    up : (3,)
        Unit vector in camera space.
    """
    points = foot_points(joints)
    found = stances(points, standing(points, stillness(points, times), up), times)
    if sum(stance.seconds for stance in found) < _LEAST_STANDING:
        return None
    return SOLE_BELOW_FOOT - _low_height(found, up)


def size_factors(
    people: Sequence[np.ndarray], times: Sequence[np.ndarray], up: np.ndarray
) -> list[float]:
    """Return by how much each figure is to grow so that all stand on the floor of the first.

    The most probable one, between the size that a figure has, as people's sizes differ, and the one
    that its floor tells, as far as that can be trusted; 1 where it tells nothing.

    Parameters
    ----------
    people : sequence of (T, 24, 3)
        Joints in camera space, metres; the first person's size is kept.
    times : sequence of (T,)
        Seconds.
    up : (3,)
        Unit vector in camera space.
    """
    below = [floor_below(*each, up) for each in zip(people, times, strict=True)]
    first = below[0]
    factors = [1.0] * len(below)
    for index, other in enumerate(below[1:], start=1):
        if first is None or other is None or min(first, other) < _LEAST_BELOW:
            continue
        apart = np.log(first / other)
        if abs(apart) < _MOST:
            doubt = (_FLATNESS / first) ** 2 + (_FLATNESS / other) ** 2
            factors[index] = float(np.exp(apart * 2 * _SIZES**2 / (2 * _SIZES**2 + doubt)))
    return factors


def _low_height(found: Sequence[Stance], up: np.ndarray) -> float:
    """Return the height along up that the lowest quarter of the time on the feet stays below."""
    heights = np.array([stance.place @ up for stance in found])
    order = np.argsort(heights)
    spent = np.cumsum([found[index].seconds for index in order])
    return float(heights[order[np.searchsorted(spent, _LOW_SHARE * spent[-1])]])
