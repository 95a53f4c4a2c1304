"""Limbs that a recording's skeleton bends are made as straight as they are in life, no more."""

import tarfile

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, PARENTS, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from train.databases.motion_library import load_motion_library
from train.databases.straight_limbs import (
    ARMS,
    LEGS,
    flexion,
    standing_bend,
    straightened,
    straightest_arm,
)

SLACK = np.radians(25.0)


def placed(local):
    return forward_kinematics(local, default_body().rest_joints(np.zeros(10)))


def turned_about(axis, angles):
    return axis_angle_to_matrix(np.asarray(angles)[:, None] * np.eye(3)[axis])


@pytest.fixture(scope="module")
def bends():
    """Somebody whose knees and elbows bend from nothing to 140 degrees, among other motion."""
    frames = 281
    random = np.random.default_rng(0)
    local = axis_angle_to_matrix(0.2 * random.normal(size=(1, JOINT_COUNT, 3)).repeat(frames, 0))
    angles = np.linspace(0, np.radians(140), frames)
    for side, mirror in (("left", 1), ("right", -1)):
        local[:, JOINT_INDEX[f"{side}_knee"]] = turned_about(0, angles)
        local[:, JOINT_INDEX[f"{side}_elbow"]] = turned_about(1, -mirror * angles)
    return local


def test_ends_of_limbs_keep_their_direction_and_their_rotation(bends):
    before, turned = placed(bends)
    after, turned_after = placed(straightened(bends, SLACK, SLACK))
    for limb in (*LEGS, *ARMS):
        lines = [joints[:, limb.end] - joints[:, limb.start] for joints in (before, after)]
        units = [line / np.linalg.norm(line, axis=1, keepdims=True) for line in lines]
        assert np.degrees(np.arccos(np.clip((units[0] * units[1]).sum(1), -1, 1))).max() < 0.01
        assert rotation_angle(turned[:, limb.end], turned_after[:, limb.end]).max() < 1e-5
    moved = [limb_joint for limb in (*LEGS, *ARMS) for limb_joint in (limb.start, limb.hinge)]
    others = [joint for joint in range(JOINT_COUNT) if joint not in moved]
    assert rotation_angle(turned[:, others], turned_after[:, others]).max() < 1e-5


def test_straight_legs_come_out_straight_and_squats_stay_squats(bends):
    before, after = placed(bends)[0], placed(straightened(bends, SLACK, SLACK))[0]
    for limb in (*LEGS, *ARMS):
        old, new = np.degrees(flexion(before, limb)), np.degrees(flexion(after, limb))
        assert (new <= old + 1e-6).all()
        assert new[old < np.degrees(SLACK)].max() < 7
        assert (old - new)[old > 100].max() < 4
        # The knee of mid-swing, 70 in such skeletons, is 60 to 67 in gait laboratories.
        assert 60 < np.interp(70, old, new) < 67


def test_no_limb_bends_the_other_way(bends):
    after, turned_after = placed(straightened(bends, SLACK, SLACK))
    for leg in LEGS:
        shin = after[:, leg.end] - after[:, leg.hinge]
        forward = turned_after[:, leg.start, :, 2]
        bent = flexion(after, leg) > np.radians(8)
        assert (np.einsum("ta,ta->t", shin, forward)[bent] < 0).all()
    assert PARENTS[LEGS[0].hinge] == LEGS[0].start


def test_bodies_without_slack_stay_as_they_are(bends):
    np.testing.assert_allclose(straightened(bends, 0.0, 0.0), bends, atol=1e-9)
    assert standing_bend(bends[:5]) == 0 and straightest_arm(bends[:5]) == 0


def test_a_mended_motion_is_as_smooth_as_before(bends):
    after = placed(straightened(bends, SLACK, SLACK))[0]
    for limb in (*LEGS, *ARMS):
        steps = np.abs(np.diff(np.degrees(flexion(after, limb))))
        assert steps.max() < 3 * 0.5  # half a degree a frame went in


@pytest.mark.shared
def test_walkers_have_the_knees_of_gait_laboratories(shared, tmp_path):
    folder = tmp_path / "cmu"
    with tarfile.open(shared / "data" / "mocap" / "cmu_asfamc_30fps.tar.xz") as archive:
        archive.extractall(folder, [m for m in archive if "/35/" in m.name], filter="data")
    motions = [load_motion_library([folder], tmp_path, as_recorded=raw) for raw in (True, False)]
    straighter, swing = [], []
    for library in motions:
        knees = np.degrees([flexion(placed(library.rotations)[0], leg) for leg in LEGS])
        straighter.append(np.median(knees.min(axis=0)))
        swing.append(np.percentile(knees, 97))
    assert straighter[0] > 22 and straighter[1] < 15
    assert 58 < swing[1] < swing[0]
