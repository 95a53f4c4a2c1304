"""Limbs that nobody saw, once the body that carries them is turned."""

from dataclasses import replace

import numpy as np
import pytest

from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from core_model.lifting.figure import Figure
from core_model.solving.figures import figure_of
from core_model.solving.hidden_limbs import as_held_elsewhere
from tests.core_model.solving.clips import BODY, true_take

ARM = [JOINT_INDEX[f"left_{part}"] for part in ("collar", "shoulder", "elbow", "wrist", "hand")]
HIDDEN = slice(20, 40)


@pytest.fixture(scope="module")
def truth() -> Figure:
    return figure_of(true_take("walk_side_01", frames=60), BODY)


def _turned(figure: Figure, joint: int, by: tuple[float, float, float]) -> Figure:
    rotations = figure.rotations.copy()
    rotations[HIDDEN, joint] = rotations[HIDDEN, joint] @ axis_angle_to_matrix(np.array(by))
    return replace(figure, rotations=rotations)


def _confidence() -> np.ndarray:
    confidence = np.full((60, 24), 0.7)
    confidence[HIDDEN, ARM] = 0.05
    return confidence


def test_a_hidden_arm_of_a_body_that_is_turned_is_held_as_where_it_is_seen(truth):
    guessed = _turned(truth, ARM[1], (1.2, 0.0, 0.0))
    before = _turned(guessed, 0, (0.0, 0.8, 0.0))
    after = as_held_elsewhere(guessed, before, _confidence())
    off = [
        rotation_angle(figure.rotations[HIDDEN, ARM[1]], truth.rotations[HIDDEN, ARM[1]]).mean()
        for figure in (guessed, after)
    ]
    assert off[1] < 0.35 * off[0]
    others = [joint for joint in range(24) if joint not in ARM]
    np.testing.assert_array_equal(after.rotations[:, others], guessed.rotations[:, others])
    seen = np.r_[0:20, 40:60]
    np.testing.assert_array_equal(after.rotations[seen], guessed.rotations[seen])


def test_of_a_body_that_stays_a_hidden_arm_stays_to_the_bit(truth):
    guessed = _turned(truth, ARM[1], (1.2, 0.0, 0.0))
    before = _turned(guessed, JOINT_INDEX["left_hip"], (0.8, 0.0, 0.0))
    after = as_held_elsewhere(guessed, before, _confidence())
    np.testing.assert_array_equal(after.rotations, guessed.rotations)


def test_an_arm_that_was_never_seen_stays(truth):
    guessed = _turned(truth, ARM[1], (1.2, 0.0, 0.0))
    before = _turned(guessed, 0, (0.0, 0.8, 0.0))
    after = as_held_elsewhere(guessed, before, np.full((60, 24), 0.05))
    np.testing.assert_array_equal(after.rotations, guessed.rotations)
