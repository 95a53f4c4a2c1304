import numpy as np
import pytest
import torch

from core_model.geometry import rotations


@pytest.fixture(scope="module")
def axis_angles():
    random = np.random.default_rng(0)
    directions = random.normal(size=(500, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    angles = np.concatenate(([0.0, 1e-9, 1e-4, np.pi - 1e-6], random.uniform(0, 3.1, 496)))
    return directions * angles[:, None]


def test_6d_agrees_with_the_reference(vectors):
    matrices = rotations.rot6d_to_matrix(vectors["fn/rot6d_in"])
    np.testing.assert_allclose(matrices, vectors["fn/rot6d_rotmat"], atol=1e-6)


def test_axis_angle_agrees_with_the_reference(vectors):
    matrices = rotations.axis_angle_to_matrix(vectors["fn/rodrigues_aa"])
    np.testing.assert_allclose(matrices, vectors["fn/rodrigues_rotmat"], atol=1e-6)
    # Half turns have two axis-angle vectors and two quaternions, so the matrices are compared.
    given = vectors["fn/rm2aa_in"].astype(float)
    quaternions = rotations.matrix_to_quaternion(given)
    theirs = vectors["fn/rm2aa_quat"].astype(float)
    np.testing.assert_allclose(np.abs((quaternions * theirs).sum(-1)), 1, atol=1e-6)
    np.testing.assert_allclose(
        rotations.axis_angle_to_matrix(rotations.quaternion_to_axis_angle(quaternions)),
        rotations.axis_angle_to_matrix(vectors["fn/rm2aa_out"].astype(float)),
        atol=1e-6,
    )


def test_axis_angle_survives_the_way_to_matrices_and_back(axis_angles):
    matrices = rotations.axis_angle_to_matrix(axis_angles)
    np.testing.assert_allclose(rotations.matrix_to_axis_angle(matrices), axis_angles, atol=1e-7)
    np.testing.assert_allclose(
        rotations.rot6d_to_matrix(rotations.matrix_to_rot6d(matrices)), matrices, atol=1e-12
    )


def test_numpy_and_torch_give_the_same(axis_angles):
    matrices = rotations.axis_angle_to_matrix(axis_angles)
    tensors = rotations.axis_angle_to_matrix(torch.from_numpy(axis_angles))
    np.testing.assert_allclose(tensors.numpy(), matrices, atol=1e-14)
    np.testing.assert_allclose(
        rotations.matrix_to_quaternion(tensors).numpy(),
        rotations.matrix_to_quaternion(matrices),
        atol=1e-14,
    )


def test_gradient_is_finite_without_any_rotation():
    still = torch.zeros(3, requires_grad=True)
    rotations.axis_angle_to_matrix(still).sum().backward()
    assert still.grad is not None and torch.isfinite(still.grad).all()


def test_product_of_quaternions_is_product_of_matrices(axis_angles):
    a = rotations.axis_angle_to_quaternion(axis_angles)
    b = np.roll(a, 7, axis=0)
    product = rotations.quaternion_to_matrix(rotations.quaternion_multiply(a, b))
    expected = rotations.quaternion_to_matrix(a) @ rotations.quaternion_to_matrix(b)
    np.testing.assert_allclose(product, expected, atol=1e-12)


def test_neighbouring_quaternions_never_change_sign(axis_angles):
    angles = np.linspace(0, 12 * np.pi, 400)[:, None]
    spin = rotations.axis_angle_to_matrix(angles * np.array([0.6, 0.0, 0.8]))
    quaternions = rotations.without_sign_flips(rotations.matrix_to_quaternion(spin))
    assert ((quaternions[1:] * quaternions[:-1]).sum(-1) > 0).all()
    np.testing.assert_allclose(rotations.quaternion_to_matrix(quaternions), spin, atol=1e-12)


def test_nearest_rotation_repairs_a_disturbed_one(axis_angles):
    matrices = rotations.axis_angle_to_matrix(axis_angles)
    disturbed = 3 * matrices + 0.05 * np.random.default_rng(1).normal(size=matrices.shape)
    repaired = rotations.nearest_rotation(disturbed)
    np.testing.assert_allclose(np.linalg.det(repaired), 1, atol=1e-9)
    assert rotations.rotation_angle(repaired, matrices).max() < 0.1


def test_rotation_between_turns_one_onto_the_other_even_when_opposite():
    random = np.random.default_rng(2).normal(size=(50, 3))
    a = random / np.linalg.norm(random, axis=1, keepdims=True)
    for b in (np.roll(a, 1, axis=0), -a, a):
        turn = rotations.rotation_between(a, b)
        np.testing.assert_allclose((turn @ a[..., None])[..., 0], b, atol=1e-9)
        np.testing.assert_allclose(np.linalg.det(turn), 1, atol=1e-9)
