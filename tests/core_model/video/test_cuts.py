"""Cuts are found, and what only looks like one is not."""

import cv2
import numpy as np
import pytest

from core_model.video.clip import open_video
from core_model.video.cuts import Cuts, listed, shot_of, split_at

RATE = 30


def _scene(seed: int, shift: float = 0.0) -> np.ndarray:
    """Return a picture of blotches, moved aside by some pixels."""
    noise = np.random.default_rng(seed).normal(size=(200, 700, 3))
    blotches = cv2.GaussianBlur(noise, (0, 0), 12)
    picture = 128 + 60 * blotches / blotches.std()
    move = np.array([[1.0, 0.0, -150 - shift], [0.0, 1.0, 0.0]])
    return np.clip(cv2.warpAffine(picture, move, (320, 180)), 0, 255).astype(np.uint8)


def _swaying(seed: int, count: int) -> list[np.ndarray]:
    return [_scene(seed, 3 * np.sin(index / 4)) for index in range(count)]


def _found(pictures: list[np.ndarray]) -> list[int]:
    cuts = Cuts()
    for index, picture in enumerate(pictures):
        cuts.see(index / RATE, picture)
    return np.rint(np.array(cuts.found) * RATE).astype(int).tolist()


def test_cuts_are_found_where_they_are() -> None:
    clip = [*_swaying(1, 20), *_swaying(2, 15), *_swaying(1, 12), *_swaying(3, 30)]
    assert _found(clip) == [20, 35, 47]


def test_the_first_picture_of_a_shot_is_told_at_once() -> None:
    cuts = Cuts()
    clip = [*_swaying(1, 20), *_swaying(2, 15)]
    told = [cuts.see(index / RATE, picture) for index, picture in enumerate(clip)]
    assert [index for index, each in enumerate(told) if each] == [20]


def test_a_flash_is_no_cut() -> None:
    clip = _swaying(1, 30)
    flash = np.clip(clip[12].astype(float) * 0.1 + _scene(5) * 0.9, 0, 255).astype(np.uint8)
    clip[12] = clip[13] = flash
    assert _found(clip) == []


def test_light_that_goes_on_is_no_cut() -> None:
    clip = _swaying(1, 30)
    dark = [(0.3 * picture).astype(np.uint8) for picture in clip[:15]]
    assert _found([*dark, *clip[15:]]) == []


def test_a_quick_pan_is_no_cut() -> None:
    still = [_scene(1, -120.0)] * 10
    pan = [_scene(1, -120.0 + 24 * index) for index in range(10)]
    assert _found([*still, *pan, *[_scene(1, 120.0)] * 10]) == []


@pytest.mark.parametrize("grey", [0, 255])
def test_through_nothing_a_shot_begins_when_something_is_seen(grey: int) -> None:
    fading = [
        np.clip(grey + (picture.astype(float) - grey) * share, 0, 255).astype(np.uint8)
        for picture, share in zip(_swaying(1, 8), np.linspace(1, 0, 8), strict=True)
    ]
    nothing = [np.full((180, 320, 3), grey, np.uint8)] * 5
    assert _found([*_swaying(1, 20), *fading, *nothing, *_swaying(2, 20)]) == [33]
    assert _found([*_swaying(1, 20), *nothing, *_swaying(1, 20)]) == []
    assert _found([*nothing, *_swaying(1, 20)]) == []


def test_pictures_that_are_all_different_are_no_shots() -> None:
    assert _found([_scene(seed) for seed in range(20)]) == []


def test_a_shot_of_a_few_pictures_is_none() -> None:
    found = _found([*_swaying(1, 20), *_swaying(2, 3), *_swaying(3, 20)])
    assert len(found) <= 1


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["people/handheld_turn.mp4", "people/handheld_handshake.mp4", "intel_onebyone.mp4"]
)
def test_real_clips_in_one_go_have_none(shared, name: str) -> None:
    cuts = Cuts()
    assert not any(
        [cuts.see(f.time, f.image) for f in open_video(shared / "data" / "clips" / name)]
    )
    assert cuts.found == []


@pytest.mark.shared
def test_a_real_cut_between_cameras_of_one_room(shared) -> None:
    folder = shared / "data" / "clips" / "pose2sim_multi"
    cuts, time = Cuts(), 0.0
    for camera in (1, 3, 2):
        for frame in open_video(folder / f"cam{camera:02d}.mp4", 0.0, 0.5):
            cuts.see(time, frame.image)
            time += 1 / RATE
    assert len(cuts.found) == 2


def test_moments_are_put_into_their_shots() -> None:
    times = np.arange(10) / 10
    assert shot_of(times, [0.3, 0.7]).tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    assert [len(each) for each in split_at(times, [0.3, 0.7])] == [3, 4, 3]
    assert shot_of(times, []).tolist() == [0] * 10 and len(split_at(times, [])) == 1


def test_cuts_are_named_in_words() -> None:
    assert listed([1.0]) == "1.00"
    assert listed([1.0, 2.5, 3.0]) == "1.00, 2.50 and 3.00"
    assert listed([float(each) for each in range(9)]).endswith("5.00 and 3 more")
