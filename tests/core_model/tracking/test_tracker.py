"""People are counted and told apart in real clips, and in scenes put together from them.

The truth was established by looking at the frames and, where the camera stands still, from the
difference to the empty scene.
"""

from collections.abc import Iterable, Sequence
from functools import partial

import cv2
import numpy as np
import pytest

from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Track
from core_model.video.clip import Frame, open_video
from core_model.video.light import in_light

SOMEBODY_IN_INTEL = ((60, 201), (227, 450), (502, 701), (745, 870), (921, 1202), (1235, 1362))
"""First frame in which somebody is in the picture, first without; six people, one at a time."""

_LONG = partial(pytest.param, marks=pytest.mark.long)
"""What says no more than its neighbours most of the time: `make test-long`."""


def follow(frames: Iterable[Frame], quality: str = "best") -> list[Track]:
    tracker = None
    for frame in frames:
        height, width = frame.image.shape[:2]
        tracker = tracker or PeopleTracker(width, height, quality)
        tracker.update(frame)
    assert tracker is not None
    return tracker.finish()


def at_rate(images: Iterable[np.ndarray], rate: float) -> list[Frame]:
    return [Frame(index / rate, image) for index, image in enumerate(images)]


@pytest.mark.long  # cam02 and cam04: tests/end_to_end/test_real_clips.py
@pytest.mark.shared
@pytest.mark.parametrize("camera", ["cam01", "cam03"])
def test_one_man_is_one_person_and_the_onlooker_none(shared, camera):
    clip = open_video(shared / "data" / "clips" / "pose2sim_single" / f"{camera}.mp4")
    tracks = follow(clip)
    assert len(tracks) == 1
    assert len(tracks[0].frames) >= 98
    assert tracks[0].presence.mean() > 0.95


@pytest.mark.long  # the beginning: tests/end_to_end/test_real_clips.py
@pytest.mark.shared
def test_two_people_are_two_in_every_frame(shared):
    tracks = follow(open_video(shared / "data" / "clips" / "pose2sim_multi" / "cam02.mp4"))
    assert [len(track.frames) for track in tracks] == [100, 100]
    left = [float(np.median(track.bbox[:, 0] + track.bbox[:, 2] / 2)) for track in tracks]
    assert max(left) - min(left) > 200
    assert [track.track_id for track in tracks] == [1, 2]


@pytest.mark.shared
@pytest.mark.parametrize("quality", [_LONG("fast"), "best"])
def test_who_is_first_seen_half_behind_somebody_is_found_at_once(shared, quality):
    """Backwards the clip begins with the man behind the woman; the detector hardly sees him."""
    video = open_video(shared / "data" / "clips" / "pose2sim_multi" / "cam04.mp4")
    found = follow(at_rate([frame.image for frame in video][:40:-2], 30), quality)
    assert [track.frames[0] <= 3 for track in found] == [True, True]


@pytest.mark.long
@pytest.mark.shared
def test_walker_is_one_person_and_the_acrobat_another(shared):
    tracks = follow(open_video(shared / "data" / "clips" / "sports2d_demo.mp4"))
    assert len(tracks) == 2
    walker = min(tracks, key=lambda track: track.frames[-1])
    acrobat = next(track for track in tracks if track is not walker)
    # She comes out from behind the tree at frame 38 and is out of the picture after 207.
    assert walker.frames[0] <= 45 and walker.frames[-1] >= 195
    assert len(walker.frames) >= 0.97 * (walker.frames[-1] - walker.frames[0] + 1)
    middle = walker.bbox[:, 0] + walker.bbox[:, 2] / 2
    assert (np.diff(middle) < 25).all() and middle[0] > 1500 and middle[-1] < 100
    assert acrobat.frames[0] == 0 and acrobat.frames[-1] >= 220


