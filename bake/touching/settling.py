"""How a part of the body comes to rest on what it touches: on top of it, or against it."""

import numpy as np

from bake.motion.touches import Touch
from bake.touching.surfaces import Level, Surface, Triangles
from core_model.geometry.rotations import rotation_between

_FLAT = np.radians(25)  # a sole that is tilted less against what it is on lies flat on it
_BEARS = 0.04  # metres above the lowest point: what is higher is not what a part rests on
_SAME_STEP = 0.08  # metres: what is higher or lower beside it is another step of a stair
_ROUNDS = 3  # of finding where something round is touched


def surface_of(touch: Touch, captured: np.ndarray) -> Surface:
    """Return what is touched; `captured` (N,) is how high the part was, metres."""
    if touch.surface is not None:
        return Triangles(touch.surface)
    return Level(float(np.median(captured)) if touch.height is None else touch.height)


def laid_on(
    surface: Surface, skin: np.ndarray, turned: np.ndarray, normal: np.ndarray
) -> np.ndarray:
    """Return how a foot is turned (3, 3) whose sole lies on what it rests on, if it nearly does.

    Parameters
    ----------
    surface : Surface
    skin : (S, 3)
        Where the skin of the foot is, metres.
    turned : (3, 3)
        From rest.
    normal : (3,)
        Up from its sole, in the world.
    """
    found = _bearing(surface, skin[None])
    up = np.array([0.0, 0.0, 1.0]) if found is None else found[1]
    level = rotation_between(normal, up)
    return level @ turned if np.arccos(min(normal @ up, 1.0)) < _FLAT else turned


def lift_onto(surface: Surface, skin: np.ndarray) -> np.ndarray:
    """Return how a part is moved (N, 3) so that its lowest skin (N, S, 3) is on top of a surface.

    What has nothing of it below or above goes to its nearest place.
    """
    found = _bearing(surface, skin)
    if found is not None:
        return found[0][:, None] * [0.0, 0.0, 1.0]
    middle = skin.mean(axis=(0, 1))
    move = lean_against(surface, skin.mean(axis=0), middle + [0.0, 0.0, 1.0])
    return np.broadcast_to(move, (len(skin), 3))


def lean_against(surface: Surface, skin: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return how a part is moved (3,) so that its skin (S, 3) touches the nearest of a surface.

    `free` (3,) lies on the side that it comes from.
    """
    move, point = np.zeros(3), skin.mean(axis=0)
    for _ in range(_ROUNDS):
        place, normal = surface.nearest(point, free)
        inward = (skin + move - place) @ normal
        move = move - inward.min() * normal
        point = skin[inward.argmin()] + move
    return move


def _bearing(surface: Surface, skin: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return how much parts (N, S, 3) have to be lifted (N,), and how what bears them faces.

    None if nothing of the surface is below or above them.
    """
    low = skin[..., 2] < skin[..., 2].min(axis=1, keepdims=True) + _BEARS
    rows, _ = np.nonzero(low)
    heights, normals = surface.under(skin[low])
    lifts = heights - skin[low][:, 2]
    known = np.isfinite(lifts)
    if not known.any():
        return None
    usual = int(np.where(known, np.abs(lifts), np.inf).argmin())
    known &= np.abs(lifts - lifts[usual]) < _SAME_STEP
    lifted = np.full(len(skin), -np.inf)
    np.maximum.at(lifted, rows[known], lifts[known])
    return np.where(np.isfinite(lifted), lifted, lifts[usual]), normals[usual]
