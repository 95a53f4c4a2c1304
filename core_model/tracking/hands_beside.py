"""Look at hands while the next frames are still searched for people.

A thread follows the hands of whoever is followed, some frames behind. Left and right are taken as
the body's landmarks call them; what was seen stays in `HandLooks`, from which `track_hands` finds
the hands once it is known who everybody was and which side is which.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from core_model.detection.hand_landmarker import Hand, HandLandmarker, HandLandmarkers
from core_model.detection.litert import on_all_threads
from core_model.detection.qualities import BEST
from core_model.detection.region import Region
from core_model.engine.side_by_side import cores
from core_model.tracking.hand_follower import HandFollower, Search
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.tracks import Observation
from core_model.video.clip import Frame

_MOST_WAITING, _MOST_BYTES = 8, 64 * 2**20
"""Frames that may wait at most, and what their pictures may take in memory."""


class _Task(NamedTuple):
    """Hands of some people to be looked at in a frame."""

    hands: "HandsOfPart"
    number: int
    frame: Frame
    people: Sequence[Observation]


class HandsOfPart:
    """The hands of those who are followed by one tracker, from its first frame on.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    most : int or None
        Of so many people, those who were seen largest and longest so far; None for everybody.
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    """

    def __init__(self, width: int, height: int, most: int | None, quality: str) -> None:
        self.looks = HandLooks(width, height)
        self._most, self._quality = most, quality
        self._seen: dict[int, float] = {}
        self._followers: dict[int, HandFollower] = {}

    def wanted(self, people: Sequence[Observation]) -> list[Observation]:
        """Return whose hands are worth a look of those who were seen in the next frame."""
        for each in people:
            area = float(np.prod(each.bbox[2:]))
            self._seen[each.person] = self._seen.get(each.person, 0.0) + area
        return sorted(people, key=lambda each: -self._seen[each.person])[: self._most]

    def look(
        self,
        number: int,
        frame: Frame,
        people: Sequence[Observation],
        ask: HandLandmarkers,
        at_once: Callable[[], int],
    ) -> None:
        """Look for the hands of people in a frame, so many at once, and write down what is seen."""
        now = {each.person: each for each in people}
        for person in [each for each in self._followers if each not in now]:
            # Whoever comes back begins as after any frame without a sight.
            self._followers[person].lose_sight()
        looking = []
        for person, each in now.items():
            follower = self._followers.setdefault(person, HandFollower(self._quality))
            if follower.begin(each.landmarks, frame.time):
                looking.append(follower)
        notes: list[tuple[Region, Hand]] = []
        searches = [
            partial(self._search, follower, side, frame.image, notes)
            for follower in looking
            for side in range(2)
        ]
        found = iter(ask.each(searches, at_once))
        for follower in looking:
            follower.take_in(next(found), next(found))
        for region, hand in notes:
            self.looks.add(number, region, hand)

    def _search(
        self,
        follower: HandFollower,
        side: int,
        image: np.ndarray,
        notes: list[tuple[Region, Hand]],
        landmarker: HandLandmarker,
    ) -> Search:
        def look(region: Region) -> Hand | None:
            if not self.looks.shows(region):
                return None
            hand = landmarker.find(image, region)
            notes.append((region, hand))
            return hand

        return follower.search(side, look)


class HandsBeside:
    """The thread that looks at hands, until the end of a `with` block.

    It begins when some frames wait and does all of these; between, the networks that look for
    people have the processor to themselves.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    most : int or None
        Of so many people; None for everybody.
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    """

    def __init__(self, width: int, height: int, most: int | None, quality: str = BEST) -> None:
        self._size, self._most, self._quality = (width, height), most, quality
        self._limit = int(np.clip(_MOST_BYTES // (3 * width * height), 2, _MOST_WAITING))
        self._waiting: deque[_Task] = deque()
        self._changed = threading.Condition()
        self._busy = self._ended = False
        self._awaited = False  # by who follows people, who has nothing else to do
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="hands", daemon=True)
        self._thread.start()

    def __enter__(self) -> "HandsBeside":
        return self

    def __exit__(self, *reason: object) -> None:
        with self._changed:
            self._ended = True
            self._waiting.clear()
            self._changed.notify_all()
        self._thread.join()

    def of_part(self) -> HandsOfPart:
        """Return the hands of those whom a new tracker follows."""
        return HandsOfPart(*self._size, self._most, self._quality)

    def threads(self) -> int:
        """Return on how many threads a network that looks for people is to run now."""
        return 1 if self._busy else on_all_threads()

    def see(
        self, hands: HandsOfPart, number: int, frame: Frame, people: Sequence[Observation]
    ) -> None:
        """Have the hands of whoever was seen in a frame looked at; waits while too many wait.

        What went wrong with an earlier frame goes wrong here.
        """
        with self._changed:
            self._awaited = len(self._waiting) >= self._limit
            self._changed.wait_for(lambda: len(self._waiting) < self._limit or self._error)
            self._awaited = False
            self._raise()
            self._waiting.append(_Task(hands, number, frame, hands.wanted(people)))
            self._changed.notify_all()

    def finish(self) -> None:
        """Wait until all hands are looked at; what went wrong goes wrong here."""
        with self._changed:
            self._awaited = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._error or not (self._waiting or self._busy))
            self._awaited = False
            self._raise()

    def _raise(self) -> None:
        if self._error:
            raise self._error

    def _work(self) -> None:
        try:
            with HandLandmarkers(cores()) as landmarkers:
                while task := self._next():
                    task.hands.look(
                        task.number, task.frame, task.people, landmarkers, self._at_once
                    )
        except BaseException as error:  # raised again by the one who waits
            with self._changed:
                self._error, self._busy = error, False
                self._changed.notify_all()

    def _at_once(self) -> int:
        """Return how many hands to look at at once: a core is left to who follows people."""
        return cores() if self._awaited else max(cores() - 1, 1)

    def _next(self) -> _Task | None:
        """Wait for the next frame; None at the end."""
        with self._changed:
            if not self._waiting:
                self._busy = False
                self._changed.notify_all()
                enough = (self._limit + 1) // 2
                self._changed.wait_for(
                    lambda: (
                        self._ended
                        or len(self._waiting) >= enough
                        or (self._awaited and self._waiting)
                    )
                )
            if self._ended:
                return None
            self._busy = True
            task = self._waiting.popleft()
            self._changed.notify_all()
            return task
