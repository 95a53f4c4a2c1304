"""Keys of long gaps, for exporters that know one interpolation for all keys of a curve."""

import numpy as np

from bake.reduction.bezier import BezierKeys, evaluate, held_by_keys, keys_with_slopes


def _with_gaps() -> BezierKeys:
    frames = np.array([1, 5, 9, 30, 31, 32, 40, 44])
    random = np.random.default_rng(0)
    values, slopes = random.normal(0, 1, (8, 4)), random.normal(0, 0.3, (8, 4))
    last = np.isin(frames, [9, 32, 44])
    return keys_with_slopes(frames, values, slopes, slopes, last)


def test_values_stay_through_a_gap_without_constant_keys():
    keys = _with_gaps()
    held, frames = held_by_keys(keys), np.arange(1, 45)
    assert keys.holds.any() and not held.holds.any()
    assert np.allclose(evaluate(held, frames), evaluate(keys, frames))
    inside = np.linspace(9, 29, 100)
    assert np.allclose(evaluate(held, inside), keys.values[2])


def test_a_gap_costs_one_key():
    held = held_by_keys(_with_gaps())
    assert held.frames.tolist() == [1, 5, 9, 29, 30, 31, 32, 39, 40, 44]
    assert held.smooth[1] and not held.smooth[2], "what leads into a gap ends there"
