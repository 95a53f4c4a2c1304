"""Where a clip was cut: pictures from which on another camera, or another moment, is shown.

A cut is one step between two pictures that are alike in nothing, amid steps that change little. A
flash is none: what was seen before it is seen again. Neither is a quick pan, whose every step
changes much.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

_WIDTH, _HEIGHT = 32, 18  # cells of what is compared
_FINER = 8  # pixels of each cell that count, along its side
_BLANK = 1.0  # grey levels, standard deviation: a picture that shows nothing
_SMOOTH = 3.0  # cells, over which light and shadow are taken away
_APART = 0.4
"""How little two pictures must have in common: 1 minus the correlation of what is left. In 91 clips
999 steps of 1000 over two pictures are below 0.3, the largest is 0.39; pictures of different
cameras of one scene are 0.5 apart and more, 99 in 100 pairs of different clips 0.43."""

_STANDS_OUT = 3.0  # times what the steps before and after it are
_STEPS = 3  # that are looked at on either side
_BLENDED = 2  # pictures: one between may show both shots
_RETURNS = 0.15  # what a flash hid is as near to what was seen before
_NAMED = 6  # cuts that are named in a sentence
_SHORTEST = _STEPS + _BLENDED + 1  # pictures of a shot


@dataclass(frozen=True)
class _Look:
    time: float
    view: np.ndarray
    step: float  # from the picture two before


class Cuts:
    """Compares the pictures of a clip, given one at a time, in their order; remembers few of them.

    Attributes
    ----------
    found : list of float
        Seconds of the first picture of every shot but the first, as far as it is known.
    """

    def __init__(self) -> None:
        self.found: list[float] = []
        self._looks: deque[_Look] = deque(maxlen=_SHORTEST + _BLENDED)  # that show something
        self._since = -1  # such pictures after the first of this shot
        self._decided = True

    def see(self, time: float, image: np.ndarray) -> bool:
        """Look at the next picture; tell whether it may be the first of another shot.

        Only the pictures after it tell whether it is.

        Parameters
        ----------
        time : float
            Seconds.
        image : (H, W, 3) uint8
        """
        view = _view(image)
        if view is None:
            return False
        before = self._looks[-_BLENDED].view if len(self._looks) >= _BLENDED else view
        self._looks.append(_Look(time, view, _apart(before, view)))
        self._since += 1
        looks = list(self._looks)
        if self._since < _SHORTEST:
            if self._since == _SHORTEST - 1 and not self._decided:
                self._decide(looks)
            return False
        steady = looks[-_BLENDED - _STEPS : -_BLENDED]
        if not _stands_out(looks[-1].step, [each.step for each in steady]):
            return False
        self._since, self._decided = 0, False
        return True

    def _decide(self, looks: Sequence[_Look]) -> None:
        """Find whether a shot began where one may have begun, from enough pictures after it."""
        self._decided = True
        old, first = looks[0], looks[_BLENDED]
        after = [each.step for each in looks[-_STEPS:]]
        again = looks[_BLENDED + 1 : _BLENDED + 1 + _STEPS]
        returns = min(_apart(old.view, each.view) for each in again) <= _RETURNS
        if _stands_out(first.step, after) and not returns:
            self.found.append(first.time)


def _view(image: np.ndarray) -> np.ndarray | None:
    """Return the greys of a picture, coarsely, without light and contrast; None if blank."""
    height, width = image.shape[:2]
    down, across = max(height // (_FINER * _HEIGHT), 1), max(width // (_FINER * _WIDTH), 1)
    few = np.ascontiguousarray(image[::down, ::across])
    cells = cv2.resize(few, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA)
    greys = cells.mean(axis=2, dtype=np.float32)
    greys = (greys - cv2.GaussianBlur(greys, (0, 0), _SMOOTH)).ravel()
    length = float(np.linalg.norm(greys))
    return None if length < _BLANK * np.sqrt(len(greys)) else greys / length


def _apart(before: np.ndarray, after: np.ndarray) -> float:
    return 1.0 - float(before @ after)


def _stands_out(step: float, others: Sequence[float]) -> bool:
    return step > max(_APART, _STANDS_OUT * max(others, default=0.0))


def shot_of(times: np.ndarray, cuts: Sequence[float]) -> np.ndarray:
    """Return which shot of a clip, from 0, each moment is in, (N,).

    Parameters
    ----------
    times : (N,)
        Seconds.
    cuts : sequence of float
        Seconds of the first picture of every shot but the first.
    """
    return np.searchsorted(np.array(cuts, float), times, side="right")


def split_at(times: np.ndarray, cuts: Sequence[float]) -> list[np.ndarray]:
    """Return the moments (T,) of a clip, shot by shot; of some there may be none."""
    return np.split(times, np.searchsorted(times, np.array(cuts, float)))


def listed(cuts: Sequence[float]) -> str:
    """Return the moments of cuts, seconds, as they are named in a sentence."""
    named = [f"{moment:.2f}" for moment in cuts[:_NAMED]]
    more = [f"{len(cuts) - _NAMED} more"] if len(cuts) > _NAMED else []
    *before, last = [*named, *more]
    return f"{', '.join(before)} and {last}" if before else last