@pytest.mark.shared
@pytest.mark.parametrize("quality", ["fast", _LONG("best")])
def test_who_comes_out_from_behind_a_tree_is_one_person_and_the_acrobat_another(shared, quality):
    """The part in which it happens; it begins in step with the looks for new people."""
    first, end = 20, 75
    video = open_video(shared / "data" / "clips" / "sports2d_demo.mp4", first / 30, end / 30)
    tracks = follow(video, quality)
    assert len(tracks) == 2
    acrobat, walker = sorted(tracks, key=lambda track: track.frames[0])
    assert walker.frames[0] <= 45 - first and walker.frames[-1] == end - first - 1
    assert len(walker.frames) >= 0.97 * (walker.frames[-1] - walker.frames[0] + 1)
    middle = walker.bbox[:, 0] + walker.bbox[:, 2] / 2
    assert (np.diff(middle) < 25).all() and middle[0] > 1500
    assert acrobat.frames[0] == 0 and acrobat.frames[-1] == end - first - 1


def there_are_tracks_of(visitors: Sequence[tuple[int, int]], tracks: list[Track]) -> None:
    """Assert that there is a track of each, no longer than they are there."""
    assert len(tracks) == len(visitors)
    ordered = sorted(tracks, key=lambda track: track.frames[0])
    for track, (first, end) in zip(ordered, visitors, strict=True):
        assert first <= track.frames[0] <= first + 12
        # Within half a second: another processor rounds differently.
        assert end - 10 <= track.frames[-1] < end + 5


@pytest.mark.long
@pytest.mark.shared
def test_six_visitors_are_six_tracks_no_longer_than_they_are_there(shared):
    tracks = follow(open_video(shared / "data" / "clips" / "intel_onebyone.mp4"))
    there_are_tracks_of(SOMEBODY_IN_INTEL, tracks)


@pytest.mark.shared
@pytest.mark.parametrize("quality", ["fast", _LONG("best")])
def test_three_visitors_are_three_tracks_no_longer_than_they_are_there(shared, quality):
    """The third goes, the fourth comes and goes, the fifth comes."""
    begin, stop = 682, 946
    clip = open_video(shared / "data" / "clips" / "intel_onebyone.mp4", begin / 10, stop / 10)
    (_, left), fourth, (came, _) = SOMEBODY_IN_INTEL[2:5]
    wanted = [
        (0, left - begin),
        (fourth[0] - begin, fourth[1] - begin),
        (came - begin, stop - begin),
    ]
    there_are_tracks_of(wanted, follow(clip, quality))


@pytest.fixture(scope="module")
def visitors(shared) -> dict[int, np.ndarray]:
    """Return frames of a clip with one visitor after the other, by number."""
    wanted = {*range(66, 229), *range(300, 340), *range(431, 446)}
    clip = shared / "data" / "clips" / "intel_onebyone.mp4"
    return {i: f.image for i, f in enumerate(open_video(clip, end=45)) if i in wanted}


def cut_out(image: np.ndarray, empty: np.ndarray) -> np.ndarray:
    """Return where (H, W, 1) a picture differs from the empty scene."""
    mask = (np.abs(image.astype(int) - empty).max(axis=2) > 28).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3)))
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9)))[..., None]


def put(scene: np.ndarray, image: np.ndarray, empty: np.ndarray, aside: int) -> np.ndarray:
    """Put who is in `image` into a scene, `aside` pixels to the right."""
    mask = cut_out(image, empty)
    shift = np.array([[1, 0, aside], [0, 1, 0]], np.float32)
    size = (image.shape[1], image.shape[0])
    image, mask = cv2.warpAffine(image, shift, size), cv2.warpAffine(mask, shift, size)
    return np.where(mask[..., None] > 0, image, scene)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("quality", "rate"), [("fast", 10), ("fast", 30), _LONG("best", 10), _LONG("best", 30)]
)
def test_people_who_cross_keep_their_identities(visitors, rate, quality):
    empty = visitors[210]
    images = []
    for index in range(40):
        aside = 260 - 520 * index // 39
        scene = put(empty, visitors[100 + index], empty, -aside)
        images.append(put(scene, visitors[300 + index], empty, aside))
    tracks = follow(at_rate(images, rate), quality)
    assert len(tracks) == 2
    man, woman = sorted(tracks, key=lambda track: -track.bbox[0, 0])
    assert man.bbox[0, 0] > 550 and man.bbox[-1, 0] < 220
    assert woman.bbox[0, 0] < 220 and woman.bbox[-1, 0] > 550
    # He passes in front of her and is seen all the time.
    assert len(man.frames) >= 38 and len(woman.frames) >= 28


