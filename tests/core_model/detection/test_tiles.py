"""Where, and how often, new people are looked for beside those who are followed."""

from collections.abc import Callable

import numpy as np
import pytest

from core_model.detection.region import Region
from core_model.detection.tiles import Scanner

WIDTH, HEIGHT = 768, 576
LARGE, SMALL = 400.0, 95.0  # pixels of a region


def nothing(square: Region) -> float:
    return 0.0


def looks(
    rate: int, seconds: float, followed: list[float], changed: Callable[[Region], float] = nothing
) -> list[list[Region]]:
    """Return the squares of each frame after the first, in which all of them are searched."""
    scanner = Scanner(WIDTH, HEIGHT)
    scanner.squares(0.0, [], changed)
    frames = range(1, round(rate * seconds) + 1)
    return [scanner.squares(k / rate, followed, changed) for k in frames]


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


def test_where_much_changes_is_looked_at_first_and_elsewhere_now_and_then():
    right = [square.center[0] > WIDTH / 2 for square in _coarse(lambda square: 0.0)]
    assert 0.3 < np.mean(right) < 0.4  # all of the picture, its left, its right
    squares = _coarse(lambda square: 0.03 if square.center[0] > WIDTH / 2 else 0.0)
    right = [square.center[0] > WIDTH / 2 for square in squares]
    assert 0.6 < np.mean(right) < 0.9
    assert right[0] and len({tuple(square.center) for square in squares}) == 3


def _coarse(changed):
    found = [square for each in looks(30, 8.0, [LARGE], changed) for square in each]
    return [square for square in found if not fine(square)]
