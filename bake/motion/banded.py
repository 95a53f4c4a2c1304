"""Smoothest curves through what is known of them: sums of squares with neighbours only.

Such sums have a matrix with five diagonals, and so are solved in a time that grows with the length
of the motion and not with its square.
"""

import numpy as np


class SmoothFit:
    """The curves x (N, C) with the least sum of four kinds of squares.

    `values (x - wanted)^2 + steps (dx/dt - rates)^2 + bend (d2x/dt2)^2 + anchor x^2`, summed over
    the samples; after Whittaker, "On a new method of graduation", 1923. Where nothing is known a
    curve goes on as `bend` has it: straight.

    Parameters
    ----------
    values : (N,)
        Weight of what is known of the curve itself.
    steps : (N - 1,) or None
        Weight of what is known of its change from each sample to the next.
    bend : float or (N - 2,)
        In seconds^4, next to weights of 1 of `values`; of all inner samples or of each.
    anchor : float
        Without unit, likewise.
    interval : float
        Seconds between samples.
    """

    def __init__(
        self,
        values: np.ndarray,
        steps: np.ndarray | None,
        bend: float | np.ndarray,
        anchor: float,
        interval: float,
    ) -> None:
        count = len(values)
        self._values = values
        self._steps = np.zeros(max(count - 1, 0)) if steps is None else steps / interval**2
        self._interval = interval
        main = values + anchor + 1e-12
        first, second = np.zeros(count), np.zeros(count)
        main[:-1] += self._steps
        main[1:] += self._steps
        first[1:] -= self._steps
        if count > 2:
            curve = bend / interval**4
            main[:-2] += curve
            main[1:-1] += 4 * curve
            main[2:] += curve
            first[1:-1] -= 2 * curve
            first[2:] -= 2 * curve
            second[2:] += curve
        self._factor = _factorized(main.tolist(), first.tolist(), second.tolist())

    def solve(self, wanted: np.ndarray, rates: np.ndarray | None = None) -> np.ndarray:
        """Return the curves (N, C) for `wanted` (N, C) and `rates` (N - 1, C) per second."""
        right = self._values[:, None] * wanted
        if rates is not None:
            pull = self._steps[:, None] * rates * self._interval
            right[1:] += pull
            right[:-1] -= pull
        return np.stack([_substituted(self._factor, column.tolist()) for column in right.T], axis=1)


_Factor = tuple[list[float], list[float], list[float]]


def _factorized(main: list[float], first: list[float], second: list[float]) -> _Factor:
    """Split a symmetric matrix with five diagonals into L D L^T; plain floats beat arrays here."""
    pivots: list[float] = []
    near: list[float] = []
    far: list[float] = []
    pivot1 = pivot2 = 1.0
    near1 = 0.0
    for middle, beside, beyond in zip(main, first, second, strict=True):
        l2 = beyond / pivot2
        l1 = (beside - l2 * near1 * pivot2) / pivot1
        pivot = middle - l1 * l1 * pivot1 - l2 * l2 * pivot2
        pivots.append(pivot)
        near.append(l1)
        far.append(l2)
        pivot2, pivot1, near1 = pivot1, pivot, l1
    return pivots, near, far


def _substituted(factor: _Factor, right: list[float]) -> list[float]:
    pivots, near, far = factor
    forward: list[float] = []
    y1 = y2 = 0.0
    for value, l1, l2 in zip(right, near, far, strict=True):
        y = value - l1 * y1 - l2 * y2
        forward.append(y)
        y2, y1 = y1, y
    count = len(right)
    solved = [0.0] * (count + 2)
    near, far = [*near, 0.0, 0.0], [*far, 0.0, 0.0]
    for i in range(count - 1, -1, -1):
        solved[i] = (
            forward[i] / pivots[i] - near[i + 1] * solved[i + 1] - far[i + 2] * solved[i + 2]
        )
    return solved[:count]
