"""Follow everybody through a clip, a frame at a time.

Where somebody was seen in one frame, the landmark network looks for them in the next. The detector
is asked now and then for new people, for those who were lost, and whether those who are followed
are still there. What is followed without doubt is a tracklet; `identities` joins them at the end.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from core_model.people.appearance import Appearance, look_at
from core_model.people.detector import Detection, Detector, intersection_over_union
from core_model.people.identities import join_tracklets
from core_model.people.landmarker import Landmarker, Pose
from core_model.people.region import Region
from core_model.people.tiles import Scanner
from core_model.people.tracks import Observation, Track, Tracklet, body_box, distance
from core_model.video import Frame

_MIN_PRESENCE = 0.5
_NEW_SCORE = 0.6  # of the detector for a new person: furniture reaches 0.57, people pass 0.75
_KNOWN_SCORE = 0.35  # of the detector where somebody is expected
_LOST_AFTER = 1.0  # seconds without a sight of somebody until the tracklet ends, at most
_SEARCH_EVERY = 0.1  # seconds, for somebody lost for longer than that
_CONFIRM_EVERY = 0.5  # seconds
_UNCONFIRMED_LOOKS = 3  # in vain, one after the other, until somebody is taken to be gone
_MAX_CUT_OFF = 1.6  # a tile that shows less of a body than this guesses badly where the rest is
_SAME = 0.07  # of the region's size: bodies nearer than that on average are one person
_MAX_OVERLAP = 0.5  # of the boxes of somebody new and somebody known
_YOUNG = 0.5  # seconds
_TOUCHING = 0.25  # of the region's size between two middles: identities may be confused
_DOUBTED_LOOKS = 0.12  # difference from which on somebody found again may be somebody else
_UNSEEN = 0.1  # taken for the difference in looks when it cannot be told
_APPEARANCE_EVERY = 5  # frames
_VELOCITY_MEMORY = 0.1  # seconds
_CORNERS = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]], np.float32)
"""Turns left, top, width, height into left, top, right, bottom."""


@dataclass
class _Followed:
    """Somebody who is being followed."""

    tracklet: Tracklet
    region: Region
    velocity: np.ndarray = field(default_factory=lambda: np.zeros(2))  # pixels per second
    since: float = 0.0  # when seen first
    seen: float = 0.0  # when last
    confirmed: float = 0.0  # by the detector, when last
    looks_in_vain: int = 0
    next_search: float = 0.0  # when, if lost
    nearest: tuple[float, int] | None = None  # while touching: least distance and its frame

    def expected(self, time: float) -> Region:
        """Return where to look at `time`; far extrapolation is worse than none."""
        ahead = min(time - self.seen, 0.3)
        return replace(self.region, center=self.region.center + self.velocity * ahead)

    def saw(self, pose: Pose, time: float) -> None:
        """Move to where somebody was seen at `time`."""
        step = time - self.seen
        if self.tracklet.frames and 0 < step < 0.5:
            new = (pose.next_region.center - self.region.center) / step
            keep = np.exp(-step / _VELOCITY_MEMORY)
            self.velocity = keep * self.velocity + (1 - keep) * new
        else:
            self.velocity = np.zeros(2)
        self.region, self.seen = pose.next_region, time


class PeopleTracker:
    """Finds and follows everybody in a clip.

    Give it the frames in order with `update`, then ask `finish` for the tracks. Memory holds
    landmarks, no pictures.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.

    Raises
    ------
    AssetError
        When a pose model is missing or damaged.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._detector = Detector()
        self._landmarker = Landmarker()
        self._scanner = Scanner(width, height)
        self._followed: list[_Followed] = []
        self._ended: list[Tracklet] = []
        self._count = 0  # of frames so far
        self._next_id = 1

    def update(self, frame: Frame) -> list[Observation]:
        """Find everybody in the next frame; `Observation.track_id` may still change at the end."""
        time, image = frame.time, frame.image
        poses = self._look_where_expected(image, time)
        detections = self._detections(image, time, poses)
        self._confirm(detections, poses, time)
        self._take_in(image, time, detections, poses)
        observations = [
            self._record(person, poses[id(person)], time)
            for person in self._followed
            if id(person) in poses
        ]
        self._watch_touching(poses)
        self._end_those_gone(time)
        self._count += 1
        return observations

    def finish(self) -> list[Track]:
        """End the clip and return who was in it, the most important first, ids from 1.

        What was followed in pieces is joined where motion and appearance say that it is one
        person; what was seen too short or too uncertainly is left out.
        """
        self._ended += [person.tracklet for person in self._followed]
        self._followed = []
        return join_tracklets(self._ended)

    def _look_where_expected(self, image: np.ndarray, time: float) -> dict[int, Pose]:
        """Look for everybody where they should be; return poses by `id` of who was seen."""
        poses: dict[int, Pose] = {}
        for person in self._followed:
            region = person.expected(time)
            pose = self._landmarker.find(image, region)
            if pose.presence >= _MIN_PRESENCE and _is_plausible(pose, region, self._size):
                poses[id(person)] = pose
        for person, other in _pairs(self._followed):
            if id(person) in poses and id(other) in poses:
                mine, others = poses[id(person)], poses[id(other)]
                young = time - max(person.since, other.since) < _YOUNG
                if _is_same(mine, others) or (young and self._overlap(mine, others)):
                    del poses[id(self._weaker(person, mine, other, others, time))]
        return poses

    def _overlap(self, pose: Pose, other: Pose) -> bool:
        """Tell whether two bodies fill so much of the same place that one may be a mistake."""
        mine, others = (body_box(each.landmarks, *self._size) @ _CORNERS for each in (pose, other))
        return bool(intersection_over_union(mine, others[None])[0] > _MAX_OVERLAP)

    def _weaker(
        self, person: _Followed, mine: Pose, other: _Followed, others: Pose, time: float
    ) -> _Followed:
        """Of two who look at the same body, return the one to whom it belongs less."""
        errors = []
        for candidate, pose in ((person, mine), (other, others)):
            expected = candidate.expected(time)
            moved = np.linalg.norm(pose.next_region.center - expected.center) / expected.size
            errors.append(moved + self._unlike(candidate, pose) + 0.1 * (1 - pose.presence))
        # Of two that fit alike the younger is the mistake.
        older = len(person.tracklet.frames) >= len(other.tracklet.frames)
        if abs(errors[0] - errors[1]) < 0.02:
            return other if older else person
        return other if errors[0] < errors[1] else person

    def _detections(
        self, image: np.ndarray, time: float, poses: dict[int, Pose]
    ) -> list[Detection]:
        """Ask the detector about new people, lost people and those not confirmed for long."""
        squares = self._scanner.squares(time, anybody=bool(self._followed))
        for person in self._followed:
            if id(person) not in poses:
                if time - person.seen <= 2 * _SEARCH_EVERY or time >= person.next_search:
                    region = person.expected(time)
                    squares.append(Region(region.center, 1.6 * region.size))
                    person.next_search = time + _SEARCH_EVERY
            elif time - person.confirmed >= _CONFIRM_EVERY:
                region = poses[id(person)].next_region
                squares.append(Region(region.center, 1.2 * region.size))
        found = [
            detection
            for square in squares
            for detection in self._detector.detect(image, square, _KNOWN_SCORE)
            if detection.region().size < _MAX_CUT_OFF * square.size
            or square.size >= max(self._size)
        ]
        kept: list[Detection] = []
        for detection in sorted(found, key=lambda d: d.score, reverse=True):
            if not any(_is_same_detection(detection, other) for other in kept):
                kept.append(detection)
        return kept

    def _confirm(self, detections: list[Detection], poses: dict[int, Pose], time: float) -> None:
        """Note who of those seen was found by the detector, and take their detections away."""
        for person in self._followed:
            pose = poses.get(id(person))
            if pose is None:
                continue
            mine = [d for d in detections if _fits(d.region(), pose.next_region)]
            for detection in mine:
                detections.remove(detection)
            if mine:
                person.tracklet.best_score = max(
                    [person.tracklet.best_score, *(d.score for d in mine)]
                )
                person.confirmed, person.looks_in_vain = time, 0
            elif time - person.confirmed >= _CONFIRM_EVERY:
                person.looks_in_vain += 1

    def _take_in(
        self,
        image: np.ndarray,
        time: float,
        detections: list[Detection],
        poses: dict[int, Pose],
    ) -> None:
        """Give detections that belong to nobody in sight to those who are lost, or to new people.

        Adds to `poses` and to who is followed.
        """
        lost = [person for person in self._followed if id(person) not in poses]
        candidates: list[tuple[Detection, Pose]] = []
        for detection in detections:
            if detection.score < _NEW_SCORE and not lost:
                continue
            pose = self._landmarker.find(image, detection.region())
            # The detector's region is rough, and between two people may lead to either.
            pose = self._landmarker.find(image, pose.next_region)
            known = [*poses.values(), *(other for _, other in candidates)]
            if (
                pose.presence >= _MIN_PRESENCE
                and _is_plausible(pose, detection.region(), self._size)
                and not any(
                    _is_same(pose, other) or _is_part(pose, other) or self._overlap(pose, other)
                    for other in known
                )
            ):
                candidates.append((detection, pose))
        resumed = set()
        costs = np.array(
            [[self._cost(person, pose, time) for _, pose in candidates] for person in lost]
        ).reshape(len(lost), len(candidates))
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            if costs[row, column] < 1:
                person, (detection, pose) = lost[row], candidates[column]
                person.confirmed, person.looks_in_vain = time, 0
                poses[id(person)] = pose
                resumed.add(column)
                known = person.seen - person.since >= _YOUNG
                if known and self._unlike(person, pose) > _DOUBTED_LOOKS:
                    self._cut(person, self._count)
                person.tracklet.best_score = max(person.tracklet.best_score, detection.score)
        for column, (detection, pose) in enumerate(candidates):
            if column not in resumed and detection.score >= _NEW_SCORE:
                tracklet = Tracklet(self._new_id(), best_score=detection.score)
                person = _Followed(
                    tracklet, pose.next_region, since=time, seen=time, confirmed=time
                )
                self._followed.append(person)
                poses[id(person)] = pose

    def _cost(self, person: _Followed, pose: Pose, time: float) -> float:
        """Return how little a pose fits somebody who is lost; from 1 on it does not."""
        expected = person.expected(time)
        moved = np.linalg.norm(pose.next_region.center - expected.center) / expected.size
        grown = abs(np.log(pose.next_region.size / expected.size))
        reach = 0.5 + time - person.seen
        return float(0.5 * moved / reach + 0.5 * grown + self._unlike(person, pose))

    def _unlike(self, person: _Followed, pose: Pose) -> float:
        """Return how different a pose looks from somebody, 0 to 1."""
        unlike = person.tracklet.appearance.distance(_looks(pose))
        return _UNSEEN if unlike is None else unlike

    def _cut(self, person: _Followed, frame: int) -> None:
        """Leave it to the end whether who is seen from `frame` on is the person from before."""
        head, person.tracklet = person.tracklet.cut(frame, self._new_id())
        self._ended.append(head)

    def _record(self, person: _Followed, pose: Pose, time: float) -> Observation:
        person.saw(pose, time)
        tracklet = person.tracklet
        observation = Observation(
            track_id=tracklet.track_id,
            landmarks=pose.landmarks,
            world_landmarks=pose.world,
            bbox=body_box(pose.landmarks, *self._size),
            presence=pose.presence,
        )
        tracklet.append(self._count, time, observation)
        # Pixels of a neighbour would be taken for this person's while they touch.
        if person.nearest is None and (len(tracklet.frames) - 1) % _APPEARANCE_EVERY == 0:
            tracklet.appearance.add(_looks(pose))
        return observation

    def _watch_touching(self, poses: dict[int, Pose]) -> None:
        """Cut tracklets where two people were nearest, since they may have been exchanged there."""
        nearest: dict[int, float] = {}
        for person, other in _pairs(self._followed):
            size = min(person.region.size, other.region.size)
            apart = float(np.linalg.norm(person.region.center - other.region.center)) / size
            if apart < _TOUCHING:
                for each in (person, other):
                    nearest[id(each)] = min(nearest.get(id(each), np.inf), apart)
        for person in self._followed:
            apart_now = nearest.get(id(person))
            if apart_now is not None:
                if person.nearest is None or apart_now < person.nearest[0]:
                    person.nearest = (apart_now, self._count)
            elif person.nearest is not None and id(person) in poses:
                self._cut(person, person.nearest[1])
                person.nearest = None

    def _end_those_gone(self, time: float) -> None:
        staying = []
        for person in self._followed:
            in_vain = person.looks_in_vain >= _UNCONFIRMED_LOOKS and _is_doubtful(person.tracklet)
            if in_vain:
                person.tracklet.forget_after(person.confirmed)
            # What was hardly seen is soon given up: it was hardly somebody.
            patience = min(_LOST_AFTER, 0.2 + person.seen - person.since)
            if in_vain or time - person.seen > patience:
                self._ended.append(person.tracklet)
            else:
                staying.append(person)
        self._followed = staying

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1


