"""Pictures taken in the dark, in more light."""

import numpy as np

from core_model.video.clip import Frame
from core_model.video.light import in_light, lightened


def room(light: float) -> np.ndarray:
    random = np.random.default_rng(0)
    return (light * random.integers(20, 250, (90, 160, 3))).astype(np.uint8)


def test_what_was_taken_in_light_is_left_as_it_is():
    image = room(1.0)
    assert lightened(image) is image


def test_the_dark_is_as_bright_as_a_room_and_keeps_its_colours():
    image = np.full((90, 160, 3), (10, 20, 40), np.uint8)
    lit = lightened(image)
    assert lit.dtype == np.uint8 and lit.shape == image.shape
    assert np.abs(lit.astype(int) - [40, 80, 160]).max() <= 1


def test_a_clip_that_hovers_about_enough_light_does_not_flicker():
    dusk = (158 / 250 * np.random.default_rng(0).integers(20, 251, (900, 1600, 3))).astype(np.uint8)
    assert np.abs(lightened(dusk).astype(int) - dusk).max() <= 4


def test_who_stands_in_the_light_of_a_dark_stage_is_not_burnt_out():
    image = np.full((90, 160, 3), 4, np.uint8)
    image[30:60, 70:80] = 200  # a fiftieth of the picture
    assert lightened(image) is image


def test_without_any_light_nothing_is_made_up():
    black = np.zeros((90, 160, 3), np.uint8)
    assert lightened(black) is black
    assert lightened(np.full((90, 160, 3), 2, np.uint8)).max() <= 12


def test_a_tiny_picture_is_lightened_too():
    assert lightened(np.full((2, 3, 3), 40, np.uint8)).min() >= 159


def test_frames_keep_their_times():
    frames = [Frame(0.0, room(0.2)), Frame(0.5, room(1.0))]
    lit = list(in_light(frames))
    assert [frame.time for frame in lit] == [0.0, 0.5]
    assert lit[0].image.mean() > 2 * frames[0].image.mean()
    assert lit[1].image is frames[1].image
