import numpy as np
import pytest
import torch

from core_model.body.fingers import FINGER_JOINT_NAMES, without_fingers
from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_MIRROR
from core_model.body.model import DEFAULT_BODY_PATH, default_body, load_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, MIRROR, PARENTS, forward_kinematics
from core_model.errors import AssetError
from core_model.geometry.rotations import axis_angle_to_matrix


@pytest.fixture(scope="module")
def poses():
    random = np.random.default_rng(0)
    return axis_angle_to_matrix(random.normal(0, 0.4, (4, 24, 3)))


def test_skinning_weights_sum_to_one():
    np.testing.assert_allclose(default_body().weights.sum(axis=1), 1, atol=1e-12)


def test_file_is_small_and_says_where_it_comes_from():
    assert DEFAULT_BODY_PATH.stat().st_size < 3e6
    assert "CC0" in (DEFAULT_BODY_PATH.parent / "PROVENANCE.md").read_text()


def test_rest_pose_is_a_t_pose_facing_z_with_its_left_at_x():
    body = default_body()
    joints = body.rest_joints(np.zeros(10))
    left, right = joints[JOINT_INDEX["left_wrist"]], joints[JOINT_INDEX["right_wrist"]]
    shoulder = joints[JOINT_INDEX["left_shoulder"]]
    assert left[0] > 0.5 > -0.5 > right[0]
    assert abs(left[1] - shoulder[1]) < 0.05
    assert joints[JOINT_INDEX["left_foot"], 2] > joints[JOINT_INDEX["left_ankle"], 2] + 0.05
    assert body.landmark_regressor is not None
    nose = body.landmark_regressor[LANDMARK_INDEX["nose"]] @ body.v_template
    assert nose[2] > joints[JOINT_INDEX["head"], 2] + 0.05
    assert 1.6 < np.ptp(body.v_template[:, 1]) < 1.8


def test_left_and_right_mirror_each_other():
    body = default_body()
    flip = np.array([-1.0, 1.0, 1.0])
    joints = body.rest_joints(np.zeros(10))
    np.testing.assert_allclose(joints[list(MIRROR)] * flip, joints, atol=0.006)
    assert body.landmark_regressor is not None
    landmarks = body.landmark_regressor @ body.v_template
    np.testing.assert_allclose(landmarks[list(LANDMARK_MIRROR)] * flip, landmarks, atol=0.012)


def test_first_beta_is_size():
    body = default_body()
    heights = [np.ptp(body.rest_vertices(beta * np.eye(10)[0])[:, 1]) for beta in (-2, 0, 2)]
    assert heights[0] + 0.1 < heights[1] < heights[2] - 0.1


def test_bone_lengths_do_not_change_with_the_pose(poses):
    rest = default_body().rest_joints(np.zeros(10))
    joints, _ = forward_kinematics(poses, rest)
    parents = list(PARENTS[1:])
    expected = np.linalg.norm(rest[1:] - rest[parents], axis=-1)
    bones = np.linalg.norm(joints[:, 1:] - joints[:, parents], axis=-1)
    np.testing.assert_allclose(bones, np.broadcast_to(expected, bones.shape), atol=1e-12)


def test_smplx_reads_the_body_and_poses_it_as_we_do(poses):
    smplx = pytest.importorskip("smplx")
    body = default_body()
    betas = np.random.default_rng(1).normal(size=10)
    structure = smplx.utils.Struct(
        v_template=body.v_template,
        shapedirs=body.shapedirs,
        posedirs=np.zeros((len(body.v_template), 3, 9 * (JOINT_COUNT - 1)), np.float32),
        J_regressor=body.J_regressor,
        weights=body.weights,
        kintree_table=np.stack((np.array(PARENTS), np.arange(JOINT_COUNT))),
        f=body.faces,
    )
    model = smplx.SMPL(model_path="", data_struct=structure, dtype=torch.float64, num_betas=10)
    with torch.no_grad():
        output = model(
            betas=torch.from_numpy(betas)[None].repeat(len(poses), 1),
            global_orient=torch.from_numpy(poses[:, :1]),
            body_pose=torch.from_numpy(poses[:, 1:]),
            pose2rot=False,
        )
    ours = body.pose(poses, betas)
    np.testing.assert_allclose(output.vertices.numpy(), ours, atol=1e-4)
    joints, _ = forward_kinematics(poses, body.rest_joints(betas))
    np.testing.assert_allclose(output.joints[:, :24].numpy(), joints, atol=1e-4)


def test_damaged_and_missing_files_are_named(tmp_path):
    damaged = tmp_path / "body.npz"
    damaged.write_bytes(DEFAULT_BODY_PATH.read_bytes()[:5000])
    with pytest.raises(AssetError, match="damaged"):
        load_body(damaged)
    with pytest.raises(AssetError, match="no body file"):
        load_body(tmp_path / "none.npz")


def test_fingers_at_rest_are_part_of_the_body_of_24_joints(poses):
    body = default_body()
    rest = np.tile(np.eye(3), (len(poses), 30, 1, 1))
    without, with_fingers = (body.pose(poses, np.ones(10), f) for f in (None, rest))
    np.testing.assert_allclose(with_fingers, without, atol=1e-12)
    assert body.finger_weights is not None
    left = without_fingers(body.finger_weights, body.weights)
    assert left.min() >= 0 and body.finger_weights.min() >= 0


def test_a_finger_moves_its_own_skin_and_nothing_else():
    body = default_body()
    pose, fingers = np.tile(np.eye(3), (1, 24, 1, 1)), np.tile(np.eye(3), (1, 30, 1, 1))
    joint = FINGER_JOINT_NAMES.index("right_index2")
    fingers[0, joint] = axis_angle_to_matrix(np.array([0.0, 0.0, 1.2]))
    moved = np.linalg.norm((body.pose(pose, np.zeros(10), fingers) - body.v_template)[0], axis=1)
    assert body.finger_weights is not None
    own = body.finger_weights[:, joint : joint + 2].sum(axis=1)
    assert moved[own == 0].max() < 1e-12 and moved[own > 0.99].min() > 0.003
    # Bent down from the T-pose, by the length of two phalanges and the tip.
    assert 0.02 < moved.max() < 0.08


def test_fingers_are_beyond_the_wrist_and_end_at_the_skin():
    body = default_body()
    joints, (fingers, tips) = body.rest_joints(np.zeros(10)), body.rest_fingers(np.zeros(10))
    for side, name in enumerate(("left", "right")):
        own = fingers[15 * side : 15 * side + 15]
        wrist = joints[JOINT_INDEX[f"{name}_wrist"]]
        lengths = np.linalg.norm(own.reshape(5, 3, 3) - wrist, axis=-1)
        assert (np.diff(lengths, axis=1) > 0.008).all()
        ends = tips[5 * side : 5 * side + 5]
        nearest = np.linalg.norm(ends[:, None] - body.v_template, axis=-1).min(axis=1)
        assert (np.linalg.norm(ends - wrist, axis=1) > lengths[:, 2] + 0.01).all()
        assert nearest.max() < 0.008
    middle = [FINGER_JOINT_NAMES.index(f"{side}_middle1") for side in ("left", "right")]
    hands = [JOINT_INDEX["left_hand"], JOINT_INDEX["right_hand"]]
    np.testing.assert_allclose(fingers[middle], joints[hands], atol=0.003)
