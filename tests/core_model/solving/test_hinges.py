"""Knees and elbows that are led elsewhere bend as they can."""

from dataclasses import replace

import numpy as np
import pytest

from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.solving.corrected_start import spread_poses
from core_model.solving.figures import figure_of
from core_model.solving.hinges import HINGES, flexion, not_backwards
from core_model.solving.pins import Posed
from tests.core_model.solving.clips import BODY, true_take

KNEE = JOINT_INDEX["left_knee"]


def _bent(degrees):
    return axis_angle_to_matrix(np.radians(degrees)[..., None] * HINGES[KNEE])


def test_what_bends_forwards_stays_and_nothing_goes_through_straight():
    wanted = np.array([60.0, 20.0, 10.0, 2.0, -5.0, -40.0])
    kept = np.degrees(flexion(not_backwards(_bent(wanted), _bent(np.full(6, 30.0)), KNEE), KNEE))
    np.testing.assert_allclose(kept[:3], wanted[:3], atol=1e-6)
    assert (np.diff(kept) < 0).all() and kept.min() > 0, "evenly"
    was = np.full(6, -3.0)
    kept = np.degrees(flexion(not_backwards(_bent(wanted), _bent(was), KNEE), KNEE))
    np.testing.assert_allclose(kept[:4], wanted[:4], atol=1e-6)
    assert (np.diff(kept) < 0).all() and kept.min() > -6.0, "hardly further than it was"


def test_what_a_bent_knee_was_corrected_by_does_not_bend_a_straight_one_backwards():
    times, pinned = np.arange(31) / 30, 15
    bent = 8 + 32 * np.exp(-(((times - 0.5) / 0.15) ** 2))
    rotations = np.tile(np.eye(3), (31, 24, 1, 1))
    rotations[:, KNEE] = _bent(bent)
    figure = replace(figure_of(true_take("walk_side_01", 31), BODY), rotations=rotations)
    corrected = rotations[pinned].copy()
    corrected[KNEE] = _bent(np.array(10.0))
    poses = {pinned: Posed(corrected, figure.pelvis[pinned])}
    led, _ = spread_poses(figure, poses, {pinned: {KNEE}}, times, np.ones((31, 24)))
    now = np.degrees(flexion(led.rotations[:, KNEE], KNEE))
    assert now[pinned] == pytest.approx(10.0) and now.min() > 0.0
    assert np.abs(np.diff(now)).max() < 1.2 * np.abs(np.diff(bent)).max(), "and evenly"
