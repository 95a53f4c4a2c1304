import pickle

import numpy as np
import pytest
import torch

from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_MIRROR
from core_model.body.model import default_body, load_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.body.smpl_landmarks import smpl_landmark_regressor
from core_model.errors import AssetError
from core_model.geometry.rotations import axis_angle_to_matrix
from tests.core_model.smpl_like import VERTICES, made_up_arrays, write_like_chumpy


@pytest.fixture(scope="module")
def arrays():
    return made_up_arrays()


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_pickles_with_chumpy_and_sparse_matrices_are_read(arrays, protocol, tmp_path):
    # With text in place of bytes, protocol 0 is slow; a smaller body shows the same.
    small = made_up_arrays(240) if protocol == 0 else arrays
    small["f"] %= 240 if protocol == 0 else VERTICES
    write_like_chumpy(small, tmp_path / "SMPL.pkl", protocol)
    body = load_body(tmp_path / "SMPL.pkl")
    for name, found in (
        ("v_template", body.v_template),
        ("shapedirs", body.shapedirs),
        ("posedirs", body.posedirs),
        ("J_regressor", body.J_regressor),
        ("weights", body.weights),
        ("f", body.faces),
    ):
        assert found is not None
        np.testing.assert_array_equal(found, small[name], err_msg=name)


def test_npz_with_many_betas_is_read_with_ten(arrays, tmp_path):
    many = np.concatenate((arrays["shapedirs"],) * 3, axis=2)
    np.savez(tmp_path / "SMPL.npz", **arrays | {"shapedirs": many})
    assert load_body(tmp_path / "SMPL.npz").shapedirs.shape == (VERTICES, 3, 10)


def test_posed_body_is_that_of_smplx(arrays, tmp_path):
    smplx = pytest.importorskip("smplx")
    np.savez(tmp_path / "SMPL.npz", **arrays)
    body = load_body(tmp_path / "SMPL.npz")
    random = np.random.default_rng(1)
    rotations = axis_angle_to_matrix(random.normal(0, 0.4, (3, 24, 3)))
    betas = random.normal(size=10)
    model = smplx.SMPL(
        model_path="", data_struct=smplx.utils.Struct(**arrays), dtype=torch.float64, num_betas=10
    )
    with torch.no_grad():
        output = model(
            betas=torch.from_numpy(betas)[None].repeat(3, 1),
            global_orient=torch.from_numpy(rotations[:, :1]),
            body_pose=torch.from_numpy(rotations[:, 1:]),
            pose2rot=False,
        )
    np.testing.assert_allclose(body.pose(rotations, betas), output.vertices.numpy(), atol=1e-6)


def test_landmarks_of_smpl_are_named_vertices_and_joints(arrays):
    regressor = smpl_landmark_regressor(arrays["J_regressor"])
    np.testing.assert_allclose(regressor.sum(axis=1), 1)
    vertices = arrays["v_template"]
    landmarks = regressor @ vertices
    np.testing.assert_array_equal(landmarks[LANDMARK_INDEX["nose"]], vertices[332])
    np.testing.assert_array_equal(landmarks[LANDMARK_INDEX["right_heel"]], vertices[6787])
    joints = arrays["J_regressor"] @ vertices
    np.testing.assert_allclose(
        landmarks[LANDMARK_INDEX["left_knee"]], joints[JOINT_INDEX["left_knee"]]
    )


def test_landmarks_between_vertices_lie_where_the_default_body_has_them():
    """The rule for SMPL, applied to the default body's own nose, eyes, hands and so on."""
    body = default_body()
    assert body.landmark_regressor is not None
    landmarks = body.landmark_regressor @ body.v_template
    joints = body.rest_joints(np.zeros(10))
    vertices = np.zeros((VERTICES, 3))
    numbers = {332: "nose", 2800: "left_eye", 6260: "right_eye", 583: "left_ear"}
    numbers |= {4071: "right_ear", 3387: "left_heel", 6787: "right_heel"}
    numbers |= {3216: "left_foot_index", 6617: "right_foot_index"}
    for number, name in numbers.items():
        vertices[number] = landmarks[LANDMARK_INDEX[name]]
    regressor = np.zeros((24, VERTICES))
    regressor[np.arange(24), np.arange(24)] = 1
    vertices[:24] = joints
    rule = smpl_landmark_regressor(regressor) @ vertices
    fingers = {index for name, index in LANDMARK_INDEX.items() if name.endswith(("inky", "thumb"))}
    fingers |= {LANDMARK_INDEX["left_index"], LANDMARK_INDEX["right_index"]}
    others = sorted(set(range(33)) - fingers)
    assert np.linalg.norm(rule[others] - landmarks[others], axis=1).max() < 0.006
    mirrored = rule[list(LANDMARK_MIRROR)] * [-1, 1, 1]
    np.testing.assert_allclose(mirrored[others], rule[others], atol=0.012)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"J_regressor": np.zeros((55, VERTICES))}, "SMPL-X with 55 joints"),
        ({"J_regressor": np.zeros((52, VERTICES))}, "SMPL-H with 52 joints"),
        ({"weights": np.zeros((VERTICES, 23))}, "'weights' has the shape"),
        ({"v_template": np.full((VERTICES, 3), np.nan)}, "not numbers"),
        ({"f": np.array([[0, 1, VERTICES]])}, "do not exist"),
        ({"kintree_table": np.zeros((2, 24), int)}, "hang together differently"),
        ({"shapedirs": None}, "it has no 'shapedirs'"),
    ],
)
def test_other_bodies_are_refused_with_a_sentence(arrays, change, sentence, tmp_path):
    changed = {key: value for key, value in (arrays | change).items() if value is not None}
    (tmp_path / "body.pkl").write_bytes(pickle.dumps(changed))
    with pytest.raises(AssetError, match=sentence) as caught:
        load_body(tmp_path / "body.pkl")
    assert str(caught.value).count("\n") == 0


def test_pickles_can_neither_run_nor_change_anything(arrays, tmp_path):
    class Run:
        def __reduce__(self):
            return (tmp_path / "made").touch, ()

    class Evaluate:
        def __reduce__(self):
            return eval, (f"open({str(tmp_path / 'made')!r}, 'w')",)

    nested = np.empty(1, object)
    nested[0] = Run()
    for trick in (Run(), Evaluate(), nested):
        (tmp_path / "body.pkl").write_bytes(pickle.dumps(arrays | {"trick": trick}))
        with pytest.raises(AssetError, match="nothing was run|damaged"):
            load_body(tmp_path / "body.pkl")
        assert not (tmp_path / "made").exists()
    # BUILD with a class below: cnumpy\ndtype\n, then a state of (None, {name: value}).
    patch = b"cnumpy\ndtype\n(N}S'as_dtype'\nNstb."
    (tmp_path / "body.pkl").write_bytes(patch)
    with pytest.raises(AssetError, match="contents for something that has none"):
        load_body(tmp_path / "body.pkl")
    encode = b"c_codecs\nencode\nq\x00X\x05\x00\x00\x00aaaaaq\x01X\x06\x00\x00\x00latin1q\x02" + (
        b"h\x00h\x01h\x02\x86R0" * 200
    )
    (tmp_path / "body.pkl").write_bytes(encode + b"N.")
    with pytest.raises(AssetError):
        load_body(tmp_path / "body.pkl")
