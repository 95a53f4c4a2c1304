"""Seconds stay seconds, whatever the frame rates of clip and scene."""

import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline, exact_rate, rate_of, resample
from bake.motion.track import Track, track_of
from core_model.body.skeleton import JOINT_INDEX
from core_model.errors import MocapError, TakeError
from core_model.take import Take
from tests.bake.motions import tumbling, turning_joint, walking

ELBOW = JOINT_INDEX["left_elbow"]


def _elbow_angle(quaternions: np.ndarray) -> np.ndarray:
    return np.unwrap(2 * np.arctan2(quaternions[:, ELBOW, 2], quaternions[:, ELBOW, 0]))


def _track(take: Take) -> Track:
    return track_of(take, np.zeros(3))


@pytest.mark.parametrize(
    ("rate", "fps", "base"),
    [
        (24000 / 1001, 24, 1.001),
        (24, 24, 1.0),
        (25, 25, 1.0),
        (30000 / 1001, 30, 1.001),
        (30, 30, 1.0),
        (50, 50, 1.0),
        (60000 / 1001, 60, 1.001),
        (60, 60, 1.0),
        (120, 120, 1.0),
        (12.5, 13, 13 / 12.5),
    ],
)
def test_real_rates_are_recognised_from_timestamps(rate, fps, base):
    times = np.arange(200) / rate
    found = rate_of(times)
    assert (found.fps, found.base) == (fps, pytest.approx(base))
    assert found.value == pytest.approx(rate)


def test_timestamps_in_whole_milliseconds_do_not_hide_the_rate():
    times = np.round(np.arange(300) / 30, 3)
    assert 1 / np.median(np.diff(times)) == pytest.approx(30.30, abs=0.01)
    assert rate_of(times) == FrameRate(30, 1.0)
    assert rate_of(np.round(np.arange(900) * 1.001 / 30, 3)) == FrameRate(30, 1.001)


@pytest.mark.parametrize("rate", [8, 12.5, 14.7, 16, 17, 18, 27, 59.9, 150, 250, 300])
@pytest.mark.parametrize("frames", [30, 40, 3000])
def test_a_constant_rate_is_kept_whatever_it_is(rate, frames):
    for begin in (0, 7.3, 1.7e6):
        found = rate_of(begin + np.arange(frames) / rate)
        assert found.value == pytest.approx(rate, rel=2e-6)
        assert isinstance(found.fps, int)
    keys = resample(_track(tumbling(frames=50, rate=rate)), Timeline(exact_rate(rate)))
    assert np.array_equal(keys.frames, np.arange(1, 51))


@pytest.mark.parametrize("rate", [15, 16, 17, 24, 24 / 1.001, 25, 30, 30 / 1.001, 60])
def test_a_constant_rate_is_kept_though_its_timestamps_are_rounded(rate):
    for clock in (1000, 600, 90000):
        times = np.round(5.2 + np.arange(2000) / rate, 9)
        assert rate_of(np.rint(times * clock) / clock) == exact_rate(rate)


@pytest.mark.parametrize("usual", [24, 25, 30, 60])
def test_pictures_of_a_phone_that_come_a_little_early_or_late_mean_a_usual_rate(usual):
    random = np.random.default_rng(2)
    times = np.arange(400) / (1.004 * usual) + random.uniform(-0.004, 0.004, 400)
    assert rate_of(times) == FrameRate(usual, 1.0)


def test_variable_rate_with_holes_gets_a_real_one():
    random = np.random.default_rng(0)
    times = np.cumsum(random.normal(1 / 30, 0.003, 300))
    times[150:] += 3
    assert rate_of(times).value == pytest.approx(30, rel=0.002)


@pytest.mark.parametrize(("typed", "exact"), [(23.976, 24 / 1.001), (29.97, 30 / 1.001), (48, 48)])
def test_typed_rates_mean_the_real_ones(typed, exact):
    assert exact_rate(typed).value == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("rate", [0, -5, 5000, float("nan")])
def test_impossible_rates_are_refused(rate):
    with pytest.raises(MocapError, match="frame rate"):
        exact_rate(rate)


@pytest.mark.parametrize("source", [23.976, 29.97, 59.94, 60, "variable"])
@pytest.mark.parametrize("scene", [23.976, 24, 30, 60])
def test_speed_and_length_are_kept(source, scene):
    if source == "variable":
        random = np.random.default_rng(1)
        times = 5 + np.cumsum(random.uniform(0.02, 0.06, 100))
    else:
        times = 5 + np.arange(150) / source
    angle = 0.9 * (times - 5)
    rate = exact_rate(scene)
    timeline = Timeline(rate, times[0])
    keys = resample(_track(turning_joint("left_elbow", angle, times)), timeline)
    length = (keys.frames[-1] - keys.frames[0]) / rate.value
    assert length == pytest.approx(times[-1] - times[0], abs=0.5 / rate.value + 1e-9)
    at = np.clip(timeline.time_of(keys.frames), times[0], times[-1])
    assert np.abs(_elbow_angle(keys.quaternions) - 0.9 * (at - 5)).max() < 1e-6


