import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, MIRROR, forward_kinematics
from train.databases.straight_limbs import LEGS, flexion
from train.synthetic.posed_motion import POSES, Arm, Leg, Pose, posed_parts

MIRROR_SIGNS = np.array([[1.0, -1, -1], [-1, 1, 1], [-1, 1, 1]])


def posed(pose, windows=200, frames=5):
    """Rotations (N, T, 24, 3, 3) and joints (N, T, 24, 3) of an upright body in a pose."""
    moments = np.broadcast_to(np.linspace(0, 1, frames), (windows, frames))
    rotations = np.tile(np.eye(3), (windows, frames, JOINT_COUNT, 1, 1))
    for joint, turned in posed_parts(pose, moments, np.random.default_rng(0)).items():
        rotations[:, :, joint] = turned
    rest = default_body().rest_joints(np.zeros(10))
    return rotations, forward_kinematics(rotations, rest)[0]


@pytest.mark.parametrize("index", range(len(POSES)))
def test_poses_are_rotations_that_move_slowly(index):
    rotations, _ = posed(POSES[index])
    identity = np.swapaxes(rotations, -1, -2) @ rotations
    np.testing.assert_allclose(identity, np.broadcast_to(np.eye(3), identity.shape), atol=1e-9)
    chord = np.linalg.norm(np.diff(rotations, axis=1), axis=(-2, -1))
    assert np.degrees(chord / np.sqrt(2)).max() < 60  # a quarter of a window


def test_chances_leave_half_of_the_windows_as_captured():
    assert 0.4 < sum(pose.chance for pose in POSES) < 0.55


def test_a_leg_without_angles_is_straight():
    _, joints = posed(Pose(1, legs=(Leg(*(((0, 0),) * 6)),) * 2), windows=2)
    for leg in LEGS:
        assert np.degrees(flexion(joints, leg)).max() < 0.1


def test_some_stances_are_straight_and_bear_their_weight_on_level_feet():
    stances = 0.0
    for pose in POSES:
        _, joints = posed(pose)
        bends = np.degrees([flexion(joints, leg) for leg in LEGS]).max(axis=0)
        ankles = [joints[:, :, leg.end, 1] for leg in LEGS]
        if np.percentile(bends, 90) < 12 and abs(ankles[0] - ankles[1]).max() < 0.15:
            stances += pose.chance
    assert stances > 0.05


def test_thighs_go_forward_and_knees_bend_backwards():
    _, joints = posed(Pose(1, legs=(Leg(flexion=(90, 90), knee=(90, 90)),) * 2))
    for side in ("left", "right"):
        hip, knee, ankle = (
            joints[:, :, JOINT_INDEX[f"{side}_{name}"]] for name in ("hip", "knee", "ankle")
        )
        assert ((knee - hip)[..., 2] > 0.3).all() and (abs((knee - hip)[..., 1]) < 0.15).all()
        assert ((ankle - knee)[..., 1] < -0.3).all()


def test_arms_are_lifted_and_folded_in_front():
    up = Arm(forward=(0, 0), up=(85, 85), twist=(0, 0), elbow=(0, 0))
    folded = Arm(forward=(90, 90), up=(0, 0), twist=(0, 0), elbow=(90, 90))
    _, joints = posed(Pose(1, arms=(up, folded)))
    lifted = joints[:, :, JOINT_INDEX["left_wrist"]] - joints[:, :, JOINT_INDEX["left_shoulder"]]
    assert (lifted[..., 1] > 0.4).all()
    elbow, wrist = (joints[:, :, JOINT_INDEX[f"right_{name}"]] for name in ("elbow", "wrist"))
    assert ((wrist - elbow)[..., 0] > 0.15).all() and (elbow[..., 2] > 0.15).all()


def test_one_side_mirrors_the_other():
    leg, arm = Leg(*(((20, 20),) * 6)), Arm(*(((30, 30),) * 4))
    rotations, _ = posed(Pose(1, legs=(leg, leg), arms=(arm, arm)), windows=2)
    mirrored = rotations[:, :, list(MIRROR)] * MIRROR_SIGNS
    np.testing.assert_allclose(mirrored, rotations, atol=1e-9)


def test_who_lies_on_the_back_looks_up():
    rotations, _ = posed(Pose(1, pitch=(-90, -90), roll=(0, 0)))
    np.testing.assert_allclose(rotations[:, :, 0] @ [0, 0, 1], [[[0, 1, 0]] * 5] * 200, atol=1e-9)
