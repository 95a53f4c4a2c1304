"""Muon: equal to PyTorch's but for its rounding, and orthogonal steps."""

import copy

import pytest
import torch

from train.optimizers.muon import Muon, orthogonal


def test_steps_are_those_of_pytorch_within_its_rounding() -> None:
    torch.manual_seed(0)
    ours = torch.nn.Sequential(torch.nn.Linear(24, 48), torch.nn.GELU(), torch.nn.Linear(48, 24))
    theirs = copy.deepcopy(ours)
    mine, others = (
        [weight for weight in network.parameters() if weight.ndim == 2]
        for network in (ours, theirs)
    )
    rate, decay = 0.02, 0.1
    first = Muon(mine, rate, decay)
    second = torch.optim.Muon(others, rate, decay, adjust_lr_fn="match_rms_adamw")
    begun = [weight.detach().clone() for weight in mine]
    for _ in range(5):
        values = torch.randn(64, 24)
        pairs: tuple[tuple[torch.nn.Module, torch.optim.Optimizer], ...]
        pairs = ((ours, first), (theirs, second))
        for network, optimizer in pairs:
            optimizer.zero_grad()
            (network(values) - values.flip(1)).square().mean().backward()
            optimizer.step()
    for weight, other, start in zip(mine, others, begun, strict=True):
        moved = (other - start).norm()
        assert (weight - other).norm() < 0.05 * moved
        assert moved > 0.5  # five steps of 0.02 * 0.2 * sqrt(48) for each of 24 directions


@pytest.mark.parametrize("shape", [(32, 32), (16, 64), (64, 16)])
def test_singular_values_are_near_one(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    values = torch.linalg.svdvals(orthogonal(matrix))
    assert values.min() > 0.4 and values.max() < 1.3
    # The directions stay: the product with the matrix's own is symmetric and positive.
    alike = orthogonal(matrix).T @ matrix
    assert torch.allclose(alike, alike.T, atol=2e-3 * float(matrix.norm()))
    assert torch.linalg.eigvalsh((alike + alike.T) / 2).min() > -1e-2


def test_no_gradient_moves_nothing_but_the_decay() -> None:
    weight = torch.nn.Parameter(torch.ones(3, 4))
    optimizer = Muon([weight], 0.1, 0.5)
    optimizer.step()
    assert torch.equal(weight.detach(), torch.ones(3, 4))
    weight.grad = torch.zeros(3, 4)
    optimizer.step()
    assert torch.allclose(weight.detach(), torch.full((3, 4), 0.95))


def test_only_matrices() -> None:
    with pytest.raises(ValueError, match="matrices"):
        Muon([torch.nn.Parameter(torch.ones(3))], 0.1, 0.0)
