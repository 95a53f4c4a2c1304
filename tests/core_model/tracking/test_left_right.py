import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_MIRROR
from core_model.solving.sides import swapped
from core_model.tracking.left_right import (
    SidesSoFar,
    exchanged_frames,
    exchanged_landmarks,
    with_sides_restored,
)
from tests.core_model.solving.clips import true_take

MOVING = ("walk_side_01", "leap_side_01", "limp_pillar_01", "signals_01", "punch_01", "jump_low_01")
TRUNK = [11, 12, 23, 24]


def walker(frames=90):
    """Return landmarks (T, 33, 3) of somebody who moves about and swings every limb."""
    random = np.random.default_rng(0)
    rest = random.normal(0, (40, 90), (33, 2))
    phase = np.arange(frames)[:, None, None] / 30 * 2 * np.pi
    swing = 12 * random.normal(size=(33, 2)) * np.sin(phase + random.uniform(0, 6, (33, 1)))
    points = 400 + rest + swing + random.normal(0, 1, (frames, 33, 2))
    return np.concatenate((points, np.ones((frames, 33, 1))), axis=-1)


def test_exchanges_are_found_and_undone():
    truth = walker()
    times = np.arange(len(truth)) / 30
    exchanged = np.zeros(len(truth), bool)
    exchanged[[10, 40, 41, 42, 43, 44, 45, 70, 71]] = True
    seen = np.where(exchanged[:, None, None], truth[:, list(LANDMARK_MIRROR)], truth)
    found = exchanged_frames(seen, times)
    np.testing.assert_array_equal(found, exchanged)
    np.testing.assert_array_equal(with_sides_restored(seen, found), truth)


def test_nothing_is_exchanged_when_nothing_was():
    landmarks = walker()
    for rate in (10, 30, 120):
        assert not exchanged_frames(landmarks, np.arange(len(landmarks)) / rate).any()
    assert not exchanged_frames(landmarks[:1], np.zeros(1)).any()


def test_one_wild_landmark_is_no_exchange():
    landmarks = walker()
    landmarks[30:33, 15, :2] += 300
    assert not exchanged_frames(landmarks, np.arange(len(landmarks)) / 30).any()


def test_what_is_told_of_one_frame_decides_as_far_as_limbs_go_on():
    truth, times = walker(), np.arange(90) / 30
    exchanged = np.zeros(len(truth), bool)
    exchanged[:70] = True
    seen = with_sides_restored(truth, exchanged)
    # Most of a clip exchanged is cheaper to believe than the rest, unless a frame is known.
    np.testing.assert_array_equal(exchanged_frames(seen, times), ~exchanged)
    np.testing.assert_array_equal(exchanged_frames(seen, times, {30: 1.0}), exchanged)
    np.testing.assert_array_equal(exchanged_frames(seen, times, {80: -1.0}), exchanged)
    np.testing.assert_array_equal(exchanged_frames(seen, times, {30: 0.01}), ~exchanged)


@pytest.mark.parametrize("wrong", [slice(0, 0), slice(20, 30), slice(0, 4), slice(33, 40)])
def test_while_frames_come_in_it_is_known_as_well_as_at_the_end(wrong):
    sides, landmarks, times = SidesSoFar(), walker(40), np.arange(40) / 30
    landmarks[wrong] = landmarks[wrong][:, list(LANDMARK_MIRROR)]
    for last in range(40):
        sides.see(landmarks[last], times[last])
        whole = exchanged_frames(landmarks[: last + 1], times[: last + 1])
        assert sides.exchanged == whole.any()


@pytest.mark.parametrize("name", MOVING)
@pytest.mark.parametrize("step", [1, 2, 3])
def test_limbs_that_pass_each_other_are_not_exchanged(name, step):
    take = true_take(name, frames=90)
    assert not exchanged_landmarks(take.keypoints2d[::step], take.times[::step]).any()


@pytest.mark.parametrize("limbs", ["legs", "arms"])
@pytest.mark.parametrize("frames", [[25], [20, 21, 22, 23, 25, 26], [*range(45, 53)]])
@pytest.mark.parametrize("name", ["walk_side_01", "limp_pillar_01", "punch_01"])
def test_limbs_that_are_exchanged_alone_are_put_right(name, frames, limbs):
    take = true_take(name, frames=80)
    wrong = swapped(take.keypoints2d, np.isin(np.arange(len(take)), frames), limbs)
    wrong[:, TRUNK] = take.keypoints2d[:, TRUNK]
    restored = with_sides_restored(wrong, exchanged_landmarks(wrong, take.times))
    np.testing.assert_array_equal(restored, take.keypoints2d)


def test_what_is_exchanged_as_a_whole_is_whole():
    take = true_take("walk_side_01", frames=80)
    wrong = np.isin(np.arange(len(take)), [10, *range(30, 50)])
    found = exchanged_landmarks(with_sides_restored(take.keypoints2d, wrong), take.times)
    np.testing.assert_array_equal(found, np.repeat(wrong[:, None], 33, axis=1))
    for frames in (slice(1), slice(2)):
        assert not exchanged_landmarks(take.keypoints2d[frames], take.times[frames]).any()


def spinner(frames=60, turns=1.5):
    """Return landmarks (T, 33, 3) of somebody who spins, so many times a second."""
    phase = (np.arange(frames) + 0.5) / 30 * 2 * np.pi * turns
    side = np.array([0.0 if LANDMARK_MIRROR[i] == i else i % 2 - 0.5 for i in range(33)])
    points = np.zeros((frames, 33, 2))
    points[..., 0] = 400 + 80 * np.cos(phase)[:, None] * side
    points[..., 1] = 100 + 12 * (np.arange(33) // 2)
    return np.concatenate((points, np.ones((frames, 33, 1))), axis=-1)


def test_frames_of_one_moment_tell_nothing_wrong():
    landmarks, times = walker(30).repeat(2, axis=0), np.repeat(np.arange(30) / 30, 2)
    with np.errstate(all="raise", under="ignore"):
        assert not exchanged_landmarks(landmarks, times).any()
        assert not exchanged_frames(landmarks[:1].repeat(4, axis=0), np.zeros(4)).any()


@pytest.mark.parametrize("turns", [1.0, 1.5, 2.5])
def test_whoever_spins_is_not_exchanged(turns):
    """Shoulders that pass each other between two frames would jump less if they were exchanged."""
    landmarks, times = spinner(turns=turns), np.arange(60) / 30
    assert not exchanged_landmarks(landmarks, times).any()
    wrong = np.isin(np.arange(60), range(22, 29))
    found = exchanged_landmarks(with_sides_restored(landmarks, wrong), times)
    np.testing.assert_array_equal(found, np.repeat(wrong[:, None], 33, axis=1))
