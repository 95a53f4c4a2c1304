"""What tracking gives: one person in one frame, and one person through the clip."""

from dataclasses import dataclass, field, replace

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX as L
from core_model.tracking.appearance import Appearance

BODY = [
    L[f"{side}_{joint}"]
    for side in ("left", "right")
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
]
"""The landmarks that tell where somebody is; face, hands and feet add little to that."""


@dataclass(frozen=True)
class Observation:
    """One person in one frame.

    Parameters
    ----------
    track_id : int
        The same for as long as this person is followed without doubt; `PeopleTracker.finish`
        joins what belongs together.
    landmarks : (33, 3) float32
        x, y in pixels of the upright picture, visibility 0 to 1.
    bbox : (4,) float32
        Left, top, width, height in pixels, inside the picture.
    presence : float
        0 to 1, the landmark network's certainty that this is a person.
    person : int
        The same until whoever is followed is lost, be it with doubts: `track_id` when it began.
    """

    track_id: int
    landmarks: np.ndarray
    bbox: np.ndarray
    presence: float
    person: int = 0


@dataclass(frozen=True)
class Track:
    """One person through the clip, only in frames where it was seen.

    Parameters
    ----------
    track_id : int
        From 1, the most important person first.
    frames : (N,) int64
        Which of the frames given to the tracker, from 0, increasing; gaps are frames without it.
    landmarks : (N, 33, 3) float32
        As in `Observation`.
    bbox : (N, 4) float32
    presence : (N,) float32
    looks : Appearance
        Of this person, by which it is known again in another part of the clip.
    score : float
        0 to 1, how sure the detector was of this person at best.
    zoom : (N,) or (0,)
        Focal length of the pictures as a multiple of the camera's; empty if that never changed, or
        nobody knows yet.
    """

    track_id: int
    frames: np.ndarray
    landmarks: np.ndarray
    bbox: np.ndarray
    presence: np.ndarray
    looks: Appearance = field(default_factory=Appearance)
    score: float = 0.0
    zoom: np.ndarray = field(default_factory=lambda: np.empty(0))


@dataclass
class Tracklet:
    """A stretch in which one person was followed without doubt."""

    track_id: int
    frames: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    appearance: Appearance = field(default_factory=Appearance)
    best_score: float = 0.0  # of the detector
    follows: int | None = None  # id of the tracklet that this one seems to go on from
    apart_from: float | None = None  # seconds, where it begins while somebody else is touched
    apart_until: float | None = None  # likewise where it ends so
    least_apart: float = 0.0  # how far the two were apart then, in parts of the region's size

    def append(self, frame: int, time: float, observation: Observation) -> None:
        """Add what was seen in one more frame."""
        self.frames.append(frame)
        self.times.append(time)
        self.observations.append(observation)

    def goes_to(self, frame: int) -> bool:
        """Tell whether this person was seen last in a frame."""
        return bool(self.frames) and self.frames[-1] == frame

    def repeat(self, time: float) -> Observation:
        """Add a frame that shows the same as the last one, and return what it shows."""
        self.append(self.frames[-1] + 1, time, self.observations[-1])
        return self.observations[-1]

    def cut(self, frame: int, new_id: int) -> tuple["Tracklet", "Tracklet"]:
        """Split into what was seen before `frame`, which keeps the id, and from it on.

        Looks and score go to the first part: the second is still to be looked at.
        """
        index = int(np.searchsorted(self.frames, frame))
        head = replace(
            self,
            frames=self.frames[:index],
            times=self.times[:index],
            observations=self.observations[:index],
        )
        tail = Tracklet(
            new_id,
            self.frames[index:],
            self.times[index:],
            self.observations[index:],
            follows=self.track_id,
        )
        return head, tail

    def forget_after(self, time: float) -> None:
        """Take back what was seen later than `time`, seconds."""
        keep = int(np.searchsorted(self.times, time, side="right"))
        del self.frames[keep:], self.times[keep:], self.observations[keep:]


def body_box(landmarks: np.ndarray, width: int, height: int) -> np.ndarray:
    """Return left, top, width, height (4,) of the landmarks (33, 3) that are seen, in pixels."""
    seen = landmarks[landmarks[:, 2] > 0.3]
    points = (seen if len(seen) > 5 else landmarks)[:, :2]
    low = np.clip(points.min(axis=0), 0, (width - 1, height - 1))
    high = np.clip(points.max(axis=0), low + 1, (width, height))
    return np.concatenate((low, high - low)).astype(np.float32)


def distance(landmarks: np.ndarray, other: np.ndarray) -> float:
    """Return the mean distance in pixels between the bodies of landmarks (33, 3), by visibility."""
    weight = np.minimum(landmarks[BODY, 2], other[BODY, 2]) + 0.05
    apart = np.linalg.norm(landmarks[BODY, :2] - other[BODY, :2], axis=1)
    return float((weight * apart).sum() / weight.sum())
