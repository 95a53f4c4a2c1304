"""A figure of a file with Y up stands; who lies in a file with Z up keeps lying."""

import numpy as np
import pytest

from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_WORLD
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from core_model.take.upright import upright
from tests.bake.motions import filmed_from_the_front, tumbling, walking

HEAD, PELVIS = JOINT_INDEX["head"], JOINT_INDEX["pelvis"]


def _in_world(take: Take, turn: np.ndarray) -> Take:
    """Return a take whose world is turned by a matrix, joints and all."""
    joints = take.joints()
    poses = take.poses.copy()
    poses[:, :3] = matrix_to_axis_angle(turn @ axis_angle_to_matrix(poses[:, :3]))
    turned = Take(poses, take.trans, take.betas, take.times)
    turned.trans = take.trans + joints[:, 0] @ turn.T - turned.joints()[:, 0]
    return turned


def _lying(heading: float, height: float = 0.1) -> Take:
    """A take of who sleeps on the back with the head in some direction; they breathe and turn."""
    take = walking(frames=90)
    calm = axis_angle_to_matrix(take.poses.reshape(-1, 24, 3))
    calm[:, 1:] = axis_angle_to_matrix(0.15 * take.poses.reshape(-1, 24, 3)[:, 1:])
    calm[:, 0] = axis_angle_to_matrix(np.array([[0.0, 0.0, heading]])) @ np.eye(3)
    roll = 0.3 * np.sin(take.times)[:, None] * np.array([0.0, 1.0, 0.0])
    calm[:, 0] = calm[:, 0] @ axis_angle_to_matrix(roll)
    place = np.tile([0.3, 0.9, height], (90, 1))
    return Take(matrix_to_axis_angle(calm).reshape(90, 72), place, np.zeros(10), take.times)


def test_a_walk_in_a_world_with_y_up_is_turned_back():
    take = walking(frames=60)
    turned, remark = upright(_in_world(take, SMPL_TO_WORLD.T))
    assert remark and "has Y up" in remark
    np.testing.assert_allclose(turned.joints(), take.joints(), atol=1e-9)


@pytest.mark.parametrize("take", [walking(), tumbling()], ids=["walking", "tumbling"])
def test_a_world_with_z_up_is_left_as_it_is(take):
    assert upright(take) == (take, None)


@pytest.mark.parametrize("heading", np.radians(np.arange(20, 380, 45)))
@pytest.mark.parametrize("bed", [0.1, 0.6])
def test_who_lies_in_a_world_with_z_up_keeps_lying(heading, bed):
    take = _lying(heading, bed)
    joints = take.joints()
    assert np.ptp(joints[..., 2]) < 1, "this test is about somebody who lies"
    same, remark = upright(take)
    assert same is take
    along_y = (joints[:, HEAD, 1] - joints[:, PELVIS, 1]).mean() > 0.4
    assert (remark is not None and "lies" in remark) == along_y


def test_what_the_user_says_is_done():
    lying = _lying(0.0)
    stood, remark = upright(lying, "y")
    joints = stood.joints()
    assert remark is None and (joints[:, HEAD, 2] > joints[:, PELVIS, 2] + 0.4).all()
    walk = _in_world(walking(), SMPL_TO_WORLD.T)
    assert upright(walk, "z") == (walk, None)


def test_who_was_filmed_is_never_turned():
    take = _in_world(walking(), SMPL_TO_WORLD.T)
    take.camera = filmed_from_the_front()
    assert upright(take) == (take, None)


@pytest.mark.shared
def test_a_file_with_y_up(shared):
    take, remark = upright(Take.load(shared / "cases" / "amass_y_up" / "walk_poses.npz"))
    joints = take.joints()
    assert remark and (joints[:, HEAD, 2] > joints[:, PELVIS, 2] + 0.4).all()
