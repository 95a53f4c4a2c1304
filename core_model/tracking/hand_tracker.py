"""Follow the hands of people through a clip.

Where a hand was seen in one frame, it is looked for in the next; where it was lost, the body's
landmarks say where to look.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core_model.body.fingers import SIDES
from core_model.body.landmarks import LANDMARK_INDEX
from core_model.detection.hand_landmarker import (
    HAND_LANDMARK_COUNT,
    Hand,
    HandLandmarker,
    HandLandmarkers,
)
from core_model.detection.hand_region import region_from_body, region_from_hand
from core_model.detection.region import Region
from core_model.tracking.tracks import Track
from core_model.video.clip import Frame
from core_model.video.prefetch import prefetched

_TAKEN, _KEPT = 0.7, 0.4  # presence from which on a hand is followed, and until which it is
_SMALLEST = 50.0  # pixels of a region's side, which is twice a hand's length: less shows no fingers
_STRAYED = 0.45  # of a region's side between the wrist of the hand and that of the body
_SAME = 0.25  # of a region's side between the middles of two hands that are one
_SEARCH_EVERY = 0.1  # seconds between looks for a hand that is not in sight
_HIDDEN = 0.5  # visibility of the wrist up to which nobody looks for its hand
_LOOK_EVERY = 1 / 31  # seconds between looks: hands are not faster than video at 30 fps shows
_BRIDGED = 0.12  # seconds between looks over which a hand moves in a straight line
_WRISTS = [LANDMARK_INDEX[f"{side}_wrist"] for side in SIDES]
_Found = tuple[Hand, Region]


@dataclass(frozen=True)
class HandObservations:
    """The hands of one person as the network saw them; sides are left, then right.

    Parameters
    ----------
    landmarks : (T, 2, 21, 2)
        Pixels; zeros where not seen, as everything here.
    world : (T, 2, 21, 3)
        Metres, in the picture's axes: x right, y down, z away.
    presence : (T, 2)
        0 to 1; 0 where the hand was not seen.
    size : (T, 2)
        Side of the region in pixels, about twice the length of a hand.
    """

    landmarks: np.ndarray
    world: np.ndarray
    presence: np.ndarray
    size: np.ndarray


def track_hands(
    tracks: Sequence[Track],
    frames: Iterable[Frame],
    times: np.ndarray,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[HandObservations]:
    """Find the hands of everybody in one pass over the clip; none if all are too small.

    Parameters
    ----------
    tracks : sequence of Track
        Left and right as they are, see `core_model.tracking.left_right`.
    frames : iterable of Frame
        The clip from its first frame, to be read at most once.
    times : (T,)
        Seconds of all frames.
    progress : callable
        Is told how many frames are done, and of how many.

    Returns
    -------
    list of HandObservations
        One for each track, for the frames in `Track.frames`.

    Raises
    ------
    AssetError
        When the model is missing or damaged.
    """
    followers = [_Follower(track, times) for track in tracks]
    large = [frame for follower in followers for frame in follower.frames_with_large_hands()]
    if large:
        last = max(large)
        with HandLandmarkers(2 * len(followers)) as landmarkers:
            for index, frame in enumerate(prefetched(frames)):
                # Hands are seen side by side; where two are the same is known once both are.
                begun = [
                    [landmarkers.begin(look) for look in follower.looks(frame.image, index)]
                    for follower in followers
                ]
                for follower, both in zip(followers, begun, strict=True):
                    if both:
                        follower.take_in([hand.result() for hand in both], index)
                progress(index + 1, last + 1)
                if index == last:
                    break
    return [follower.finish() for follower in followers]


def hands_to_look_at(landmarks: np.ndarray) -> int:
    """Return how many hands of a body, landmarks (33, 3), are large and visible enough."""
    return sum(
        _is_worth_a_look(landmarks, side, region_from_body(landmarks, side)) for side in (0, 1)
    )


def share_looked_at(rate: float) -> float:
    """Return the share of a clip's frames in which anyone looks for hands, by frames per second."""
    return 1 / max(1, math.ceil(_LOOK_EVERY * rate - 0.05))


def _is_worth_a_look(landmarks: np.ndarray, side: int, region: Region) -> bool:
    return bool(landmarks[_WRISTS[side], 2] > _HIDDEN and region.size >= _SMALLEST)


