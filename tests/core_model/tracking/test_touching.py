"""Who keeps a body that two look at, and where those are cut who touched."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core_model.detection.detector import Detection
from core_model.detection.landmarker import Pose
from core_model.detection.region import Region
from core_model.tracking.touching import is_the_others, touching_cut
from core_model.tracking.track_state import Touch, TrackState, appearance_of, weaker
from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Observation, Tracklet
from core_model.video.clip import open_video
from train.places import WITHHELD_FOLDER


def pose_at(x: float) -> Pose:
    landmarks = np.column_stack((np.full((33, 2), x), np.ones(33))).astype(np.float32)
    region = Region(np.array([x, 200.0]), 200.0)
    patch = np.zeros((256, 256, 3), np.uint8)
    return Pose(landmarks, 0.99, region, patch, np.full((33, 2), 128.0))


def followed(number: int, x: float, frames: int, seen: float) -> TrackState:
    pose = pose_at(x)
    tracklet = Tracklet(number)
    for frame in range(frames):
        sight = Observation(number, pose.landmarks, np.ones(4, np.float32), 1.0, number)
        tracklet.append(frame, seen - (frames - 1 - frame) / 30, sight)
    return TrackState(tracklet, pose.next_region, seen=seen)


def test_who_was_seen_all_along_keeps_a_body_that_somebody_lost_comes_to():
    lost, present = followed(1, 300, 50, seen=1.8), followed(2, 300, 20, seen=1.97)
    pose = pose_at(302)
    assert weaker(lost, pose, present, pose, 2.0) is lost
    assert weaker(present, pose, lost, pose, 2.0) is lost
    # Of two who were both seen the younger is the mistake.
    older = followed(3, 300, 50, seen=1.97)
    assert weaker(older, pose, present, pose, 2.0) is present


def test_those_who_touched_are_cut_where_they_were_nearest_once_both_are_seen_apart():
    one, other = followed(1, 100, 10, seen=0.3), followed(2, 400, 10, seen=0.3)
    numbers = iter(range(3, 9))
    ended = []
    for frame, apart in enumerate((200, 45, 20, 30, 70, 90), start=4):
        other.region = Region(np.array([100.0 + apart, 200.0]), 200.0)
        # In the last but one the other is not seen: nobody knows where they are.
        poses = {id(one): pose_at(100), id(other): pose_at(100 + apart)}
        if apart == 70:
            del poses[id(other)]
        cut = touching_cut([one, other], poses, frame / 30, frame, lambda: next(numbers))
        ended.append(len(cut))
        heads = cut
    assert ended == [0, 0, 0, 0, 0, 2]
    for head, person in zip(heads, (one, other), strict=True):
        assert head.frames == list(range(6)) and person.tracklet.frames[0] == 6
        assert head.apart_until == 5 / 30 and person.tracklet.apart_from == 9 / 30
        assert person.tracklet.follows == head.track_id
        assert person.tracklet.least_apart == 0.1


def with_looks(pose: Pose, colour: int) -> Pose:
    return replace(pose, patch=np.full((256, 256, 3), colour, np.uint8))


def pair_at(one_x: float, other_x: float) -> tuple[TrackState, TrackState, dict[int, Pose]]:
    """Return two who touched in their frames 2 and 3, and where they are seen now."""
    one, other = followed(1, one_x, 10, seen=0.3), followed(2, other_x, 10, seen=0.3)
    for each in (one, other):
        each.touching = Touch(since=0.1, least=0.01, nearest=3)
    return one, other, {id(one): pose_at(one_x), id(other): pose_at(other_x)}


def test_a_body_that_looks_like_whom_one_touches_is_theirs():
    one, other, _ = pair_at(300, 315)
    dark, light, grey = (with_looks(pose_at(300), colour) for colour in (0, 255, 128))
    one.tracklet.appearance.add(appearance_of(dark))
    other.tracklet.appearance.add(appearance_of(light))
    assert not is_the_others(one, light)
    for each, its in ((one, other), (other, one)):
        assert each.touching is not None
        each.touching.others[id(its)] = its
    assert is_the_others(one, light) and is_the_others(other, dark)
    assert not is_the_others(one, dark) and not is_the_others(other, light)
    # Somebody who looks like neither is not the other either.
    assert not is_the_others(one, grey)
    one.touching = None
    assert not is_the_others(one, light)


def test_nobody_is_found_again_further_away_than_people_run():
    lost = followed(1, 300, 10, seen=0.3)
    assert lost.cost(pose_at(300 + 90), 0.33) < 1 <= lost.cost(pose_at(300 + 130), 0.33)
    assert lost.cost(pose_at(300 + 130), 0.6) < 1


@pytest.mark.parametrize("quality", [pytest.param("fast", marks=pytest.mark.long), "best"])
def test_two_who_meet_go_on_as_they_came(quality):
    """Behind the other one of the two is followed on the other's body for half a second."""
    clip = open_video(WITHHELD_FOLDER / "meeting.mp4")
    tracker = PeopleTracker(clip.width, clip.height, quality)
    for frame in clip:
        tracker.update(frame)
    ways = {bool(track.bbox[0, 0] < 320): track.bbox[-1, 0] < 320 for track in tracker.finish()}
    assert ways == {True: False, False: True}


def test_who_is_seen_again_after_all_sights_were_given_to_another_is_followed_on():
    class Sees:
        def find(self, image: np.ndarray, region: Region) -> Pose:
            return pose_at(300)

        follow = find

    networks: Any = (None, Sees())
    tracker = PeopleTracker(640, 360, networks=networks)
    lost = followed(1, 300, 10, seen=0.3)
    lost.cut(99, 2)
    tracker._states = [lost]
    box = np.array([250.0, 150, 350, 250])
    points = np.array([[300.0, 200], [300, 120], [300, 160], [300, 120]])
    poses: dict[int, Pose] = {}
    tracker._take_in(np.zeros((360, 640, 3), np.uint8), 0.4, [Detection(0.9, box, points)], poses)
    assert poses.keys() == {id(lost)} and lost.tracklet.frames == []
