"""What standing tells where up is known: feet are on one floor, and the weight is over the feet.

Neither is so at every moment. Feet on steps or a box, and feet that are lifted and kept still,
count ever less the higher they are; whoever walks falls from one foot onto the other, and is over
them in the mean of a step.
"""

import numpy as np
import torch
from torch import Tensor

from core_model.body.mass import center_of_mass
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX
from core_model.fit.landmark_motion import FEET
from core_model.fit.terms import robust
from core_model.fit.unknowns import to_device
from core_model.fit.weights import FitWeights

_RENEWED = 10  # iterations for which it stays as it is who stands where
_LIFTED = 0.12  # metres above the other foot: as likely lifted as not
_ROBUST, _ROBUST_FIRST = 2.5, 10.0
"""Standard deviations from which a foot that is not on the floor counts ever less, and at first."""
_FLOOR_ROUNDS = 4
_STEEP = 0.25  # of the way to a foot, how far below the lens: from which its height counts in full
_STEP = 0.35  # seconds, sigma of the mean in which somebody who walks is over their feet
_ASTRIDE = 0.3  # of how far feet are apart: where between them the weight may be
_TOPPLED = 9.0  # squared standard deviations of a lean from which it counts ever less
_BENT, _STRAIGHT = 0.78, 0.88  # of the leg's length from hip to ankle: sitting, and surely not
_TINY, _LITTLE = 1e-6, 1e-3
_LEGS = [
    [JOINT_INDEX[f"{side}_{part}"] for part in ("hip", "knee", "ankle")]
    for side in ("left", "right")
]


class Upright:
    """How far somebody is from standing on one floor, over their feet.

    Parameters
    ----------
    up : (3,)
        Unit vector, in the space of the motion.
    stands : (T - 1, 4)
        How surely points of the feet stand from each frame to the next.
    times : (T,)
        Seconds.
    weights : FitWeights
    device : torch.device
    """

    def __init__(
        self,
        up: np.ndarray,
        stands: np.ndarray,
        times: np.ndarray,
        weights: FitWeights,
        device: torch.device,
    ) -> None:
        self._weights = weights
        self._up = to_device(up, device)
        still = np.zeros((len(times), stands.shape[1]))
        still[1:] = stands
        still[:-1] = np.maximum(still[:-1], stands)
        self._still = to_device(still, device)
        self._step = to_device(np.exp(-0.5 * ((times[:, None] - times) / _STEP) ** 2), device)
        joints = np.eye(JOINT_COUNT)[:, :, None]
        self._mass = to_device(center_of_mass(joints)[:, 0], device)

    def misfit(self, points: Tensor, joints: Tensor, iteration: int, passed: float) -> Tensor:
        """Return how unlikely it is that somebody stands so.

        Parameters
        ----------
        points : (T, 33, 3)
            Landmarks, metres.
        joints : (T, 24, 3)
        iteration : int
            Of the fit.
        passed : float
            Share of its iterations that have passed.
        """
        if iteration % _RENEWED == 0:
            with torch.no_grad():
                self._look(points[:, FEET], joints, passed)
        feet = points[:, FEET]
        off = ((feet @ self._up - self._floor) / self._weights.unlevel).square()
        lean = self._mass @ joints - (self._shares[..., None] * feet).sum(1)
        aside = lean - (lean @ self._up)[:, None] * self._up
        aside = self._mean(aside).square().sum(-1) / self._allowed
        unlevel = (self._level * self._carries * robust(off, self._width)).sum()
        unbalanced = (self._upright * robust(aside, _TOPPLED)).sum()
        return unlevel + self._weights.balance * unbalanced

    def _look(self, feet: Tensor, joints: Tensor, passed: float) -> None:
        """See which feet carry the body, and where the floor is."""
        heights = feet @ self._up
        above = heights - heights.amin(1, keepdim=True)
        # Feet that are seen from the side tell no depth by their height, only errors of landmarks.
        steep = ((feet @ self._up) / feet.norm(dim=-1)).square() / _STEEP**2
        self._level = self._weights.level * steep.clamp(max=1.0)
        self._carries = carries = self._still / (1 + (above / _LIFTED) ** 4)
        wide = _ROBUST + (_ROBUST_FIRST - _ROBUST) * max(0.0, 1 - 2 * passed)
        self._width = wide**2
        heel, toe = (
            _floor(heights[:, part], carries[:, part], self._weights.unlevel * wide)
            for part in (slice(0, 2), slice(2, 4))
        )
        self._floor = torch.stack((heel, heel, toe, toe))
        shares = carries + _TINY
        self._shares = shares / shares.sum(1, keepdim=True)
        middle = (self._shares[..., None] * feet).sum(1, keepdim=True)
        astride = (self._shares * (feet - middle).norm(dim=-1)).sum(1, keepdim=True)
        straight = torch.stack([_straightness(joints[:, leg]) for leg in _LEGS] * 2, 1)
        self._upright = ((carries * straight).sum(1) / 2).clamp(max=1.0)
        self._around = (self._step @ self._upright).clamp(min=_LITTLE)[:, None]
        self._allowed = (self._weights.lean + _ASTRIDE * self._mean(astride)[:, 0]).square()

    def _mean(self, values: Tensor) -> Tensor:
        """Return the mean (T, C) of values (T, C) over a step, of the moments on the feet."""
        return self._step @ (self._upright[:, None] * values) / self._around


def _floor(heights: Tensor, carries: Tensor, width: float) -> Tensor:
    """Return at which height most points (T, 2) are that carry the body, robustly."""
    floor = (heights * carries).sum() / carries.sum().clamp(min=_TINY)
    for _ in range(_FLOOR_ROUNDS):
        near = carries / (1 + ((heights - floor) / width) ** 2) ** 2
        floor = (heights * near).sum() / near.sum().clamp(min=_TINY)
    return floor


def _straightness(leg: Tensor) -> Tensor:
    """Return how straight a leg is (T,), 0 to 1, of its hip, knee and ankle (T, 3, 3)."""
    hip, knee, ankle = leg.unbind(1)
    whole = (hip - knee).norm(dim=-1) + (knee - ankle).norm(dim=-1)
    reach = (hip - ankle).norm(dim=-1) / whole
    return ((reach - _BENT) / (_STRAIGHT - _BENT)).clamp(0, 1)
