"""Motion written as numbers over time: keys joined by the smoothest of curves."""

from collections.abc import Sequence

import numpy as np


def eased(phase: np.ndarray) -> np.ndarray:
    """Ease from 0 to 1 as `phase` does, with minimum jerk, clipped outside.

    Flash and Hogan, "The Coordination of Arm Movements", Journal of Neuroscience 1985: how people
    move a hand from one point to another.
    """
    p = np.clip(phase, 0.0, 1.0)
    return np.asarray(p**3 * (10 - 15 * p + 6 * p**2))


def keyed(times: np.ndarray, keys: Sequence[tuple[float, Sequence[float]]]) -> np.ndarray:
    """Go through keys, resting at each; before the first and after the last nothing moves.

    Parameters
    ----------
    times : (T,)
        Seconds.
    keys : sequence of (time, C values)
        In the order of time.

    Returns
    -------
    (T, C)
    """
    values = np.broadcast_to(np.asarray(keys[0][1], float), (len(times), len(keys[0][1]))).copy()
    for (start, before), (end, after) in zip(keys, keys[1:], strict=False):
        change = np.asarray(after, float) - np.asarray(before, float)
        values += eased((times - start) / (end - start))[:, None] * change
    return values


def bump(times: np.ndarray, start: float, end: float) -> np.ndarray:
    """Rise from 0 to 1 and fall back between two moments, (T,), smoothly."""
    phase = np.clip((times - start) / (end - start), 0.0, 1.0)
    return np.asarray(np.sin(np.pi * eased(phase)) ** 2)


def blurred(values: np.ndarray, sigma: float) -> np.ndarray:
    """Smooth (T, ...) over time with a Gaussian of `sigma` frames, ends held."""
    reach = int(np.ceil(4 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(values, [(reach, reach)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=0)
    return np.asarray(windows @ kernel)
