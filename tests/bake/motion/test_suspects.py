"""What needs a look is found, by its kind, and what is right is not."""

from dataclasses import replace

import numpy as np
import pytest

from bake.motion.suspects import GHOST, LIMIT, SIDES, SLIDE, joints_of, suspects
from core_model.body.landmarks import LANDMARK_MIRROR
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from tests.core_model.solving.clips import true_take, turned


@pytest.fixture(scope="module")
def truth() -> Take:
    return true_take("signals_01", 60)


def kinds(take: Take) -> set[str]:
    return {each.kind for each in suspects(take)}


def test_a_true_motion_needs_no_look(truth):
    assert suspects(truth) == []


def test_a_zoom_of_the_camera_is_none_of_the_persons(truth):
    zoom = np.linspace(1.0, 3.0, len(truth))
    seen = truth.keypoints2d.copy()
    seen[..., :2] = truth.camera.through_zoom(seen[..., :2], zoom)
    assert suspects(replace(truth, keypoints2d=seen, camera_zoom=zoom)) == []


def test_landmarks_of_the_other_side_are_found(truth):
    take = replace(truth, keypoints2d=truth.keypoints2d.copy())
    take.keypoints2d[20:40] = take.keypoints2d[20:40][:, list(LANDMARK_MIRROR)]
    (found,) = suspects(take)
    assert found.kind == SIDES
    assert abs(found.start - take.times[20]) < 0.1 and abs(found.end - take.times[40]) < 0.1


def test_a_figure_that_faces_the_other_way_for_a_while_is_found(truth):
    rotations = truth.rotations()
    about = axis_angle_to_matrix(np.array([0.0, 0.0, np.pi]))
    rotations[25:45, 0] = about @ rotations[25:45, 0]
    poses = matrix_to_axis_angle(rotations).reshape(len(truth), -1)
    found = [each for each in suspects(replace(truth, poses=poses)) if each.kind == SIDES]
    assert len(found) == 1
    assert abs(found[0].start - truth.times[25]) < 0.2 and abs(found[0].end - truth.times[45]) < 0.2


def test_joints_that_bend_too_far_are_named(truth):
    take = turned(truth, "neck", (1.8, 0.0, 0.0), slice(10, 30))
    take = turned(take, "left_knee", (-1.2, 0.0, 0.0), slice(30, 50))
    parts = {each.part for each in suspects(take) if each.kind == LIMIT}
    assert parts == {"Neck", "Left Knee"}


def test_feet_that_both_slide_are_found(truth):
    trans = truth.trans.copy()
    trans[20:50, 0] += np.linspace(0, 1.0, 30)
    trans[50:, 0] += 1.0
    found = [each for each in suspects(replace(truth, trans=trans)) if each.kind == SLIDE]
    assert len(found) == 1 and abs(found[0].start - truth.times[20]) < 0.2


def test_a_short_track_that_nobody_is_sure_of_may_be_a_ghost(truth):
    assert GHOST in kinds(replace(truth, confidence=np.full((60, 24), 0.2)))
    assert GHOST in kinds(true_take("signals_01", 12))


def test_the_worst_weighs_most(truth):
    take = turned(truth, "neck", (1.8, 0.0, 0.0), slice(5, 15))
    take = turned(take, "head", (1.8, 0.0, 0.0), slice(20, 55))
    worst = max(suspects(take), key=lambda each: each.severity)
    assert worst.part == "Head"


def test_every_part_has_joints():
    for part in ("Left Arm", "Feet", "Left and Right", "Everything", "Left Knee", "Whole Body"):
        assert set(joints_of(part)) <= set(JOINT_NAMES) and joints_of(part)
    assert joints_of("Left Knee") == ("left_knee",) and JOINT_INDEX["left_knee"] == 4
