"""From hands as they were seen, now and then, to fingers that move in every frame."""

import numpy as np

from core_model.body.fingers import FINGER_JOINT_COUNT, HandMotion
from core_model.hands.evidence import trust_in
from core_model.hands.model import (
    HIGHEST,
    LOWEST,
    RELAXED,
    HandModel,
    angles_of,
    finger_rotations,
    palm_rotations,
)
from core_model.hands.plausible import most_likely
from core_model.tracking.hand_tracker import HandObservations

_SMALL, _LARGE = 50.0, 90.0  # pixels of a region's side: fingers are not seen at all, or well
_IMPOSSIBLE = np.radians(15.0)  # mean angle beyond the limits of hands at which half is believed
_STEADIED = 0.04  # seconds: noise of single frames
_KEPT = 0.3  # seconds for which a hand that is hidden stays as it was
_LITTLE = (0.002, 0.03)  # seconds of sight that outweigh what the slower of these two, or nothing


def hand_motion(
    sights: HandObservations, times: np.ndarray, models: tuple[HandModel, HandModel]
) -> HandMotion:
    """Bend the fingers as they were seen.

    Parameters
    ----------
    sights : HandObservations
    times : (T,)
        Seconds.
    models : tuple of HandModel
        Left and right.
    """
    count = len(times)
    fingers = np.zeros((count, 2, FINGER_JOINT_COUNT // 2, 3, 3))
    confidence = np.zeros((count, 2))
    for side, model in enumerate(models):
        seen = sights.presence[:, side] > 0
        angles = np.tile(RELAXED, (count, 1))
        if seen.any():
            points = sights.world[seen, side]
            angles[seen] = angles_of(model, points, palm_rotations(model, points))
        possible = np.clip(angles, LOWEST, HIGHEST)
        beyond = np.abs(angles - possible).mean(axis=1)
        large = np.clip((sights.size[:, side] - _SMALL) / (_LARGE - _SMALL), 0, 1)
        sure = trust_in(sights.presence[:, side]) * large
        confidence[:, side] = sure / (1 + (beyond / _IMPOSSIBLE) ** 2)
        likely = most_likely(possible, sights.size[:, side])
        filled = relaxed_where_unseen(likely, confidence[:, side], times)
        fingers[:, side] = finger_rotations(model, filled)
    return HandMotion(fingers.reshape(count, FINGER_JOINT_COUNT, 3, 3), confidence)


def relaxed_where_unseen(
    angles: np.ndarray, confidence: np.ndarray, times: np.ndarray
) -> np.ndarray:
    """Steady angles, hold them over short gaps and let them relax in long ones.

    Normalised convolution (Knutsson and Westin, CVPR 1993): means over time, weighted by
    confidence, of a narrow window where enough was seen in it, else of a wide one, else the
    relaxed hand.

    Parameters
    ----------
    angles : (T, 21)
    confidence : (T,)
    times : (T,)
        Seconds.
    """
    steps = np.gradient(times) if len(times) > 1 else np.ones(1)
    weight = (confidence * steps)[:, None]
    sums = np.concatenate((weight * angles, weight), axis=1)
    result = np.broadcast_to(RELAXED, angles.shape)
    for width, little in ((_KEPT, _LITTLE[1]), (_STEADIED, _LITTLE[0])):
        near = _both_ways(sums, times, width)
        result = (near[:, :-1] + little * result) / (near[:, -1:] + little)
    return np.asarray(result)


def _both_ways(values: np.ndarray, times: np.ndarray, width: float) -> np.ndarray:
    """Return the sum of values (T, N) around each moment, fading exponentially with time."""
    fade = np.exp(-np.diff(times) / width)
    before, after = values.copy(), values.copy()
    for frame in range(1, len(values)):
        before[frame] += fade[frame - 1] * before[frame - 1]
    for frame in range(len(values) - 2, -1, -1):
        after[frame] += fade[frame] * after[frame + 1]
    return before + after - values