def _pairs(people: list[_Followed]) -> list[tuple[_Followed, _Followed]]:
    return [(a, b) for index, a in enumerate(people) for b in people[index + 1 :]]


def _is_plausible(pose: Pose, region: Region, size: tuple[int, int]) -> bool:
    """Tell whether a body did not jump or change its size, and is in the picture in part."""
    after = pose.next_region
    x, y, _ = pose.landmarks.T
    inside = (x >= 0) & (x < size[0]) & (y >= 0) & (y < size[1])
    return bool(
        0.5 < after.size / region.size < 1.8
        and np.linalg.norm(after.center - region.center) < 0.4 * region.size
        and inside.mean() >= 0.25
    )


def _looks(pose: Pose) -> Appearance:
    return look_at(pose.patch, pose.in_patch, pose.landmarks[:, 2])


def _is_same(pose: Pose, other: Pose) -> bool:
    size = min(pose.next_region.size, other.next_region.size)
    return distance(pose.landmarks, other.landmarks) < _SAME * size


def _is_part(pose: Pose, other: Pose) -> bool:
    """Tell whether a pose is a limb or trunk of another body taken for a small person."""
    if pose.next_region.size > 0.6 * other.next_region.size:
        return False
    low, high = other.landmarks[:, :2].min(axis=0), other.landmarks[:, :2].max(axis=0)
    x_y = pose.landmarks[:, :2]
    return bool(((x_y >= low) & (x_y <= high)).all(axis=1).mean() > 0.8)


def _fits(region: Region, other: Region) -> bool:
    """Tell whether two regions hold the same body."""
    apart = np.linalg.norm(region.center - other.center)
    return bool(apart < 0.25 * max(region.size, other.size) and 0.5 < region.size / other.size < 2)


def _is_same_detection(detection: Detection, other: Detection) -> bool:
    size = max(detection.region().size, other.region().size)
    ratio = detection.region().size / other.region().size
    apart = np.linalg.norm(detection.keypoints - other.keypoints, axis=1).mean()
    return bool(apart < 0.12 * size and 0.5 < ratio < 2)


def _is_doubtful(tracklet: Tracklet) -> bool:
    """Tell whether the landmark network was unsure of late that there is somebody."""
    recent = [observation.presence for observation in tracklet.observations[-10:]]
    return bool(np.mean(recent) < 0.95)
