"""A foot is where it stands in time, and does not dart there."""

import numpy as np
import pytest

from bake.feet.stance import FADE, FootPath, moves

RATE = 30.0
TIMES = np.arange(90) / RATE
LANDS = 45


def _path(free=1.0):
    """Return a foot that stands on its sole from one and a half seconds on."""
    contact = np.zeros((len(TIMES), 2), bool)
    contact[LANDS:] = True
    turns = np.tile(np.eye(3), (len(TIMES), 1, 1))
    points = np.zeros((len(TIMES), 2, 3))
    leads = contact.astype(float)
    return FootPath(turns, points, leads, np.full(len(TIMES), free), [(LANDS, 90)], turns, contact)


@pytest.mark.parametrize(("far", "begins"), [(0.05, FADE), (0.25, 0.25 / 0.8)])
def test_what_has_far_to_go_begins_earlier(far, begins):
    moved = np.tile([far, 0.0, 0.0], (len(TIMES), 2, 1))
    way = moves(_path(), moved, TIMES)[:, 0]
    np.testing.assert_allclose(way[LANDS:], far)
    assert (way[TIMES < TIMES[LANDS] - begins - 1e-9] == 0).all()
    assert (way[(TIMES > TIMES[LANDS] - begins + 1 / RATE)] > 0).all()
    assert np.diff(way).max() * RATE < 1.7  # metres a second; 25 cm in 0.12 s: 4


def test_a_foot_that_is_pinned_elsewhere_is_left_alone():
    moved = np.full((len(TIMES), 2, 3), 0.2)
    assert not moves(_path(free=0.0), moved, TIMES).any()


def test_a_foot_that_never_stands_is_not_moved():
    path = _path()
    path.contact[:] = False
    assert not moves(path, np.ones((len(TIMES), 2, 3)), TIMES).any()
