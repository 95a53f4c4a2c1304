"""Where things would be in the pictures had the camera kept still."""

from collections.abc import Sequence

import cv2
import numpy as np

from core_model.tracking.background import BackgroundMatch


class Steadied:
    """Takes points of a clip's pictures to where they are in its first one.

    As the background says, which is shifted, turned and scaled; what is much nearer or further than
    it is taken further than that where the camera is carried.

    Parameters
    ----------
    matches : sequence of BackgroundMatch
        In their order; where there are none the camera kept still.
    first : int
        Number of the first of them, as keys count.
    """

    def __init__(self, matches: Sequence[BackgroundMatch] = (), first: int = 0) -> None:
        self._times = np.array([match.time for match in matches])
        to_first: list[np.ndarray] = []
        for match in matches:
            known = 0 <= match.key - first < len(to_first)
            of_key = to_first[match.key - first] if known else np.eye(3)
            if match.lost:
                of_key = to_first[-1] if to_first else of_key
            step = _moved_back(match)
            to_first.append(of_key if step is None else of_key @ step)
        self._to_first = np.array(to_first).reshape(-1, 9)

    def points(self, points: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return points (N, P, 2) in pixels of pictures at times (N,), seconds, likewise."""
        if not len(self._times):
            return points
        matrices = np.stack(
            [np.interp(times, self._times, column) for column in self._to_first.T], axis=1
        ).reshape(-1, 3, 3)
        return points @ matrices[:, :2, :2].transpose(0, 2, 1) + matrices[:, None, :2, 2]


def _moved_back(match: BackgroundMatch) -> np.ndarray | None:
    """Return what takes a picture to its key picture (3, 3); None where nothing moved."""
    if match.before is None or match.after is None or match.lost:
        return None
    matrix, _ = cv2.estimateAffinePartial2D(match.after, match.before)
    return None if matrix is None else np.vstack((matrix, (0, 0, 1)))
