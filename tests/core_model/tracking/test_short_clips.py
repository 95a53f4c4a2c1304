"""Whoever is in the whole of a clip is in it, however short the clip; furniture never is."""

import itertools

import numpy as np
import pytest

from core_model.tracking.tracker import PeopleTracker
from core_model.video.clip import Frame, open_video
from tests.places import DEMO


def _found(frames: list[Frame]) -> list[int]:
    height, width = frames[0].image.shape[:2]
    tracker = PeopleTracker(width, height)
    for frame in frames:
        tracker.update(frame)
    return [len(track.frames) for track in tracker.finish()]


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_a_few_pictures_of_somebody_are_somebody(count):
    frames = list(itertools.islice(open_video(DEMO, start=1.0), count))
    assert _found(frames) == [count]


@pytest.mark.parametrize("count", [1, 5])
def test_a_few_pictures_of_nobody_are_nobody(count):
    noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
    assert _found([Frame(index / 30, noise) for index in range(count)]) == []


def test_a_glimpse_in_a_longer_clip_is_still_nobody():
    frames = list(itertools.islice(open_video(DEMO, start=1.0), 4))
    height, width = frames[0].image.shape[:2]
    empty = np.full((height, width, 3), 128, np.uint8)
    later = [Frame(frames[-1].time + index / 30, empty) for index in range(1, 30)]
    assert _found(frames + later) == []
