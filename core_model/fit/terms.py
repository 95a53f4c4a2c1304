"""The terms of a fit: how far a motion is from what is known of it, and how restless it is."""

import math
from collections.abc import Callable
from typing import Any

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


class _Apart(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor, others: Tensor, weights: Tensor) -> Tensor:
        apart = values - others
        weighed = apart * weights
        ctx.save_for_backward(2 * weighed)
        return apart.mul_(weighed).sum()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (found,) = ctx.saved_tensors
        return gradient * found, None, None


def apart(values: Tensor, others: Tensor, weights: Tensor) -> Tensor:
    """Sum the squared differences of matrices (T, J, 3, 3), with weights (T, J) or (J,)."""
    found: Tensor = _Apart.apply(_time_last(values), _time_last(others), _columns(weights))
    return found


class _Restlessness(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, values: Tensor, steps: Tensor, weights: Tensor, shown: Tensor, bursts: float
    ) -> Tensor:
        spans = 2 / (steps[1:] + steps[:-1])
        rates = (values[..., 1:] - values[..., :-1]).div_(steps)
        deviations = (rates[..., 1:] - rates[..., :-1]).mul_(spans).sub_(shown).mul_(weights)
        vectors = tuple(range(deviations.dim() - 2))
        lengths = (1 + deviations.square().sum(vectors) / bursts**2).sqrt()
        loss = 2 * bursts**2 * (lengths - 1).sum()
        # Charbonnier's function, the weights and both differences backwards.
        deviations.mul_(2 * spans * weights / lengths)
        rates[..., 0] = 0
        rates[..., 1:] = deviations
        rates[..., :-1] -= deviations
        rates.div_(steps)
        found = torch.zeros_like(values)
        found[..., 1:] = rates
        found[..., :-1] -= rates
        ctx.save_for_backward(found)
        return loss

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        (found,) = ctx.saved_tensors
        return gradient * found, None, None, None, None


def restlessness(
    values: Tensor, steps: Tensor, weights: Tensor, bursts: float, shown: Tensor | None = None
) -> Tensor:
    """Sum Charbonnier's function of accelerations: squared when small, then linear.

    Parameters
    ----------
    values : (T, J, ...)
        Vectors or matrices.
    steps : (T - 1,)
        Seconds from each frame to the next.
    weights : (T - 2, J)
        One by how large an acceleration may be.
    bursts : float
        From which weighted size on it counts by its size only.
    shown : (T - 2, J, ...), optional
        Accelerations that cost nothing.
    """
    given = torch.zeros((), device=values.device) if shown is None else _time_last(shown)
    found: Tensor = _Restlessness.apply(_time_last(values), steps, _columns(weights), given, bursts)
    return found


def _time_last(values: Tensor) -> Tensor:
    """Return values (T, J, ...) as (..., J, T)."""
    return values.permute(*range(values.dim() - 1, -1, -1))


def _columns(weights: Tensor) -> Tensor:
    """Return weights (T, J) or (J,) as (J, T) or (J, 1)."""
    return weights.T if weights.dim() == 2 else weights[:, None]
