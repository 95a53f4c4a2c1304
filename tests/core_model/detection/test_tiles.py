"""Where, and how often, new people are looked for beside those who are followed."""

import numpy as np
import pytest

from core_model.detection.region import Region
from core_model.detection.tiles import Scanner

WIDTH, HEIGHT = 768, 576
LARGE, SMALL = 400.0, 95.0  # pixels of a region


def looks(rate: int, seconds: float, followed: list[float]) -> list[list[Region]]:
    """Return the squares of each frame after the first, in which all of them are searched."""
    scanner = Scanner(WIDTH, HEIGHT)
    scanner.squares(0.0, [])
    return [scanner.squares(k / rate, followed) for k in range(1, round(rate * seconds) + 1)]


def fine(square: Region) -> bool:
    return square.size < 0.6 * HEIGHT


def test_while_nobody_is_followed_every_frame_is_searched_in_two_squares():
    assert all(sorted(map(fine, each)) == [False, True] for each in looks(30, 1.0, []))


def test_one_person_leaves_little_time_for_others():
    squares = [square for each in looks(30, 4.0, [LARGE]) for square in each]
    assert len(squares) <= 36
    assert sum(map(fine, squares)) == len(squares) // 4


@pytest.mark.parametrize("rate", [10, 30])
def test_among_many_small_people_a_new_one_anywhere_is_soon_in_a_fine_square(rate):
    """As in a street, where 70 of 576 pixels are a person: the detector sees them there only."""
    seen = [square for each in looks(rate, 1.6, [SMALL] * 6) for square in each if fine(square)]
    places = np.stack(np.meshgrid(np.arange(0, WIDTH, 8), np.arange(0, HEIGHT, 8)), -1)
    shown = [
        (np.abs(places - square.center) <= square.size / 2 + 1e-6).all(axis=-1) for square in seen
    ]
    assert np.any(shown, axis=0).all()


def test_the_search_takes_a_fraction_of_what_following_takes():
    for people in (2, 5, 12):
        squares = [len(each) for each in looks(30, 4.0, [SMALL] * people)]
        assert np.mean(squares) < 0.3 * people
