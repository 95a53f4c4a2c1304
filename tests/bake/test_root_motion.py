"""Where a motion takes place: drift goes, steps and jumps stay."""

import numpy as np
import pytest

from bake.cleaning import clean_motion
from bake.pose_bones import rest_in_world
from bake.resample import Timeline, exact_rate
from bake.root_motion import ground_drift, sole_heights
from bake.smoothing import load_profile
from core_model.body import default_body
from tests.bake.motions import walking

TIMES = np.arange(150) / 30


def _keys(take, root_motion):
    timeline = Timeline(exact_rate(30))
    return clean_motion(take, timeline, load_profile("none"), default_body(), root_motion)


def _soles(keys):
    rest, _ = rest_in_world(default_body(), np.zeros(10))
    return sole_heights(keys, rest)


@pytest.mark.parametrize("lift", [0.4, -0.3])
def test_who_hovers_or_sinks_comes_to_the_ground(lift):
    take = walking(frames=150)
    take.trans[:, 2] += lift * TIMES / TIMES[-1]
    free, ground = _soles(_keys(take, "free")), _soles(_keys(take, "ground"))
    # The made-up walk has no perfect soles: their height sways by this much anyway.
    own = np.ptp(_soles(_keys(walking(frames=150), "free")))
    assert np.ptp(free) > 0.25 + own / 2
    assert ground.min() > -0.02 and ground.max() < own + 0.02


def test_a_jump_stays_a_jump():
    flight = np.maximum(0.4 * np.sin(np.pi * (TIMES - 2) / 0.6), 0) * (abs(TIMES - 2.3) < 0.3)
    left = flight - ground_drift(flight, TIMES)
    assert left.max() > 0.35
    assert np.abs(left[flight == 0]).max() < 0.03


def test_in_place_keeps_height_and_sway_but_goes_nowhere():
    take = walking(frames=150)
    sway = 0.04 * np.sin(2 * np.pi * 2 * TIMES)
    take.trans[:, 0] += sway
    free, in_place = _keys(take, "free"), _keys(take, "in-place")
    assert np.ptp(free.positions[:, 1]) > 5 and np.ptp(in_place.positions[:, 1]) < 0.05
    assert np.array_equal(free.positions[:, 2], in_place.positions[:, 2])
    middle = slice(30, 120)
    assert np.allclose(np.ptp(in_place.positions[middle, 0]), 0.08, atol=0.01)
