"""Who is found late is followed backwards through the pictures just past."""

import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core_model.detection.detector import Detection
from core_model.detection.people_networks import PeopleNetworks
from core_model.tracking.just_past import JustPast
from core_model.tracking.tracker import PeopleTracker
from core_model.video.clip import Frame, open_video
from tests.core_model.tracking.test_touching import pose_at


class Blind:
    """A detector that sees nothing in the first looks; how many there were tells the pictures."""

    def __init__(self, detector, until: int) -> None:
        self._detector, self._until = detector, until
        self.picture = -1

    def detect(self, *looked) -> list[Detection]:
        return [] if self.picture < self._until else self._detector.detect(*looked)


def follow(frames: list[Frame], until: int):
    """Follow who is in a clip of whose first pictures the detector sees nothing."""
    networks = PeopleNetworks.load("fast")
    blind: Any = Blind(networks.detector, until)
    height, width = frames[0].image.shape[:2]
    tracker = PeopleTracker(width, height, networks=PeopleNetworks(blind, networks.landmarker))
    live = []
    for number, frame in enumerate(frames):
        blind.picture = number
        live.append(len(tracker.update(frame)))
    return tracker.finish(), live


@pytest.fixture(scope="module")
def visitor(shared) -> list[Frame]:
    """Return a man who walks about, at ten pictures a second, in all of 25 pictures."""
    video = open_video(shared / "data" / "clips" / "intel_onebyone.mp4", 10, 12.5)
    return list(video)


@pytest.mark.shared
def test_who_is_found_a_second_late_was_there_from_the_beginning(visitor):
    (track,), live = follow(visitor, until=12)
    assert not any(live[:12]) and all(live[12:])
    assert track.frames.tolist() == list(range(25))
    (seen_at_once,), _ = follow(visitor, until=0)
    both = np.isin(seen_at_once.frames, track.frames[:12])
    found = track.landmarks[seen_at_once.frames[both]]
    tall = np.ptp(found[..., 1], axis=1).mean()
    apart = np.linalg.norm((found - seen_at_once.landmarks[both])[..., :2], axis=-1)
    assert np.median(apart) < 0.02 * tall


@pytest.mark.shared
@pytest.mark.parametrize("every", [2, 3])
def test_at_few_pictures_a_second_too(visitor, every):
    """Five, and a little over three: one picture lies further back than anybody is missed for."""
    (track,), live = follow(visitor[::every], until=5)
    assert not any(live[:5])
    assert track.frames.tolist() == list(range(len(visitor[::every])))


@pytest.mark.shared
def test_nobody_is_made_up_where_nobody_was(visitor, shared):
    empty = open_video(shared / "data" / "clips" / "intel_onebyone.mp4", 20.5, 21.5)
    images = [frame.image for frame in empty] + [frame.image for frame in visitor]
    frames = [Frame(index / 10, image) for index, image in enumerate(images)]
    (track,), _ = follow(frames, until=18)
    assert track.frames.tolist() == list(range(10, 35))


@pytest.mark.shared
def test_nobody_is_followed_back_for_more_than_two_seconds(visitor):
    frames = [Frame(0.1 * index, visitor[0].image) for index in range(30)]
    (track,), live = follow(frames, until=26)
    assert 19 <= live.index(1) - track.frames[0] <= 21
    assert track.frames.tolist() == list(range(track.frames[0], 30))


@pytest.mark.shared
def test_large_pictures_are_kept_smaller(visitor):
    """Who comes is found at the same place in a picture too large to be kept whole."""
    large = [
        Frame(frame.time, np.repeat(np.repeat(frame.image, 3, axis=0), 3, axis=1))
        for frame in visitor[:8]
    ]
    (track,), _ = follow(large, until=5)
    assert track.frames.tolist() == list(range(8))
    (small,), _ = follow(visitor[:8], until=5)
    apart = np.linalg.norm((track.landmarks / [3, 3, 1] - small.landmarks)[..., :2], axis=-1)
    assert np.median(apart) < 0.02 * np.ptp(small.landmarks[..., 1], axis=1).mean()


def test_little_is_kept_of_large_pictures_and_many_people():
    """At 60 pictures a second, each of four million pixels and ten people."""
    past = JustPast(2560, 1440)
    patch = np.zeros((256, 256, 3), np.uint8)
    tracemalloc.start()
    for frame in range(180):
        poses = [replace(pose_at(x), patch=patch.copy()) for x in range(100, 1100, 100)]
        past.remember(frame, frame / 60, np.zeros((1440, 2560, 3), np.uint8), poses)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 100 * 2**20
