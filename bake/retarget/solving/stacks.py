"""Rotations of all frames times what is the same in all of them: one product of large matrices.

Numpy multiplies a stack of 3 by 3 matrices one by one, which takes five times as long.
"""

import numpy as np


def turned(stack: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Return a vector (3,) as each of some matrices (K, 3, 3) turns it, (K, 3)."""
    return np.asarray((stack.reshape(-1, 3) @ vector).reshape(-1, 3))


def followed_by(stack: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return `stack @ matrix` of (K, 3, 3) and (3, 3)."""
    return np.asarray((stack.reshape(-1, 3) @ matrix).reshape(-1, 3, 3))


def between(left: np.ndarray, stack: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return `left @ stack @ right` of (3, 3), (K, 3, 3) and (3, 3)."""
    return np.asarray((stack.reshape(-1, 9) @ np.kron(left.T, right)).reshape(-1, 3, 3))
