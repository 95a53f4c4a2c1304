"""Who is found late was there before: the pictures just past are looked through backwards."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from core_model.detection.landmarker import Landmarker, Pose
from core_model.detection.region import Region
from core_model.tracking.association import MIN_PRESENCE, is_part, is_plausible, is_same, overlap
from core_model.tracking.track_state import TrackState
from core_model.tracking.tracks import Tracklet

_SECONDS = 2.0
_MOST_BYTES = 96 * 2**20
_MOST_PIXELS = 1e6  # of a picture; one that is larger is kept half as large, or a quarter
_MISSED = 0.1  # seconds without a sight after which somebody was not there


@dataclass(frozen=True)
class Sight:
    """Somebody in a picture just past.

    Parameters
    ----------
    frame : int
    time : float
        Seconds.
    pose : Pose
    """

    frame: int
    time: float
    pose: Pose


@dataclass(frozen=True)
class _Past:
    frame: int
    time: float
    image: np.ndarray
    poses: list[Pose]  # of everybody who was seen in it, without patches


class JustPast:
    """The pictures of the last second or two, in which somebody may have been overlooked.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._shrunk = 1
        while width * height > _MOST_PIXELS * self._shrunk**2:
            self._shrunk *= 2
        self._kept: deque[_Past] = deque()

    def remember(self, frame: int, time: float, image: np.ndarray, poses: Sequence[Pose]) -> None:
        """Keep the next picture (H, W, 3), uint8, and who was seen in it."""
        if self._shrunk > 1:
            width, height = (side // self._shrunk for side in self._size)
            image = image[: height * self._shrunk, : width * self._shrunk]
            image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
        poses = [_without_patch(pose) for pose in poses]
        self._kept.append(_Past(frame, time, image, poses))
        while time - self._kept[0].time > _SECONDS or len(self._kept) * image.nbytes > _MOST_BYTES:
            self._kept.popleft()

    def look_back(
        self, landmarker: Landmarker, pose: Pose, time: float, after: float
    ) -> list[Sight]:
        """Follow somebody who was found just now backwards, to where nobody is or another was.

        Parameters
        ----------
        landmarker : Landmarker
        pose : Pose
            As found.
        time : float
            Seconds, of that.
        after : float
            Seconds at which this person was seen before; what is not later is not looked at.

        Returns
        -------
        list of Sight
            In the order of the clip.
        """
        # Backwards time runs backwards: where somebody came from is where they go.
        person = TrackState(Tracklet(0, frames=[0]), pose.next_region, since=-time, seen=-time)
        sights: list[Sight] = []
        for past in reversed(self._kept):
            if past.time <= after:
                break
            region = person.predicted(-past.time)
            found = self._pose(landmarker, past.image, region)
            if found.presence < MIN_PRESENCE or not is_plausible(found, region, self._size):
                if -person.seen - past.time > _MISSED - 1e-6:
                    break
                continue
            if any(
                is_same(found, other) or is_part(found, other) or overlap(found, other, self._size)
                for other in past.poses
            ):
                break
            person.update(found, -past.time)
            past.poses.append(_without_patch(found))
            sights.append(Sight(past.frame, past.time, found))
        return sights[::-1]

    def _pose(self, landmarker: Landmarker, image: np.ndarray, region: Region) -> Pose:
        if self._shrunk == 1:
            return landmarker.follow(image, region)
        pose = landmarker.follow(image, _scaled(region, 1 / self._shrunk))
        landmarks = pose.landmarks.copy()
        landmarks[:, :2] = self._shrunk * (landmarks[:, :2] + 0.5) - 0.5
        region = _scaled(pose.next_region, self._shrunk)
        return replace(pose, landmarks=landmarks, next_region=region)


def _scaled(region: Region, scale: float) -> Region:
    """Return a region in a picture of another size; whole numbers are middles of pixels."""
    return Region(scale * (region.center + 0.5) - 0.5, scale * region.size, region.angle)


def _without_patch(pose: Pose) -> Pose:
    """Return a pose that takes little memory."""
    return replace(pose, patch=np.empty((0, 0, 3), np.uint8))
