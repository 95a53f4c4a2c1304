"""The work that is announced while people are tracked is about what there is in the end."""

from pathlib import Path

import numpy as np
import pytest

from core_model.tracking.track_people import track_people
from core_model.tracking.tracks import Observation
from core_model.tracking.work_ahead import WorkAhead
from core_model.video.clip import open_video
from tests.places import DEMO

PIXELS = 854 * 480


def counter(**other: object) -> WorkAhead:
    wanted = {"rate": 30.0, "pixels": PIXELS, "most": None} | other
    switches = {"quality": "best", "hands": True, "fitted": True, "copied": False} | {
        name: wanted.pop(name)
        for name in ("quality", "hands", "fitted", "copied")
        if name in wanted
    }
    return WorkAhead(**wanted, **switches)  # type: ignore[arg-type]


def standing(height: float, presence: float = 0.98) -> Observation:
    landmarks = np.zeros((33, 3), np.float32)
    landmarks[:, 1] = np.linspace(0, height, 33)
    landmarks[:, 2] = 1.0
    return Observation(1, landmarks, np.array([0, 0, 1, height]), presence)


@pytest.fixture(scope="module")
def tracked() -> tuple[WorkAhead, WorkAhead]:
    """Return what was counted while a clip was followed, and what is certain afterwards."""
    seen, known = counter(), counter()
    video = open_video(Path(DEMO), 0.0, 1.5)
    result = track_people(video, lambda done, total, people: seen.see(people))
    known.know(result.times, result.tracks, hands_seen=False)
    return seen, known


def test_what_is_seen_so_far_is_what_there_will_be(tracked):
    seen, known = (each.amounts["network"] for each in tracked)
    assert known > 10
    assert abs(seen - known) <= 0.2 * known


def test_hands_are_work_of_their_own_where_nobody_looked_at_them_before(tracked):
    seen, known = (each.amounts for each in tracked)
    assert seen["hands"] < 10 < known["hands"], "a few are looked at again"


def test_sides_are_doubted_once_they_were_exchanged_and_ever_less_where_they_never_were():
    sure, doubted = counter(), counter()
    person, turned = standing(300), standing(300)
    person.landmarks[:, 0] = np.where(np.arange(33) % 2, 100, -100)  # left is odd
    turned.landmarks[:, 0] = -person.landmarks[:, 0]
    for frame in range(60):
        sure.see([person])
        doubted.see([turned if frame % 30 == 15 else person])
    assert doubted.amounts["sides"] == 60
    early = sure.amounts["sides"] / 60
    for _ in range(600):
        sure.see([person])
    assert 0 < sure.amounts["sides"] / 660 < early / 2 < 0.25


def test_only_those_who_are_captured_make_work_for_later():
    everybody, largest = counter(hands=False), counter(hands=False, most=1)
    for _ in range(10):
        for each in (everybody, largest):
            each.see([standing(200), standing(300)])
    assert everybody.amounts["network"] == 20 and largest.amounts["network"] == 10
    assert everybody.amounts["people"] == largest.amounts["people"], "everybody is followed"


def test_what_may_be_no_person_makes_less_work():
    alone, doubtful = counter(), counter()
    for _ in range(10):
        alone.see([standing(400)])
        doubtful.see([standing(400), standing(380, presence=0.6), standing(150)])
    assert alone.amounts["network"] == 10
    assert doubtful.amounts["network"] == 15, "a small one is as likely as not a thing"


def test_looking_exactly_takes_longer():
    fast, best = counter(quality="fast"), counter(quality="best")
    for _ in range(10):
        for each in (fast, best):
            each.see([standing(200)])
    assert best.amounts["people"] > 1.5 * fast.amounts["people"]
    assert best.amounts["network"] == fast.amounts["network"]


def test_stages_that_will_not_be_are_not_announced():
    ahead = counter(hands=False, fitted=False)
    ahead.see([standing(300)])
    assert set(ahead.amounts) == {"people", "sides", "network"}
    assert "copy" in counter(copied=True).amounts


def test_slow_clips_cost_the_network_more_and_fast_ones_the_hands_less():
    slow, fast = counter(rate=10.0), counter(rate=60.0)
    for each in (slow, fast):
        for _ in range(60):
            each.see([standing(400)])
    assert slow.amounts["network"] == 3 * fast.amounts["network"]
    bare = [counter(rate=rate, hands=False) for rate in (10.0, 60.0)]
    for each in bare:
        for _ in range(60):
            each.see([standing(400)])
    of_hands = [
        each.amounts["people"] - without.amounts["people"]
        for each, without in zip((slow, fast), bare, strict=True)
    ]
    assert 0 < of_hands[1] <= 0.5 * of_hands[0] + 1


def test_a_larger_picture_makes_both_qualities_the_same_more_work():
    """Both networks see a person cut out at the same size."""

    def following(quality: str, pixels: int) -> int:
        ahead = counter(quality=quality, pixels=pixels)
        for _ in range(200):
            ahead.see([standing(300)])
        return ahead.amounts["people"]

    small, large = 10**6, 8 * 10**6
    more = [following(quality, large) - following(quality, small) for quality in ("fast", "best")]
    assert more[0] > 0 and abs(more[0] - more[1]) <= 2
