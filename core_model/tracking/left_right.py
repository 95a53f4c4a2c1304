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
    points = landmarks[:, _LIMBS, :2]
    partner = [_LIMBS.index(LANDMARK_MIRROR[landmark]) for landmark in _LIMBS]
    spread = np.linalg.norm(points - points.mean(axis=1, keepdims=True), axis=-1).mean(axis=1)
    spread = np.maximum((spread[1:] + spread[:-1]) / 2, 1e-6)[:, None]
    weight = np.minimum(landmarks[1:, _LIMBS, 2], landmarks[:-1, _LIMBS, 2])
    # Pauses count as the more uncertain the longer they last.
    weight = weight / np.maximum(np.diff(times) / 0.1, 1.0)[:, None]

    def jump(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        distance = np.linalg.norm(a - b, axis=-1) / spread
        return (weight * np.minimum(distance, _CAPPED)).mean(axis=1)

    same = jump(points[1:], points[:-1])
    other = jump(points[1:][:, partner], points[:-1])
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


def with_sides_restored(landmarks: np.ndarray, exchanged: np.ndarray) -> np.ndarray:
    """Return landmarks (T, 33, 3) with left and right exchanged back where `exchanged` (T,)."""
    return np.where(exchanged[:, None, None], landmarks[:, list(LANDMARK_MIRROR)], landmarks)
