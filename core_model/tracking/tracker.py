"""Follow everybody through a clip, a frame at a time.

Where somebody was seen in one frame, the landmark network looks for them in the next. The detector
is asked now and then for new people, for those who were lost, and whether those who are followed
are still there. What is followed without doubt is a tracklet; `identities` joins them at the end.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.optimize import linear_sum_assignment

from core_model.detection.detector import Detection
from core_model.detection.landmarker import Pose
from core_model.detection.people_networks import PeopleNetworks
from core_model.detection.qualities import BEST
from core_model.detection.region import Region
from core_model.detection.tiles import Scanner
from core_model.tracking.association import (
    MIN_PRESENCE,
    is_part,
    is_plausible,
    is_same,
    is_same_detection,
    is_whole,
    misfit,
    overlap,
)
from core_model.tracking.just_past import JustPast
from core_model.tracking.reidentification import join_by_shots
from core_model.tracking.searched_before import SearchedBefore
from core_model.tracking.steadied import Steadied
from core_model.tracking.touching import is_the_others, touching_cut
from core_model.tracking.track_state import TrackState, weaker
from core_model.tracking.tracks import Observation, Track, Tracklet, body_box
from core_model.video.clip import Frame

_NEW_SCORE = 0.6  # of the detector for a new person: furniture reaches 0.57, people pass 0.75
_KNOWN_SCORE = 0.35  # of the detector where somebody is expected, or a whole body is found
SEARCH_EVERY = 0.1  # seconds, for somebody lost for longer than that
CONFIRM_EVERY = 0.5  # seconds
_MAX_CUT_OFF = 1.6  # a tile that shows less of a body than this guesses badly where the rest is
_YOUNG = 0.5  # seconds
_SURELY_FITS = 0.5  # misfit up to which a detection can be no neighbour's
_DOUBTED_LOOKS = 0.12  # difference from which on somebody found again may be somebody else


class PeopleTracker:
    """Finds and follows everybody in a clip.

    Give it the frames in order with `update`, then ask `finish` for the tracks. Memory holds
    landmarks, and no pictures but those of the last second or two.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    networks : PeopleNetworks, optional
        Which are asked; if not given, those of `quality` are loaded.

    Raises
    ------
    AssetError
        When a pose model is missing or damaged.
    """

    def __init__(
        self,
        width: int,
        height: int,
        quality: str = BEST,
        networks: PeopleNetworks | None = None,
    ) -> None:
        self._size = (width, height)
        self._detector, self._landmarker = networks or PeopleNetworks.load(quality)
        self._states: list[TrackState] = []
        self._ended: list[Tracklet] = []
        self._begin_anew()
        self._times: list[float] = []  # seconds of the frames so far
        self._next_id = 1

    def update(self, frame: Frame, anew: bool = False, again: bool = False) -> list[Observation]:
        """Find everybody in the next frame; `Observation.track_id` may still change at the end.

        Parameters
        ----------
        frame : Frame
        anew : bool
            Whether nobody is expected where they were: this may be the first frame of a shot.
        again : bool
            Whether the picture is that of the frame before: it would show the same.
        """
        time, image = frame.time, frame.image
        if anew:
            self._begin_anew()
        now = len(self._times)
        self._times.append(time)
        if again:
            shown = [person for person in self._states if person.tracklet.goes_to(now - 1)]
            return [person.tracklet.repeat(time) for person in shown]
        poses = self._look_where_expected(image, time)
        detections = self._detections(image, time, poses)
        self._confirm(detections, poses, time)
        self._take_in(image, time, detections, poses)
        observations = [
            person.record(poses[id(person)], now, time, self._size)
            for person in self._states
            if id(person) in poses
        ]
        self._ended += touching_cut(self._states, poses, time, now, self._new_id)
        self._end_those_gone(time)
        self._past.remember(now, time, image, list(poses.values()))
        return observations

    def finish(self, steadied: Steadied | None = None, cuts: Sequence[float] = ()) -> list[Track]:
        """End the clip and return who was in it, shot by shot, ids from 1.

        What was followed in pieces is joined where motion and appearance say that it is one
        person; what was seen too short or too uncertainly is left out, and, by how the camera
        moved, what is a picture on a wall.

        Parameters
        ----------
        steadied : Steadied, optional
        cuts : sequence of float
            As `join_by_shots` takes them.
        """
        self._end_everybody()
        return join_by_shots(self._ended, np.array(self._times), cuts, steadied or Steadied())

    def _begin_anew(self) -> None:
        """Expect nobody, and take nothing for searched."""
        self._end_everybody()
        self._scanner = Scanner(*self._size)
        self._searched = SearchedBefore(*self._size)
        self._past = JustPast(*self._size)

    def _end_everybody(self) -> None:
        self._ended += [person.tracklet for person in self._states]
        self._states = []

    def _look_where_expected(self, image: np.ndarray, time: float) -> dict[int, Pose]:
        """Look for everybody where they should be; return poses by `id` of who was seen."""
        poses: dict[int, Pose] = {}
        for person in self._states:
            region = person.predicted(time)
            pose = self._landmarker.follow(image, region)
            is_body = pose.presence >= MIN_PRESENCE and is_plausible(pose, region, self._size)
            if is_body and not is_the_others(person, pose):
                poses[id(person)] = pose
        for person, other in combinations(self._states, 2):
            if id(person) in poses and id(other) in poses:
                mine, others = poses[id(person)], poses[id(other)]
                young = time - max(person.since, other.since) < _YOUNG
                if is_same(mine, others) or (young and overlap(mine, others, self._size)):
                    del poses[id(weaker(person, mine, other, others, time))]
        return poses

    def _detections(
        self, image: np.ndarray, time: float, poses: dict[int, Pose]
    ) -> list[Detection]:
        """Ask the detector about new people, lost people and those not confirmed for long."""
        boxes = [body_box(pose.landmarks, *self._size) for pose in poses.values()]
        self._searched.see(image, boxes)
        sizes = [person.region.size for person in self._states]
        squares = self._scanner.squares(time, sizes, self._searched.share_changed)
        squares = self._searched.worth_it(squares)
        for person in self._states:
            if id(person) not in poses:
                if time - person.seen <= 2 * SEARCH_EVERY or time >= person.next_search:
                    region = person.predicted(time)
                    squares.append(Region(region.center, 1.6 * region.size))
                    person.next_search = time + SEARCH_EVERY
            elif time - person.confirmed >= CONFIRM_EVERY:
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
            if not any(is_same_detection(detection, other) for other in kept):
                kept.append(detection)
        return kept

    def _confirm(self, detections: list[Detection], poses: dict[int, Pose], time: float) -> None:
        """Note who of those seen was found by the detector, and take their detections away."""
        for person in self._states:
            pose = poses.get(id(person))
            if pose is None:
                continue
            mine = [(misfit(d, pose), d) for d in detections if misfit(d, pose) < 1]
            if mine:
                # The nearest is this person's; one not much further may be a neighbour's.
                nearest = min(error for error, _ in mine)
                for error, detection in mine:
                    if error == nearest or error <= _SURELY_FITS:
                        detections.remove(detection)
                score = max(detection.score for _, detection in mine)
                person.tracklet.best_score = max(person.tracklet.best_score, score)
                person.confirmed, person.failed_searches = time, 0
            elif time - person.confirmed >= CONFIRM_EVERY:
                person.failed_searches += 1

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
        candidates: list[tuple[Detection, Pose]] = []
        for detection in detections:
            pose = self._landmarker.find(image, detection.region())
            # The detector's region is rough, and between two people may lead to either.
            pose = self._landmarker.follow(image, pose.next_region)
            known = [*poses.values(), *(other for _, other in candidates)]
            if (
                pose.presence >= MIN_PRESENCE
                and is_plausible(pose, detection.region(), self._size)
                and not any(
                    is_same(pose, other) or is_part(pose, other) or overlap(pose, other, self._size)
                    for other in known
                )
            ):
                candidates.append((detection, pose))
        resumed = set()
        lost = [person for person in self._states if id(person) not in poses]
        costs = np.array(
            [[person.cost(pose, time) for _, pose in candidates] for person in lost]
        ).reshape(len(lost), len(candidates))
        for row, column in zip(*linear_sum_assignment(costs), strict=True):
            if costs[row, column] < 1:
                person, (detection, pose) = lost[row], candidates[column]
                person.confirmed, person.failed_searches = time, 0
                poses[id(person)] = pose
                resumed.add(column)
                known = person.seen - person.since >= _YOUNG
                if known and person.appearance_distance(pose) > _DOUBTED_LOOKS:
                    # Whether this is who was seen before is left to the end.
                    self._ended.append(person.cut(len(self._times) - 1, self._new_id()))
                self._look_back(person, pose, time, person.seen)
                person.tracklet.best_score = max(person.tracklet.best_score, detection.score)
        for column, (detection, pose) in enumerate(candidates):
            if column not in resumed and (detection.score >= _NEW_SCORE or is_whole(pose)):
                tracklet = Tracklet(self._new_id(), best_score=detection.score)
                person = TrackState(
                    tracklet, pose.next_region, since=time, seen=time, confirmed=time
                )
                self._states.append(person)
                poses[id(person)] = pose
                self._look_back(person, pose, time)

    def _look_back(
        self, person: TrackState, pose: Pose, time: float, after: float = -np.inf
    ) -> None:
        """Add what was overlooked of somebody later than `after` and before `time`, seconds."""
        sights = self._past.look_back(self._landmarker, pose, time, after)
        if sights:
            person.since = min(person.since, sights[0].time)
        for sight in sights:
            person.record(sight.pose, sight.frame, sight.time, self._size)

    def _end_those_gone(self, time: float) -> None:
        gone = {id(person) for person in self._states if person.given_up(time)}
        self._ended += [person.tracklet for person in self._states if id(person) in gone]
        self._states = [person for person in self._states if id(person) not in gone]

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1
