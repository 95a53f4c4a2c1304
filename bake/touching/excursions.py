"""A foot that was pinned elsewhere goes there from where it stood, and comes back.

Found from the corrected motion, its stance would break in two, each half with another place, and
the body would follow both. So feet are planted as if nobody had led the leg aside, and the leg is
led aside afterwards.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bake.feet.contacts import intervals
from bake.feet.figure import LEGS, Figure, posed
from bake.motion.held import HeldMoment
from bake.motion.resample import Keys, Timeline
from core_model.geometry.rotations import (
    axis_angle_to_quaternion,
    quaternion_multiply,
    quaternion_to_axis_angle,
    without_sign_flips,
)

_AROUND = 0.9  # seconds from a pin to where its leg is back at the latest
_ENDS = 0.25  # seconds of these in which whatever is still left of it comes and goes
_ELSEWHERE = 0.01  # metres: who is so far from where he stood does not stand there
_INVERSE = np.array([1.0, -1.0, -1.0, -1.0])


def leg_excursions(
    keys: Keys, before: Keys, timeline: Timeline, moments: Sequence[HeldMoment]
) -> np.ndarray | None:
    """Tell how legs were led aside around their pins, and back again.

    What a correction changes for good, where a capture was not trusted, is none of it.

    Parameters
    ----------
    keys : Keys
        Of the corrected motion, feet not yet planted.
    before : Keys
        Of the captured one.
    timeline : Timeline
    moments : sequence of HeldMoment

    Returns
    -------
    (K, 24, 4) or None
        Quaternions against each joint's parent, after its own; None where no leg was pinned.
    """
    if not np.array_equal(keys.frames, before.frames):
        return None
    times = timeline.time_of(keys.frames)
    found = np.zeros(keys.quaternions.shape)
    found[..., 0] = 1.0
    for leg in LEGS:
        at = np.array([each.time for each in moments if each.joint in leg])
        if not len(at):
            continue
        near = np.abs(times[:, None] - at).min(axis=1) < _AROUND
        for run in keys.runs():
            for first, last in intervals(near[run]):
                part = slice(run.start + first, run.start + last)
                share = _share(np.abs(times[part, None] - at).min(axis=1))
                for joint in leg:
                    one, other = before.quaternions[part, joint], keys.quaternions[part, joint]
                    found[part, joint] = _led_aside(one, other, share)
    return found if (found[..., 0] < 1.0).any() else None


def followed_by(keys: Keys, turns: np.ndarray, backwards: bool = False) -> Keys:
    """Return keys whose joints are turned further by quaternions (K, 24, 4), or back by them."""
    turns = turns * _INVERSE if backwards else turns
    quaternions = quaternion_multiply(turns, keys.quaternions)
    return replace(keys, quaternions=without_sign_flips(quaternions))


def away_from(figure: Figure, keys: Keys, others: Keys) -> np.ndarray:
    """Tell where the left and the right foot of two motions are not in the same place, (K, 2)."""
    ankles = [leg[2] for leg in LEGS]
    one = posed(figure, keys.quaternions, keys.positions).joints[:, ankles]
    other = posed(figure, others.quaternions, others.positions).joints[:, ankles]
    return np.asarray(np.linalg.norm(one - other, axis=-1) > _ELSEWHERE)


def _led_aside(before: np.ndarray, after: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return by what (N, 4) rotations are led away from others and return, not how they end."""
    change = quaternion_multiply(after, before * _INVERSE)
    over = quaternion_to_axis_angle(quaternion_multiply(change[-1], change[0] * _INVERSE))
    way = np.linspace(0.0, 1.0, len(change))[:, None]
    lasting = quaternion_multiply(axis_angle_to_quaternion(over * way), change[0])
    aside = quaternion_to_axis_angle(quaternion_multiply(change, lasting * _INVERSE))
    return np.asarray(axis_angle_to_quaternion(aside * share[:, None]))


def _share(away: np.ndarray) -> np.ndarray:
    """Return how much of it counts so many seconds (N,) from the nearest pin."""
    way = ((_AROUND - away) / _ENDS).clip(0.0, 1.0)
    return np.asarray(way**3 * (10 - 15 * way + 6 * way**2))
