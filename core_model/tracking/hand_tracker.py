"""The hands of people through a clip, by what was seen of them in each frame."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from core_model.detection.hand_landmarker import (
    HAND_LANDMARK_COUNT,
    Hand,
    HandLandmarker,
    HandLandmarkers,
)
from core_model.detection.qualities import BEST
from core_model.detection.region import Region
from core_model.tracking.hand_follower import HandFollower, Look, Search, may_show_hands
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.tracks import Track
from core_model.video.clip import Frame
from core_model.video.light import lightened
from core_model.video.pictures import Pictures

_BRIDGED = 0.12  # seconds between looks over which a hand moves in a straight line


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
    looks: HandLooks | None = None,
    quality: str = BEST,
) -> list[HandObservations]:
    """Find the hands of everybody; none if all are too small.

    What was seen of them before is not looked at again. With `looks` that were made for these very
    tracks, of which no frame was changed since, the clip is not read, and what is found is the same
    to the bit as without. Where left and right were exchanged since, or one track goes on as
    another, a look next to the one that is wanted counts as that.

    Parameters
    ----------
    tracks : sequence of Track
        Left and right as they are, see `core_model.tracking.left_right`.
    frames : iterable of Frame
        The clip from its first frame, to be read at most once; of a `Video` no more than is needed.
    times : (T,)
        Seconds of all frames.
    progress : callable
        Is told how many frames are done, and of how many.
    looks : HandLooks, optional
        What was seen of hands while the people were followed.
    quality : str
        One of `core_model.detection.qualities.MODELS`.

    Returns
    -------
    list of HandObservations
        One for each track, for the frames in `Track.frames`.

    Raises
    ------
    AssetError
        When the model is missing or damaged.
    VideoError
        When the clip cannot be read.
    """
    bodies = [_Bodies(track, times, quality) for track in tracks]
    last = max((body.last_with_hands for body in bodies), default=-1)
    with ExitStack() as stack:
        searches = _Searches(stack, Pictures(frames, times), looks, 2 * len(bodies))
        for frame in range(last + 1):
            # Hands are seen side by side; where two are the same is known once both are.
            begun = [
                (body, [searches.begin(body.follower, side, frame) for side in range(2)])
                for body in bodies
                if body.begin(frame)
            ]
            for body, both in begun:
                left, right = (found() for found in both)
                body.take_in(frame, left, right)
            progress(frame + 1, last + 1)
    return [body.finish() for body in bodies]


class _NotSeen(Exception):
    """Nobody has looked there yet."""


class _Searches:
    """Searches for hands by what was seen of them, or else in the pictures."""

    def __init__(
        self, stack: ExitStack, pictures: Pictures, looks: HandLooks | None, most: int
    ) -> None:
        self._stack, self._pictures, self._looks, self._most = stack, pictures, looks, most
        self._landmarkers: HandLandmarkers | None = None
        stack.callback(pictures.close)

    def begin(self, follower: HandFollower, side: int, frame: int) -> Callable[[], Search]:
        """Begin to search for a hand in a frame; return what gives the result."""
        try:
            known = follower.search(side, self._remembered(frame))
            return lambda: known
        except _NotSeen:
            pass
        image = lightened(self._pictures.image(frame))
        found: Future[Search] = self._those_who_look().begin(
            lambda landmarker: follower.search(side, self._looking(landmarker, image, frame))
        )
        return found.result

    def _those_who_look(self) -> HandLandmarkers:
        if self._landmarkers is None:
            self._landmarkers = self._stack.enter_context(HandLandmarkers(self._most))
        return self._landmarkers

    def _remembered(self, frame: int) -> Look:
        looks = self._looks

        def look(region: Region) -> Hand | None:
            if looks and not looks.shows(region):
                return None
            seen = looks.seen(frame, region) if looks else None
            if seen is None:
                raise _NotSeen
            return seen

        return look

    def _looking(self, landmarker: HandLandmarker, image: np.ndarray, frame: int) -> Look:
        looks = self._looks or HandLooks(image.shape[1], image.shape[0])

        def look(region: Region) -> Hand | None:
            if not looks.shows(region):
                return None
            return looks.seen(frame, region) or landmarker.find(image, region)

        return look


class _Bodies:
    """The body of one person in all frames, and what is seen of its hands."""

    def __init__(self, track: Track, times: np.ndarray, quality: str) -> None:
        self.follower = HandFollower(quality)
        self._landmarks, self._times = track.landmarks, times[track.frames]
        self._place = {int(frame): place for place, frame in enumerate(track.frames)}
        large = [frame for frame, at in self._place.items() if may_show_hands(self._landmarks[at])]
        self.last_with_hands = max(large, default=-1)
        count = len(track.frames)
        self._sights = HandObservations(
            landmarks=np.zeros((count, 2, HAND_LANDMARK_COUNT, 2)),
            world=np.zeros((count, 2, HAND_LANDMARK_COUNT, 3)),
            presence=np.zeros((count, 2)),
            size=np.zeros((count, 2)),
        )

    def begin(self, frame: int) -> bool:
        """Take in the next frame of the clip, and tell whether to look for hands in it."""
        place = self._place.get(frame)
        if place is None:
            self.follower.lose_sight()
            return False
        return self.follower.begin(self._landmarks[place], float(self._times[place]))

    def take_in(self, frame: int, left: Search, right: Search) -> None:
        """Note what was found of both hands in a frame."""
        place = self._place[frame]
        for side, found in enumerate(self.follower.take_in(left, right)):
            if found:
                self._sights.landmarks[place, side] = found.hand.landmarks
                self._sights.world[place, side] = _of_side(found.hand, side)
                self._sights.presence[place, side] = found.hand.presence
                self._sights.size[place, side] = found.region.size

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


def _of_side(hand: Hand, side: int) -> np.ndarray:
    """Return the world landmarks (21, 3) of a hand of which it is known whose side it is.

    A flat picture of a left hand may show a right one that is turned the other way. Where the
    network took it for the other, everything but the depth is right, and depth is the opposite.
    """
    as_seen = int(hand.rightness > 0.5)
    return hand.world if as_seen == side else hand.world * [1.0, 1.0, -1.0]
