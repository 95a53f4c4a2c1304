"""Two-bone inverse kinematics of any limb: its end goes where it should, its middle stays aside."""

import numpy as np

from bake.feet.leg_ik import bend_of, reach_of
from core_model.geometry.rotations import rotation_between

_STRAIGHTEST = np.radians(0.5)  # of flexion: where a limb would have to be longer than it is
_LEANS = np.sin(np.radians(1.0))  # of the upper bone: by half the flexion that is hardly a bend
_MOVED = 0.004  # of a limb's length: what moves its end less leaves it as it is


def reach(
    top: np.ndarray, middle: np.ndarray, end: np.ndarray, wanted: np.ndarray, aside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how the two bones of a limb have to be turned so that its end is where it should be.

    The limb keeps the plane in which it is bent, turned with it.

    Parameters
    ----------
    top, middle, end : (K, 3)
        Where its joints are.
    wanted : (K, 3)
        Where its end should be; as near as it can get where that is out of reach.
    aside : (K, 3)
        Where its middle would go from a straight limb.

    Returns
    -------
    (K, 3, 3), (K, 3, 3)
        What is put before the turns of the upper and of the lower bone.
    """
    first, second = middle - top, end - middle
    (axis_now, axis), (new_first, new_second) = bent(first, second, wanted - top, aside)
    return (
        _frame(new_first, axis) @ np.swapaxes(_frame(first, axis_now), 1, 2),
        _frame(new_second, axis) @ np.swapaxes(_frame(second, axis_now), 1, 2),
    )


def bent(
    first: np.ndarray, second: np.ndarray, then: np.ndarray, aside: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return where the two bones of a limb lead so that together they go from its top to its end.

    Parameters
    ----------
    first, second : (K, 3)
        Its bones as they are, from head to tail.
    then : (K, 3)
        From its top to where its end should be.
    aside : (K, 3)
        Where its middle would go from a straight limb.

    Returns
    -------
    axes : (K, 3), (K, 3)
        About which it is bent as it is, and then.
    bones : (K, 3), (K, 3)
        The bones then.
    """
    upper, lower = np.linalg.norm(first, axis=-1), np.linalg.norm(second, axis=-1)
    now = first + second
    flexed = bend_of(upper, lower, np.linalg.norm(then, axis=-1))
    was = bend_of(upper, lower, np.linalg.norm(now, axis=-1))
    length = reach_of(upper, lower, np.maximum(flexed, np.minimum(was, _STRAIGHTEST)))
    along_now, along = unit(now), unit(then)
    # A limb that hardly bends does so to its own side, or the middle would pop to and fro; one
    # that is hardly moved stays as it is.
    moved = np.clip(np.linalg.norm(then - now, axis=-1) / (_MOVED * (upper + lower)), 0, 1)
    leaning = _LEANS * moved * upper
    out_now = square(first + leaning[:, None] * square(aside, along_now), along_now)
    axis_now = np.cross(along_now, out_now)
    swing = rotation_between(along_now, along)
    out = square((swing @ out_now[..., None])[..., 0], along)
    axis = np.cross(along, out)
    beside = (upper**2 - lower**2 + length**2) / (2 * np.maximum(length, 1e-9))
    forward = np.sqrt(np.maximum(upper**2 - beside**2, 0))
    new_first = beside[:, None] * along + forward[:, None] * out
    new_second = length[:, None] * along - new_first
    return (axis_now, axis), (new_first, new_second)


def square(vectors: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Return the unit parts of vectors (..., 3) that are square to unit directions."""
    return unit(vectors - (vectors * along).sum(-1, keepdims=True) * along)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return vectors (..., 3) with the length 1; zero stays zero."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _frame(direction: np.ndarray, axis: np.ndarray) -> np.ndarray:
    first = unit(direction)
    second = square(axis, first)
    return np.stack((first, second, np.cross(first, second)), axis=-1)
