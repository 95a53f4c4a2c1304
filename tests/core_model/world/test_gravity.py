from pathlib import Path

import numpy as np
import pytest

from core_model.body.mass import center_of_mass
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.body.surface import outline_points
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.world.gravity import _Balance, _misfits, _up, find_up, stances
from core_model.world.resting import resting
from core_model.world.standing import foot_points, standing, stillness
from tests.core_model.world.test_floor_frame import filmed

KNEES = [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]


def degrees_between(a, b):
    return np.degrees(np.arccos(np.clip(a @ b, -1, 1)))


def pitch(up):
    return np.degrees(np.arcsin(-up[2]))


@pytest.mark.parametrize("lean", [-10, 10])
def test_a_long_way_in_depth_corrects_figures_that_lean(lean):
    """Figures of a network lean towards the lens or away from it; the floor under them does not."""
    angle = np.radians(lean)
    turn = np.array(
        [[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]]
    )
    joints, times, up = filmed(20, 0)
    into_depth = np.array([0.0, 0, 1]) - up[2] * up
    lengths, people, moments = np.arange(8), [], []
    for step in lengths:
        leaning = (joints - joints[:, :1]) @ turn.T + joints[:, :1] - joints[0, 0]
        feet = leaning[:, [10, 11]] @ up
        leaning -= feet.min() * up
        people.append(leaning + 1.0 * step * into_depth + np.array([0.0, 0, 4]))
        moments.append(times + step * (times[-1] + 1))
    one, when = np.concatenate(people), np.concatenate(moments)
    alone, walked = find_up([people[0]], [moments[0]]), find_up([one], [when])
    assert abs(pitch(walked) - 20) < 0.5 and abs(pitch(alone) - 20) > 1.5


def test_nobody_standing_means_a_camera_as_people_hold_it():
    joints, times, _ = filmed(20, 0)
    lying = joints[:, :, [1, 0, 2]]
    assert degrees_between(find_up([lying], [times]), np.array([0.0, -1, 0])) < 6
    assert degrees_between(find_up([joints[:1]], [times[:1]]), np.array([0.0, -1, 0])) < 25


def test_standing_on_one_leg_tells_as_much_as_on_two():
    """The mass is above the foot that carries it, not above the middle of both."""
    joints, times, up = filmed(0, 0)
    still = np.repeat(joints[:1], 60, axis=0)
    times = np.arange(60) / 30
    side = np.cross(up, [0.0, 0, 1])
    right = [JOINT_INDEX[f"right_{part}"] for part in ("knee", "ankle", "foot")]
    for joint, out in zip(right, (0.2, 0.5, 0.5), strict=True):
        still[:, joint] += out * side + 0.3 * out * up
    left = JOINT_INDEX["left_foot"]
    mass = center_of_mass(still)
    still[:, [4, 7, left]] += ((mass - still[:, left]) @ side)[:, None, None] * side
    assert degrees_between(find_up([still], [times]), up) < 3


def test_stances_are_where_the_feet_of_the_truth_do_not_move():
    joints, times, up = filmed(10, 0)
    points = foot_points(joints)
    load = standing(points, stillness(points, times), up)
    found = stances(points, load, times)
    # Four steps and two long stands of both feet: nowhere else, and all on one floor.
    assert 4 <= len(found) <= 16
    assert np.ptp([stance.place @ up for stance in found]) < 0.01
    speed = np.linalg.norm(np.gradient(points[:, 2:], times, axis=0), axis=-1)
    assert np.median(load[:, 2:][speed < 0.02]) > 0.9
    assert (load[:, 2:][speed > 1] < 0.25).all()


def test_who_is_right_below_the_camera_tells_something_all_the_same():
    angles = np.zeros(2)
    up = _up(angles)
    below = _Balance(direction=up, place=-4 * up, seconds=2.0, astride=0.1)
    assert np.isfinite(_misfits(angles, [below], [], [], 0.05)).all()


def test_whoever_crouches_and_jumps_is_not_laid_on_a_wall():
    """A capture of the rendered clip `jump_low`, whose camera looks up by 9 degrees."""
    body = default_body()
    with np.load(Path(__file__).parent / "crouched_jump.npz") as seen:
        poses, pelvis, betas, times = (
            seen[name].astype(float) for name in ("poses", "pelvis", "betas", "times")
        )
    rotations = axis_angle_to_matrix(poses.reshape(len(poses), 24, 3))
    placed, turned = forward_kinematics(rotations, body.rest_joints(betas))
    joints = placed - placed[:, :1] + pelvis[:, None]
    outline = resting(joints, turned, outline_points(body, betas), 1.7, times)
    up = find_up([joints], [times], [outline])
    looks_up = np.radians(9)
    assert up @ [0, -np.cos(looks_up), np.sin(looks_up)] > np.cos(np.radians(25))
