"""Doubtful ranges are few, where confidence was low, and of the right part of the body."""

import numpy as np
import pytest

from bake.motion.doubtful import PARTS, WHOLE_BODY, DoubtfulRange, doubtful_ranges
from core_model.body.skeleton import JOINT_INDEX

SECONDS = 30


def sure(rate: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    times = 2.0 + np.arange(round(SECONDS * rate)) / rate
    return times, np.full((len(times), 24), 0.9), np.ones(len(times), bool)


def doubt(times: np.ndarray, confidence: np.ndarray, part: str, start: float, end: float) -> None:
    inside = (times >= start) & (times < end)
    joints = np.array([JOINT_INDEX[name] for name in PARTS[part]])
    confidence[np.ix_(inside, joints)] = 0.2


def test_a_take_that_is_sure_has_none():
    assert doubtful_ranges(*sure(30)) == []


@pytest.mark.parametrize("rate", [10, 24, 60])
def test_a_range_is_of_its_part_and_as_long_whatever_the_frame_rate(rate: float):
    times, confidence, valid = sure(rate)
    doubt(times, confidence, "Left Arm", 5.0, 7.0)
    (found,) = doubtful_ranges(times, confidence, valid)
    assert found.part == "Left Arm" and found.confidence < 0.5
    assert abs(found.start - 5.0) < 0.2 and abs(found.end - 7.0) < 0.2


def test_trembling_confidence_makes_a_handful_not_hundreds():
    times, confidence, valid = sure(30)
    random = np.random.default_rng(0)
    wave = 0.55 + 0.35 * np.sin(times / 3)
    confidence[:] = (wave[:, None] + 0.25 * random.standard_normal(confidence.shape)).clip(0, 1)
    found = doubtful_ranges(times, confidence, valid)
    assert 1 <= len(found) <= 12
    of_part: dict[str, list[DoubtfulRange]] = {}
    for each in found:
        of_part.setdefault(each.part, []).append(each)
    for ranges in of_part.values():
        for before, after in zip(ranges[:-1], ranges[1:], strict=True):
            assert before.end < after.start


def test_short_pauses_are_bridged_and_blinks_left_out():
    times, confidence, valid = sure(30)
    doubt(times, confidence, "Right Leg", 5.0, 6.0)
    doubt(times, confidence, "Right Leg", 6.3, 7.0)
    doubt(times, confidence, "Right Leg", 20.0, 20.05)
    (found,) = doubtful_ranges(times, confidence, valid)
    assert found.end - found.start > 1.8


def test_a_person_who_is_not_seen_is_one_range_of_the_whole_body():
    times, confidence, valid = sure(30)
    gone = (times >= 10) & (times < 13)
    confidence[gone], valid[gone] = 0.0, False
    (found,) = doubtful_ranges(times, confidence, valid)
    assert found.part == WHOLE_BODY
    assert abs(found.start - 10) < 0.2 and abs(found.end - 13) < 0.2
    assert [each.start for each in doubtful_ranges(times, confidence, valid)] == [found.start]


def test_parts_name_every_joint_once():
    named = [name for joints in PARTS.values() for name in joints]
    assert sorted(named) == sorted(JOINT_INDEX)