def test_the_takes_own_rate_gives_back_its_frames():
    take = tumbling(frames=50, rate=60)
    track = _track(take)
    keys = resample(track, Timeline(rate_of(take.times), take.times[0]))
    assert np.array_equal(keys.frames, np.arange(1, 51))
    agreement = np.abs((keys.quaternions * track.quaternions).sum(-1))
    assert np.allclose(agreement, 1, atol=1e-12)
    assert np.allclose(keys.positions, track.positions, atol=1e-9)


def test_positions_follow_a_curve_between_frames():
    take = walking(frames=49, rate=24)
    keys = resample(_track(take), Timeline(FrameRate(60, 1.0)))
    times = (keys.frames - 1) / 60
    expected = 0.95 + 0.02 * np.sin(4 * np.pi * times)
    inner = slice(3, -3)
    assert np.abs(keys.positions[inner, 2] - expected[inner]).max() < 2e-4
    assert np.abs(keys.positions[:, 1] - (1 - 1.2 * times)).max() < 1e-9


def test_short_gaps_are_bridged_and_long_ones_left_empty():
    times = np.arange(0, 6, 1 / 30)
    take = turning_joint("left_elbow", 0.5 * times, times)
    take.frame_valid[30:42] = False  # 0.43 s between the frames around it
    take.frame_valid[90:120] = False  # a second
    keys = resample(_track(take), Timeline(FrameRate(30, 1.0)))
    assert set(range(1, 91)) <= set(keys.frames)
    assert not set(range(91, 121)) & set(keys.frames)
    assert set(range(121, 181)) <= set(keys.frames)
    assert list(keys.frames[keys.last_of_run]) == [90, 180]
    assert np.allclose(_elbow_angle(keys.quaternions), 0.5 * (keys.frames - 1) / 30, atol=1e-6)


@pytest.mark.parametrize("scene", [24, 60])
def test_a_short_gap_goes_on_with_the_speed_at_its_ends(scene):
    times = np.arange(0, 3, 1 / 30)
    angle = np.radians(60) * np.sin(2 * np.pi * 0.8 * times)
    take = turning_joint("left_elbow", angle, times)
    take.frame_valid[40:51] = False
    keys = resample(_track(take), Timeline(FrameRate(scene, 1.0)))
    at = (keys.frames - 1) / scene
    truth = np.radians(60) * np.sin(2 * np.pi * 0.8 * at)
    found = _elbow_angle(keys.quaternions)
    # At constant speed across the gap it would be wrong by 25 degrees and turn at once.
    assert np.degrees(np.abs(found - truth)).max() < 8
    speed = np.degrees(np.diff(found)) * scene
    assert np.abs(np.diff(speed)).max() < 1.5 * 60 * (2 * np.pi * 0.8) ** 2 / scene + 12


def test_a_wild_frame_before_a_gap_throws_nobody_out_of_joint():
    times = np.arange(0, 2, 1 / 30)
    angle = np.where(np.arange(len(times)) == 29, np.radians(40), 0.0)
    take = turning_joint("left_elbow", angle, times)
    take.frame_valid[30:42] = False
    keys = resample(_track(take), Timeline(FrameRate(30, 1.0)))
    assert np.degrees(np.abs(_elbow_angle(keys.quaternions))).max() < 60


def test_turns_between_frames_are_round():
    times = np.arange(0, 2, 1 / 12)
    angle = np.radians(80) * np.sin(2 * np.pi * times)
    keys = resample(_track(turning_joint("left_elbow", angle, times)), Timeline(FrameRate(60, 1.0)))
    truth = np.radians(80) * np.sin(2 * np.pi * (keys.frames - 1) / 60)
    inner = slice(6, -6)
    assert np.degrees(np.abs(_elbow_angle(keys.quaternions) - truth))[inner].max() < 1.5


def test_unseen_frames_at_the_ends_are_left_out():
    take = walking(frames=60)
    take.frame_valid[:5] = take.frame_valid[-5:] = False
    keys = resample(_track(take), Timeline(FrameRate(30, 1.0), take.times[0]))
    assert (keys.frames[0], keys.frames[-1]) == (6, 55)


def test_a_take_in_which_nobody_is_seen_is_refused():
    take = walking()
    take.frame_valid[:] = False
    with pytest.raises(TakeError, match="no frame"):
        _track(take)


def test_a_single_frame_is_one_key():
    keys = resample(_track(walking(frames=1)), Timeline(FrameRate(24, 1.0)))
    assert list(keys.frames) == [1]
