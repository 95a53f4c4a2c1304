"""How fast heel and ball of each foot go, as far as a camera can tell.

One camera measures badly along its line of sight, so a foot that stays where it is in the picture
stands, whatever its distance seems to do; unless it goes far from the other one in a moment: that
is a step towards the camera or away from it.
"""

import numpy as np

from bake.feet.figure import Posed, foot_points
from bake.feet.foot_evidence import FootEvidence
from bake.motion.local_fit import local_quadratic, local_slope

_STILL = 0.08  # metres per second: the slower foot is captured so still for a third of a good clip
_EXACT = 0.7  # of these speeds count for motion that no camera measured
_DEPTH_COUNTS = 0.1  # of the speed along the line of sight
_DEPTH_APART_COUNTS = 0.25  # of what one foot has more of it than the other
_ASTRAY, _STEPS = 0.25, 0.5
"""Metres per second, for a few tenths of one: up to the first what one foot has more is depth that
is measured badly, from the second on it is a step, and all of it counts."""

_STEADY = 0.04  # seconds: speed is measured over about twice this
_STEADIER = 0.15  # seconds, likewise of what tells a step from depth that is measured badly


def foot_speed(
    points: np.ndarray, times: np.ndarray, evidence: FootEvidence
) -> tuple[np.ndarray, np.ndarray]:
    """Return how fast points go that stand or not, and how their speed changes.

    Parameters
    ----------
    points : (N, 2, 2, 3)
        Heel and ball of both feet, metres.
    times : (N,)
        Seconds, about evenly apart; three or more.
    evidence : FootEvidence
        For these times.

    Returns
    -------
    speed : (N, 2, 2)
        Metres per second; of what goes along the line of sight only a part.
    fall : (N, 2, 2)
        Acceleration across the line of sight, metres per second squared.
    """
    sigma = np.full(len(times), _STEADY)
    flat = points.reshape(len(points), -1)
    slope = local_slope(flat, times, sigma)
    bend = local_slope(slope, times, sigma)
    velocity, acceleration = slope.reshape(points.shape), bend.reshape(points.shape)
    sight, filmed = evidence.sight(points), evidence.filmed[:, None, None]
    along = (velocity * sight).sum(-1)
    across = np.linalg.norm(velocity - along[..., None] * sight, axis=-1)
    falling = (acceleration * sight).sum(-1, keepdims=True) * sight
    fall = np.linalg.norm(acceleration - falling, axis=-1)
    across = across + evidence.seen * np.minimum(evidence.speed - across, 0)
    # The foot that moves less across the picture tells how wrong the depth of both is.
    slower = across.mean(axis=-1).argmin(axis=1)
    common = along[np.arange(len(along)), slower].mean(axis=-1)[:, None, None]
    apart = along - common
    steady = np.full(len(times), _STEADIER)
    lasting, _ = local_quadratic(apart.mean(axis=-1), times, steady)
    steps = ((np.abs(lasting) - _ASTRAY) / (_STEPS - _ASTRAY)).clip(0, 1)[..., None]
    counts = _DEPTH_APART_COUNTS + (1 - _DEPTH_APART_COUNTS) * steps
    speed = np.sqrt(across**2 + (counts * apart) ** 2 + (_DEPTH_COUNTS * along) ** 2)
    return np.where(filmed, speed, np.linalg.norm(velocity, axis=-1)), fall


def foot_scale(pose: Posed, times: np.ndarray, evidence: FootEvidence) -> np.ndarray:
    """Return by what speeds of feet are divided (N,) before they are judged.

    The parameters are those of `bake.feet.contacts.find_contacts`.
    """
    if len(times) < 3:
        return np.ones(len(times))
    return scale_of(foot_speed(foot_points(pose), times, evidence)[0], evidence)


def scale_of(speed: np.ndarray, evidence: FootEvidence) -> np.ndarray:
    """Return by what speeds (N, 2, 2) are divided (N,), as `foot_scale` does from a pose."""
    # What trembles more is measured with a larger rule, what nobody had to guess with a smaller.
    least = np.where(evidence.filmed, 1.0, _EXACT)
    return np.clip(np.percentile(speed.min(axis=(1, 2)), 30) / _STILL, least, 2)
