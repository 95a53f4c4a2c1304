"""A figure that is for a frame twice as far away as around it is brought back."""

import numpy as np
import pytest

from core_model.lifting.astray import brought_back

RATE = 30
TIMES = np.arange(90) / RATE
EVERYWHERE = np.ones(90, bool)


def at_depths(depths):
    """Return places (T, 3) of somebody who is seen a little aside of the middle."""
    return np.array([0.2, -0.1, 1.0]) * np.asarray(depths, float)[:, None]


@pytest.mark.parametrize("at", [0, 1, 45, 88, 89])
@pytest.mark.parametrize("depth", [0.8, 6.0, 240.0])
def test_a_frame_far_away_from_all_around_it_is_brought_back_along_its_sight(at, depth):
    depths = 3 + 0.2 * np.sin(TIMES)
    astray = depths.copy()
    astray[at] = depth
    back = brought_back(at_depths(astray), EVERYWHERE, TIMES)
    others = np.arange(90) != at
    np.testing.assert_array_equal(back[others], at_depths(depths)[others])
    np.testing.assert_allclose(back[at], at_depths(depths)[at], rtol=0.01)


def test_several_at_the_end_stay_as_far_as_the_last_that_is_right():
    depths = np.full(90, 4.0)
    depths[-5:], depths[20:40] = 12.0, 0.0
    placed = EVERYWHERE.copy()
    placed[20:40] = False
    back = brought_back(at_depths(depths), placed, TIMES)[:, 2]
    np.testing.assert_allclose(back[-5:], 4.0)
    np.testing.assert_array_equal(back[:-5], depths[:-5])


def test_who_runs_up_to_the_camera_is_not_astray():
    places = at_depths(7 - 2.0 * TIMES)
    np.testing.assert_array_equal(brought_back(places, EVERYWHERE, TIMES), places)


def test_of_a_few_frames_nothing_is_concluded():
    places = at_depths([3.0, 30.0, 3.0])
    np.testing.assert_array_equal(
        brought_back(places, np.ones(3, bool), np.arange(3) / RATE), places
    )
