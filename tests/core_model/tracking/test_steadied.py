"""Where things would be had the camera kept still."""

import numpy as np

from core_model.tracking.background import BackgroundMatch
from core_model.tracking.steadied import Steadied

POINTS = np.random.default_rng(0).uniform(0, 600, (30, 2))


def shift(time: float, key: int, by: tuple[float, float], scale: float = 1.0) -> BackgroundMatch:
    """Return a match of a picture in which all is `scale` as large, then moved, as in its key."""
    return BackgroundMatch(time, key, POINTS, scale * POINTS + by, 30, 30)


def still(time: float, key: int) -> BackgroundMatch:
    return BackgroundMatch(time, key, None, None, 30)


def unknown(time: float, key: int) -> BackgroundMatch:
    return BackgroundMatch(time, key, np.empty((0, 2)), np.empty((0, 2)))


def test_without_matches_nothing_moves():
    assert Steadied().points(POINTS[None], np.zeros(1)) is not None
    np.testing.assert_allclose(Steadied().points(POINTS[None], np.zeros(1)), POINTS[None])


def test_what_moves_with_the_picture_stands_still():
    # The third picture is a key picture, too; the fourth lies against it, and nobody knows the
    # fifth.
    matches = [
        still(0.0, 0),
        shift(1.0, 0, (20, -10)),
        shift(2.0, 0, (40, 0), 1.1),
        shift(3.0, 2, (5, 5)),
        unknown(4.0, 2),
    ]
    in_second = 1.1 * POINTS + (40, 0)
    seen = np.stack(
        [
            POINTS,
            POINTS + (10, -5),
            POINTS + (20, -10),
            in_second,
            in_second + (5, 5),
            in_second + (5, 5),
        ]
    )
    times = np.array([0, 0.5, 1, 2, 3, 4.0])
    places = Steadied(matches).points(seen, times)
    np.testing.assert_allclose(places, np.broadcast_to(POINTS, seen.shape), atol=0.1)


def test_matches_of_a_later_part_count_from_its_beginning():
    matches = [shift(10.0, 3, (0, 0)), shift(11.0, 7, (30, 0))]
    places = Steadied(matches, first=7).points(
        np.stack([POINTS, POINTS + (30, 0)]), np.array([10, 11.0])
    )
    np.testing.assert_allclose(places, np.stack([POINTS, POINTS]), atol=0.1)
