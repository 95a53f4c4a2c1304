"""Landmarks that somebody put where they are, or said to be hidden."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from core_model.corrections.records import HiddenLandmark, MovedLandmark
from core_model.solving.spread import reach

_TRUST = 0.5
"""Confidence that neighbours of a moved landmark are taken to have: it fades over a second."""

_FELT = 0.5  # seconds: as far the motion changes around a landmark


def with_landmarks_by_hand(
    landmarks: np.ndarray,
    times: np.ndarray,
    said: Sequence[MovedLandmark | HiddenLandmark],
) -> tuple[np.ndarray, np.ndarray]:
    """Put landmarks where they were said to be, and their neighbours in time along with them.

    What was moved counts as seen with certainty; its shift spreads to the frames around it as
    other corrections do.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds.
    said : sequence of MovedLandmark and HiddenLandmark

    Returns
    -------
    landmarks : (T, 33, 3)
    influence : (T,)
        How much each frame is to be solved again, 0 to 1.
    """
    landmarks, influence = landmarks.copy(), np.zeros(len(times))
    moved: dict[int, dict[int, np.ndarray]] = defaultdict(dict)
    for each in said:
        if isinstance(each, MovedLandmark):
            moved[each.landmark][int(np.abs(times - each.time).argmin())] = each.at
    trust = np.full(len(times), _TRUST)
    for landmark, places in moved.items():
        frames = np.array(sorted(places))
        shifts = np.stack([places[frame] - landmarks[frame, landmark, :2] for frame in frames])
        spread = reach(frames, times, trust)
        landmarks[:, landmark, :2] += spread.vectors(shifts)
        share = spread.influence
        # Towards certainty: half way it is as sure as it was, or more.
        landmarks[:, landmark, 2] += share * (1 - landmarks[:, landmark, 2])
        influence = np.maximum(influence, share)
    for each in said:
        if isinstance(each, HiddenLandmark):
            inside = (times >= each.start - 1e-6) & (times <= each.end + 1e-6)
            landmarks[inside, each.landmark, 2] = 0.0
            influence = np.maximum(influence, around(inside, times))
    return landmarks, influence


def around(inside: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return 1 for frames (T,) bool that are inside, fading to 0 within half a second of them."""
    if not inside.any():
        return np.zeros(len(times))
    away = np.abs(times[:, None] - times[inside][None]).min(axis=1) / _FELT
    share = (1 - away).clip(0.0, 1.0)
    return np.asarray(share * share * (3 - 2 * share))
