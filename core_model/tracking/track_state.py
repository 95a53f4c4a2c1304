"""Somebody who is being followed: where, since when, and how surely."""

from dataclasses import dataclass, field, replace

import numpy as np

from core_model.detection.landmarker import Pose
from core_model.detection.region import Region
from core_model.tracking.appearance import Appearance, measured_appearance, measured_ground
from core_model.tracking.association import share_found
from core_model.tracking.tracks import Observation, Tracklet, body_box

_VELOCITY_MEMORY = 0.1  # seconds
_REGION_MEMORY = 0.024  # seconds; a region that trembles less makes landmarks tremble less
_MAX_STEP = 0.5  # seconds between two sights that motion is taken from
_MAX_AHEAD = 0.3  # seconds; further extrapolation is worse than none
_STRAY, _FASTEST = 0.35, 4.0
"""How far a body may lie from where it is expected, and how far more a second: a sprinter runs four
times the region's size."""

_LOST_AFTER = 1.0  # seconds without a sight of somebody until they are given up, at most
_UNCONFIRMED_LOOKS = 3  # in vain, one after the other, until somebody is taken to be gone
_APPEARANCE_EVERY = 5  # frames
_UNSEEN = 0.1  # taken for the difference in looks when it cannot be told


@dataclass
class Touch:
    """Two people who are so near each other in the picture that they may be confused.

    Parameters
    ----------
    since : float
        Seconds.
    least : float
        How far apart they were when they were nearest, in parts of the region's size.
    nearest : int
        The frame of it.
    others : dict
        Who touches whom this is noted of, by `id`.
    """

    since: float
    least: float
    nearest: int
    others: dict[int, "TrackState"] = field(default_factory=dict)


@dataclass
class TrackState:
    """Somebody who is being followed."""

    tracklet: Tracklet
    region: Region
    velocity: np.ndarray = field(default_factory=lambda: np.zeros(2))  # pixels per second
    since: float = 0.0  # when seen first
    seen: float = 0.0  # when last
    confirmed: float = 0.0  # by the detector, when last
    failed_searches: int = 0
    next_search: float = 0.0  # when, if lost
    touching: Touch | None = None  # somebody else
    number: int = field(init=False)  # the same as long as this person is followed

    def __post_init__(self) -> None:
        self.number = self.tracklet.track_id

    @property
    def is_doubtful(self) -> bool:
        """Whether the landmark network was unsure of late that there is somebody."""
        recent = [observation.presence for observation in self.tracklet.observations[-10:]]
        return bool(np.mean(recent) < 0.95)

    def predicted(self, time: float) -> Region:
        """Return where to look at `time`."""
        ahead = min(time - self.seen, _MAX_AHEAD)
        return replace(self.region, center=self.region.center + self.velocity * ahead)

    def update(self, pose: Pose, time: float) -> None:
        """Move to where somebody was seen at `time`."""
        step = time - self.seen
        if self.tracklet.frames and 0 < step < _MAX_STEP:
            new = (pose.next_region.center - self.region.center) / step
            steadied = pose.next_region.blended(
                self.predicted(time), np.exp(-step / _REGION_MEMORY)
            )
            keep = np.exp(-step / _VELOCITY_MEMORY)
            self.velocity = keep * self.velocity + (1 - keep) * new
            self.region = steadied
        else:
            self.velocity = np.zeros(2)
            self.region = pose.next_region
        self.seen = time

    def record(self, pose: Pose, frame: int, time: float, size: tuple[int, int]) -> Observation:
        """Note where somebody was seen in a frame of so many pixels; return it."""
        self.update(pose, time)
        tracklet = self.tracklet
        observation = Observation(
            track_id=tracklet.track_id,
            landmarks=pose.landmarks,
            bbox=body_box(pose.landmarks, *size),
            presence=pose.presence,
            person=self.number,
        )
        tracklet.append(frame, time, observation)
        if (len(tracklet.frames) - 1) % _APPEARANCE_EVERY == 0:
            # Pixels of a neighbour would be taken for this person's while they touch.
            alone = self.touching is None
            tracklet.appearance.add(appearance_of(pose) if alone else ground_of(pose))
        return observation

    def cut(self, frame: int, new_id: int) -> Tracklet:
        """End what was followed before `frame` and return it; what comes after is another."""
        head, self.tracklet = self.tracklet.cut(frame, new_id)
        return head

    def given_up(self, time: float) -> bool:
        """Tell whether somebody is gone; what was taken for them since is taken back."""
        in_vain = self.failed_searches >= _UNCONFIRMED_LOOKS and self.is_doubtful
        if in_vain:
            self.tracklet.forget_after(self.confirmed)
        # What was hardly seen is soon given up: it was hardly somebody.
        patience = min(_LOST_AFTER, 0.2 + self.seen - self.since)
        return in_vain or time - self.seen > patience

    def appearance_distance(self, pose: Pose) -> float:
        """Return how different a pose looks from this person, 0 to 1."""
        difference = self.tracklet.appearance.distance(appearance_of(pose))
        return _UNSEEN if difference is None else difference

    def cost(self, pose: Pose, time: float) -> float:
        """Return how little a pose at `time` fits this person, lost; from 1 on it does not.

        What is hardly found to be a body is this one's only where they are expected.
        """
        expected = self.predicted(time)
        moved = np.linalg.norm(pose.next_region.center - expected.center) / expected.size
        grown = abs(np.log(pose.next_region.size / expected.size))
        away = time - self.seen
        if moved > _STRAY + _FASTEST * away * share_found(pose):
            return 1.0
        reach = 0.5 + away
        return float(0.5 * moved / reach + 0.5 * grown + self.appearance_distance(pose))


def weaker(
    person: TrackState, mine: Pose, other: TrackState, others: Pose, time: float
) -> TrackState:
    """Of two who look at the same body, return the one to whom it belongs less."""
    errors = []
    for candidate, pose in ((person, mine), (other, others)):
        expected = candidate.predicted(time)
        moved = np.linalg.norm(pose.next_region.center - expected.center) / expected.size
        doubts = 0.1 * (1 - pose.presence) + time - candidate.seen
        errors.append(moved + candidate.appearance_distance(pose) + doubts)
    # Of two that fit alike the younger is the mistake.
    older = len(person.tracklet.frames) >= len(other.tracklet.frames)
    if abs(errors[0] - errors[1]) < 0.02:
        return other if older else person
    return other if errors[0] < errors[1] else person


def appearance_of(pose: Pose) -> Appearance:
    """Describe what the person of a pose looks like."""
    return measured_appearance(pose.patch, pose.in_patch, pose.landmarks[:, 2])


def ground_of(pose: Pose) -> Appearance:
    """Describe what the person of a pose stands on, and nothing of the person."""
    ground = measured_ground(pose.patch, pose.in_patch, pose.landmarks[:, 2])
    return Appearance(ground=ground)
