"""Inverse kinematics of arms and legs that reach exactly, for what is held by hand."""

import numpy as np

from bake.feet.figure import Posed
from core_model.body.skeleton import PARENTS
from core_model.geometry.rotations import rotation_between

_SHORTEST, _LONGEST = 0.25, 0.9995  # of its length: how near and far a limb reaches


def reaches(pose: Posed, chain: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return how near to its root and how far from it a limb's end may be, (N,), metres.

    Parameters
    ----------
    pose : Posed
        N frames.
    chain : (3,) of int
        Joints at root, middle and end.
    """
    upper, lower, now = _lengths(pose.joints, chain)
    length = upper + lower
    return np.minimum(_SHORTEST * length, now), np.maximum(_LONGEST * length, now)


def reach_for(
    joints: np.ndarray,
    turned: np.ndarray,
    chain: tuple[int, ...],
    target: np.ndarray,
    bending: np.ndarray,
    limits: tuple[np.ndarray, np.ndarray],
) -> None:
    """Bring the end of a limb to places; its middle stays in the plane that it bent in.

    Parameters
    ----------
    joints : (N, 24, 3)
        Metres; those of the middle and the end are changed.
    turned : (N, 24, 3, 3)
        From rest, in the world; those of root and middle are changed.
    chain : (3,) of int
    target : (N, 3)
    bending : (3,)
        Axis about which a straight limb would bend, on its root at rest.
    limits : (2,) of (N,)
        As `reaches` tells.
    """
    root, middle, end = chain
    first, second = joints[:, middle] - joints[:, root], joints[:, end] - joints[:, middle]
    upper, lower, _ = _lengths(joints, chain)
    away = target - joints[:, root]
    reach = np.linalg.norm(away, axis=1).clip(*limits)
    along = unit(away)
    swing = rotation_between(unit(first + second), along)
    axis = np.cross(unit(first), unit(second))
    straight = np.maximum(0.05 - np.linalg.norm(axis, axis=1), 0)[:, None]
    axis = axis + straight * (turned[:, root] @ bending)
    axis = (swing @ axis[..., None])[..., 0]
    axis = unit(axis - (axis * along).sum(-1, keepdims=True) * along)
    beside = (upper**2 - lower**2 + reach**2) / (2 * reach)
    aside = np.sqrt(np.maximum(upper**2 - beside**2, 0))
    elbow = beside[:, None] * along - aside[:, None] * np.cross(axis, along)
    _turn(turned, root, unit((swing @ first[..., None])[..., 0]), elbow, swing)
    _turn(
        turned,
        middle,
        unit((swing @ second[..., None])[..., 0]),
        reach[:, None] * along - elbow,
        swing,
    )
    joints[:, middle] = joints[:, root] + elbow
    joints[:, end] = joints[:, root] + reach[:, None] * along


def point_at(
    joints: np.ndarray, turned: np.ndarray, root: int, end: int, target: np.ndarray
) -> None:
    """Turn one bone so that its end is where it comes nearest to (N, 3), metres."""
    bone = joints[:, end] - joints[:, root]
    wanted = unit(target - joints[:, root])
    turned[:, root] = rotation_between(unit(bone), wanted) @ turned[:, root]
    joints[:, end] = joints[:, root] + np.linalg.norm(bone, axis=1, keepdims=True) * wanted


def locals_of(turned: np.ndarray, joint: int) -> np.ndarray:
    """Return rotations (N, 3, 3) of a joint against its parent."""
    return np.asarray(np.swapaxes(turned[:, PARENTS[joint]], 1, 2) @ turned[:, joint])


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return vectors (..., 3) of length one."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _turn(
    turned: np.ndarray, joint: int, was: np.ndarray, wanted: np.ndarray, swing: np.ndarray
) -> None:
    turned[:, joint] = rotation_between(was, unit(wanted)) @ swing @ turned[:, joint]


def _lengths(
    joints: np.ndarray, chain: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    root, middle, end = (joints[:, each] for each in chain)
    pairs = ((root, middle), (middle, end), (root, end))
    upper, lower, whole = (np.linalg.norm(b - a, axis=1) for a, b in pairs)
    return upper, lower, whole
