"""Where held feet would turn one leg far, the body gives and both legs share what is left."""

import numpy as np
import pytest

from bake.retarget.solving.relief import FREE, LegAsk, relieved

FIXED = np.ones((1, 3))
ASIDE = np.array([[0.0, -1.0, 0.0]])


def leg(bent: float, asks: tuple[float, float, float], size: float = 1.0) -> LegAsk:
    """Return a leg of `size` whose knee is bent by degrees, and whose foot should go elsewhere."""
    half = np.radians(bent) / 2
    upper = size * np.array([[0.0, -0.5 * np.sin(half), -0.5 * np.cos(half)]])
    lower = upper * [1, -1, 1]
    return LegAsk(upper, lower, ASIDE, upper + lower + size * np.array([asks]), FIXED)


def farthest(legs: list[LegAsk], moved: np.ndarray) -> list[float]:
    """Return by how many degrees each leg is turned when the body is moved by `moved`."""
    asks = [LegAsk(e.upper, e.lower, e.aside, e.way - e.fixed * moved, e.fixed) for e in legs]
    return [float(np.degrees(ask.farthest()[0])) for ask in asks]


@pytest.mark.parametrize("size", [0.01, 1.0, 100.0])
def test_a_straight_leg_shares_what_a_bent_one_is_asked_for(size):
    legs = [leg(5.0, (0.0, 0.0, 0.0), size), leg(80.0, (0.12, 0.0, 0.0), size)]
    before, after = (farthest(legs, moved) for moved in (np.zeros((1, 3)), relieved(legs)))
    assert max(before) > 6.0
    assert max(after) < 0.7 * max(before)
    assert min(after) > 1.0


def test_a_leg_is_not_asked_for_more_than_its_length():
    """What the bent leg would like to have is out of reach of the straight one."""
    legs = [leg(0.0, (0.0, 0.0, 0.0)), leg(60.0, (0.0, 0.0, 0.06))]
    moved = relieved(legs)
    way = legs[0].way - moved
    assert np.linalg.norm(way) < legs[0].length()[0] + 0.0005
    assert max(farthest(legs, moved)) <= max(farthest(legs, np.zeros((1, 3)))) + 1e-9


def test_a_body_stays_where_no_bone_is_turned():
    legs = [leg(20.0, (0.0, 0.0, 0.0)), leg(80.0, (0.0, 0.0, 0.0))]
    assert np.abs(relieved(legs)).max() < 1e-9
    assert farthest(legs, np.zeros((1, 3)))[0] < np.degrees(FREE)
