"""Where a motion takes place: drift goes, steps and jumps stay."""

import numpy as np
import pytest

from bake.cleaning import clean_motion
from bake.feet.figure import figure_of, foot_points, lowest_of_parts, posed
from bake.motion.resample import Timeline, exact_rate
from bake.motion.smoothing import load_profile
from core_model.body.model import default_body
from core_model.take import Take
from tests.bake.motions import walking
from train.places import DEMO_FOLDER

FIGURE = figure_of(default_body(), np.zeros(10))
TIMES = np.arange(150) / 30


def _keys(take, root_motion, feet="never"):
    timeline = Timeline(exact_rate(30))
    return clean_motion(take, timeline, load_profile("none"), default_body(), root_motion, feet)


def _soles(keys, figure=FIGURE):
    pose = posed(figure, keys.quaternions, keys.positions)
    return foot_points(pose)[..., 2].min(axis=(1, 2))


@pytest.mark.parametrize("lift", [0.4, -0.3])
def test_who_hovers_or_sinks_comes_to_the_ground(lift):
    take = Take.load(DEMO_FOLDER / "demo_truth.npz")
    take.trans[:, 2] += lift * take.times / take.times[-1]
    figure = figure_of(default_body(), take.betas)
    assert np.ptp(_soles(_keys(take, "free"), figure)) > 0.25
    assert np.abs(_soles(_keys(take, "ground"), figure)).max() < 0.02


def test_a_walk_without_perfect_soles_comes_to_the_ground_too():
    take = walking(frames=150)
    take.trans[:, 2] += 0.4 * TIMES
    # The made-up walk sways up and down by so much.
    own = np.ptp(_soles(_keys(walking(frames=150), "free")))
    ground = _soles(_keys(take, "ground"))
    assert ground.min() > -0.03 and ground.max() < own + 0.02


def test_in_place_keeps_sway_but_goes_nowhere():
    take = walking(frames=150)
    sway = 0.04 * np.sin(2 * np.pi * 2 * TIMES)
    take.trans[:, 0] += sway
    ground, in_place = _keys(take, "ground"), _keys(take, "in-place")
    assert np.ptp(ground.positions[:, 1]) > 5 and np.ptp(in_place.positions[:, 1]) < 0.05
    assert np.array_equal(ground.positions[:, 2], in_place.positions[:, 2])
    middle = slice(30, 120)
    assert np.allclose(np.ptp(in_place.positions[middle, 0]), 0.08, atol=0.01)


def test_free_stays_where_it_was_captured():
    take = walking(frames=60)
    take.trans[:, 2] += 0.7
    keys = _keys(take, "free")
    assert np.allclose(keys.positions, take.joints()[:, 0], atol=1e-9)


def test_somebody_who_lies_down_lies_on_the_floor():
    take = walking(frames=60)
    take.poses[:] = 0
    take.poses[:, :3] = [0.0, 0.0, 0.0]  # Y up in a Z-up world: on the back
    take.trans[:] = [0.0, 0.0, 0.6]
    keys = _keys(take, "ground")
    pose = posed(FIGURE, keys.quaternions, keys.positions)
    assert np.abs(lowest_of_parts(FIGURE, pose).min(axis=1)).max() < 0.02
