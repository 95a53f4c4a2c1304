"""Lengths of many short vectors: twice as fast as numpy's own, which are made for long ones."""

import numpy as np


def squared_lengths(vectors: np.ndarray) -> np.ndarray:
    """Return the squared length (...) of each of some vectors (..., C)."""
    return np.asarray(np.einsum("...c,...c->...", vectors, vectors))
