"""Bones are put where they are seen, whatever scale and shear lies before them."""

import numpy as np

from bake.export.channels import basis_channels, rotations_of
from core_model.geometry.rotations import axis_angle_to_matrix, quaternion_to_matrix

PARENTS = (-1, 0, 1, 1)


def transforms(random: np.random.Generator, *shape: int) -> np.ndarray:
    """Return turns and places at random, (..., 4, 4)."""
    matrices = np.tile(np.eye(4), (*shape, 1, 1))
    matrices[..., :3, :3] = axis_angle_to_matrix(random.normal(size=(*shape, 3)))
    matrices[..., :3, 3] = random.normal(size=(*shape, 3))
    return matrices


def played(rest: np.ndarray, channels: tuple) -> np.ndarray:
    """Return where channels put bones (K, B, 4, 4), as Blender works it out."""
    location, rotation, scale = channels
    basis = np.tile(np.eye(4), (*location.shape[:2], 1, 1))
    basis[..., :3, :3] = quaternion_to_matrix(rotation)
    if scale is not None:
        basis[..., :3, :3] *= scale[..., None, :]
    basis[..., :3, 3] = location
    made = np.empty_like(basis)
    for bone, parent in enumerate(PARENTS):
        start = rest[bone]
        if parent >= 0:
            start = made[:, parent] @ np.linalg.inv(rest[parent]) @ rest[bone]
        made[:, bone] = start @ basis[:, bone]
    return made


def test_turns_and_places_are_exact_without_scale():
    random = np.random.default_rng(1)
    rest, posed = transforms(random, 4), transforms(random, 20, 4)
    channels = basis_channels(rest, PARENTS, posed)
    assert channels[2] is None
    assert np.abs(played(rest, channels) - posed).max() < 1e-9


def test_heads_are_exact_with_any_scale():
    random = np.random.default_rng(2)
    rest, posed = transforms(random, 4), transforms(random, 20, 4)
    posed[..., :3, :3] *= random.uniform(0.2, 3.0, (20, 4, 1, 3))
    for with_scale in (True, False):
        made = played(rest, basis_channels(rest, PARENTS, posed, with_scale))
        assert np.abs(made[..., :3, 3] - posed[..., :3, 3]).max() < 1e-9


def test_a_bone_of_no_size_makes_no_nonsense():
    random = np.random.default_rng(3)
    rest, posed = transforms(random, 4), transforms(random, 5, 4)
    posed[:, 1, :3, :3] = 0
    location, rotation, scale = basis_channels(rest, PARENTS, posed)
    assert scale is not None
    assert all(np.isfinite(each).all() for each in (location, rotation, scale))
    made = played(rest, (location, rotation, scale))
    assert np.abs(made[..., :3, 3] - posed[..., :3, 3]).max() < 1e-6


def test_rotations_do_not_flip():
    random = np.random.default_rng(4)
    rest = transforms(random, 4)
    posed = np.tile(rest, (100, 1, 1, 1))
    posed[:, 0, :3, :3] = axis_angle_to_matrix(
        np.linspace(0, 12, 100)[:, None] * np.array([0.0, 0.6, 0.8])
    )
    _, rotation, _ = basis_channels(rest, PARENTS, posed)
    assert (np.einsum("kbc,kbc->kb", rotation[1:], rotation[:-1]) > 0).all()


def test_a_rotation_keeps_the_direction_of_the_bone_under_shear():
    matrix = np.array([[1.0, 0.5, 0.2], [0.0, 2.0, 0.3], [0.0, 0.0, 0.7]])
    turn = rotations_of(matrix)
    assert np.allclose(turn @ turn.T, np.eye(3)) and np.linalg.det(turn) > 0
    assert np.allclose(turn[:, 1], matrix[:, 1] / np.linalg.norm(matrix[:, 1]))
