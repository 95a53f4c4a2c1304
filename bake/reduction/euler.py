"""Euler angles as Blender's bones turn by them, without jumps from frame to frame."""

from functools import reduce

import numpy as np

from core_model.geometry.rotations import quaternion_multiply, quaternion_to_matrix

ORDERS = ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")


def euler_to_quaternion(angles: np.ndarray, order: str) -> np.ndarray:
    """Turn angles about X, Y and Z (..., 3), radians, into unit quaternions (..., 4), w first.

    Parameters
    ----------
    angles : (..., 3)
    order : str
        Of `ORDERS`: "XYZ" turns about X first, then about the fixed axes Y and Z.
    """
    turns = []
    for letter in order:
        axis = "XYZ".index(letter)
        half = angles[..., axis] / 2
        turn = np.zeros((*half.shape, 4))
        turn[..., 0], turn[..., 1 + axis] = np.cos(half), np.sin(half)
        turns.append(turn)
    return np.asarray(reduce(lambda before, turn: quaternion_multiply(turn, before), turns))


def quaternion_to_euler(quaternions: np.ndarray, order: str) -> np.ndarray:
    """Turn rotations over time (K, ..., 4) into angles (K, ..., 3), radians.

    Of all angles that mean a rotation, those nearest to the ones before are taken: no angle jumps
    by more than half a turn. After Shoemake, "Euler angle conversion", Graphics Gems IV, 1994.
    """
    i, j, k = ("XYZ".index(letter) for letter in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    matrix = quaternion_to_matrix(quaternions)
    angles = np.empty((*matrix.shape[:-2], 3))
    angles[..., i] = np.arctan2(sign * matrix[..., k, j], matrix[..., k, k])
    angles[..., j] = np.arcsin(np.clip(-sign * matrix[..., k, i], -1, 1))
    angles[..., k] = np.arctan2(sign * matrix[..., j, i], matrix[..., i, i])
    other = angles + np.pi
    other[..., j] = np.pi - angles[..., j]
    both = np.stack((angles, other))
    # By how much angles change from either of the frame before to either of this one.
    apart = np.abs(_nearest(both[None, :, 1:], both[:, None, :-1]) - both[:, None, :-1]).sum(-1)
    chosen = _followed(*(apart[:, 1] < apart[:, 0]))
    return np.unwrap(np.where(chosen[..., None], other, angles), axis=0)


def euler_sensitivity(angles: np.ndarray, order: str) -> np.ndarray:
    """Return by how much a rotation (...) turns at most for a change of its angles (..., 3).

    The first and the last axis are the same at a quarter turn about the middle one.
    """
    middle = angles[..., "XYZ".index(order[1])]
    return np.asarray(np.sqrt(1 + np.abs(np.sin(middle))))


def _followed(after_first: np.ndarray, after_other: np.ndarray) -> np.ndarray:
    """Return whether the other angles are taken (K, ...), those of the first frame not.

    Parameters
    ----------
    after_first, after_other : (K - 1, ...) bool
        Whether the other ones follow in each frame after those of the frame before.
    """
    frames = np.arange(1, 1 + len(after_first)).reshape(-1, *(1,) * (after_first.ndim - 1))
    # Where both lead to the same, what was before does not count; in between it only changes over.
    known = np.maximum.accumulate(np.where(after_first == after_other, frames, 0), axis=0)
    changes = np.cumsum(after_first & ~after_other, axis=0)
    nothing = np.zeros((1, *after_first.shape[1:]), int)
    changes = np.concatenate((nothing, changes))
    there = np.concatenate((nothing.astype(bool), after_first & after_other))
    before = np.take_along_axis(changes, known, axis=0)
    odd = (changes[1:] - before) % 2 == 1
    chosen = np.take_along_axis(there, known, axis=0) ^ odd
    return np.concatenate((nothing.astype(bool), chosen))


def _nearest(angles: np.ndarray, before: np.ndarray) -> np.ndarray:
    return np.asarray(angles - 2 * np.pi * np.round((angles - before) / (2 * np.pi)))
