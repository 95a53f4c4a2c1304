"""What is said of a person, and what is true, drawn on the crop."""

import cv2
import numpy as np

from train.databases.pictures.joints import SPIN_INDEX

_SAID, _TRUE = (60, 220, 60), (230, 60, 60)  # RGB
_CHAINS = (
    ("right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle"),
    ("right_wrist", "right_elbow", "right_shoulder", "left_shoulder", "left_elbow", "left_wrist"),
    ("right_hip", "right_shoulder", "neck", "left_shoulder", "left_hip"),
    ("neck", "head_top"),
)
_LIMBS = [
    (SPIN_INDEX[f"lsp_{start}"], SPIN_INDEX[f"lsp_{end}"])
    for chain in _CHAINS
    for start, end in zip(chain, chain[1:], strict=False)
]
_SEEN = 0.3
_FINENESS = 3  # of a pixel, a power of two


def overlays(
    crops: np.ndarray, said: np.ndarray, truth: np.ndarray | None = None, scale: int = 1
) -> np.ndarray:
    """Draw limbs on crops: green what is said, red, thinner, what is true.

    Parameters
    ----------
    crops : (N, 224, 224, 3) uint8
        RGB.
    said : (N, 49, 2)
        On the crop, -1 to 1.
    truth : (N, 49, 3) or None
        The same and confidence.
    scale : int
        How many times as large the result is.

    Returns
    -------
    (N, 224 scale, 224 scale, 3) uint8
    """
    drawn = []
    for number, crop in enumerate(crops):
        picture = cv2.resize(np.ascontiguousarray(crop), None, fx=scale, fy=scale)
        if truth is not None:
            _draw(picture, truth[number, :, :2], truth[number, :, 2] > _SEEN, _TRUE, scale)
        _draw(picture, said[number], np.ones(len(said[number]), bool), _SAID, scale + 1)
        drawn.append(picture)
    return np.stack(drawn)


def _draw(
    picture: np.ndarray,
    points: np.ndarray,
    seen: np.ndarray,
    colour: tuple[int, int, int],
    width: int,
) -> None:
    side = len(picture)
    # Far outside OpenCV's whole numbers would run over.
    pixels = np.clip((points + 1) * side / 2, -side, 2 * side)
    fine = np.round(pixels * 2**_FINENESS).astype(int)
    for start, end in _LIMBS:
        if seen[start] and seen[end]:
            ends = fine[start].tolist(), fine[end].tolist()
            cv2.line(picture, *ends, colour, width, cv2.LINE_AA, _FINENESS)
