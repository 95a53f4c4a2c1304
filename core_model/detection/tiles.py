"""Where the detector looks for new people, and how often.

The detector sees 224 pixels, too few for a small person in a large picture. So it also looks at
overlapping squares, in turns, because looking at all of them in every frame would take too long;
first where much changed, for there somebody may have come in. The more people are followed, the
less a look adds to what they take; and where they are small, so is whoever comes next.
"""

from collections.abc import Callable, Sequence

import numpy as np

from core_model.detection.detector import whole_picture
from core_model.detection.region import Region

_STEP = 0.6  # of a tile's side between neighbours: nobody up to 0.4 sides wide is always cut
LOOKS_PER_SECOND = 9.0
LOOKS_FOR_EACH = 0.2  # more in every frame, for everybody who is followed but the first
_FINE_EVERY = 4  # one look in so many goes to the fine tiles
_COARSE_EVERY = 3  # one look in so many goes to the others where people are small
_SMALL = 0.25  # of the picture's shorter side: whose region is smaller is seldom found in all of it
_ENOUGH = 0.02  # of a square: somebody half as tall as it covers four times that
_PATIENCE = 2.0  # rounds after which a square is looked at though more changed elsewhere
_MAX_SHAPE = 1.2  # a picture that is nearly square needs no coarse tiles


class Scanner:
    """Tells for every frame which squares are to be searched for new people."""

    def __init__(self, width: int, height: int) -> None:
        short, long = min(width, height), max(width, height)
        self._coarse = [whole_picture(width, height)]
        if long > _MAX_SHAPE * short:
            self._coarse += _tiles(width, height, short)
        self._fine = _tiles(width, height, short / 2)
        self._coarse_turns, self._fine_turns = _Turns(self._coarse), _Turns(self._fine)
        self._last_look = -np.inf
        self._looks = 0
        self._owed = 0.0
        self._small = _SMALL * short

    def squares(
        self, time: float, followed: Sequence[float], changed: Callable[[Region], float]
    ) -> list[Region]:
        """Return the squares to search at `time` (seconds), often none.

        Parameters
        ----------
        time : float
            Seconds.
        followed : sequence of float
            Sides of the regions of those who are followed, pixels. While nobody is there is time to
            look in every frame.
        changed : callable
            Returns how much of a square changed since it was searched, 0 to 1.
        """
        if self._looks == 0:
            self._looks = 1
            self._last_look = time
            return self._coarse + self._fine
        if not followed:
            return [self._coarse_turns.next(changed), self._fine_turns.next(changed)]
        self._owed += LOOKS_FOR_EACH * (len(followed) - 1)
        count = int(self._owed)
        self._owed -= count
        if time - self._last_look >= 1 / LOOKS_PER_SECOND - 1e-6:
            self._last_look = time
            count += 1
        return [self._look(min(followed) < self._small, changed) for _ in range(count)]

    def _look(self, small: bool, changed: Callable[[Region], float]) -> Region:
        self._looks += 1
        fine = self._looks % _COARSE_EVERY != 0 if small else self._looks % _FINE_EVERY == 0
        return (self._fine_turns if fine else self._coarse_turns).next(changed)


class _Turns:
    """Squares of which that is next in which much changed, or which waits for long.

    Parameters
    ----------
    squares : sequence of Region
    """

    def __init__(self, squares: Sequence[Region]) -> None:
        self._squares = squares
        self._waiting = np.arange(len(squares), 0, -1.0)

    def next(self, changed: Callable[[Region], float]) -> Region:
        """Return the next one; `changed` is that of `Scanner.squares`."""
        shares = np.array([min(changed(square) / _ENOUGH, 1.0) for square in self._squares])
        chosen = int((shares + self._waiting / (_PATIENCE * len(self._squares))).argmax())
        self._waiting += 1
        self._waiting[chosen] = 1
        return self._squares[chosen]


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
