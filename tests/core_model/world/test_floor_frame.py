import numpy as np
import pytest

from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.take import Take
from core_model.world.common_floor import SOLE_BELOW_FOOT, size_factors
from core_model.world.floor_frame import camera_to_world
from core_model.world.gravity import find_up
from tests.places import DEMO_TRUTH as TRUTH

FEET = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]


def filmed(pitch_degrees, roll_degrees, away=4.0):
    """Return real joints (T, 24, 3) in the space of a tilted camera, seconds (T,), true up (3,)."""
    take = Take.load(TRUTH)
    pitch = axis_angle_to_matrix(np.radians(pitch_degrees) * np.array([1.0, 0, 0]))
    roll = axis_angle_to_matrix(np.radians(roll_degrees) * np.array([0, 0, 1.0]))
    to_camera = roll @ pitch @ np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    joints = take.joints()
    middle = joints[:, 0].mean(axis=0)
    return (
        (joints - middle) @ to_camera.T + np.array([0.0, 0.0, away]),
        take.times,
        to_camera @ np.array([0.0, 0.0, 1.0]),
    )


@pytest.mark.parametrize(("pitch", "roll"), [(0, 0), (25, 0), (-15, 0), (10, 20)])
def test_people_stand_upright_on_the_floor_whatever_the_camera_does(pitch, roll):
    joints, times, up = filmed(pitch, roll)
    to_world = camera_to_world([joints], [times], find_up([joints], [times]))
    world = joints @ to_world[:3, :3].T + to_world[:3, 3]
    assert np.degrees(np.arccos((to_world[:3, :3] @ up)[2])) < 4
    assert abs(np.median(world[:, FEET, 2].min(axis=1)) - SOLE_BELOW_FOOT) < 0.03
    np.testing.assert_allclose(world[0, 0, :2], 0, atol=1e-9)


@pytest.mark.parametrize("pitch", [90, 90 - 1e-7, -90])
def test_a_camera_that_looks_straight_down_or_up_has_a_world(pitch):
    joints, times, up = filmed(pitch, 0)
    up = np.round(up, 12)
    to_world = camera_to_world([joints], [times], up)
    np.testing.assert_allclose(to_world[:3, :3] @ to_world[:3, :3].T, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(to_world[:3, :3] @ up, [0, 0, 1], atol=1e-9)
    world = joints @ to_world[:3, :3].T + to_world[:3, 3]
    assert abs(np.median(world[:, FEET, 2].min(axis=1)) - SOLE_BELOW_FOOT) < 0.03
    guessed = camera_to_world([joints], [times], find_up([joints], [times]))
    assert np.isfinite(guessed).all()


def test_who_faces_the_camera_faces_minus_y():
    joints, times, _ = filmed(10, 0)
    to_world = camera_to_world([joints], [times], find_up([joints], [times]))
    facing_camera = joints[:, JOINT_INDEX["left_hip"], 0] > joints[:, JOINT_INDEX["right_hip"], 0]
    world = joints @ to_world[:3, :3].T
    left_of = world[:, JOINT_INDEX["left_hip"], 0] - world[:, JOINT_INDEX["right_hip"], 0]
    np.testing.assert_array_equal(left_of > 0, facing_camera)


def test_the_floor_is_where_the_lower_of_two_levels_is():
    above, times, up = filmed(0, 0)
    below = above - up + np.array([0.5, 0.0, 2.0])
    to_world = camera_to_world([above, below], [times, times], up)
    heights = [
        np.median((joints @ to_world[:3, :3].T + to_world[:3, 3])[:, FEET, 2].min(axis=1))
        for joints in (above, below)
    ]
    assert abs(heights[1] - SOLE_BELOW_FOOT) < 0.04
    assert abs(heights[0] - heights[1] - 1) < 0.04


@pytest.mark.parametrize("size", [0.9, 1.1])
def test_who_is_taken_for_too_large_is_found_out_by_the_floor(size):
    """A figure that is too large stands too far away, and on a floor too far down."""
    joints, times, up = filmed(15, 0)
    joints = joints - 0.6 * up
    wrong = size * (joints + np.array([0.4, 0, 0]))
    given = ([joints, wrong], [times, times], up)
    first, factor = size_factors(*given, known=[True, False])
    assert first == 1
    assert factor == pytest.approx(1 / size, abs=0.035)
    # Of two whose size nobody knows neither is more likely to be right.
    first, other = size_factors(*given)
    assert first == pytest.approx(size**0.5, abs=0.02)
    assert other == pytest.approx(size**-0.5, abs=0.02)


def test_a_child_beside_a_grown_up_is_small():
    joints, times, up = filmed(15, 0)
    joints = joints - 0.6 * up
    first, factor = size_factors([joints, joints / 0.7], [times, times], up)
    assert first == 1
    assert factor == pytest.approx(0.7, abs=0.01)


def test_of_many_most_tell_the_size_of_one():
    joints, times, up = filmed(15, 0)
    joints = joints - 0.6 * up
    factors = size_factors([joints, joints, joints, 1.15 * joints], [times] * 4, up)
    assert factors[3] < 0.92
    assert all(1 < each < 1.04 for each in factors[:3])


def test_who_stands_on_something_keeps_the_size():
    joints, times, up = filmed(15, 0)
    joints = joints - 0.6 * up
    assert size_factors([joints, joints + 0.6 * up], [times, times], up) == [1, 1]
