"""The smooth fit is the least sum of squares that it says, at any length."""

import numpy as np
import pytest

from bake.motion.banded import SmoothFit


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_it_agrees_with_a_dense_solver(count):
    random = np.random.default_rng(count)
    interval, bend, anchor = 1 / 30, 0.05**4, 0.3
    values, steps = random.uniform(0, 2, count), random.uniform(0, 2, count - 1)
    wanted, rates = random.normal(size=(count, 2)), random.normal(size=(count - 1, 2))
    change = np.diff(np.eye(count), axis=0) / interval
    curve = np.diff(np.eye(count), n=2, axis=0) / interval**2
    matrix = np.diag(values + anchor) + change.T @ np.diag(steps) @ change + bend * curve.T @ curve
    right = values[:, None] * wanted + change.T @ (steps[:, None] * rates)
    fit = SmoothFit(values, steps, bend, anchor, interval).solve(wanted, rates)
    np.testing.assert_allclose(fit, np.linalg.solve(matrix, right), rtol=1e-6, atol=1e-8)


def test_where_nothing_is_known_a_curve_goes_on_straight():
    known = np.ones(30)
    known[10:20] = 0
    line = np.linspace(0, 2, 30)[:, None]
    found = SmoothFit(known, None, 0.1**4, 0.0, 1 / 30).solve(np.where(known[:, None], line, 99))
    np.testing.assert_allclose(found, line, atol=1e-6)
