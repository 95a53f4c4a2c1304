"""Rotations as 6D vectors, matrices, quaternions and axis-angle vectors, and means over time.

Every function takes a numpy array or a torch tensor and returns the same kind; torch itself is not
imported. Angles are radians, quaternions are (w, x, y, z), matrices act on column vectors.
"""

import sys
from typing import Any

import numpy as np

Array = Any
"""A numpy array or a torch tensor."""

_TINY = 1e-6


def namespace(x: Array) -> Any:
    """Return the module, numpy or torch, whose functions work on `x`."""
    return np if isinstance(x, np.ndarray) else sys.modules["torch"]


def rot6d_to_matrix(rot6d: Array) -> Array:
    """Turn 6D rotations into matrices by Gram-Schmidt.

    Zhou et al., "On the Continuity of Rotation Representations in Neural Networks", CVPR 2019.
    The six numbers are a 3x2 matrix read row by row; lengths are floored at 1e-6, so that zero and
    parallel vectors give zero columns, not NaN.

    Parameters
    ----------
    rot6d : (..., 6)

    Returns
    -------
    (..., 3, 3)
    """
    xp = namespace(rot6d)
    first = _normalised(rot6d[..., 0::2])
    second = rot6d[..., 1::2]
    second = _normalised(second - (first * second).sum(-1)[..., None] * first)
    return xp.stack((first, second, _cross(first, second)), -1)


def matrix_to_rot6d(matrix: Array) -> Array:
    """Keep the first two columns of matrices (..., 3, 3) as 6D rotations (..., 6)."""
    return matrix[..., :2].reshape(matrix.shape[:-2] + (6,))


def axis_angle_to_matrix(axis_angle: Array) -> Array:
    """Turn axis-angle vectors (..., 3) into matrices (..., 3, 3)."""
    return quaternion_to_matrix(axis_angle_to_quaternion(axis_angle))


def matrix_to_axis_angle(matrix: Array) -> Array:
    """Turn matrices (..., 3, 3) into axis-angle vectors (..., 3) of length 0 to pi."""
    return quaternion_to_axis_angle(matrix_to_quaternion(matrix))


def axis_angle_to_quaternion(axis_angle: Array) -> Array:
    """Turn axis-angle vectors (..., 3) into unit quaternions (..., 4), w first."""
    xp = namespace(axis_angle)
    angle_squared = (axis_angle * axis_angle).sum(-1)[..., None]
    small = angle_squared < 1e-10
    angle = xp.sqrt(xp.where(small, xp.ones_like(angle_squared), angle_squared))
    # sin(a/2)/a near zero by its Taylor series, so that the gradient stays finite.
    factor = xp.where(small, 0.5 - angle_squared / 48, xp.sin(angle / 2) / angle)
    real = xp.where(small, 1 - angle_squared / 8, xp.cos(angle / 2))
    return xp.concatenate((real, axis_angle * factor), -1)


def quaternion_to_axis_angle(quaternion: Array) -> Array:
    """Turn unit quaternions (..., 4), w first, into axis-angle (..., 3), at most pi long."""
    xp = namespace(quaternion)
    quaternion = xp.where(quaternion[..., :1] < 0, -quaternion, quaternion)
    vector = quaternion[..., 1:]
    length = xp.sqrt((vector * vector).sum(-1)[..., None])
    small = length < 1e-8
    angle = 2 * xp.arctan2(length, quaternion[..., :1])
    safe = xp.where(small, xp.ones_like(length), length)
    return vector * xp.where(small, 2 * xp.ones_like(length), angle / safe)


