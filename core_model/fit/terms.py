"""The terms of a fit: how far a motion is from what is known of it, and how restless it is."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from core_model.body.skeleton import JOINT_COUNT
from core_model.fit.held import Held
from core_model.fit.unknowns import to_device
from core_model.fit.weights import ENDS, FitWeights

VISIBLE = 3
"""Power of the visibility: on rendered clips the squared error of a landmark grows about so."""

SLIPS = 9.0
"""A foot that moves at three times its allowed speed, squared, does not stand."""


def decay(passed: float) -> float:
    """Return the share of the learning rates when this share of the iterations has passed."""
    falling = 1.0 if passed < 0.5 else 0.5 * (1 + math.cos(2 * math.pi * (passed - 0.5)))
    return max(falling, 0.02)


def width(weights: FitWeights, passed: float) -> float:
    """Return the squared width of the landmarks' robust function, which shrinks at first."""
    return (weights.robust * (1 + 4 * max(0.0, 1 - 2 * passed))) ** 2


def ties(weights: FitWeights, device: torch.device) -> Tensor:
    """Return by how much each joint (24,) may leave the network's rotation, radians."""
    allowed = torch.full((JOINT_COUNT,), math.radians(weights.tie), device=device)
    allowed[ENDS] = math.radians(weights.tie_ends)
    allowed[0] = math.radians(weights.tie_root)
    return allowed


def grip(held: Held, device: torch.device) -> Callable[[Tensor, Tensor], Tensor]:
    """Return how far rotations (T, 24, 3, 3) and joints (T, 24, 3) are from what is held."""
    turned, placed = np.nonzero(held.turning), np.nonzero(held.placing)
    rotations = to_device(held.rotations[turned], device)
    places = to_device(held.places[placed], device)
    turning = to_device(held.turning[turned], device)
    placing = to_device(held.placing[placed], device)

    def loss(matrices: Tensor, joints: Tensor) -> Tensor:
        # Half the squared Frobenius norm of a difference is about the angle, squared.
        twisted = (matrices[turned] - rotations).square().sum((-2, -1)) / 2 * turning.square()
        return twisted.sum() + ((joints[placed] - places) * placing[:, None]).square().sum()

    return loss


def robust(squares: Tensor, width: float) -> Tensor:
    """Return Geman and McClure's function of squared deviations, which levels off at `width`."""
    return squares * width / (squares + width)


def bursting(deviations: Tensor, bursts: float) -> Tensor:
    """Sum Charbonnier's function of vectors (..., N): squared when short, linear from `bursts`."""
    squares = deviations.square().sum(-1) / bursts**2
    return (2 * bursts**2 * ((1 + squares).sqrt() - 1)).sum()


def acceleration(values: Tensor, steps: Tensor) -> Tensor:
    """Return second derivatives (T - 2, J, N) of values (T, J, N) over uneven steps (T - 1,)."""
    before, after = steps[:-1, None, None], steps[1:, None, None]
    rate_before = (values[1:-1] - values[:-2]) / before
    rate_after = (values[2:] - values[1:-1]) / after
    return 2 * (rate_after - rate_before) / (before + after)
