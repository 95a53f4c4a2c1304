"""Who keeps a body that two look at, and where those are cut who touched."""

from typing import Any

import numpy as np

from core_model.detection.landmarker import Pose
from core_model.detection.region import Region
from core_model.tracking.touching import touching_cut
from core_model.tracking.track_state import TrackState
from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Observation, Tracklet


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
    networks: Any = (None, None)
    tracker = PeopleTracker(640, 360, networks=networks)
    lost, present = followed(1, 300, 50, seen=1.8), followed(2, 300, 20, seen=1.97)
    pose = pose_at(302)
    assert tracker._weaker(lost, pose, present, pose, 2.0) is lost
    assert tracker._weaker(present, pose, lost, pose, 2.0) is lost
    # Of two who were both seen the younger is the mistake.
    older = followed(3, 300, 50, seen=1.97)
    assert tracker._weaker(older, pose, present, pose, 2.0) is present


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
