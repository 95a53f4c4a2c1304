"""Straight edges in some pictures of a clip: floors, walls and furniture tell how it was filmed."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core_model.video.clip import Frame

_SIDE = 960  # pixels of the longer side of the pictures that are looked at
_SHORTEST = 0.03  # of the longer side
_MOST = 150  # of one picture, the longest ones
_MOST_LOOKS = 8  # twice as many, and every second is forgotten
_FIRST_PAUSE = 0.5  # seconds
_MARGIN = 0.05  # around people, of their boxes
_POINTS = 9  # of an edge, of which few may be on people
_ON_PEOPLE = 0.15
_BORDER = 0.01  # of the longer side: an edge that close is the picture's own
_BAR = 0.8, 0.002  # of the picture's side, and its slope: the edge of a black bar


@dataclass(frozen=True)
class LineLook:
    """Straight edges in one picture.

    Parameters
    ----------
    time : float
        Seconds.
    ends : (N, 2, 2)
        Where each begins and ends, pixels of the clip.
    """

    time: float
    ends: np.ndarray


class LineSegments:
    """Looks at pictures in their order, a few of them, spread over all.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._looks: list[LineLook] = []
        self._scale = min(1.0, _SIDE / max(width, height))
        self._shape = round(width * self._scale), round(height * self._scale)
        self._pause, self._looked = _FIRST_PAUSE, -np.inf
        self._detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)

    def update(self, frame: Frame, boxes: Sequence[np.ndarray]) -> None:
        """Look at the next picture, if it is time to.

        Parameters
        ----------
        frame : Frame
        boxes : sequence of (4,)
            Left, top, width, height of the people in it, pixels.
        """
        if frame.time - self._looked < self._pause:
            return
        self._looked = frame.time
        small = cv2.resize(frame.image, self._shape, interpolation=cv2.INTER_AREA)
        found = self._detector.detect(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))[0]
        ends = np.empty((0, 2, 2)) if found is None else found.reshape(-1, 2, 2).astype(float)
        self._looks.append(LineLook(frame.time, self._telling((ends + 0.5) / self._scale, boxes)))
        if len(self._looks) >= 2 * _MOST_LOOKS:
            self._looks, self._pause = self._looks[::2], 2 * self._pause

    def take_out(self) -> list[LineLook]:
        """Return the looks since this was asked last, and forget them."""
        looks, self._looks = self._looks, []
        return looks

    def _telling(self, ends: np.ndarray, boxes: Sequence[np.ndarray]) -> np.ndarray:
        """Leave out what is short, of a person or of the picture itself."""
        size = np.array(self._shape) / self._scale
        side = size.max()
        along = ends[:, 1] - ends[:, 0]
        length = np.linalg.norm(along, axis=1)
        longest = np.argsort(-length)
        ends = ends[longest[length[longest] >= _SHORTEST * side]]
        share = np.linspace(0, 1, _POINTS)[:, None]
        points = ends[:, None, 0] + share * (ends[:, None, 1] - ends[:, None, 0])
        on_people = np.zeros(points.shape[:2], bool)
        for left, top, width, height in boxes:
            out = _MARGIN * max(width, height)
            low = np.array([left - out, top - out])
            high = np.array([left + width + out, top + height + out])
            on_people |= ((points >= low) & (points <= high)).all(axis=2)
        own = on_people.mean(axis=1) <= _ON_PEOPLE
        for axis in (0, 1):
            far = np.minimum(ends[..., axis], size[axis] - ends[..., axis]).max(axis=1)
            own &= far > _BORDER * side
            across, along_it = (
                np.abs(ends[:, 1, each] - ends[:, 0, each]) for each in (axis, 1 - axis)
            )
            reach, slope = _BAR
            own &= (along_it < reach * size[1 - axis]) | (across > slope * along_it)
        return ends[own][:_MOST]
