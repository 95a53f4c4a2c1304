"""Floor work is captured and baked where it was seen."""

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.errors import MocapError
from core_model.network.checkpoints import load_weights
from tests.floor_poses import FRAMES, on_all_fours, on_the_back
from train.databases.motion_library import MotionLibrary
from train.evaluate.floor_work import COLUMNS, FloorClip, floor_errors, true_take


@pytest.fixture(scope="module")
def library() -> MotionLibrary:
    motions = [on_the_back(), on_all_fours()]
    bounds = np.array([0, FRAMES, 2 * FRAMES])
    rotations = np.concatenate(motions).astype(np.float32)
    return MotionLibrary(rotations, ["00_back", "00_fours"], bounds)


def test_the_truth_lies_on_its_floor(library):
    body = default_body()
    take = true_take(library.rotations[:FRAMES], FloorClip("back", 0, 30, 12), body)
    lowest = body.pose(take.rotations(), take.betas)[..., 2].min(axis=1) + take.trans[:, 2]
    assert np.abs(lowest).max() < 1e-6


def test_people_on_the_floor_stay_in_the_picture(library):
    clips = (FloorClip("back", 0, 80, 14), FloorClip("fours", 0, 60, 12))
    found = floor_errors(library, load_weights(), clips)
    mean = dict(zip(COLUMNS, found["mean"], strict=True))
    # Per cent of the box; it was 23 when only feet told where the floor is.
    assert mean["moved"] < 4
    assert mean["picture"] < 8
    assert mean["baked"] < 40


def test_a_motion_that_is_not_there_is_named(library):
    with pytest.raises(MocapError, match="no handstand"):
        floor_errors(library, load_weights(), (FloorClip("handstand", 0, 0, 10),))
