"""Undo exchanges of left and right, which pose detectors make when they see somebody from behind.

Every frame is either as labelled or exchanged as a whole; the cheapest way through the clip (the
Viterbi path) is the one in which limbs jump least.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_MIRROR

_PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
_LIMBS = [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in _PARTS]
_PARTNERS = [_LIMBS.index(LANDMARK_MIRROR[landmark]) for landmark in _LIMBS]
_CAPPED = 0.35  # of the figure's spread: one wild landmark is no exchange
_RELABELLING = 0.004
"""What it costs, for each frame and landmark, to mistrust the labels, in spreads of the figure."""


_NOTHING_TOLD: Mapping[int, float] = MappingProxyType({})


def exchanged_frames(
    landmarks: np.ndarray, times: np.ndarray, told: Mapping[int, float] = _NOTHING_TOLD
) -> np.ndarray:
    """Tell in which frames left and right were exchanged, (T,) bool.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds; after a long pause a frame says nothing about the next.
    told : mapping of int to float
        Frames of which something else tells: what it costs to take one as labelled, or, below 0, to
        take it as exchanged; in the unit of all costs here, of which a jump of everything is 0.35.
    """
    count = len(landmarks)
    if count < 2:
        return np.zeros(count, bool)
    same, other = _jumps(landmarks, times)
    labelling = np.tile([0.0, _RELABELLING], (count, 1))
    for frame, cost in told.items():
        labelling[frame] += max(cost, 0.0), max(-cost, 0.0)
    costs = labelling[0]
    came_from = np.zeros((count, 2), int)
    for frame in range(1, count):
        # Rows: the state before; columns: the state now.
        step = np.array([[same[frame - 1], other[frame - 1]], [other[frame - 1], same[frame - 1]]])
        total = costs[:, None] + step
        came_from[frame] = total.argmin(axis=0)
        costs = total.min(axis=0) + labelling[frame]
    states = np.zeros(count, int)
    states[-1] = costs.argmin()
    for frame in range(count - 1, 0, -1):
        states[frame - 1] = came_from[frame, states[frame]]
    return states.astype(bool)


class SidesSoFar:
    """Tells of somebody, while frames come in, whether `exchanged_frames` would tell of any."""

    def __init__(self) -> None:
        self._costs = np.array([0.0, _RELABELLING])
        self._any = np.array([False, True])  # exchanged frames on the way to each state
        self._last: tuple[np.ndarray, float] | None = None

    def see(self, landmarks: np.ndarray, time: float) -> None:
        """Take in the landmarks (33, 3) of the next frame, at `time`, seconds."""
        if self._last is not None:
            before, then = self._last
            (same,), (other,) = _jumps(np.stack((before, landmarks)), np.array([then, time]))
            total = self._costs[:, None] + np.array([[same, other], [other, same]])
            came_from = total.argmin(axis=0)
            self._costs = total.min(axis=0) + [0.0, _RELABELLING]
            self._any = self._any[came_from] | [False, True]
        self._last = landmarks, time

    @property
    def exchanged(self) -> bool:
        """Whether left and right were exchanged in any frame so far."""
        return bool(self._any[self._costs.argmin()])


def _jumps(landmarks: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far limbs jump (T - 1,) to the next frame, as labelled and exchanged."""
    points = landmarks[:, _LIMBS, :2]
    spread = np.linalg.norm(points - points.mean(axis=1, keepdims=True), axis=-1).mean(axis=1)
    spread = np.maximum((spread[1:] + spread[:-1]) / 2, 1e-6)[:, None]
    weight = np.minimum(landmarks[1:, _LIMBS, 2], landmarks[:-1, _LIMBS, 2])
    # Pauses count as the more uncertain the longer they last.
    weight = weight / np.maximum(np.diff(times) / 0.1, 1.0)[:, None]

    def jump(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        distance = np.linalg.norm(a - b, axis=-1) / spread
        return np.asarray((weight * np.minimum(distance, _CAPPED)).mean(axis=1))

    return jump(points[1:], points[:-1]), jump(points[1:][:, _PARTNERS], points[:-1])


def with_sides_restored(landmarks: np.ndarray, exchanged: np.ndarray) -> np.ndarray:
    """Return landmarks (T, 33, 3) with left and right exchanged back where `exchanged` (T,)."""
    return np.where(exchanged[:, None, None], landmarks[:, list(LANDMARK_MIRROR)], landmarks)
