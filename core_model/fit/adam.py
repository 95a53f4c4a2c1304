"""Adam's steps (Kingma and Ba, 2015), for the fit.

PyTorch's own class gives the same numbers to the last bit, but loads PyTorch's compiler with the
first one that is made, which takes as long as fitting some hundred frames.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

_BETAS = (0.9, 0.999)
_EPSILON = 1e-8


class Adam:
    """Moves tensors against their gradients.

    Parameters
    ----------
    groups : sequence of (sequence of Tensor, float)
        Leaf tensors that require gradients, and their learning rate.
    """

    def __init__(self, groups: Sequence[tuple[Sequence[Tensor], float]]) -> None:
        self._groups = [(list(tensors), rate) for tensors, rate in groups]
        self._steps = 0
        self._means = [[torch.zeros_like(each) for each in t] for t, _ in self._groups]
        self._squares = [[torch.zeros_like(each) for each in t] for t, _ in self._groups]

    def forget_gradients(self) -> None:
        """Take the gradients away, before new ones are worked out."""
        for tensors, _ in self._groups:
            for tensor in tensors:
                tensor.grad = None

    @torch.no_grad()
    def step(self, share: float = 1.0) -> None:
        """Move every tensor that has a gradient.

        Parameters
        ----------
        share : float
            Of the learning rates.
        """
        self._steps += 1
        first, second = _BETAS
        unbias_mean = 1 - first**self._steps
        unbias_square = (1 - second**self._steps) ** 0.5
        for (tensors, rate), means, squares in zip(
            self._groups, self._means, self._squares, strict=True
        ):
            for tensor, mean, square in zip(tensors, means, squares, strict=True):
                if tensor.grad is None:
                    continue
                mean.lerp_(tensor.grad, 1 - first)
                square.mul_(second).addcmul_(tensor.grad, tensor.grad, value=1 - second)
                spread = (square.sqrt() / unbias_square).add_(_EPSILON)
                tensor.addcdiv_(mean, spread, value=-(rate * share) / unbias_mean)
