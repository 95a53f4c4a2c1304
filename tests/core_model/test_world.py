import numpy as np
import pytest

from core_model.body import default_body
from core_model.rotations import axis_angle_to_matrix
from core_model.skeleton import JOINT_INDEX, SMPL_TO_CAMERA, forward_kinematics
from core_model.world import camera_to_world

FEET = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]


def walker(pitch_degrees, roll_degrees, frames=60):
    """Return joints (T, 24, 3) in camera space of somebody who walks across, and true up (3,)."""
    random = np.random.default_rng(0)
    rotations = axis_angle_to_matrix(random.normal(0, 0.05, (frames, 24, 3)))
    joints, _ = forward_kinematics(rotations, default_body().rest_joints(np.zeros(10)))
    joints = joints + np.linspace((-1, 0.2, 0), (1, 0.2, 0), frames)[:, None]
    level = joints @ SMPL_TO_CAMERA.T
    pitch = axis_angle_to_matrix(np.radians(pitch_degrees) * np.array([1.0, 0, 0]))
    roll = axis_angle_to_matrix(np.radians(roll_degrees) * np.array([0, 0, 1.0]))
    tilted = level @ (roll @ pitch).T + np.array([0.0, 0.0, 5.0])
    return tilted, roll @ pitch @ np.array([0.0, -1.0, 0.0])


@pytest.mark.parametrize(("pitch", "roll"), [(0, 0), (25, 0), (-15, 0), (10, 20)])
def test_people_stand_upright_on_the_floor_whatever_the_camera_does(pitch, roll):
    joints, up = walker(pitch, roll)
    to_world = camera_to_world([joints], [np.arange(len(joints)) / 30])
    world = joints @ to_world[:3, :3].T + to_world[:3, 3]
    assert np.degrees(np.arccos((to_world[:3, :3] @ up)[2])) < 4
    assert abs(np.median(world[:, FEET, 2].min(axis=1)) - 0.03) < 0.04
    np.testing.assert_allclose(world[0, 0, :2], 0, atol=1e-9)
    # Facing the camera is facing -Y, and the figure's left is at +X.
    sides = world[:, JOINT_INDEX["left_hip"]] - world[:, JOINT_INDEX["right_hip"]]
    assert (sides[:, 0] > 0.1).all()


def test_a_level_camera_is_assumed_when_nobody_stands():
    joints, _ = walker(20, 0)
    joints[:, [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]] += (0.3, 0, 0)
    np.testing.assert_allclose(
        camera_to_world([joints], [np.arange(len(joints)) / 30])[:3, 2] @ [0, 1, 0], 1, atol=1e-12
    )


def test_the_floor_is_where_the_lower_of_two_levels_is():
    above, _ = walker(0, 0)
    below = above + np.array([0.5, 2.0, 1.0])
    times = [np.arange(len(above)) / 30] * 2
    to_world = camera_to_world([above, below], times)
    heights = [
        np.median((joints @ to_world[:3, :3].T + to_world[:3, 3])[:, FEET, 2].min(axis=1))
        for joints in (above, below)
    ]
    assert abs(heights[1] - 0.03) < 0.04 and abs(heights[0] - 2.03) < 0.04
