"""Points inside and on a body told from its vertices, whatever its shape."""

import numpy as np
from scipy.optimize import nnls

_VERTICES = 240  # about as many as tell where a point is
_SAMPLES = 60


def regressor(vertices: np.ndarray, points: np.ndarray, reach: float | None = None) -> np.ndarray:
    """Fit sparse, non-negative weights (N, V), rows summing to one, from vertices to points.

    Parameters
    ----------
    vertices : (S, V, 3)
    points : (S, N, 3)
    reach : float, optional
        How far vertices may lie, metres; by how deep a point lies if not given.
    """
    result = np.zeros((points.shape[1], vertices.shape[1]), np.float32)
    for row in range(points.shape[1]):
        distance = np.linalg.norm(vertices[0] - points[0, row], axis=1)
        # Inner joints need vertices all around them, so the net is cast wider the deeper they lie.
        near = np.flatnonzero(distance < (reach or 2.5 * distance.min() + 0.08))
        near = near[:: max(1, len(near) // _VERTICES)]
        left = vertices[:_SAMPLES][:, near].transpose(0, 2, 1).reshape(-1, len(near))
        right = points[:_SAMPLES, row].reshape(-1)
        left = np.concatenate((left, np.full((1, len(near)), 10.0)))
        solution, _ = nnls(left, np.append(right, 10.0))
        result[row, near] = solution / solution.sum()
    return result
