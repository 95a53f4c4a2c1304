"""Gradients that were worked out by hand are those of the formulas."""

import numpy as np
import pytest
import torch

from core_model.body.landmarks import place_landmarks
from core_model.body.skeleton import forward_kinematics
from core_model.fit.posing import posed
from core_model.fit.terms import apart, restlessness
from core_model.geometry.rotations import rot6d_to_matrix

FRAMES, BURSTS = 5, 0.25


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(0, 1, shape))


def gradients(value: torch.Tensor, *given: torch.Tensor) -> list[torch.Tensor]:
    return list(torch.autograd.grad(value, given, retain_graph=True))


def agree(ours: tuple[torch.Tensor, ...], theirs: tuple[torch.Tensor, ...], *given) -> None:
    """Hold values and their gradients, by random weights, against each other."""
    weighted = []
    for values in (ours, theirs):
        weights = [noise(*each.shape, seed=9 + n) for n, each in enumerate(values)]
        weighted.append(
            torch.stack([(w * v).sum() for w, v in zip(weights, values, strict=True)]).sum()
        )
    for mine, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, other)
    pairs = zip(gradients(weighted[0], *given), gradients(weighted[1], *given), strict=True)
    for mine, other in pairs:
        torch.testing.assert_close(mine, other)


def test_a_posed_body_is_that_of_forward_kinematics():
    turns, rest, offsets = (
        noise(*shape, seed=seed).requires_grad_()
        for seed, shape in enumerate([(FRAMES, 24, 6), (24, 3), (33, 3)])
    )
    rotations, joints, points = posed(turns.permute(2, 1, 0), rest, offsets)
    ours = (rotations.permute(3, 2, 0, 1), joints.permute(2, 1, 0), points.permute(2, 1, 0))
    matrices = rot6d_to_matrix(turns)
    placed, turned = forward_kinematics(matrices, rest)
    theirs = (matrices, placed, place_landmarks(placed, turned, offsets))
    agree(ours, theirs, turns, rest, offsets)


def test_a_rotation_that_is_none_has_a_gradient_all_the_same():
    turns = torch.zeros(6, 24, 2, requires_grad=True)
    joints = posed(turns, noise(24, 3).float(), noise(33, 3).float())[1]
    assert torch.isfinite(gradients(joints.sum(), turns)[0]).all()


@pytest.mark.parametrize("shape", [(3, 3), (3,)])
def test_restlessness_is_what_accelerations_cost(shape):
    values = noise(FRAMES, 24, *shape).requires_grad_()
    steps = torch.tensor([0.03, 0.05, 0.04, 0.03], dtype=torch.float64)
    weights = noise(FRAMES - 2, 24, seed=1).abs() / 1000
    shown = 500 * noise(FRAMES - 2, 24, *shape, seed=2)
    ahead = steps.view(-1, 1, *[1] * len(shape))
    rates = (values[1:] - values[:-1]) / ahead
    pushes = 2 * (rates[1:] - rates[:-1]) / (ahead[1:] + ahead[:-1]) - shown
    squares = (pushes.square().flatten(2).sum(-1) * weights.square()) / BURSTS**2
    expected = (2 * BURSTS**2 * ((1 + squares).sqrt() - 1)).sum()
    agree((restlessness(values, steps, weights, BURSTS, shown),), (expected,), values)


@pytest.mark.parametrize("weighted", [(24,), (FRAMES, 24)])
def test_matrices_apart_cost_their_squared_differences(weighted):
    values, others = noise(FRAMES, 24, 3, 3).requires_grad_(), noise(FRAMES, 24, 3, 3, seed=1)
    weights = noise(*weighted, seed=2).abs()
    expected = ((values - others).square().sum((-2, -1)) * weights).sum()
    agree((apart(values, others, weights),), (expected,), values)
