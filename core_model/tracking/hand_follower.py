"""Follow the two hands of one person from frame to frame.

Where a hand was seen in one frame, it is looked for in the next, as far on as the body's wrist has
come since; where it was lost, the body's landmarks say where to look. Who looks is somebody else's
business: a network in a picture, or a memory of what it saw there.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core_model.body.fingers import SIDES
from core_model.body.landmarks import LANDMARK_INDEX
from core_model.detection.hand_landmarker import Hand
from core_model.detection.hand_region import region_from_body, region_from_hand
from core_model.detection.region import Region

Look = Callable[[Region], Hand | None]
"""Tells what is in a region; None where its middle is outside the picture."""

_TAKEN, _KEPT = 0.7, 0.4  # presence from which on a hand is followed, and until which it is
_NOTHING = 0.1  # presence in a rough look from which on a closer one is worth it: 0.21 sometimes is
_SMALLEST = 50.0  # pixels of a region's side, which is twice a hand's length: less shows no fingers
_STRAYED = 0.45  # of a region's side between the wrist of the hand and that of the body
_SAME = 0.25  # of a region's side between the middles of two hands that are one
_SEARCH_EVERY = 0.1  # seconds between looks for a hand that is not in sight
_EARLY = 1e-3  # seconds by which a look may come sooner than it is due
_HIDDEN = 0.5  # visibility of the wrist up to which nobody looks for its hand
_WRISTS = [LANDMARK_INDEX[f"{side}_wrist"] for side in SIDES]

_LOOK_EVERY = {"fast": 1 / 16.5, "best": 1 / 31}
"""Seconds between looks, by quality: hands are not faster than video at 30 frames per second shows.
With half as many of them fingers differ from those of `best` by 1.3 to 2.3 degrees on average, not
by 0.5 to 1.5; the motion between two looks is a straight line."""


class Found(NamedTuple):
    """A hand, and where it will be looked for next.

    Parameters
    ----------
    hand : Hand
    region : Region
    """

    hand: Hand
    region: Region


class Search(NamedTuple):
    """What came of looking for one hand in a frame.

    Parameters
    ----------
    found : Found or None
    searched : float
        Seconds at which the body was last asked where the hand is.
    """

    found: Found | None
    searched: float


class HandFollower:
    """Finds and follows the two hands of one person, given the frames in their order.

    Parameters
    ----------
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    """

    def __init__(self, quality: str) -> None:
        self._every = _LOOK_EVERY[quality]
        self._next: list[Region | None] = [None, None]
        self._wrists = np.zeros((2, 3))  # of the body where hands were looked for last
        self._searched = [-np.inf, -np.inf]
        self._looked = -np.inf
        self._body: np.ndarray = np.empty((0, 3))

    def lose_sight(self) -> None:
        """Take in that the person is not seen in the next frame."""
        self._next = [None, None]

    def begin(self, body: np.ndarray, time: float) -> bool:
        """Take in the next frame, and tell whether it is time to look for hands in it.

        Parameters
        ----------
        body : (33, 3)
            Landmarks: pixels and visibility.
        time : float
            Seconds.
        """
        if time - self._looked < self._every - _EARLY:
            return False
        self._looked, self._body = time, body
        return True

    def search(self, side: int, look: Look) -> Search:
        """Look for the left (0) or right (1) hand in the frame that was begun; changes nothing."""
        expected, searched, time = self._expected(side), self._searched[side], self._looked
        kept = self._own(look, expected, _KEPT, side)
        if kept and kept.hand.presence >= _TAKEN:
            return Search(kept, searched)
        lost_now = expected is not None and not kept
        if not lost_now and time - searched < _SEARCH_EVERY - _EARLY:
            return Search(kept, searched)
        guess = region_from_body(self._body, side)
        if not _is_worth_a_look(self._body, side, guess):
            return Search(kept, searched)
        # The body's landmarks are rough, so the first look only tells where to look.
        rough = _seen(look, guess, _NOTHING)
        found = self._own(look, rough.region if rough else None, _TAKEN, side)
        # A hand cut off by its region is seen so again and again, doubtfully.
        return Search(found or kept, time)

    def take_in(self, left: Search, right: Search) -> tuple[Found | None, Found | None]:
        """Take in both searches of a frame, and return the left and the right hand."""
        found = [left.found, right.found]
        if left.found and right.found and _apart(left.found.region, right.found.region) < _SAME:
            strayed = [
                _strayed(hand, self._body, side)
                for side, hand in enumerate((left.found, right.found))
            ]
            found[int(np.argmax(strayed))] = None
        self._next = [hand.region if hand else None for hand in found]
        self._wrists = self._body[_WRISTS]
        self._searched = [left.searched, right.searched]
        return found[0], found[1]

    def _own(self, look: Look, region: Region | None, least: float, side: int) -> Found | None:
        """Return the hand in a region; None where it is at another wrist than its own."""
        found = _seen(look, region, least) if region else None
        return found if found and _strayed(found, self._body, side) < _STRAYED else None

    def _expected(self, side: int) -> Region | None:
        """Return where a hand should be by where it was; None where it was not seen."""
        region, before, now = self._next[side], self._wrists[side], self._body[_WRISTS[side]]
        if region is None or min(before[2], now[2]) <= _HIDDEN:
            return region
        return Region(region.center + now[:2] - before[:2], region.size, region.angle)


def may_show_hands(landmarks: np.ndarray) -> bool:
    """Return whether a hand of a body, landmarks (33, 3), may be large enough to be seen."""
    return max(region_from_body(landmarks, side).size for side in range(2)) >= _SMALLEST


def hands_to_look_at(landmarks: np.ndarray) -> int:
    """Return how many hands of a body, landmarks (33, 3), are large and visible enough."""
    return sum(
        _is_worth_a_look(landmarks, side, region_from_body(landmarks, side)) for side in (0, 1)
    )


def share_looked_at(rate: float, quality: str) -> float:
    """Return the share of a clip's frames in which anyone looks for hands, by frames per second."""
    return 1 / max(1, math.ceil((_LOOK_EVERY[quality] - _EARLY) * rate - 1e-6))


def _is_worth_a_look(landmarks: np.ndarray, side: int, region: Region) -> bool:
    return bool(landmarks[_WRISTS[side], 2] > _HIDDEN and region.size >= _SMALLEST)


def _seen(look: Look, region: Region, least: float) -> Found | None:
    hand = look(region) if region.size >= _SMALLEST else None
    if hand is None or hand.presence < least:
        return None
    return Found(hand, region_from_hand(hand.landmarks))


def _strayed(found: Found, body: np.ndarray, side: int) -> float:
    """Return how far the wrist of a hand is from the body's, in sides of its region."""
    apart = np.linalg.norm(found.hand.landmarks[0] - body[_WRISTS[side], :2])
    return float(apart / max(found.region.size, 1.0))


def _apart(region: Region, other: Region) -> float:
    """Return the distance of two regions in sides of the larger one."""
    return float(np.linalg.norm(region.center - other.center) / max(region.size, other.size))
