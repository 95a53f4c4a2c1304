"""Straight edges in some pictures of a clip: floors, walls and furniture tell how it was filmed."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from core_model.video.bars import Part, part_shown, scaled
from core_model.video.clip import Frame

_SIDE = 960  # pixels of the longer side of the pictures that are looked at
_SHORTEST = 0.03  # of the longer side
_MOST = 150  # of one picture, the longest ones
_OFTEN, _UNTIL = 0.5, 4.0  # seconds between looks at first, and how long
_EACH = 4  # looks in every time as long as all before, from then on
_SLACK = 1e-6
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
    shown : tuple of float, optional
        Left, top, right and bottom of what the picture shows between bars, pixels of the clip; not
        given where nobody looked for them.
    """

    time: float
    ends: np.ndarray
    shown: Part | None = None


class LineSegments:
    """Looks at pictures in their order, a few of them, spread over all, in a thread of its own.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    until : float
        Seconds of the last picture that was looked at before.
    """

    def __init__(self, width: int, height: int, until: float = -np.inf) -> None:
        self._looks: list[Future[LineLook]] = []
        self._beside = ThreadPoolExecutor(1, "edges")
        self._scale = min(1.0, _SIDE / max(width, height))
        self._shape = round(width * self._scale), round(height * self._scale)
        self._began = 0.0  # seconds, of the shot
        self._due = _looks_until(until)
        self._detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)

    def update(self, frame: Frame, boxes: Sequence[np.ndarray], anew: bool = False) -> None:
        """Look at the next picture, if it is time to.

        Parameters
        ----------
        frame : Frame
        boxes : sequence of (4,)
            Left, top, width, height of the people in it, pixels.
        anew : bool
            Whether this may be the first frame of a shot: then it is looked at as often as a clip
            is that begins.
        """
        if anew:
            self._began = frame.time
            self._due = 0
        due = _looks_until(frame.time - self._began)
        if due <= self._due:
            return
        self._due = due
        small = cv2.resize(frame.image, self._shape, interpolation=cv2.INTER_AREA)
        picture = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        self._looks.append(self._beside.submit(self._look, frame.time, picture, list(boxes)))

    def take_out(self) -> list[LineLook]:
        """Return the looks since this was asked last, once they are done, and forget them."""
        looks, self._looks = self._looks, []
        return [each.result() for each in looks]

    def _look(self, time: float, picture: np.ndarray, boxes: Sequence[np.ndarray]) -> LineLook:
        found = self._detector.detect(picture)[0]
        ends = np.empty((0, 2, 2)) if found is None else found.reshape(-1, 2, 2).astype(float)
        shown = scaled(part_shown(picture), 1 / self._scale)
        return LineLook(time, self._telling((ends + 0.5) / self._scale, boxes, shown), shown)

    def _telling(self, ends: np.ndarray, boxes: Sequence[np.ndarray], shown: Part) -> np.ndarray:
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
            begin, end = shown[axis], shown[axis + 2]
            inside = np.minimum(ends[..., axis] - begin, end - ends[..., axis])
            own &= inside.max(axis=1) > _BORDER * side  # one that ends there counts
            own &= inside.min(axis=1) > -_BORDER * side
            across, along_it = (
                np.abs(ends[:, 1, each] - ends[:, 0, each]) for each in (axis, 1 - axis)
            )
            reach, slope = _BAR
            own &= (along_it < reach * size[1 - axis]) | (across > slope * along_it)
        return ends[own][:_MOST]


def _looks_until(time: float) -> int:
    """Return how many looks there are from the beginning of a clip to some seconds into it."""
    if time < 0:
        return 0
    if time < _UNTIL:
        return 1 + int(time / _OFTEN + _SLACK)
    doubled = int(np.log2(time / _UNTIL))
    passed = time / (_UNTIL * 2**doubled) - 1
    return 1 + int(_UNTIL / _OFTEN) + _EACH * doubled + int(_EACH * passed + _SLACK)
