"""A figure that is for a frame twice as far away as around it is not there."""

import numpy as np
import pytest

from core_model.lifting.astray import astray

RATE = 30
TIMES = np.arange(90) / RATE
EVERYWHERE = np.ones(90, bool)


@pytest.mark.parametrize("at", [0, 1, 45, 88, 89])
@pytest.mark.parametrize("depth", [0.8, 6.0, 240.0])
def test_a_frame_far_away_from_all_around_it_is_told(at, depth):
    depths = 3 + 0.2 * np.sin(TIMES)
    depths[at] = depth
    np.testing.assert_array_equal(np.flatnonzero(astray(depths, EVERYWHERE, TIMES)), [at])


def test_several_at_the_end_are_told_and_what_is_not_known_counts_for_nothing():
    depths = np.full(90, 4.0)
    depths[-5:], depths[20:40] = 12.0, 0.0
    placed = EVERYWHERE.copy()
    placed[20:40] = False
    np.testing.assert_array_equal(np.flatnonzero(astray(depths, placed, TIMES)), np.arange(85, 90))


def test_who_runs_up_to_the_camera_is_not_astray():
    depths = np.maximum(8 - 4 * TIMES, 0.0) ** 1.0 + 0.9
    assert not astray(depths, EVERYWHERE, TIMES).any()


def test_of_a_few_frames_nothing_is_concluded():
    assert not astray(np.array([3.0, 30.0, 3.0]), np.ones(3, bool), np.arange(3) / 30).any()
