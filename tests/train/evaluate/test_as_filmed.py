"""What a bake moves in the picture, and who flies or hovers, is told."""

from dataclasses import replace

import numpy as np
import pytest

from tests.bake.motions import filmed_from_the_front, walking
from train.evaluate.as_filmed import moved_by


@pytest.fixture
def take():
    return walking(frames=60, camera=filmed_from_the_front())


def test_a_bake_that_changes_nothing_moves_nobody(take):
    median, most, speed, _ = moved_by(take, take)
    assert median == most == 0
    assert 0.2 < speed < 3


def test_who_is_lifted_is_told_by_as_much(take):
    up = np.array([0, 0, 0.3])
    median, most, _, height = moved_by(take, replace(take, trans=take.trans + up))
    # 30 cm of a person are a sixth or so of what is seen.
    assert 10 < median < 30 and most < 40
    assert height - moved_by(take, take)[3] == pytest.approx(30)


def test_who_shoots_away_at_the_end_is_told(take):
    trans = take.trans.copy()
    trans[-1] += [0, 5.0, 0]
    median, most, speed, _ = moved_by(take, replace(take, trans=trans))
    assert median == 0 and most > 20 and speed > 100