class _Follower:
    """Finds and follows the two hands of one person."""

    def __init__(self, track: Track, times: np.ndarray) -> None:
        self._body, self._times = track.landmarks, times[track.frames]
        self._place = {int(frame): place for place, frame in enumerate(track.frames)}
        self._next: list[Region | None] = [None, None]
        self._looked = -np.inf
        self._searched = [-np.inf, -np.inf]
        count = len(track.frames)
        self._sights = HandObservations(
            landmarks=np.zeros((count, 2, HAND_LANDMARK_COUNT, 2)),
            world=np.zeros((count, 2, HAND_LANDMARK_COUNT, 3)),
            presence=np.zeros((count, 2)),
            size=np.zeros((count, 2)),
        )

    def frames_with_large_hands(self) -> list[int]:
        """Return the frames of the clip in which a hand may be large enough to be seen."""
        return [
            frame
            for frame, place in self._place.items()
            if max(region_from_body(self._body[place], side).size for side in range(2)) >= _SMALLEST
        ]

    def looks(
        self, image: np.ndarray, frame: int
    ) -> list[Callable[[HandLandmarker], _Found | None]]:
        """Return what looks for each hand in the picture (H, W, 3) of a frame, if it is time to."""
        place = self._place.get(frame)
        if place is None:
            self._next = [None, None]
            return []
        time = float(self._times[place])
        if time - self._looked < _LOOK_EVERY - 1e-3:
            return []
        self._looked = time
        body = self._body[place]
        return [
            partial(self._find, image=image, body=body, side=side, time=time) for side in range(2)
        ]

    def take_in(self, found: list[_Found | None], frame: int) -> None:
        """Note what was found of the left and of the right hand in a frame that was looked at."""
        place = self._place[frame]
        body = self._body[place]
        left, right = found
        if left and right and _apart(left[1], right[1]) < _SAME:
            strayed = [_strayed(*hand, body, side) for side, hand in enumerate((left, right))]
            found[int(np.argmax(strayed))] = None
        for side, hand_and_region in enumerate(found):
            self._next[side] = hand_and_region[1] if hand_and_region else None
            if hand_and_region:
                hand, region = hand_and_region
                self._sights.landmarks[place, side] = hand.landmarks
                self._sights.world[place, side] = _of_side(hand, side)
                self._sights.presence[place, side] = hand.presence
                self._sights.size[place, side] = region.size

    def finish(self) -> HandObservations:
        """Return what was seen, with frames between two looks in which nobody looked."""
        sights = self._sights
        for side in range(2):
            seen = np.flatnonzero(sights.presence[:, side] > 0)
            for before, after in zip(seen[:-1], seen[1:], strict=True):
                span = self._times[after] - self._times[before]
                if after - before > 1 and span < _BRIDGED:
                    between = np.arange(before + 1, after)
                    share = (self._times[between] - self._times[before]) / span
                    for values in (sights.landmarks, sights.world, sights.presence, sights.size):
                        part = share.reshape(-1, *[1] * (values.ndim - 2))
                        first, second = values[before, side], values[after, side]
                        values[between, side] = (1 - part) * first + part * second
        return sights

    def _find(
        self,
        landmarker: HandLandmarker,
        image: np.ndarray,
        body: np.ndarray,
        side: int,
        time: float,
    ) -> _Found | None:
        expected = self._next[side]
        if expected is not None:
            found = _seen(landmarker, image, expected, _KEPT)
            if found and _strayed(*found, body, side) < _STRAYED:
                return found
        elif time - self._searched[side] < _SEARCH_EVERY - 1e-3:
            return None
        guess = region_from_body(body, side)
        if not _is_worth_a_look(body, side, guess):
            return None
        self._searched[side] = time
        if not _inside(guess, image):
            return None
        # The body's landmarks are rough, so the first look only tells where to look.
        rough = landmarker.find(image, guess)
        found = _seen(landmarker, image, region_from_hand(rough.landmarks), _TAKEN)
        return found if found and _strayed(*found, body, side) < _STRAYED else None


def _seen(
    landmarker: HandLandmarker, image: np.ndarray, region: Region, least: float
) -> _Found | None:
    if region.size < _SMALLEST or not _inside(region, image):
        return None
    hand = landmarker.find(image, region)
    return (hand, region_from_hand(hand.landmarks)) if hand.presence >= least else None


def _of_side(hand: Hand, side: int) -> np.ndarray:
    """Return the world landmarks (21, 3) of a hand of which it is known whose side it is.

    A flat picture of a left hand may show a right one that is turned the other way. Where the
    network took it for the other, everything but the depth is right, and depth is the opposite.
    """
    as_seen = int(hand.rightness > 0.5)
    return hand.world if as_seen == side else hand.world * [1.0, 1.0, -1.0]


def _strayed(hand: Hand, region: Region, body: np.ndarray, side: int) -> float:
    """Return how far the wrist of a hand is from the body's, in sides of its region."""
    apart = np.linalg.norm(hand.landmarks[0] - body[_WRISTS[side], :2])
    return float(apart / max(region.size, 1.0))


def _apart(region: Region, other: Region) -> float:
    """Return the distance of two regions in sides of the larger one."""
    return float(np.linalg.norm(region.center - other.center) / max(region.size, other.size))


def _inside(region: Region, image: np.ndarray) -> bool:
    """Return whether the middle of a region is in the picture."""
    height, width = image.shape[:2]
    return bool(0 <= region.center[0] < width and 0 <= region.center[1] < height)
