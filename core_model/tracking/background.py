"""What lies behind the people, followed through a clip to tell how the camera moves.

Corners are found in key pictures and looked for in those that come after, always against the key
picture, so that nothing adds up while the same things are in sight. A background that keeps still
is looked at seldom.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from core_model.tracking.line_segments import LineSegments
from core_model.video.clip import Frame

_SIDE = 480  # pixels of the longer side of the pictures that are compared
_CORNERS = 120
_FEWEST = 12  # corners that are needed to tell anything
_FEWEST_RESTING, _RESTING_SHARE = 8, 0.4  # corners, and their share of those that move alike
_WINDOW = (17, 17)
_LEVELS = 3
_OFTEN, _SELDOM = 1 / 15, 0.25  # seconds between matches while the camera moves and while it rests
_RESTED = 1.0  # seconds without motion until they become rare
_STILL = 1.0  # pixels of `_SIDE` by which a corner of a still picture may seem to move
_OFF = 1.5  # pixels of `_SIDE` by which a corner may miss a plane's motion
_KEPT = 60  # corners that are kept of every look
_IN_COMMON = 0.5  # of its corners: a key picture that shares less with now is replaced
_MARGIN = 0.15  # around people, of their boxes


@dataclass(frozen=True)
class BackgroundMatch:
    """How one picture lies against its key picture.

    Parameters
    ----------
    time : float
        Seconds.
    key : int
        Index of the look whose picture is the key; its own where it is a key picture itself.
    before, after : (N, 2) or None
        Pixels of the clip of the same things in the key picture and in this one; both None where
        nothing moved between them, empty where nobody knows what happened.
    corners : int
        How many of the key picture's corners were seen, whether or not they moved alike.
    agreed : int
        How many of these moved as one plane does, or as all do where the camera only turns or
        zooms; 0 where nothing moved.
    """

    time: float
    key: int
    before: np.ndarray | None
    after: np.ndarray | None
    corners: int = 0
    agreed: int = 0

    @property
    def moved(self) -> bool:
        """Whether something moved, and it is known how."""
        return self.before is not None and len(self.before) > 0

    @property
    def lost(self) -> bool:
        """Whether nobody knows what happened."""
        return self.before is not None and len(self.before) == 0


def matches_of_shot(
    matches: Sequence[BackgroundMatch], begin: float, last: float
) -> list[BackgroundMatch]:
    """Return the matches of a shot as if it were a clip.

    Parameters
    ----------
    matches : sequence of BackgroundMatch
        Of a clip, from its first look on.
    begin, last : float
        Seconds of the first frame of the shot, and of the last.
    """
    own = [index for index, match in enumerate(matches) if begin <= match.time <= last]
    if not own:
        return []
    first = own[0]
    others = [replace(matches[index], key=matches[index].key - first) for index in own[1:]]
    return [replace(matches[first], key=0, before=None, after=None), *others]


class Background:
    """Looks at pictures in their order, some of them, one at a time in a thread of its own.

    It remembers corners, no pictures but two.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    known : int
        Looks at earlier pictures whose matches somebody has.
    until : float
        Seconds of the last of these; the camera is taken to be as it was then.
    edges_until : float
        Seconds of the last picture in which somebody has the edges.

    Attributes
    ----------
    edges : LineSegments
        Straight edges in a few of the pictures.
    """

    def __init__(
        self,
        width: int,
        height: int,
        known: int = 0,
        until: float = -np.inf,
        edges_until: float = -np.inf,
    ) -> None:
        self._matches: list[BackgroundMatch] = []
        self._beside = ThreadPoolExecutor(1, "background")
        self._look: Future[None] | None = None  # that is under way
        self.edges = LineSegments(edges_until)
        self._looks = known  # so far, also of matches that were taken out
        self._looked = until  # seconds, when last
        self._scale = min(1.0, _SIDE / max(width, height))
        self._size = (round(width * self._scale), round(height * self._scale))
        self._key = 0
        self._key_picture: np.ndarray = np.empty((0, 0), np.uint8)
        self._last = self._key_picture, self._key_picture  # picture and mask of the last look
        self._corners: np.ndarray = np.empty((0, 2), np.float32)
        self._places: np.ndarray = np.empty(
            (0, 2), np.float32
        )  # of the corners when they were last seen
        self._moved = -np.inf  # when something moved last

    def update(self, frame: Frame, boxes: Sequence[np.ndarray], anew: bool = False) -> None:
        """Begin to look at the next picture, if it is time to; the last look is over then.

        Parameters
        ----------
        frame : Frame
        boxes : sequence of (4,)
            Left, top, width, height of the people in it, pixels.
        anew : bool
            Whether this may be the first frame of a shot: then it is looked at in any case, and is
            a key picture.
        """
        self.edges.update(frame, boxes, anew)
        self._finish_look()
        if not anew and (self._key_picture.size or frame.time <= self._looked):
            rests = frame.time - self._moved > _RESTED
            if frame.time - self._looked < (_SELDOM if rests else _OFTEN) - 1e-3:
                return
        self._look = self._beside.submit(self._look_at, frame, list(boxes), anew)

    @property
    def looks(self) -> int:
        """How many pictures were looked at so far."""
        return self._looks

    def take_out(self) -> list[BackgroundMatch]:
        """Return the matches since this was asked last, and forget them; keys go on counting."""
        self._finish_look()
        matches, self._matches = self._matches, []
        return matches

    def _finish_look(self) -> None:
        """Wait for the look that is under way; what went wrong in it goes wrong here."""
        look, self._look = self._look, None
        if look:
            look.result()

    def _look_at(self, frame: Frame, boxes: Sequence[np.ndarray], anew: bool) -> None:
        small = cv2.resize(frame.image, self._size, interpolation=cv2.INTER_AREA)
        picture = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
        people = self._people(boxes)
        if not self._key_picture.size:
            self._moved = frame.time
            self._note(BackgroundMatch(frame.time, max(self._looks - 1, 0), None, None))
            self._last = picture, people
            self._new_key(picture, people)
            return
        match, places, seen = self._compare(picture, people, frame.time)
        if match.lost and self._key < self._looks - 1:
            # What has changed too much since the key picture may not have since the last one.
            self._new_key(*self._last)
            match, places, seen = self._compare(picture, people, frame.time)
        if match.before is not None:
            self._moved = frame.time
        self._note(match)
        self._places, self._last = places, (picture, people)
        if anew or match.lost or seen < _IN_COMMON * len(self._corners):
            self._new_key(picture, people)

    def _note(self, match: BackgroundMatch) -> None:
        self._matches.append(match)
        self._looks, self._looked = self._looks + 1, match.time

    def _new_key(self, picture: np.ndarray, people: np.ndarray) -> None:
        corners = cv2.goodFeaturesToTrack(
            picture, _CORNERS, 0.01, 0.025 * max(self._size), mask=255 * (people == 0).astype("u1")
        )
        self._key, self._key_picture = self._looks - 1, picture
        self._corners = np.empty((0, 2), np.float32) if corners is None else corners[:, 0]
        self._places = self._corners

    def _compare(
        self, picture: np.ndarray, people: np.ndarray, time: float
    ) -> tuple[BackgroundMatch, np.ndarray, int]:
        """Look for the key picture's corners; return the match, where they are, and how many."""
        nothing = np.empty((0, 2))
        unknown = BackgroundMatch(time, self._key, nothing, nothing)
        if len(self._corners) < _FEWEST:
            return unknown, self._places, 0
        found, status, _ = cv2.calcOpticalFlowPyrLK(
            self._key_picture,
            picture,
            self._corners[:, None],
            self._places[:, None].copy(),
            winSize=_WINDOW,
            maxLevel=_LEVELS,
            flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
        )
        places = found[:, 0]
        column, row = np.rint(places).astype(int).T
        inside = (column >= 0) & (column < self._size[0]) & (row >= 0) & (row < self._size[1])
        seen = (status[:, 0] > 0) & inside
        seen[seen] = people[row[seen], column[seen]] == 0
        if seen.sum() < _FEWEST:
            return unknown, self._corners, 0
        before, after = self._corners[seen], places[seen]
        rested = np.linalg.norm(after - before, axis=1) < _STILL
        plane, agreed = cv2.findHomography(before, after, cv2.USAC_MAGSAC, _OFF)
        inliers = np.zeros(len(before), bool) if plane is None else agreed[:, 0] > 0
        # People whom nobody found, leaves and water move before a camera that does not.
        if rested.sum() >= max(_FEWEST_RESTING, _RESTING_SHARE * inliers.sum()):
            return BackgroundMatch(time, self._key, None, None, len(before)), places, len(before)
        if inliers.sum() < max(_FEWEST, 0.5 * len(before)):
            return BackgroundMatch(time, self._key, nothing, nothing, len(before)), self._corners, 0
        everywhere = cv2.perspectiveTransform(self._corners[:, None], plane)[:, 0]
        step = max(1, int(inliers.sum()) // _KEPT)
        match = BackgroundMatch(
            time,
            self._key,
            (before[inliers][::step] + 0.5) / self._scale,
            (after[inliers][::step] + 0.5) / self._scale,
            len(before),
            int(inliers.sum()),
        )
        return match, everywhere.astype(np.float32), int(inliers.sum())

    def _people(self, boxes: Sequence[np.ndarray]) -> np.ndarray:
        """Return a mask (h, w) uint8 that is not zero where people are."""
        mask = np.zeros(self._size[::-1], np.uint8)
        for left, top, width, height in boxes:
            out = _MARGIN * max(width, height)
            low = np.floor(self._scale * np.array([left - out, top - out])).astype(int)
            high = np.ceil(self._scale * np.array([left + width + out, top + height + out]))
            cv2.rectangle(mask, low.tolist(), high.astype(int).tolist(), 1, -1)
        return mask
