"""A square is searched again when something in it changed that nobody who is followed did."""

import numpy as np
import pytest

from core_model.detection.region import Region
from core_model.tracking.searched_before import SearchedBefore

WIDTH, HEIGHT = 1280, 720
LEFT = Region(np.array([360.0, 360.0]), 720.0)
RIGHT = Region(np.array([920.0, 360.0]), 720.0)
NOBODY: list[np.ndarray] = []


@pytest.fixture
def room() -> np.ndarray:
    """Return a picture of an empty room, with the grain of a camera."""
    rng = np.random.default_rng(0)
    walls = rng.integers(60, 180, (9, 16, 1)).repeat(80, 0).repeat(80, 1)
    return walls.repeat(3, 2).astype(np.uint8)


def grainy(picture: np.ndarray, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 8, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def with_somebody(picture: np.ndarray, left: int, top: int, height: int) -> np.ndarray:
    picture = picture.copy()
    picture[top : top + height, left : left + height // 3] = 20
    return picture


def _changed(searched: SearchedBefore, image: np.ndarray, squares, people) -> list[Region]:
    searched.see(image, people)
    return searched.worth_it(squares)


def test_what_looks_the_same_is_passed_over_but_now_and_then(room):
    searched = SearchedBefore(WIDTH, HEIGHT)
    looks = [bool(_changed(searched, grainy(room, k), [LEFT], NOBODY)) for k in range(9)]
    assert looks == [True, False, False, False, True, False, False, False, True]


def test_somebody_small_who_comes_in_is_looked_for_where_they_are(room):
    searched = SearchedBefore(WIDTH, HEIGHT)
    assert _changed(searched, room, [LEFT, RIGHT], NOBODY) == [LEFT, RIGHT]
    came = with_somebody(grainy(room, 1), 1100, 400, 40)
    assert _changed(searched, came, [LEFT, RIGHT], NOBODY) == [RIGHT]


def test_somebody_who_comes_slowly_is_noticed(room):
    """What is compared is what was searched, not the picture before this one."""
    searched = SearchedBefore(WIDTH, HEIGHT)
    _changed(searched, room, [LEFT], NOBODY)
    looks = []
    for rows in range(4, 60, 4):
        coming = room.copy()
        coming[720 - rows :, 300:340] = 20
        looks.append(len(_changed(searched, coming, [LEFT], NOBODY)))
    assert sum(looks) >= 5


def test_whoever_is_followed_may_move(room):
    searched = SearchedBefore(WIDTH, HEIGHT)
    for k, left in enumerate((200, 240, 280)):
        moved = with_somebody(room, left, 200, 300)
        box = np.array([left, 200.0, 100.0, 300.0])
        assert bool(_changed(searched, moved, [LEFT], [box])) == (k == 0)


def test_pictures_of_any_shape_and_squares_beyond_them():
    for width, height in ((160, 90), (90, 1600), (5, 7)):
        searched = SearchedBefore(width, height)
        whole = Region(np.array([width / 2, height / 2]), float(max(width, height)))
        picture = np.zeros((height, width, 3), np.uint8)
        box = np.array([-20.0, -20.0, 15.0, 15.0])
        assert _changed(searched, picture, [whole], [box]) == [whole]
        assert _changed(searched, picture, [whole], [box]) == []


def test_more_changed_where_somebody_came(room):
    searched = SearchedBefore(WIDTH, HEIGHT)
    searched.see(room, NOBODY)
    assert searched.share_changed(LEFT) == 1.0  # nobody has looked there
    searched.worth_it([LEFT, RIGHT])
    came = with_somebody(grainy(room, 1), 1000, 300, 240)
    searched.see(came, NOBODY)
    assert searched.share_changed(LEFT) < 0.002 < 0.02 < searched.share_changed(RIGHT) < 0.06
    searched.see(came, [np.array([1000.0, 300.0, 80.0, 240.0])])
    assert searched.share_changed(RIGHT) < 0.002