@pytest.mark.shared
@pytest.mark.parametrize("quality", ["fast", _LONG("best")])
def test_somebody_who_leaves_and_returns_is_the_same(visitors, quality):
    away = [visitors[index] for index in range(202, 226)] * 2
    images = [visitors[i] for i in range(156, 196)] + away + [visitors[i] for i in range(70, 105)]
    tracks = follow(at_rate(images, 10), quality)
    assert len(tracks) == 1
    gap = np.diff(tracks[0].frames).max()
    assert len(away) <= gap < len(away) + 12


@pytest.mark.shared
def test_a_short_miss_does_not_make_a_new_person(visitors):
    empty = visitors[210]
    images = [visitors[i] for i in range(108, 120)] + [empty] * 3
    images += [visitors[i] for i in range(123, 139)]
    tracks = follow(at_rate(images, 10))
    assert len(tracks) == 1
    assert {12, 13, 14}.isdisjoint(tracks[0].frames)
    # At the very first sights less of him may be seen; which are given up for what comes then
    # depends on the processor's rounding.
    assert tracks[0].frames[0] <= 3 and {11, 16, 30} <= set(tracks[0].frames)


@pytest.mark.shared
def test_an_empty_room_is_empty(visitors):
    assert follow(at_rate([visitors[index] for index in range(202, 226)], 10)) == []


@pytest.mark.shared
def test_a_person_too_small_for_one_look_at_the_picture_is_found(visitors):
    """A visitor of 90 pixels in a picture 1280 pixels wide is 15 pixels high to the detector."""
    images = []
    for index in range(100, 112):
        scene = np.full((720, 1280, 3), 170, np.uint8)
        small = cv2.resize(visitors[index], (216, 122), interpolation=cv2.INTER_AREA)
        scene[500:622, 900:1116] = small
        images.append(scene)
    tracks = follow(at_rate(images, 10))
    assert len(tracks) == 1
    assert len(tracks[0].frames) == 12
    left, top, width, height = tracks[0].bbox[5]
    assert 900 < left < 1116 and 500 < top < 560 and 60 < height < 122


@pytest.mark.shared
def test_memory_of_a_frame_is_landmarks_only(visitors):
    tracker = PeopleTracker(768, 432)
    observations = [
        observation
        for frame in at_rate([visitors[index] for index in range(100, 104)], 10)
        for observation in tracker.update(frame)
    ]
    assert len(observations) == 4
    for observation in observations:
        arrays = (observation.landmarks, observation.bbox)
        assert sum(array.nbytes for array in arrays) < 2000
        assert all(array.base is None for array in arrays), "a view keeps a larger array alive"


def test_a_clip_without_a_frame_has_nobody():
    assert PeopleTracker(640, 480).finish() == []


@pytest.mark.shared
@pytest.mark.parametrize("quality", [_LONG("fast"), "best"])
def test_two_people_in_the_dark_are_two(shared, quality):
    """A quarter of the light, and the grain that comes with it."""
    random = np.random.default_rng(0)
    clip = open_video(shared / "data" / "clips" / "pose2sim_multi" / "cam02.mp4", end=0.35)
    dark = [
        np.clip(0.25 * frame.image + random.normal(0, 4, frame.image.shape), 0, 255)
        for frame in clip
    ]
    frames = at_rate([image.astype(np.uint8) for image in dark], 60)
    found = follow(in_light(frames), quality)
    assert [track.frames[0] <= 2 and track.frames[-1] == len(dark) - 1 for track in found] == [
        True,
        True,
    ]
