"""Slopes of sampled curves, however far apart the samples are."""

import numpy as np
import pytest

from bake.motion.local_fit import local_quadratic, local_slope

SIGMA = 0.04


@pytest.mark.parametrize("rate", [60, 30, 15, 8, 6, 3, 1])
def test_what_moves_is_not_at_rest_because_there_are_few_samples(rate):
    times = np.arange(24) / rate
    slope = local_slope(1.5 * times[:, None], times, np.full(24, SIGMA))
    np.testing.assert_allclose(slope[1:-1], 1.5, rtol=1e-3)


@pytest.mark.parametrize("rate", [60, 30, 12, 10])
def test_near_samples_tell_the_slope_as_before(rate):
    times = np.arange(30) / rate
    curve = np.sin(5 * times)[:, None]
    sigma = np.full(30, SIGMA)
    expected = local_quadratic(curve, times, sigma)[1]
    np.testing.assert_allclose(local_slope(curve, times, sigma), expected, atol=1e-9)


def test_a_gap_is_not_reached_over():
    times = np.concatenate((np.arange(10), np.arange(70, 80))) / 30
    curve = np.repeat([0.0, 1.0], 10)[:, None]
    assert np.abs(local_slope(curve, times, np.full(20, SIGMA))).max() < 1e-6


def test_one_sample_has_no_slope():
    assert local_slope(np.ones((1, 2)), np.zeros(1), np.ones(1)).tolist() == [[0, 0]]
