import numpy as np
import pytest

from core_model.rotations import axis_angle_to_matrix
from core_model.skeleton import MIRROR
from train import mirroring


@pytest.fixture(scope="module")
def vectors(shared):
    return np.load(shared / "parity" / "int_parity.npz")


def test_mirroring_agrees_with_the_reference(vectors):
    joints = mirroring.mirrored_joints(vectors["fn/flip_kp3d_in"])
    np.testing.assert_allclose(joints, vectors["fn/flip_kp3d_out"], atol=1e-6)
    keypoints = mirroring.mirrored_keypoints(vectors["fn/flip_kp2d_in"])
    np.testing.assert_allclose(keypoints, vectors["fn/flip_kp2d_out"], atol=1e-5)
    poses = mirroring.mirrored_poses(vectors["fn/flip_pose_in"])
    # The reference forgets the last joint, the right hand.
    np.testing.assert_array_equal(poses[:, :69], vectors["fn/flip_pose_out"][:, :69])


def test_the_right_hand_gets_what_the_left_hand_did():
    poses = np.random.default_rng(0).normal(size=(5, 72))
    plain = axis_angle_to_matrix(poses.reshape(5, 24, 3))
    mirrored = axis_angle_to_matrix(mirroring.mirrored_poses(poses).reshape(5, 24, 3))
    across = np.diag([-1.0, 1.0, 1.0])
    np.testing.assert_allclose(mirrored, across @ plain[:, list(MIRROR)] @ across, atol=1e-12)


def test_mirroring_twice_changes_nothing():
    random = np.random.default_rng(1)
    poses, joints = random.normal(size=(2, 72)), random.normal(size=(2, 49, 4))
    np.testing.assert_array_equal(mirroring.mirrored_poses(mirroring.mirrored_poses(poses)), poses)
    np.testing.assert_allclose(
        mirroring.mirrored_joints(mirroring.mirrored_joints(joints)), joints, atol=1e-12
    )
