"""From where bones are to what each does in its parent: numbers for a clean skeleton."""

from collections.abc import Sequence

import numpy as np

from core_model.geometry.rotations import matrix_to_quaternion, without_sign_flips

_RIGID = 0.005
"""How far a bone's scale may be from 1 and still be none: rounding, and stretching nobody sees."""

_SMALLEST = 1e-3  # a scale; one of zero would leave its children nowhere


def rotations_of(matrices: np.ndarray) -> np.ndarray:
    """Return the rotation (..., 3, 3) of bones that may be scaled and sheared: Y along the bone."""
    y = _unit(matrices[..., :, 1], np.array([0.0, 1.0, 0.0]))
    z = matrices[..., :, 2]
    z = z - (z * y).sum(-1, keepdims=True) * y
    flat = np.linalg.norm(z, axis=-1, keepdims=True) < 1e-9
    # Any direction across the bone where its own was scaled away.
    spare = np.eye(3)[np.abs(y).argmin(-1)]
    z = np.where(flat, spare - (spare * y).sum(-1, keepdims=True) * y, z)
    z = _unit(z, np.array([0.0, 0.0, 1.0]))
    return np.stack((np.cross(y, z), y, z), axis=-1)


def basis_channels(
    rest: np.ndarray, parents: Sequence[int], posed: np.ndarray, with_scale: bool = True
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Work out location, rotation and scale of each bone against its rest pose.

    The heads of the bones come out where they are in `posed` exactly, whatever is lost of a shear
    that no program but Blender knows.

    Parameters
    ----------
    rest : (B, 4, 4)
        Rotation and head of each bone at rest, in one space.
    parents : sequence of int
        Place of each bone's parent, before it; -1 for none.
    posed : (K, B, 4, 4)
        Where the bones are, in the same space; bones may be scaled.
    with_scale : bool
        False for formats that know no scale.

    Returns
    -------
    location : (K, B, 3)
    rotation : (K, B, 4)
        Quaternions, w first, without sign flips.
    scale : (K, B, 3) or None
        None where no bone is scaled.
    """
    frames, count = posed.shape[:2]
    sizes = np.linalg.norm(posed[..., :3, :3], axis=-2)
    scaled = with_scale and bool((np.abs(sizes - 1) > _RIGID).any())
    wanted = np.tile(np.eye(4), (frames, count, 1, 1))
    wanted[..., :3, :3] = rotations_of(posed[..., :3, :3])
    wanted[..., :3, 3] = posed[..., :3, 3]
    if scaled:
        wanted[..., :3, :3] *= np.maximum(sizes, _SMALLEST)[..., None, :]
    location, rotation = np.zeros((frames, count, 3)), np.zeros((frames, count, 4))
    scale = np.ones((frames, count, 3))
    made = np.zeros_like(wanted)  # where the channels put each bone
    for bone, parent in enumerate(parents):
        if parent < 0:
            start = np.tile(rest[bone], (frames, 1, 1))
        else:
            start = made[:, parent] @ (np.linalg.inv(rest[parent]) @ rest[bone])
        basis = np.linalg.solve(start, wanted[:, bone])
        location[:, bone] = basis[:, :3, 3]
        turn = rotations_of(basis[:, :3, :3])
        rotation[:, bone] = without_sign_flips(matrix_to_quaternion(turn))
        if scaled:
            scale[:, bone] = np.maximum(np.linalg.norm(basis[:, :3, :3], axis=1), _SMALLEST)
        made[:, bone] = start @ _transform(location[:, bone], turn, scale[:, bone])
    return location, rotation, scale if scaled else None


def _transform(location: np.ndarray, turn: np.ndarray, scale: np.ndarray) -> np.ndarray:
    matrices = np.tile(np.eye(4), (len(location), 1, 1))
    matrices[:, :3, :3] = turn * scale[:, None, :]
    matrices[:, :3, 3] = location
    return matrices


def _unit(vectors: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.where(length < 1e-9, otherwise, vectors / np.maximum(length, 1e-12))
