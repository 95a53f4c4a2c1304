"""Hands that are looked at while people are followed are those that a look afterwards finds."""

import threading
import time
from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_MIRROR
from core_model.detection import hand_landmarker
from core_model.detection.hand_landmarker import Hand
from core_model.errors import AssetError
from core_model.tracking.hand_tracker import HandObservations, track_hands
from core_model.tracking.hands_beside import HandsBeside
from core_model.tracking.left_right import with_sides_restored
from core_model.tracking.track_people import TrackingResult, track_people
from core_model.tracking.tracks import Observation, Track
from core_model.video.clip import Frame, Video, open_video
from tests.places import DEMO

SECONDS = 0.7
EXCHANGED = slice(8, 14)
SIGHTS = [each.name for each in fields(HandObservations)]


def clip() -> Video:
    return open_video(DEMO, 0.0, SECONDS)


def unread() -> Iterator[Frame]:
    raise AssertionError("the clip was read")
    yield


@pytest.fixture(scope="module", params=["best", "fast"])
def hand_quality(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def tracked(hand_quality) -> TrackingResult:
    video = clip()
    with HandsBeside(video.width, video.height, None, hand_quality) as hands:
        return track_people(video, quality="fast", hands=hands)


@pytest.fixture(scope="module")
def afterwards(tracked, hand_quality) -> HandObservations:
    (sights,) = track_hands(tracked.tracks, clip(), tracked.times, quality=hand_quality)
    return sights


def _unread(track: Track, tracked: TrackingResult, quality: str) -> HandObservations:
    """Return what was seen of the hands of a track, without another look at the clip."""
    looks = tracked.looks
    (sights,) = track_hands([track], unread(), tracked.times, looks=looks, quality=quality)
    return sights


def test_the_same_to_the_bit_as_a_look_afterwards_and_without_one(
    tracked, afterwards, hand_quality
):
    (track,) = tracked.tracks
    sights = _unread(track, tracked, hand_quality)
    assert (sights.presence > 0).sum() > 20
    for name in SIGHTS:
        np.testing.assert_array_equal(getattr(sights, name), getattr(afterwards, name))


def test_sides_that_were_all_exchanged_swap_the_hands_without_another_look(
    tracked, afterwards, hand_quality
):
    (track,) = tracked.tracks
    other = _with_landmarks(track, track.landmarks[:, list(LANDMARK_MIRROR)])
    sights = _unread(other, tracked, hand_quality)
    np.testing.assert_array_equal(sights.landmarks, afterwards.landmarks[:, ::-1])
    np.testing.assert_array_equal(sights.presence, afterwards.presence[:, ::-1])


def test_sides_that_were_exchanged_for_a_while_get_the_right_hands(
    tracked, afterwards, hand_quality
):
    (track,) = tracked.tracks
    wrong = np.zeros(len(track.frames), bool)
    wrong[EXCHANGED] = True
    labelled = with_sides_restored(track.landmarks, wrong)
    video = clip()
    with HandsBeside(video.width, video.height, None, hand_quality) as beside:
        hands = beside.of_part()
        for number, frame in enumerate(video):
            beside.see(hands, number, frame, [_seen(track, labelled, number)])
        beside.finish()
    looks = hands.looks
    (sights,) = track_hands([track], clip(), tracked.times, looks=looks, quality=hand_quality)
    np.testing.assert_array_equal(sights.presence > 0, afterwards.presence > 0)
    apart = np.linalg.norm(sights.landmarks - afterwards.landmarks, axis=-1)
    assert (apart.mean(axis=-1) <= 0.02 * np.maximum(afterwards.size, 1)).all()


def test_what_goes_wrong_with_hands_reaches_who_follows_people(monkeypatch):
    def broken(self, image, region):
        raise AssetError("The hand model is damaged.")

    monkeypatch.setattr(hand_landmarker.HandLandmarker, "find", broken)
    with pytest.raises(AssetError, match="damaged"), HandsBeside(640, 480, None) as beside:
        _show(beside, 1)
        beside.finish()
    with pytest.raises(AssetError, match="damaged"), HandsBeside(640, 480, None) as beside:
        _show(beside, 50)


@pytest.fixture
def stuck(monkeypatch) -> Iterator[threading.Event]:
    """Let looks at hands wait for an event."""
    go_on = threading.Event()

    def find(self, image, region):
        go_on.wait(10)
        return Hand(np.zeros((21, 2)), np.zeros((21, 3)), 0.0, 0.5)

    monkeypatch.setattr(hand_landmarker.HandLandmarker, "find", find)
    yield go_on
    go_on.set()


def test_few_pictures_wait_however_slow_hands_are(stuck):
    with HandsBeside(640, 480, None) as beside:
        shown: list[int] = []
        showing = threading.Thread(target=_show, args=(beside, 40, shown))
        showing.start()
        time.sleep(0.3)
        waiting = len(shown)
        stuck.set()
        showing.join()
        beside.finish()
    assert 2 <= waiting <= 10 and len(shown) == 40


def test_an_end_does_not_wait_for_hands_that_are_still_to_be_looked_at(stuck):
    looks = None
    with pytest.raises(KeyboardInterrupt), HandsBeside(640, 480, None) as beside:
        hands = _show(beside, 6)
        looks = hands.looks.to_arrays
        stuck.set()
        raise KeyboardInterrupt
    assert not any(each.name.startswith("hands") for each in threading.enumerate())
    assert looks is not None


def _show(beside, count: int, shown: list[int] | None = None):
    """Show frames with a person whose hands are large."""
    hands = beside.of_part()
    points = np.random.default_rng(0).uniform(100, 300, (33, 2))
    body = np.column_stack((points, np.ones(33))).astype(np.float32)
    for number in range(count):
        frame = Frame(number / 10, np.zeros((480, 640, 3), np.uint8))
        beside.see(hands, number, frame, [Observation(1, body, np.ones(4), 1.0, 1)])
        if shown is not None:
            shown.append(number)
    return hands


def _with_landmarks(track: Track, landmarks: np.ndarray) -> Track:
    return Track(1, track.frames, landmarks, track.bbox, track.presence)


def _seen(track: Track, landmarks: np.ndarray, number: int) -> Observation:
    return Observation(1, landmarks[number], track.bbox[number], 1.0, 1)
