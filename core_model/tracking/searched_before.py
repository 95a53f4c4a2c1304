"""Where nothing has changed since the detector looked last, it would find the same again."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core_model.detection.region import Region

_SIDE = 160  # cells along the longer side of the picture
_POINTS = 4  # along each side of a cell, of which its grey is the mean
_CHANGED = 8.0  # grey levels of 255 by which a cell looks different
_FEWEST = 2  # cells: somebody 40 pixels tall in 720 rows covers six
_MARGIN = 0.15  # around people, of their boxes
_LOOK_ANYWAY = 4
"""One in so many looks is taken where nothing changed: who was overlooked may be found."""


@dataclass
class _Look:
    """What a square looked like when it was searched, and how often it was passed over since."""

    cells: np.ndarray
    people: np.ndarray
    passed: int = 0


class SearchedBefore:
    """Remembers what the squares looked like that were searched.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._scale = min(1.0, _SIDE / max(width, height))
        self._size = max(round(width * self._scale), 1), max(round(height * self._scale), 1)
        self._looks: dict[tuple[float, float, float], _Look] = {}

    def changed(
        self, image: np.ndarray, squares: Sequence[Region], people: Sequence[np.ndarray]
    ) -> list[Region]:
        """Return the squares that are worth a search; they count as searched from now on.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.
        squares : sequence of Region
            Upright ones, the same again and again.
        people : sequence of (4,)
            Left, top, width, height of those who are followed, pixels: what changes there is known.
        """
        if not squares:
            return []
        # Of few points, which is as much as grain needs, and takes half the time.
        few = self._size[0] * _POINTS, self._size[1] * _POINTS
        points = cv2.resize(image, few, interpolation=cv2.INTER_NEAREST)
        small = cv2.resize(points, self._size, interpolation=cv2.INTER_AREA)
        cells = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
        covered = self._covered(people)
        return [square for square in squares if self._is_worth_it(square, cells, covered)]

    def _is_worth_it(self, square: Region, cells: np.ndarray, covered: np.ndarray) -> bool:
        x, y = square.center
        window = self._window(
            x - square.size / 2, y - square.size / 2, x + square.size / 2, y + square.size / 2
        )
        now, people = cells[window], covered[window]
        before = self._looks.get((x, y, square.size))
        if before is not None and before.passed < _LOOK_ANYWAY - 1:
            different = np.abs(now - before.cells) > _CHANGED
            if (different & ~people & ~before.people).sum() < _FEWEST:
                before.passed += 1
                return False
        self._looks[(x, y, square.size)] = _Look(now, people)
        return True

    def _covered(self, people: Sequence[np.ndarray]) -> np.ndarray:
        covered = np.zeros(self._size[::-1], bool)
        for left, top, width, height in people:
            aside, above = _MARGIN * width, _MARGIN * height
            covered[
                self._window(left - aside, top - above, left + width + aside, top + height + above)
            ] = True
        return covered

    def _window(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        """Return the rows and columns of the cells between pixels."""
        columns, rows = (
            slice(max(int(low * self._scale), 0), max(int(np.ceil(high * self._scale)), 0))
            for low, high in ((left, right), (top, bottom))
        )
        return rows, columns
