"""A picture lasts until the next one; somebody was absent only where pictures show it."""

import numpy as np
import pytest

from bake.cleaning import clean_motion
from bake.motion.resample import FrameRate, Timeline, resample
from bake.motion.smoothing import load_profile
from bake.motion.track import track_of
from core_model.take import Take
from tests.bake.motions import tiny_body, turning_joint, walking

HOLD = np.concatenate((np.arange(31) / 30, 3 + np.arange(30) / 30))
"""Seconds of a clip that stands still from its second 1 to 3."""


def _walking_at(times: np.ndarray) -> Take:
    take = walking(frames=len(times), rate=1000)
    take.times = times
    take.trans = np.stack((0 * times, 1 - 1.2 * np.minimum(times, 1), 0.95 + 0 * times), axis=1)
    return take


@pytest.mark.parametrize("smoothing", ["none", "default", "heavy"])
@pytest.mark.parametrize(("times", "fps"), [(np.arange(10.0), 24), (HOLD, 30)])
def test_a_slow_or_halting_clip_is_no_absence(times, fps, smoothing):
    take = _walking_at(times)
    timeline = Timeline(FrameRate(fps, 1.0))
    keys = clean_motion(take, timeline, load_profile(smoothing), tiny_body())
    seconds = times[-1] + np.median(np.diff(times))
    assert list(keys.frames) == list(range(1, round(seconds * fps) + 1))
    assert list(np.flatnonzero(keys.last_of_run)) == [len(keys.frames) - 1]
    assert np.isfinite(keys.positions).all() and np.isfinite(keys.quaternions).all()


def test_a_slow_clip_moves_from_picture_to_picture():
    times = np.arange(10.0)
    keys = resample(
        track_of(turning_joint("left_elbow", 0.2 * times, times), np.zeros(3)),
        Timeline(FrameRate(24, 1.0)),
    )
    steps = np.abs(np.diff(keys.quaternions, axis=0)).max(axis=(1, 2))
    assert steps[:216].min() > 0.3 * steps.max()
    assert steps[216:].max() == 0, "the last picture is held"


def test_nobody_runs_on_while_the_picture_stands_still():
    keys = resample(track_of(_walking_at(HOLD), np.zeros(3)), Timeline(FrameRate(30, 1.0)))
    still = keys.positions[(keys.frames > 31) & (keys.frames < 91)]
    assert np.abs(still[:, 1] - keys.positions[30, 1]).max() < 0.01


@pytest.mark.parametrize(
    ("rate", "unseen", "absent"),
    [(30, 14, False), (30, 15, True), (1, 1, False), (1, 2, True), (3, 1, False), (3, 2, True)],
)
def test_how_long_is_long_depends_on_how_long_pictures_last(rate, unseen, absent):
    take = walking(frames=60, rate=rate)
    take.frame_valid[20 : 20 + unseen] = False
    runs = track_of(take, np.zeros(3)).runs()
    assert len(runs) == (2 if absent else 1)
    assert sum(run.stop - run.start for run in runs) == 60 - unseen


def test_whoever_is_unseen_while_the_picture_stands_still_is_absent():
    take = _walking_at(HOLD)
    take.frame_valid[30] = False
    keys = resample(track_of(take, np.zeros(3)), Timeline(FrameRate(30, 1.0)))
    assert not set(range(31, 91)) & set(keys.frames) and {30, 91} <= set(keys.frames)


def test_whoever_leaves_a_slow_clip_stays_as_long_as_the_last_picture_of_them():
    take = walking(frames=10, rate=1)
    take.frame_valid[4:7] = False
    keys = resample(track_of(take, np.zeros(3)), Timeline(FrameRate(24, 1.0)))
    assert list(keys.frames) == [*range(1, 97), *range(169, 241)]
