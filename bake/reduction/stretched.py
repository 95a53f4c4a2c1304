"""Spans of few samples whose handles have fitted lengths: what one cubic cannot follow otherwise.

A handle that is longer or shorter than a third of its span bends time, so that a curve passes
through three samples and more that a plain cubic misses. Lengths are chosen from a few for each
curve, heights follow by least squares.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bake.reduction.bezier import parameter_at

SHORTEST, LONGEST = 4, 8
"""Samples from key to key: fewer need no lengths of their own, more would be guessed."""

_LENGTHS = (0.01, 0.04, 0.08, 0.12, 0.17, 0.23, 0.29, 1 / 3, 0.4, 0.48, 0.58, 0.7, 0.85)
"""Of the span; two that overlap would be shortened by Blender."""

_EXACT = 1e-6  # of a share: what tells one length from the next
_AT_ONCE = 512  # curves for which lengths are chosen together: so they stay in the cache


@dataclass(frozen=True)
class Stretched:
    """How handles follow some spans of the same length.

    Parameters
    ----------
    missed : (L, length - 1)
        Length of what all curves together miss at each inner sample.
    reach : (2, L, C)
        Lengths of the handles at begin and end, in samples.
    slopes : (2, L, C)
        Change per sample along them.
    """

    missed: np.ndarray
    reach: np.ndarray
    slopes: np.ndarray


def stretch(samples: np.ndarray) -> Stretched:
    """Fit handles to spans (L, length + 1, C), both ends included."""
    length = samples.shape[1] - 1
    shares, residuals, weighed, fits = _tables(length)
    count, curves = len(samples), samples.shape[2]
    # Without their first sample, which changes nothing, half the precision is enough to choose by.
    columns = np.moveaxis(samples - samples[:, :1], 1, 0).reshape(length + 1, -1)
    columns = np.ascontiguousarray(columns, np.float32)
    best = np.concatenate(
        [
            _least(weighed, columns[:, begin : begin + _AT_ONCE])
            for begin in range(0, columns.shape[1], _AT_ONCE)
        ]
    ).reshape(count, curves)
    chosen = np.einsum("lcij,ljc->lci", residuals[best], samples)
    heights = np.einsum("lchj,ljc->hlc", fits[best], samples)
    reach = length * np.moveaxis(shares[best], 2, 0)
    slopes = np.stack((heights[0] - samples[:, 0], samples[:, -1] - heights[1])) / reach
    return Stretched(np.sqrt((chosen**2).sum(axis=1)), reach, slopes)


def parameters(reach: np.ndarray, samples: tuple[float, ...], length: int) -> np.ndarray:
    """Return where on stretched spans of one length their samples lie, (L, N, C), 0 to 1.

    Parameters
    ----------
    reach : (2, L, C)
        From `stretch`.
    samples : tuple of float
        N from the begin of a span.
    length : int
    """
    at = np.searchsorted(_LENGTHS, reach / length - _EXACT)
    return np.moveaxis(_parameters(samples, length)[at[0], at[1]], 2, 1)


@lru_cache
def _parameters(samples: tuple[float, ...], length: int) -> np.ndarray:
    """Return `parameters` for all pairs of lengths, (G, G, N)."""
    one, other = (each[..., None] for each in np.meshgrid(_LENGTHS, _LENGTHS, indexing="ij"))
    shares = np.broadcast_to(np.array(samples) / length, (*one.shape[:2], len(samples)))
    # Pairs that overlap are never chosen.
    return parameter_at(shares, one, np.maximum(1 - other, one))


def _least(weighed: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return which of G (N,) misses columns (length + 1, N) least; `weighed` is (G, D, ...)."""
    count, directions, width = weighed.shape
    apart = weighed.reshape(-1, width) @ columns
    apart *= apart
    return np.asarray(apart.reshape(count, directions, -1).sum(axis=1).argmin(axis=0))


@lru_cache
def _tables(length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return for G pairs of lengths their shares (G, 2), and what samples weigh.

    In what is missed (G, length - 1, length + 1), in the same seen along the length - 3 directions
    that two handles leave, and in the heights of the handles (G, 2, length + 1).
    """
    shares = np.array([(a, b) for a in _LENGTHS for b in _LENGTHS if a + b <= 1])
    inner = np.broadcast_to(np.arange(1, length) / length, (len(shares), length - 1))
    first, last = (np.broadcast_to(each[:, None], inner.shape) for each in shares.T)
    residuals, weighed, fits = [], [], []
    for t in parameter_at(inner, first, 1 - last):
        ends = np.stack(((1 - t) ** 3, t**3), axis=1)
        handles = np.stack((3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t)), axis=1)
        without_ends = np.zeros((length - 1, length + 1))
        without_ends[:, 1:-1] = np.eye(length - 1)
        without_ends[:, [0, -1]] = -ends
        fit = np.linalg.pinv(handles) @ without_ends
        fits.append(fit)
        residuals.append(without_ends - handles @ fit)
        left = np.linalg.svd(handles)[0][:, 2:]
        weighed.append(left.T @ residuals[-1])
    return shares, np.array(residuals), np.array(weighed, np.float32), np.array(fits)
