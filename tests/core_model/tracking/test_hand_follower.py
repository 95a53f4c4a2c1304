"""How often anyone looks for hands, and where."""

import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_COUNT, LANDMARK_INDEX
from core_model.detection.hand_landmarker import Hand
from core_model.detection.hand_region import region_from_body
from core_model.detection.region import Region
from core_model.tracking.hand_follower import HandFollower, share_looked_at
from core_model.tracking.hand_tracker import _BRIDGED

RATES = (8, 10, 12, 15, 16, 17, 24, 25, 29.97, 30, 33, 48, 50, 59.94, 60, 120)


@pytest.mark.parametrize("quality", ["fast", "best"])
@pytest.mark.parametrize("rate", RATES)
def test_hands_are_looked_at_as_often_as_is_told_ahead(rate, quality):
    follower, body = HandFollower(quality), np.zeros((33, 3))
    looked = [time for time in np.arange(240) / rate if follower.begin(body, float(time))]
    assert len(looked) == np.ceil(240 * share_looked_at(rate, quality))
    assert np.diff(looked).max() < _BRIDGED or rate <= 1 / _BRIDGED, "hands would vanish between"
    assert len(looked) / (240 / rate) <= (17 if quality == "fast" else 31)


def test_video_at_30_frames_per_second_is_looked_at_whole_only_where_it_is_to_be_good():
    assert share_looked_at(30, "best") == 1
    assert share_looked_at(30, "fast") == 0.5


LEFT = [LANDMARK_INDEX[f"left_{part}"] for part in ("wrist", "pinky", "index", "thumb")]


def body_at(place: np.ndarray, visibility: float = 1.0) -> np.ndarray:
    """Return landmarks of a body whose left hand is somewhere; of the right one nothing is seen."""
    body = np.zeros((LANDMARK_COUNT, 3))
    body[LEFT, :2] = place + 40 * np.array([[0, 0], [-0.3, -1], [0.3, -1], [0.5, -0.5]])
    body[LEFT, 2] = visibility
    return body


def hand_at(place: np.ndarray, presence: float) -> Hand:
    """Return a hand that points upwards from its wrist."""
    points = np.linspace([-0.2, -1], [0.2, -1], 21) * np.linspace(0.3, 1, 21)[:, None]
    points[0] = 0
    return Hand(place + 40 * points, np.zeros((21, 3)), presence, rightness=0.0)


def regions_looked_at(follower, body, time, place, presence) -> list[Region]:
    looked: list[Region] = []

    def look(region):
        looked.append(region)
        return hand_at(place, presence)

    assert follower.begin(body, time)
    left = follower.search(0, look)
    follower.take_in(left, follower.search(1, lambda region: None))
    return looked


def test_a_hand_is_looked_for_as_far_on_as_the_wrist_has_come():
    follower = HandFollower("fast")
    there = np.array([300.0, 200.0])
    rough, close = regions_looked_at(follower, body_at(there), 0.0, there, 0.9)
    (still,) = regions_looked_at(follower, body_at(there), 0.1, there, 0.9)
    way = np.array([80.0, -30.0])
    (moved,) = regions_looked_at(follower, body_at(there + way), 0.2, there + way, 0.9)
    np.testing.assert_allclose(moved.center, still.center + way)
    assert (moved.size, moved.angle) == (still.size, still.angle)


def test_a_wrist_that_is_not_seen_moves_nobody_s_hand():
    follower = HandFollower("fast")
    there = np.array([300.0, 200.0])
    regions_looked_at(follower, body_at(there), 0.0, there, 0.9)
    (still,) = regions_looked_at(follower, body_at(there), 0.1, there, 0.9)
    (hidden,) = regions_looked_at(follower, body_at(there + 50, 0.3), 0.2, there, 0.9)
    np.testing.assert_allclose(hidden.center, still.center)


def test_a_hand_that_is_followed_doubtfully_is_looked_for_anew():
    follower = HandFollower("fast")
    there = np.array([300.0, 200.0])
    regions_looked_at(follower, body_at(there), 0.0, there, 0.9)
    followed, rough, close = regions_looked_at(follower, body_at(there), 0.1, there, 0.5)
    np.testing.assert_array_equal(rough.center, region_from_body(body_at(there), 0).center)
    assert len(regions_looked_at(follower, body_at(there), 0.17, there, 0.5)) == 1, "too often"


@pytest.mark.parametrize(("presence", "looks"), [(0.05, 1), (0.3, 2)])
def test_where_a_rough_look_shows_nothing_nobody_looks_closer(presence, looks):
    there = np.array([300.0, 200.0])
    regions = regions_looked_at(HandFollower("best"), body_at(there), 0.0, there, presence)
    assert len(regions) == looks
