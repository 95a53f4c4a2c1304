"""Pictures that are shown twice do not make people stop and jump."""

from typing import Any

import numpy as np
import pytest

from core_model.tracking.repeated import Repeats, between_repeats
from core_model.tracking.track_people import track_people
from core_model.tracking.tracks import Track
from core_model.video.clip import Video, open_video
from tests.core_model.tracking.test_track_people import Pictures
from tests.places import DEMO


def _track(frames: list[int]) -> Track:
    at = np.array(frames, float)
    landmarks = np.zeros((len(at), 33, 3), np.float32)
    landmarks[..., 0] = 10 * at[:, None]
    landmarks[..., 2] = 1
    bbox = np.tile(10 * at[:, None], 4).astype(np.float32)
    return Track(1, np.array(frames), landmarks, bbox, np.ones(len(at), np.float32))


def test_who_is_seen_twice_is_between_before_and_after() -> None:
    repeated = [False, False, True, False, True, True, False, False]
    times = np.arange(8) / 30
    track = _track([*range(8)])
    track.landmarks[[2, 4, 5], :, 0] = np.array([10, 30, 30])[:, None]  # as they were shown
    told = between_repeats(track, repeated, times)
    np.testing.assert_allclose(told.landmarks[:, 5, 0], 10 * np.arange(8), atol=1e-4)
    assert (told.landmarks[..., 2] == 1).all()
    assert track.landmarks[2, 0, 0] == 10, "what was given stays"


@pytest.mark.parametrize(
    "repeated",
    [
        [False] * 4 + [True] * 4,  # nothing comes after
        [False, True, True, True, True, True, True, False],  # it stands still
        [True] * 8,
        [False] * 8,
    ],
)
def test_what_nobody_knows_is_left_as_it_was_shown(repeated: list[bool]) -> None:
    track = _track([*range(8)])
    told = between_repeats(track, repeated, np.arange(8) / 30)
    np.testing.assert_array_equal(told.landmarks, track.landmarks)


def test_who_was_not_seen_before_is_taken_as_seen() -> None:
    track = _track([3, 4, 5])
    told = between_repeats(track, [True] * 4 + [False] * 4, np.arange(8) / 30)
    np.testing.assert_array_equal(told.landmarks, track.landmarks)


def test_grain_tells_pictures_apart_and_compression_does_not() -> None:
    random = np.random.default_rng(0)
    picture = random.integers(0, 200, (360, 640, 3)).astype(np.uint8)
    hand = picture.copy()
    hand[100:112, 200:212] = 255 - hand[100:112, 200:212]
    poor = np.clip(picture + random.integers(-2, 3, picture.shape), 0, 255).astype(np.uint8)
    repeats = Repeats()
    for each in (picture, picture, hand, hand, picture, poor):
        repeats.see(each)
    assert repeats.found == [False, True, False, True, False, True]


def test_a_clip_that_stands_still_is_looked_at_all_the_same() -> None:
    repeats, again = Repeats(), []
    for _ in range(8):
        repeats.see(np.full((36, 64, 3), 90, np.uint8))
        again.append(repeats.again)
    assert again == [False, True, True, True, False, False, False, False]


class _Counting:
    """A clip of which every picture is shown twice."""

    def __init__(self, clip: Video, count: int) -> None:
        images = [frame.image for frame, _ in zip(clip, range(count), strict=False)]
        self.clip: Any = Pictures([each for each in images for _ in (0, 1)], 60)
        self.plain: Any = Pictures(images, 30)


def test_a_clip_played_at_twice_its_rate_shows_the_same_motion() -> None:
    shown = _Counting(open_video(DEMO), 20)
    (twice,) = track_people(shown.clip, quality="fast").tracks
    (once,) = track_people(shown.plain, quality="fast").tracks
    own = once.frames[:-1]
    assert np.isin([*2 * own, *(2 * own + 1)], twice.frames).all()
    places = {int(frame): index for index, frame in enumerate(twice.frames)}
    middle = [places[int(2 * frame + 1)] for frame in own]
    expected = (once.landmarks[:-1] + once.landmarks[1:]) / 2
    off = np.linalg.norm((twice.landmarks[middle] - expected)[..., :2], axis=-1)
    step = np.linalg.norm(np.diff(once.landmarks, axis=0)[..., :2], axis=-1)
    assert np.mean(off) < 0.25 * np.mean(step)
