"""What bears a figure that is not on its feet: hands, knees, hips or its back."""

import numpy as np

from bake.feet.figure import Figure, Posed
from bake.feet.foot_evidence import FootEvidence
from bake.motion.local_fit import local_slope
from core_model.body.mass import center_of_mass, lowness
from core_model.body.skeleton import JOINT_INDEX

FEET = [JOINT_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "foot")]
"""The joints that carry the skin of the feet."""

_SLOW = 0.25  # metres per second: what bears a figure is not faster
_STEADY = 0.04  # seconds: speed is measured over about twice this
_BELOW = 0.05  # metres that hands or hips are lower than feet before the figure rests on them


def lies_down(figure: Figure, pose: Posed, bottom: np.ndarray, body: np.ndarray) -> np.ndarray:
    """Tell when (N,) a figure is on the floor with more than its feet."""
    low = lowness(center_of_mass(pose.joints)[:, 2] - bottom, figure.tall) > 0.5
    return np.asarray(low & (body < bottom + _BELOW))


def resting_heights(
    parts: np.ndarray, pose: Posed, times: np.ndarray, evidence: FootEvidence, lies: np.ndarray
) -> np.ndarray:
    """Return how high the part of the body (N,) is that bears it instead of the feet, metres.

    Infinite where the lowest parts (N, 24) are feet, or move.
    """
    others = np.delete(np.arange(parts.shape[1]), FEET)
    frames = np.arange(len(times))
    lowest = others[parts[:, others].argmin(axis=1)]
    sigma = np.full(len(times), _STEADY)
    slope = local_slope(pose.joints.reshape(len(times), -1), times, sigma)
    velocity = slope.reshape(pose.joints.shape)[frames, lowest]
    sight = evidence.sight(pose.joints[frames, lowest])
    velocity = velocity - (velocity * sight).sum(-1, keepdims=True) * sight
    heights = parts[frames, lowest]
    bears = lies | (heights < parts[:, FEET].min(axis=1) - _BELOW)
    bears &= np.linalg.norm(velocity, axis=-1) < _SLOW
    return np.where(bears, heights, np.inf)
