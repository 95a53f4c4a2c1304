"""Who has all but left the picture is no longer captured; who is half hidden is."""

from dataclasses import replace

import numpy as np
import pytest

from core_model.pipeline.leaving import while_shown
from core_model.tracking.tracks import Track

RATE, SIZE = 30, (640, 480)
TIMES = np.arange(300) / RATE


def followed(frames, seen):
    """Return a track that shows so much (N,) of somebody in the middle of the picture."""
    count = len(frames)
    landmarks = np.full((count, 33, 3), 200.0)
    landmarks[..., 2] = np.broadcast_to(np.asarray(seen, float)[..., None], (count, 33))
    boxes = np.tile([150.0, 100, 90, 200], (count, 1))
    return Track(1, np.asarray(frames), landmarks, boxes, np.ones(count))


def frames_of(track, **options):
    (left,) = while_shown([track], TIMES, SIZE, **options)
    assert len(left.landmarks) == len(left.bbox) == len(left.presence) == len(left.frames)
    return left.frames


def test_frames_at_either_end_that_hardly_show_anything_are_left_out():
    seen = np.full(200, 0.8)
    seen[:7], seen[-4:], seen[100] = 0.2, 0.1, 0.0
    frames = frames_of(followed(np.arange(20, 220), seen))
    np.testing.assert_array_equal(frames, np.arange(27, 216))


def test_what_lies_outside_of_the_picture_does_not_show():
    track = followed(np.arange(50, 150), np.full(100, 0.9))
    landmarks = track.landmarks.copy()
    landmarks[-5:, :28, 0] = -30.0
    np.testing.assert_array_equal(
        frames_of(replace(track, landmarks=landmarks)), np.arange(50, 145)
    )


def test_before_a_break_and_after_it_somebody_leaves_too():
    frames = np.concatenate((np.arange(40, 100), np.arange(160, 220)))
    seen = np.full(120, 0.7)
    seen[55:63] = 0.1
    expected = np.concatenate((np.arange(40, 95), np.arange(163, 220)))
    np.testing.assert_array_equal(frames_of(followed(frames, seen)), expected)


@pytest.mark.parametrize("hidden", [60, 180])
def test_who_is_half_hidden_for_long_stays(hidden):
    seen = np.full(200, 0.9)
    seen[-hidden:] = 0.3
    assert len(frames_of(followed(np.arange(200), seen))) == 200


def test_who_is_seen_badly_throughout_stays():
    seen = 0.12 + 0.02 * np.sin(np.arange(150))
    assert len(frames_of(followed(np.arange(30, 180), seen))) == 150


def test_where_a_part_of_a_long_clip_ends_nobody_leaves():
    seen = np.full(300, 0.8)
    seen[:5], seen[-5:] = 0.1, 0.1
    track = followed(np.arange(300), seen)
    assert len(frames_of(track, goes_on=(True, True))) == 300
    assert len(frames_of(track, goes_on=(True, False))) == 295
    assert len(frames_of(track)) == 290


def test_zoom_stays_with_its_frames():
    seen = np.full(100, 0.8)
    seen[-6:] = 0.1
    track = replace(followed(np.arange(100), seen), zoom=np.linspace(1, 2, 100))
    (left,) = while_shown([track], TIMES, SIZE)
    np.testing.assert_array_equal(left.zoom, track.zoom[:94])
