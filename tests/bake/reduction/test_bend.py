"""Knees of limbs that go by their ends."""

import numpy as np
import pytest

from bake.reduction.bend import Bend


def _points(length: float, count: int = 50) -> list[np.ndarray]:
    """Return begins, ends and poles (3, K) of limbs that are so long, all over the place."""
    random = np.random.default_rng(0)
    top, way, aside = random.normal(size=(3, 3, count))
    way *= length / np.linalg.norm(way, axis=0)
    return [top, top + way, top + way / 2 + aside]


@pytest.mark.parametrize("length", [0.3, 0.6, 0.69])
def test_a_knee_is_as_far_from_both_ends_as_bones_are_long_and_on_the_side_of_the_pole(length):
    bend = Bend((0, 1, 2), 0.4, 0.3)
    top, end, pole = _points(length)
    knee = bend.knee(top, end, pole)
    assert np.allclose(np.linalg.norm(knee - top, axis=0), 0.4)
    assert np.allclose(np.linalg.norm(end - knee, axis=0), 0.3)
    along = (end - top) / length
    out, side = (each - (each * along).sum(0) * along for each in (knee - top, pole - top))
    assert np.allclose(np.cross(out, side, axis=0), 0, atol=1e-9)
    assert ((out * side).sum(0) > 0).all()


def test_a_limb_that_does_not_reach_its_end_is_straight():
    bend = Bend((0, 1, 2), 0.4, 0.3)
    top, end, pole = _points(0.9)
    assert np.allclose(bend.knee(top, end, pole), top + 0.4 * (end - top) / 0.9, atol=1e-4)


@pytest.mark.parametrize("length", [0.5, 0.66, 0.6999])
def test_levers_tell_how_far_a_knee_goes_for_what_its_ends_miss(length):
    """The straighter the limb, the less it takes; about, as what is too much is mended."""
    bend, room = Bend((0, 1, 2), 0.4, 0.3), 0.002
    points = _points(length, count=200)
    top, end, pole = points
    levers = bend.levers(top, end, pole, np.full(200, room))
    knee = bend.knee(top, end, pole)
    random = np.random.default_rng(1)
    for index, lever in ((0, levers[0]), (1, levers[0]), (2, levers[1])):
        way = random.normal(size=(3, 200))
        way *= room / lever / np.linalg.norm(way, axis=0)
        moved = [point + (index == number) * way for number, point in enumerate(points)]
        gone = np.linalg.norm(bend.knee(*moved) - knee, axis=0)
        assert gone.max() < 2.2 * room
        assert gone.max() > 0.3 * room
