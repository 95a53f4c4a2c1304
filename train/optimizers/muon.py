"""Muon, in the precision the processor is fast in."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter

# Five rounds of the odd polynomial a x + b x^3 + c x^5 bring singular values from nearly
# nothing to between 0.7 and 1.2; these factors make it steepest at zero (Jordan et al., 2024).
_A, _B, _C = 3.4445, -4.7750, 2.0315
_ROUNDS = 5
_SMALLEST_NORM = 1e-7
_MOMENTUM = 0.95
# The root mean square of a step of AdamW, which Muon's is made to be (Liu et al., 2025).
_STEP_OF_ADAMW = 0.2


class Muon(torch.optim.Optimizer):
    """Momentum whose step is made orthogonal, for the matrices inside a network.

    The steps are those of `torch.optim.Muon` with ``match_rms_adamw``, which always calculates
    them in bfloat16: where a processor only emulates that, one product takes thirty times as long
    as in single precision. Here bfloat16 is used on a GPU alone.

    Parameters
    ----------
    parameters : iterable of Parameter
        Matrices.
    lr : float
        Learning rate, as AdamW would have it.
    weight_decay : float
        Decoupled from the gradient.

    Raises
    ------
    ValueError
        When a parameter is not a matrix.
    """

    def __init__(self, parameters: Iterable[Parameter], lr: float, weight_decay: float) -> None:
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})
        if any(p.ndim != 2 for group in self.param_groups for p in group["params"]):
            raise ValueError("Muon learns matrices only.")

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take one step, after `closure` if there is one, and return what that returned."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._learn(parameter, group["lr"], group["weight_decay"])
        return loss

    def _learn(self, parameter: Tensor, rate: float, decay: float) -> None:
        gradient = parameter.grad
        assert gradient is not None
        state = self.state[parameter]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(gradient)
        mean = state["momentum_buffer"].lerp_(gradient, 1 - _MOMENTUM)
        # Nesterov: where the mean will be after this gradient has been seen once more.
        step = orthogonal(gradient.lerp(mean, _MOMENTUM))
        parameter.mul_(1 - rate * decay)
        size = _STEP_OF_ADAMW * math.sqrt(max(parameter.shape))
        parameter.add_(step.to(parameter.dtype), alpha=-rate * size)


def orthogonal(matrix: Tensor) -> Tensor:
    """Return about the nearest matrix whose rows or columns are orthonormal.

    Parameters
    ----------
    matrix : Tensor, shape (rows, columns)

    Returns
    -------
    Tensor, shape (rows, columns)
        The same singular vectors, with singular values near one (0.7 to 1.2), in bfloat16 on a
        GPU and in single precision elsewhere.
    """
    precision = torch.bfloat16 if matrix.is_cuda else torch.float32
    found = matrix.to(precision)
    tall = matrix.shape[0] > matrix.shape[1]
    found = found.T if tall else found
    # No singular value is greater than the root of the sum of the squares of all.
    found = found / found.norm().clamp(min=_SMALLEST_NORM)
    for _ in range(_ROUNDS):
        square = found @ found.T
        factors = torch.addmm(square, square, square, beta=_B, alpha=_C)
        found = torch.addmm(found, factors, found, beta=_A)
    return found.T if tall else found
