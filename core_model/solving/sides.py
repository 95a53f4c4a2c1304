"""Left and right, decided again by what is pinned and by what was said to be exchanged."""

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_MIRROR
from core_model.body.model import Body
from core_model.body.placement import landmarks_in_picture
from core_model.corrections.records import Swap
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure

_ARMS = ("shoulder", "elbow", "wrist", "pinky", "index", "thumb")
_LEGS = ("hip", "knee", "ankle", "heel", "foot_index")
_LIMBS = [
    LANDMARK_INDEX[f"{side}_{part}"]
    for side in ("left", "right")
    for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
]
_CLEARLY = 0.8
"""A label is proven wrong where the landmarks miss a known pose by that much less exchanged."""


def swapped(landmarks: np.ndarray, frames: np.ndarray, limbs: str = "all") -> np.ndarray:
    """Return landmarks (T, 33, 3) with left and right exchanged in frames (T,) bool.

    Parameters
    ----------
    limbs : str
        `all`, `arms` or `legs`.
    """
    order = np.arange(len(LANDMARK_MIRROR))
    for name, index in LANDMARK_INDEX.items():
        part = name.partition("_")[2]
        if limbs == "all" or part in (_ARMS if limbs == "arms" else _LEGS):
            order[index] = LANDMARK_MIRROR[index]
    return np.where(frames[:, None, None], landmarks[:, order], landmarks)


def with_swaps(landmarks: np.ndarray, times: np.ndarray, swaps: tuple[Swap, ...]) -> np.ndarray:
    """Return landmarks (T, 33, 3) with left and right exchanged as it was said."""
    for swap in swaps:
        inside = (times >= swap.start - 1e-6) & (times <= swap.end + 1e-6)
        landmarks = swapped(landmarks, inside, swap.limbs)
    return landmarks


def known_labels(figure: Figure, frames: list[int], camera: Camera, body: Body) -> dict[int, bool]:
    """Tell in which frames of known pose the labels are exchanged; unclear ones are left out.

    Parameters
    ----------
    figure : Figure
        Right in those frames.
    """
    found = {}
    for frame in frames:
        seen = figure.landmarks[frame]
        pixels = landmarks_in_picture(
            figure.rotations[[frame]],
            figure.betas,
            figure.pelvis[[frame]],
            camera,
            body,
        )[0]
        as_labelled, exchanged = (
            _missed(pixels, labels) for labels in (seen, seen[list(LANDMARK_MIRROR)])
        )
        if exchanged < _CLEARLY * as_labelled:
            found[frame] = True
        elif as_labelled < _CLEARLY * exchanged:
            found[frame] = False
    return found


def _missed(pixels: np.ndarray, seen: np.ndarray) -> float:
    """Return the mean distance of limbs, the person's place being taken off, pixels."""
    trust = seen[_LIMBS, 2] + 1e-6
    away = pixels[_LIMBS] - seen[_LIMBS, :2]
    away = away - np.average(away, axis=0, weights=trust)
    return float(np.average(np.linalg.norm(away, axis=1), weights=trust))
