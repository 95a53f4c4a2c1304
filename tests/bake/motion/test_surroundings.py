"""What was corrected for half a second changes its surroundings, and nothing far away."""

from dataclasses import replace

import numpy as np
import pytest

from bake.feet.figure import figure_of, posed
from bake.motion.resample import Timeline, exact_rate
from bake.motion.surroundings import around, corrected_frames
from bake.scene.animation.motion import Motion, motion_of
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.take import Take
from tests.core_model.solving.clips import true_take, turned

BODY = default_body()
WRONG = slice(30, 42)


@pytest.fixture(scope="module")
def captured() -> Take:
    take = true_take("bend_01", 90)
    take.source = {"video": "clip.mp4"}
    return take


@pytest.fixture(scope="module")
def corrected(captured: Take) -> Take:
    return turned(captured, "left_knee", (0.3, 0.0, 0.0), WRONG)


def baked(take: Take, before: Take | None = None) -> Motion:
    return motion_of(take, Timeline(exact_rate(30), float(take.times[0])), captured=before)


def joints(motion: Motion) -> np.ndarray:
    keys = motion.keys
    return posed(figure_of(BODY, motion.take.betas), keys.quaternions, keys.positions).joints


def test_frames_that_were_corrected_are_known(captured, corrected):
    rows = corrected_frames(corrected, captured)
    assert rows is not None and np.array_equal(np.flatnonzero(rows), np.arange(30, 42))
    assert corrected_frames(replace(captured, poses=captured.poses + 0.1), captured) is None
    assert corrected_frames(captured, replace(captured, betas=captured.betas + 1)) is None


def test_a_bake_changes_near_what_was_corrected_and_nowhere_else(captured, corrected):
    before, whole = joints(baked(captured)), joints(baked(corrected))
    after = joints(baked(corrected, captured))
    far = np.r_[0 : WRONG.start - 16, WRONG.stop + 16 : len(before)]
    assert np.abs(whole - before)[far].max() > 1e-4, "without it, all of it moves"
    assert np.abs(after - before)[far].max() < 1e-9
    assert np.abs(after - whole)[WRONG].max() < 1e-6, "what was corrected is as without it"
    steps = np.linalg.norm(np.diff(after, axis=0), axis=-1)
    allowed = np.linalg.norm(np.diff(whole, axis=0), axis=-1).max()
    assert steps.max() < allowed + 0.001, "nothing jumps"


def test_nothing_corrected_is_the_bake_of_the_capture(captured):
    assert np.array_equal(joints(baked(captured, captured)), joints(baked(captured)))


def test_what_somebody_said_to_touch_holds_everywhere(captured, corrected):
    said = {
        "limb": "left_foot",
        "start": float(captured.times[66]),
        "end": float(captured.times[86]),
    }
    said |= {"touches": True, "height": 0.2, "surface": None}
    take = replace(corrected, source=corrected.source | {"contacts": [said]})
    foot = JOINT_INDEX["left_foot"]
    with_it, without = joints(baked(take, captured)), joints(baked(corrected, captured))
    assert with_it[76, foot, 2] - without[76, foot, 2] > 0.1


def test_keys_of_other_frames_are_left_alone(captured, corrected):
    motion = baked(corrected)
    fewer = motion.keys[slice(0, 50)]
    timeline = Timeline(exact_rate(30), float(captured.times[0]))
    assert around(motion.keys, fewer, timeline, captured.times[WRONG]) is motion.keys
