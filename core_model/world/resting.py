"""People who lie, crawl or sit on the floor: they tell which way is up, and where the floor is.

A body at rest lies where its weight cannot sink any further: turned against the floor in any way,
its middle of mass would rise. So of all directions that may be up, the true one is that in which
somebody lies lowest; the nearest of them, for whoever stands could fall over.
"""

from dataclasses import dataclass, replace

import numpy as np

from core_model.body.mass import center_of_mass, lowness
from core_model.body.skeleton import JOINT_INDEX

_MOST = 300
"""Moments that are looked at; more would tell nothing new."""

_TOUCHES, _APART = 0.06, 0.14
"""Metres that knees, hands or hips are above the lowest skin: surely on the floor, surely not."""

_FEET = [JOINT_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "foot")]
_TILTED = 0.02  # share of a body's height that its mass seems too high if up is wrong
_SOFT = 0.02  # metres in which several points share the weight
_LOWEST_SHARE = 0.3
"""Of the moments on the floor: somebody who rolls or gets up is off it at times."""


@dataclass(frozen=True)
class Resting:
    """A body at some moments, as far as it may lie on something.

    Parameters
    ----------
    skin : (N, 24, S, 3)
        Outline of each part of the body in camera space, metres.
    mass : (N, 3)
        Middle of its mass.
    tall : float
        Height of the body, metres.
    seconds : float
        That each moment stands for.
    moments : (N,) int
        Which frames they are.
    """

    skin: np.ndarray
    mass: np.ndarray
    tall: float
    seconds: float
    moments: np.ndarray

    def at(self, which: np.ndarray) -> "Resting":
        """Return some of the moments, by their indices (M,)."""
        return replace(
            self, skin=self.skin[which], mass=self.mass[which], moments=self.moments[which]
        )

    def lowness(self, up: np.ndarray, widened: float = 1.0) -> np.ndarray:
        """Return how surely more than feet are on the floor (N,), 0 to 1, if this is up.

        Where up is but a guess, as many times `widened` as it could be off, more passes for lying.
        """
        parts = (self.skin @ up).min(axis=-1)
        gap = np.delete(parts, _FEET, axis=1).min(axis=1) - parts.min(axis=1)
        touches = np.clip((np.sqrt(widened) * _APART - gap) / (_APART - _TOUCHES), 0, 1)
        doubt = _TILTED * (np.sqrt(widened) - 1)
        return touches * lowness(self.height(up), self.tall, doubt)

    def on_feet(self, up: np.ndarray, frames: int) -> np.ndarray:
        """Return how surely the body is not on the floor in each of all frames (T,), 0 to 1."""
        return 1 - np.interp(np.arange(frames), self.moments, self.lowness(up))

    def height(self, up: np.ndarray) -> np.ndarray:
        """Return how high the mass is above what carries it (N,), metres, if this is up."""
        return np.asarray(self.mass @ up - self.support(up))

    def support(self, up: np.ndarray) -> np.ndarray:
        """Return how high the lowest skin is (N,), metres along up; nearly as low counts too."""
        heights = (self.skin @ up).reshape(len(self.skin), -1)
        lowest = heights.min(axis=1, keepdims=True)
        share = np.exp((lowest - heights) / _SOFT)
        return np.asarray((share * heights).sum(axis=1) / share.sum(axis=1))

    def floor(self, up: np.ndarray) -> tuple[float, float]:
        """Return how high the floor is along up, metres, and for how many seconds it was seen."""
        low = self.lowness(up) > 0.5
        if not low.any():
            return 0.0, 0.0
        lowest = (self.skin[low] @ up).min(axis=(1, 2))
        return float(np.quantile(lowest, _LOWEST_SHARE)), float(low.sum() * self.seconds)


def resting(
    joints: np.ndarray, turned: np.ndarray, outline: np.ndarray, tall: float, times: np.ndarray
) -> Resting:
    """Look at a body at evenly spread moments.

    Parameters
    ----------
    joints : (T, 24, 3)
        Camera space, metres.
    turned : (T, 24, 3, 3)
        Rotations from rest to camera space.
    outline : (24, S, 3)
        From `core_model.body.surface.outline_points`.
    tall : float
        Height of the body, metres.
    times : (T,)
        Seconds.
    """
    count = len(joints)
    moments = np.unique(np.linspace(0, count - 1, min(count, _MOST)).round().astype(int))
    offsets = np.einsum("tjab,jsb->tjsa", turned[moments], outline, optimize=True)
    skin = joints[moments, :, None] + offsets
    step = float(np.median(np.diff(times))) if count > 1 else 0.0
    return Resting(
        skin, center_of_mass(joints[moments]), tall, step * count / len(moments), moments
    )
