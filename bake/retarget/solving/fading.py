"""How fast one motion becomes another: no limb is thrown from the one pose to the other.

What is far apart in the two is moved by the fade as well as by itself. So it is gone over slowly
where joints are fast anyway, and faster where they rest.
"""

import numpy as np

AROUND = 2
"""Frames before and after those of a fade that tell how fast it may begin and end."""

_POWER = 8  # of steps that are summed: nearly the longest of all counts
_SOFT = 3.0  # weight of changes of a step against steps
_LEAST = 1e-4  # weight of the shortest step against the longest
_ROUNDS = 16  # of weighing steps anew


def fade_shares(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how much of the other motion counts in each of the frames that two share, (F,).

    Iteratively reweighted least squares of the steps of all joints and of how these change.

    Parameters
    ----------
    one, other : (AROUND + F + AROUND, J, 3)
        Places of joints, metres. Those of `one` after the fade count nothing, nor do those of
        `other` before it.
    """
    count = len(one) - 2 * AROUND
    inner = slice(AROUND, AROUND + count)
    away = (other - one)[inner]
    begins = np.concatenate((one[: inner.stop], other[inner.stop :]))
    steps, bends = (np.diff(np.eye(len(one)), order, axis=0) for order in (1, 2))
    shares = (np.arange(count) + 1.0) / (count + 1)
    weights = np.ones((len(steps), one.shape[1]))
    for _ in range(_ROUNDS):
        matrix, wanted = np.zeros((count, count)), np.zeros(count)
        for rows, weight in ((steps, weights), (bends, np.full(weights[1:].shape, _SOFT))):
            asked = np.einsum("rk,kjc->rjc", rows, begins)
            along = rows[:, inner]
            near = np.einsum("rf,rj,rg->fgj", along, weight, along)
            matrix += np.einsum("fgj,fgj->fg", near, np.einsum("fjc,gjc->fgj", away, away))
            wanted -= np.einsum("rf,rj,fjc,rjc->f", along, weight, away, asked, optimize=True)
        # Motions that are the same leave it open.
        matrix += 1e-9 * np.eye(count)
        shares = (shares + np.linalg.solve(matrix, wanted)) / 2
        mixed = begins.copy()
        mixed[inner] += shares[:, None, None] * away
        lengths = np.linalg.norm(np.diff(mixed, axis=0), axis=-1)
        weights = (lengths / max(float(lengths.max()), 1e-9)) ** (_POWER - 2) + _LEAST
    return np.maximum.accumulate(shares.clip(0, 1))
