"""What part of a picture is the clip's own: films have bars above and below, phone clips beside.

Bars are black, or a blurred copy of the picture fills them, as it is done with phone clips. The
lens looks through the middle of what is between them, and their borders are no edges of a room.
"""

from collections.abc import Sequence

import cv2
import numpy as np

_DARK = 26.0  # of 255: black as films are compressed
_DARK_SHARE = 95  # percent of a line
_STEP = 10.0  # grey levels, at the border of a black bar
_AT_ONCE = 0.5  # of what is not dark beside the border: a night sky has no straight border
_LEAST, _MOST = 0.02, 0.42  # of the side
_UNEVEN = 0.02  # likewise: by how much two bars may differ; a roof before a black sky is alone
_BLURRED = 0.45  # of the detail beside it
_SEEN = 4.0  # grey levels, on average, at the border of what is blurred
_STEPS_OUT = 5.0  # times what changes between the lines before it
_NEAR = 0.01  # of the side: by how much bars of two pictures may differ
_NONE = 0.005  # of the side: less is no bar
_SURELY = 0.6  # of the pictures that must show them

Part = tuple[float, float, float, float]


def part_shown(grey: np.ndarray) -> Part:
    """Return left, top, right and bottom of what a picture shows between its bars, in pixels.

    Parameters
    ----------
    grey : (H, W) uint8
    """
    height, width = grey.shape
    top, bottom = _bars(grey)
    left, right = _bars(np.ascontiguousarray(grey[top : height - bottom].T))
    return left, top, width - right, height - bottom


def part_of_clip(parts: Sequence[Part], width: int, height: int) -> Part:
    """Return what most pictures of a clip show between bars; all of it where they do not agree.

    Parameters
    ----------
    parts : sequence of Part
        Of pictures, in pixels of the clip.
    width, height : int
        Of the clip.
    """
    whole = (0.0, 0.0, float(width), float(height))
    if not parts:
        return whole
    sides = np.array(parts, float)
    usual = np.median(sides, axis=0)
    lengths = np.array([width, height, width, height])
    alike = (np.abs(sides - usual) < _NEAR * lengths).mean(axis=0) >= _SURELY
    bars = np.abs(usual - whole) > _NONE * lengths
    left, top, right, bottom = np.where(alike & bars, usual, whole)
    return float(left), float(top), float(right), float(bottom)


def _bars(grey: np.ndarray) -> tuple[int, int]:
    """Return how many rows the bars above and below take."""
    above, below = _black(grey), _black(grey[::-1])
    if min(above, below) and abs(above - below) < _UNEVEN * len(grey):
        return above, below
    blurred = _blurred(grey)
    return blurred, blurred


def _black(grey: np.ndarray) -> int:
    """Return how many rows from the first on are a black bar."""
    most = int(_MOST * len(grey))
    dark = np.percentile(grey[: most + 3], _DARK_SHARE, axis=1) < _DARK
    count = int(np.argmin(dark)) if not dark.all() else 0
    if count < _LEAST * len(grey) or count > most:
        return 0
    inside = grey[count + 1].astype(float)
    risen = inside - grey[count - 2] > _STEP
    return count if risen.sum() > _AT_ONCE * max((inside > _DARK + _STEP).sum(), 1) else 0


def _blurred(grey: np.ndarray) -> int:
    """Return how many rows at either end are a blurred copy of the picture."""
    count = len(grey)
    steps = cv2.absdiff(grey[1:], grey[:-1]).mean(axis=1)  # from each row to the next
    depths = np.arange(max(int(_LEAST * count), 4), int(_MOST * count))
    here = np.minimum(steps[depths - 1], steps[count - depths - 1])
    likely = np.flatnonzero(here > _SEEN)
    if not len(likely):
        return 0
    detail = cv2.absdiff(grey[:, 1:], grey[:, :-1]).mean(axis=1)
    for index in likely[np.argsort(-here[likely])]:
        rows = int(depths[index])
        if _ends_blur(steps, detail, rows) and _ends_blur(steps[::-1], detail[::-1], rows):
            return rows
    return 0


def _ends_blur(steps: np.ndarray, detail: np.ndarray, rows: int) -> bool:
    """Tell whether so many rows from the first on are blurred, and a border ends them."""
    stands_out = steps[rows - 1] > _STEPS_OUT * np.median(steps[rows - 4 : rows - 1])
    return bool(stands_out and detail[:rows].mean() < _BLURRED * detail[rows : 2 * rows].mean())
