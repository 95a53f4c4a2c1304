"""A pelvis that a recording's skeleton draws leaning is drawn as everybody's, and no more."""

import tarfile

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from train.databases.motion_library import load_motion_library
from train.databases.pelvic_tilt import USUAL_TILT, standing_tilt, with_usual_tilt

HIPS = [JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]]
SPINE, NECK = JOINT_INDEX["spine1"], JOINT_INDEX["neck"]


def placed(local):
    return forward_kinematics(local, default_body().rest_joints(np.zeros(10)))


def lines(joints):
    """Return directions (T, 3, 3): of both thighs, and from the middle of the hips to the neck."""
    knees = joints[:, [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]]
    ends = np.concatenate((knees, joints[:, [NECK]]), axis=1)
    starts = np.concatenate((joints[:, HIPS], joints[:, HIPS].mean(1, keepdims=True)), axis=1)
    return (ends - starts) / np.linalg.norm(ends - starts, axis=-1, keepdims=True)


@pytest.fixture
def leaning():
    """Somebody who stands, sways and turns about, with a pelvis that leans 14 degrees forward."""
    frames = 200
    turns = np.zeros((frames, JOINT_COUNT, 3))
    turns[:, NECK, 2] = 0.3 * np.sin(np.arange(frames) / 9)
    turns[:, SPINE, 0] = 0.1 * np.sin(np.arange(frames) / 7)
    local = axis_angle_to_matrix(turns)
    lean = axis_angle_to_matrix(np.radians([14.0, 0, 0]))
    about = np.linspace(0, 3, frames)[:, None] * np.array([0, 1.0, 0])
    local[:, 0] = axis_angle_to_matrix(about) @ lean
    local[:, [*HIPS, SPINE]] = lean.T @ local[:, [*HIPS, SPINE]]
    return local


def test_the_lean_of_who_stands_is_found_and_made_the_usual_one(leaning):
    tilt = standing_tilt(leaning)
    assert np.degrees(tilt) == pytest.approx(14.0, abs=1e-6)
    assert standing_tilt(with_usual_tilt(leaning, tilt)) == pytest.approx(USUAL_TILT, abs=1e-9)


def test_thighs_and_trunk_keep_their_directions(leaning):
    after = with_usual_tilt(leaning, standing_tilt(leaning))
    between = (lines(placed(leaning)[0]) * lines(placed(after)[0])).sum(-1)
    assert np.degrees(np.arccos(np.clip(between, -1, 1))).max() < 0.01
    others = [joint for joint in range(JOINT_COUNT) if joint not in (0, SPINE, *HIPS)]
    np.testing.assert_allclose(after[:, others], leaning[:, others])
    # What hangs from the trunk turns with it, by what the pelvis's own corner moved it.
    turned = rotation_angle(placed(leaning)[1][:, NECK], placed(after)[1][:, NECK])
    assert 1 < np.degrees(turned).max() < 6


def test_of_who_never_stands_nothing_is_concluded(leaning):
    lying = leaning.copy()
    lying[:, 0] = axis_angle_to_matrix(np.array([np.pi / 2, 0, 0])) @ lying[:, 0]
    for local in (lying, leaning[:40]):
        assert standing_tilt(local) == USUAL_TILT
        np.testing.assert_allclose(with_usual_tilt(local, USUAL_TILT), local, atol=1e-9)


@pytest.mark.shared
def test_people_of_a_database_stand_alike(shared, tmp_path):
    folder = tmp_path / "cmu"
    with tarfile.open(shared / "data" / "mocap" / "cmu_asfamc_30fps.tar.xz") as archive:
        some = [member for member in archive if member.name.split("/")[-2:-1] in (["05"], ["35"])]
        archive.extractall(folder, some, filter="data")
    apart = []
    for raw in (True, False):
        library = load_motion_library([folder], tmp_path, as_recorded=raw)
        people = [library.split({subject})[1].rotations for subject in ("05", "35")]
        tilts = np.degrees([standing_tilt(rotations) for rotations in people])
        apart.append(abs(tilts[0] - tilts[1]))
    assert apart[0] > 15 and apart[1] < 1
