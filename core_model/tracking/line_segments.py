"""Straight edges in some pictures of a clip: floors, walls and furniture tell how it was filmed."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from core_model.video.bars import Part, part_shown
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
    until : float
        Seconds of the last picture that was looked at before.
    """

    def __init__(self, until: float = -np.inf) -> None:
        self._looks: list[Future[LineLook]] = []
        self._beside = ThreadPoolExecutor(1, "edges")
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
        self._looks.append(self._beside.submit(self._look, *_seen_in(frame), list(boxes)))

    def take_out(self) -> list[LineLook]:
        """Return the looks since this was asked last, once they are done, and forget them."""
        looks, self._looks = self._looks, []
        return [each.result() for each in looks]

    def _look(
        self, time: float, picture: np.ndarray, scale: float, shown: Part, boxes: list[np.ndarray]
    ) -> LineLook:
        found = self._detector.detect(picture)[0]
        ends = np.empty((0, 2, 2)) if found is None else found.reshape(-1, 2, 2).astype(float)
        ends = (ends + 0.5) / scale + shown[:2]
        return LineLook(time, self._telling(ends, boxes, shown), shown)

    def _telling(self, ends: np.ndarray, boxes: Sequence[np.ndarray], shown: Part) -> np.ndarray:
        """Leave out what is short, of a person or of the picture itself."""
        size = np.subtract(shown[2:], shown[:2])
        side = size.max()
        along = ends[:, 1] - ends[:, 0]
        length = np.linalg.norm(along, axis=1)
        longest = np.argsort(-length)
        ends = ends[longest[length[longest] >= _SHORTEST * side]]
        share = np.linspace(0, 1, _POINTS)[:, None]
        points = ends[:, None, 0] + share * (ends[:, None, 1] - ends[:, None, 0])
        on_people = np.zeros(points.shape[:2], bool)
        for left, top, width, height in boxes:
            low = np.maximum([left, top], shown[:2])
            high = np.minimum([left + width, top + height], shown[2:])
            out = _MARGIN * (high - low).max()
            low, high = low - out, high + out
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


def _seen_in(frame: Frame) -> tuple[float, np.ndarray, float, Part]:
    """Return the time of a frame, the greys of what it shows, their scale, and which part it is."""
    grey, scale = _small_grey(frame.image)
    whole = 0.0, 0.0, float(grey.shape[1]), float(grey.shape[0])
    part = part_shown(grey)
    if part == whole:
        height, width = frame.image.shape[:2]
        return frame.time, grey, scale, (0.0, 0.0, float(width), float(height))
    left, top, right, bottom = (round(side / scale) for side in part)
    grey, finer = _small_grey(frame.image[top:bottom, left:right])
    return frame.time, grey, finer, (float(left), float(top), float(right), float(bottom))


def _small_grey(image: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the greys of a picture, no larger than lines are looked for, and their scale."""
    height, width = image.shape[:2]
    scale = min(1.0, _SIDE / max(width, height))
    shape = round(width * scale), round(height * scale)
    small = cv2.resize(image, shape, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), scale


def _looks_until(time: float) -> int:
    """Return how many looks there are from the beginning of a clip to some seconds into it."""
    if time < 0:
        return 0
    if time < _UNTIL:
        return 1 + int(time / _OFTEN + _SLACK)
    doubled = int(np.log2(time / _UNTIL))
    passed = time / (_UNTIL * 2**doubled) - 1
    return 1 + int(_UNTIL / _OFTEN) + _EACH * doubled + int(_EACH * passed + _SLACK)
