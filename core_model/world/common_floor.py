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

_LEAST_STANDING = 0.5  # seconds, of both feet together
_LOW_SHARE = 0.25  # of the time on the feet: most of a clip may take place on a step
_LEAST_BELOW = 0.5  # metres from the lens to the floor, where sizes show in it
_FLATNESS = 0.05  # metres by which the floor under a figure may be off
_SIZES = 0.06  # standard deviation of people's sizes, as a share
_GROWN = 0.25  # of the logarithm: whoever differs more is a child, or stands on something
_CHILD = 0.4  # likewise: who is taken to be larger by more stands lower


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
    people: Sequence[np.ndarray],
    times: Sequence[np.ndarray],
    up: np.ndarray,
    known: Sequence[bool] = (),
) -> list[float]:
    """Return by how much each figure is to grow so that all stand on one floor.

    The most probable ones, between the sizes that the figures have, as people's sizes differ, and
    those that one floor asks for, as far as each stands on it for sure; 1 where it tells nothing.

    Parameters
    ----------
    people : sequence of (T, 24, 3)
        Joints in camera space, metres, the most important person first: whose floor is far from
        the first one's is a child beside a grown-up, or stands on another floor and stays so.
    times : sequence of (T,)
        Seconds.
    up : (3,)
        Unit vector in camera space.
    known : sequence of bool, optional
        Whose size is known and kept; nobody's if not given.
    """
    factors = np.ones(len(people))
    below = [floor_below(*each, up) or 0.0 for each in zip(people, times, strict=True)]
    told = np.array(below) > _LEAST_BELOW
    if not told[0]:
        return factors.tolist()
    lower = np.log(np.maximum(below, _LEAST_BELOW))
    apart = lower - lower[0]
    varies = np.where([*known] or [False] * len(people), 0.0, _SIZES**2)
    doubt = (_FLATNESS / np.maximum(below, _LEAST_BELOW)) ** 2
    grown = told & (np.abs(apart) < _GROWN)
    floor = np.average(lower[grown], weights=1 / (varies + doubt)[grown])
    factors[grown] = np.exp((floor - lower) * varies / (varies + doubt))[grown]
    small = told & (apart >= _GROWN) & (apart < _CHILD) & (varies > 0)
    factors[small] = np.exp(floor - lower)[small]
    return factors.tolist()


def _low_height(found: Sequence[Stance], up: np.ndarray) -> float:
    """Return the height along up that the lowest quarter of the time on the feet stays below."""
    heights = np.array([stance.place @ up for stance in found])
    order = np.argsort(heights)
    spent = np.cumsum([found[index].seconds for index in order])
    return float(heights[order[np.searchsorted(spent, _LOW_SHARE * spent[-1])]])
