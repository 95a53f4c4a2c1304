"""Where the detector looks for new people, and how often.

The detector sees 224 pixels, too few for a small person in a large picture. So it also looks at
overlapping squares, in turns, because looking at all of them in every frame would take too long.
"""

from itertools import cycle

import numpy as np

from core_model.detection.detector import whole_picture
from core_model.detection.region import Region

_STEP = 0.6  # of a tile's side between neighbours: nobody up to 0.4 sides wide is always cut
_LOOKS_PER_SECOND = 9.0
_FINE_EVERY = 4  # one look in so many goes to the fine tiles
_MAX_SHAPE = 1.2  # a picture that is nearly square needs no coarse tiles


class Scanner:
    """Tells for every frame which squares are to be searched for new people."""

    def __init__(self, width: int, height: int) -> None:
        short, long = min(width, height), max(width, height)
        self._coarse = [whole_picture(width, height)]
        if long > _MAX_SHAPE * short:
            self._coarse += _tiles(width, height, short)
        self._fine = _tiles(width, height, short / 2)
        self._next_coarse, self._next_fine = cycle(self._coarse), cycle(self._fine)
        self._last_look = -np.inf
        self._looks = 0

    def squares(self, time: float, anybody: bool) -> list[Region]:
        """Return the squares to search at `time` (seconds), often none.

        While nobody is followed (`anybody` is False) there is time to look in every frame.
        """
        if self._looks == 0:
            self._looks = 1
            self._last_look = time
            return self._coarse + self._fine
        if not anybody:
            return [next(self._next_coarse), next(self._next_fine)]
        if time - self._last_look < 1 / _LOOKS_PER_SECOND - 1e-6:
            return []
        self._last_look = time
        self._looks += 1
        fine = self._looks % _FINE_EVERY == 0
        return [next(self._next_fine if fine else self._next_coarse)]


def _tiles(width: int, height: int, side: float) -> list[Region]:
    """Cover a picture with overlapping squares of `side` pixels."""
    return [
        Region(np.array([x + side / 2, y + side / 2]), float(side))
        for y in _starts(height, side)
        for x in _starts(width, side)
    ]


def _starts(length: float, side: float) -> np.ndarray:
    count = int(np.ceil((length - side) / (_STEP * side) - 1e-6)) + 1
    return np.linspace(0, length - side, max(count, 1))
