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

    def changed(self, now: np.ndarray, people: np.ndarray) -> int:
        """Return how many cells look different now that neither then nor now were people's."""
        different = np.abs(now - self.cells) > _CHANGED
        return int((different & ~people & ~self.people).sum())


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
        self.see(np.zeros((height, width, 3), np.uint8), [])

    def see(self, image: np.ndarray, people: Sequence[np.ndarray]) -> None:
        """Take in the next picture, of which the other methods speak.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.
        people : sequence of (4,)
            Left, top, width, height of those who are followed, pixels: what changes there is known.
        """
        self._image, self._people = image, people
        self._now: tuple[np.ndarray, np.ndarray] | None = None  # looked at where somebody asks

    def share_changed(self, square: Region) -> float:
        """Return what share of an upright square changed since it was searched, beside people.

        1 where nobody searched yet.
        """
        now, people = self._in(square)
        before = self._looks.get(_key(square))
        if before is None or not now.size:
            return 1.0
        return before.changed(now, people) / now.size

    def worth_it(self, squares: Sequence[Region]) -> list[Region]:
        """Return the squares that are worth a search; they count as searched from now on.

        Parameters
        ----------
        squares : sequence of Region
            Upright ones, the same again and again.
        """
        return [square for square in squares if self._is_worth_it(square)]

    def _is_worth_it(self, square: Region) -> bool:
        now, people = self._in(square)
        before = self._looks.get(_key(square))
        if before is not None and before.passed < _LOOK_ANYWAY - 1:
            if before.changed(now, people) < _FEWEST:
                before.passed += 1
                return False
        self._looks[_key(square)] = _Look(now, people)
        return True

    def _in(self, square: Region) -> tuple[np.ndarray, np.ndarray]:
        """Return the cells of a square now, and which of them are covered by people."""
        if self._now is None:
            # Of few points, which is as much as grain needs, and takes half the time.
            few = self._size[0] * _POINTS, self._size[1] * _POINTS
            points = cv2.resize(self._image, few, interpolation=cv2.INTER_NEAREST)
            small = cv2.resize(points, self._size, interpolation=cv2.INTER_AREA)
            cells = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
            self._now = cells, self._covered(self._people)
        (x, y), half = square.center, square.size / 2
        window = self._window(x - half, y - half, x + half, y + half)
        cells, covered = self._now
        return cells[window], covered[window]

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


def _key(square: Region) -> tuple[float, float, float]:
    """Return what tells a square from others: its middle and its side."""
    return float(square.center[0]), float(square.center[1]), square.size
