"""Rotations of joints in the forms that files have, as axis-angle vectors."""

import numpy as np

from core_model.errors import TakeError
from core_model.geometry.rotations import matrix_to_axis_angle, nearest_rotation

_NOT_RIGID = 0.05  # of the entries of a matrix, as half precision and networks leave it


def joint_turns(given: np.ndarray, name: str, counts: tuple[int, ...]) -> np.ndarray:
    """Return rotations (F, J, 3) as axis-angle vectors.

    Parameters
    ----------
    given : (F, J, 3, 3), (F, J, 3), (F, J * 9) or (F, J * 3)
        Matrices or axis-angle vectors; a joint alone may do without its axis.
    name : str
        What they are called in the file.
    counts : tuple of int
        How many joints there may be.

    Raises
    ------
    TakeError
        When they are something else, or matrices that turn nothing.
    """
    shape = given.shape
    frames = shape[0] if given.ndim else 0
    if given.ndim == 4 and shape[2:] == (3, 3) and shape[1] in counts:
        return from_matrices(given, name)
    if given.ndim == 3 and shape[1:] == (3, 3) and 1 in counts and 3 not in counts:
        return from_matrices(given[:, None], name)
    if given.ndim == 3 and shape[2] == 3 and shape[1] in counts:
        return given
    if given.ndim == 2:
        for count in counts:
            if shape[1] == 3 * count:
                return given.reshape(frames, count, 3)
            if shape[1] == 9 * count:
                return from_matrices(given.reshape(frames, count, 3, 3), name)
            if shape[1] == 6 * count:
                raise TakeError(
                    f"'{name}' has six numbers for each joint, which says too little of how they "
                    "are meant: save axis-angle vectors or matrices."
                )
    raise TakeError(f"'{name}' has the shape {shape}, which is no rotation of {_list(counts)}.")


def from_matrices(matrices: np.ndarray, name: str) -> np.ndarray:
    """Return matrices (..., 3, 3) as axis-angle vectors (..., 3); frames that are NaN stay so.

    Raises
    ------
    TakeError
        When a matrix is no rotation.
    """
    known = np.isfinite(matrices).all(axis=(-2, -1))
    safe = np.where(known[..., None, None], matrices, np.eye(3))
    if np.abs(safe).max(initial=0) > 2:
        raise TakeError(f"'{name}' holds matrices that are no rotations.")
    product = safe @ np.swapaxes(safe, -1, -2)
    if np.abs(product - np.eye(3)).max(initial=0) > _NOT_RIGID or (np.linalg.det(safe) < 0).any():
        raise TakeError(f"'{name}' holds matrices that are no rotations.")
    turns = matrix_to_axis_angle(nearest_rotation(safe))
    return np.where(known[..., None], turns, np.nan)


def _list(counts: tuple[int, ...]) -> str:
    return " or ".join(str(count) for count in counts) + " joints"