def quaternion_to_matrix(quaternion: Array) -> Array:
    """Turn unit quaternions (..., 4), w first, into matrices (..., 3, 3)."""
    xp = namespace(quaternion)
    w, x, y, z = (quaternion[..., i] for i in range(4))
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
        (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
        (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
    )
    return xp.stack([xp.stack(row, -1) for row in rows], -2)


def matrix_to_quaternion(matrix: Array) -> Array:
    """Turn rotation matrices (..., 3, 3) into unit quaternions (..., 4), w first and not negative.

    Each entry is solved from the largest of the four components (Shepperd's method), which keeps
    full precision at half turns.
    """
    xp = namespace(matrix)
    m00, m11, m22 = (matrix[..., i, i] for i in range(3))
    squares = xp.stack(
        (1 + m00 + m11 + m22, 1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22), -1
    )
    m = matrix
    wx, wy, wz = (
        m[..., 2, 1] - m[..., 1, 2],
        m[..., 0, 2] - m[..., 2, 0],
        m[..., 1, 0] - m[..., 0, 1],
    )
    xy, xz, yz = (
        m[..., 1, 0] + m[..., 0, 1],
        m[..., 0, 2] + m[..., 2, 0],
        m[..., 2, 1] + m[..., 1, 2],
    )
    products = xp.stack(
        [
            xp.stack((squares[..., 0], wx, wy, wz), -1),
            xp.stack((wx, squares[..., 1], xy, xz), -1),
            xp.stack((wy, xy, squares[..., 2], yz), -1),
            xp.stack((wz, xz, yz, squares[..., 3]), -1),
        ],
        -2,
    )
    best = xp.argmax(squares, -1)[..., None, None]
    if xp is np:
        row = np.take_along_axis(products, best, axis=-2)[..., 0, :]
    else:
        row = products.gather(-2, best.expand(*best.shape[:-1], 4))[..., 0, :]
    row = row / xp.sqrt((row * row).sum(-1)[..., None])
    return xp.where(row[..., :1] < 0, -row, row)


def quaternion_multiply(a: Array, b: Array) -> Array:
    """Return the Hamilton product of quaternions (..., 4): first `b`, then `a`."""
    xp = namespace(a)
    aw, ax, ay, az = (a[..., i] for i in range(4))
    bw, bx, by, bz = (b[..., i] for i in range(4))
    return xp.stack(
        (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ),
        -1,
    )


def without_sign_flips(quaternions: np.ndarray) -> np.ndarray:
    """Choose the signs of quaternions (T, ..., 4) so that neighbours in time are nearest."""
    if len(quaternions) < 2:
        return quaternions.copy()
    dots = (quaternions[1:] * quaternions[:-1]).sum(-1)
    signs = np.cumprod(np.where(dots < 0, -1.0, 1.0), axis=0)
    result = quaternions.copy()
    result[1:] *= signs[..., None]
    return result


def nearest_rotation(matrix: Array) -> Array:
    """Project matrices (..., 3, 3) onto the nearest rotations, in the least-squares sense.

    The chordal mean of rotations is this projection of their weighted sum (Hartley et al.,
    "Rotation Averaging", IJCV 2013).
    """
    xp = namespace(matrix)
    u, _, vt = xp.linalg.svd(matrix)
    sign = xp.linalg.det(u @ vt)
    u = xp.concatenate((u[..., :2], u[..., 2:] * sign[..., None, None]), -1)
    return u @ vt


def rotation_angle(a: Array, b: Array) -> Array:
    """Return the angle (...) in radians between rotation matrices (..., 3, 3)."""
    xp = namespace(a)
    # |A - B| = 2 sqrt(2) sin(angle / 2) stays exact for small angles, where arccos does not.
    chord = xp.sqrt(((a - b) ** 2).sum((-2, -1)))
    return 2 * xp.arcsin((chord / (2 * 2**0.5)).clip(max=1.0))


def rotation_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the smallest rotations (..., 3, 3) that turn unit vectors `a` onto `b` (..., 3)."""
    axis = np.cross(a, b)
    sine = np.linalg.norm(axis, axis=-1, keepdims=True)
    angle = np.arctan2(sine, (a * b).sum(-1, keepdims=True))
    fallback = np.cross(a, np.eye(3)[np.argmin(np.abs(a), axis=-1)])
    fallback /= np.linalg.norm(fallback, axis=-1, keepdims=True)
    axis = np.where(sine > 1e-9, axis / np.maximum(sine, 1e-12), fallback)
    return axis_angle_to_matrix(axis * angle)


def _normalised(vector: Array) -> Array:
    xp = namespace(vector)
    length = xp.sqrt((vector * vector).sum(-1))[..., None]
    return vector / length.clip(min=_TINY)


def _cross(a: Array, b: Array) -> Array:
    xp = namespace(a)
    a0, a1, a2 = (a[..., i] for i in range(3))
    b0, b1, b2 = (b[..., i] for i in range(3))
    return xp.stack((a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0), -1)
