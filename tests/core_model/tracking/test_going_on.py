"""People who look alike and touch in the picture: who goes on where."""

import numpy as np
import pytest

from core_model.tracking.going_on import unsteadiness
from core_model.tracking.reidentification import join_tracklets
from core_model.tracking.steadied import Steadied
from core_model.tracking.tracks import Observation, Tracklet

RATE = 30.0
BODY = np.random.default_rng(0).normal(0, 60, (33, 2))


def tracklet(number: int, frames: range, path, follows=None, **touch) -> Tracklet:
    """Return somebody in `frames`, in the middle of the picture plus `path` of the seconds."""
    made = Tracklet(number, follows=follows, best_score=0.9, **touch)
    for frame in frames:
        place = BODY + [path(frame / RATE), 300]
        landmarks = np.column_stack((place, np.ones(33))).astype(np.float32)
        low, high = place.min(axis=0), place.max(axis=0)
        box = np.concatenate((low, high - low)).astype(np.float32)
        made.append(frame, frame / RATE, Observation(number, landmarks, box, 1.0, number))
    return made


def right(time):
    return 100 + 200 * time


def left(time):
    return 900 - 200 * time


def met(first, second, least=0.0) -> list[Tracklet]:
    """Return who comes from both sides, and follows `first` and `second` after two seconds."""
    touch = {"apart_from": 2.2, "least_apart": least}
    return [
        tracklet(1, range(60), right, apart_until=1.8),
        tracklet(2, range(60), left, apart_until=1.8),
        tracklet(3, range(60, 120), first, follows=1, **touch),
        tracklet(4, range(60, 120), second, follows=2, **touch),
    ]


def ends(tracks) -> list[tuple[bool, bool]]:
    """Tell of each whether they come from the left and whether they go there."""
    xs = [track.landmarks[[0, -1], :, 0].mean(axis=1) for track in tracks]
    assert all(len(track.frames) == 120 for track in tracks)
    return sorted((bool(first < 500), bool(last < 500)) for first, last in xs)


def test_two_who_pass_each_other_are_not_exchanged_though_the_tracker_was():
    assert ends(join_tracklets(met(left, right), 120, 4.0, Steadied())) == [
        (False, True),
        (True, False),
    ]
    assert ends(join_tracklets(met(right, left), 120, 4.0, Steadied())) == [
        (False, True),
        (True, False),
    ]


def test_two_who_meet_and_stand_stay_who_they_are():
    first = [tracklet(1, range(60), lambda _: 440.0, apart_until=1.8)]
    first += [tracklet(2, range(60), lambda _: 560.0, apart_until=1.8)]
    touch = {"apart_from": 2.2, "least_apart": 0.15}
    first += [tracklet(3, range(60, 120), lambda _: 440.0, follows=1, **touch)]
    first += [tracklet(4, range(60, 120), lambda _: 560.0, follows=2, **touch)]
    assert ends(join_tracklets(first, 120, 4.0, Steadied())) == [(False, False), (True, True)]


def test_what_follows_may_overlap_while_it_is_in_doubt():
    """Both trackers looked at one body for a moment."""
    one, other = tracklet(1, range(66), right, apart_until=1.8), tracklet(2, range(54), left)
    other.apart_until = 1.8
    touch = {"apart_from": 2.4, "least_apart": 0.0}
    later = [tracklet(3, range(66, 120), left, follows=1, **touch)]
    later += [tracklet(4, range(54, 120), right, follows=2, **touch)]
    tracks = join_tracklets([one, other, *later], 120, 4.0, Steadied())
    assert len(tracks) == 2
    for track in tracks:
        assert (np.diff(track.frames) > 0).all()
        x = track.landmarks[:, :, 0].mean(axis=1)
        assert (x[0] < 500) != (x[-1] < 500)


@pytest.mark.parametrize("later", [3.6, 1.5])
def test_motion_tells_nothing_over_long_or_backwards(later):
    before = tracklet(1, range(60), right, apart_until=1.8)
    after = tracklet(2, range(60, 120), right, apart_from=later)
    assert unsteadiness(before, after) is None


def test_who_goes_on_is_more_likely_than_who_turns_back():
    before = tracklet(1, range(60), right, apart_until=1.8)
    on = tracklet(2, range(60, 120), right, apart_from=2.2)
    back = tracklet(3, range(60, 120), left, apart_from=2.2)
    assert (unsteadiness(before, on) or 0.0) < 0.05
    assert (unsteadiness(before, back) or 0.0) > 0.15
    assert unsteadiness(before, tracklet(4, range(64, 66), right, apart_from=2.2)) is None
