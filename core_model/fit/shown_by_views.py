"""What the landmarks of several views tell together of how a body moves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core_model.body.skeleton import JOINT_COUNT
from core_model.fit.landmark_motion import FEET, calmness, shown_acceleration, still_feet
from core_model.fit.placed_camera import PlacedCamera, Sight
from core_model.fit.weights import FitWeights

_UNSHOWN = 0.05
"""Weight of the guess that a joint is not pushed at all, against what a view shows."""


@dataclass(frozen=True)
class Shown:
    """How a body moves, as its views show it.

    Parameters
    ----------
    stands : (T - 1, 4)
        How surely points of the feet stand from each frame to the next, 0 to 1.
    calm : (T - 2, 24)
        How calmly joints move in the inner frames.
    acceleration : (T - 2, 24, 3)
        How joints are pushed in the inner frames, m/s^2, first camera's space.
    """

    stands: np.ndarray
    calm: np.ndarray
    acceleration: np.ndarray


def shown_by_views(
    sights: Sequence[Sight],
    cameras: Sequence[PlacedCamera],
    times: np.ndarray,
    pelvis: np.ndarray,
    weights: FitWeights,
) -> Shown:
    """Put together what each view shows of a motion.

    Parameters
    ----------
    sights : sequence of Sight
    cameras : sequence of PlacedCamera
    times : (T,)
        Seconds on the first clip's clock.
    pelvis : (T, 3)
        About where the person is, metres, first camera's space.
    weights : FitWeights
    """
    frames = len(times)
    doubt = np.ones((frames - 1, len(FEET)))
    seen = np.zeros((frames - 1, len(FEET)))
    calm = np.ones((frames - 2, JOINT_COUNT))
    normal = np.tile(_UNSHOWN * np.eye(3), (frames - 2, JOINT_COUNT, 1, 1))
    pushed = np.zeros((frames - 2, JOINT_COUNT, 3))
    middles = (times[1:] + times[:-1]) / 2
    for sight in sights:
        placed = cameras[sight.camera]
        landmarks, own = sight.landmarks, sight.times
        if len(own) < 3:
            continue
        moments = placed.on_first_clock(own)
        distance = float(np.median(placed.from_first(pelvis)[:, 2]))
        shows = (own, placed.camera, distance)
        clear = landmarks.copy()
        clear[..., 2] = 1.0
        rest = still_feet(clear, *shows, weights.lifted)
        sure = np.minimum(landmarks[1:, FEET, 2], landmarks[:-1, FEET, 2])
        between = (moments[1:] + moments[:-1]) / 2
        visible = _at(middles, between, sure)
        doubt *= _at(middles, between, rest) ** visible
        seen = np.maximum(seen, visible)
        inner = times[1:-1]
        calm = np.minimum(
            calm, _at(inner, moments[1:-1], calmness(landmarks, *shows, weights.lively), 1.0)
        )
        across = _at(inner, moments[1:-1], shown_acceleration(landmarks, *shows))
        # A view shows what lies in its picture's plane, and nothing along its sight.
        plane = placed.rotation[:2]
        trust = _at(inner, moments[1:-1], (landmarks[1:-1, :, 2] > 0).any(axis=1).astype(float))
        normal += trust[:, None, None, None] * (plane.T @ plane)
        pushed += trust[:, None, None] * (across @ placed.rotation)
    return Shown(seen * doubt, calm, np.linalg.solve(normal, pushed[..., None])[..., 0])


def _at(times: np.ndarray, own: np.ndarray, values: np.ndarray, beyond: float = 0.0) -> np.ndarray:
    """Return values (N, ...) known at `own` (N,) at other times (T,); `beyond` outside of those."""
    place = np.interp(times, own, np.arange(len(own)))
    lower = np.minimum(place.astype(int), max(len(own) - 2, 0))
    upper = np.minimum(lower + 1, len(own) - 1)
    share = (place - lower).reshape(-1, *[1] * (values.ndim - 1))
    found = (1 - share) * values[lower] + share * values[upper]
    step = np.median(np.diff(own)) if len(own) > 1 else 0.0
    outside = (times < own[0] - step) | (times > own[-1] + step)
    found[outside] = beyond
    return np.asarray(found)
