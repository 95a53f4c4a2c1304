"""Two-bone inverse kinematics of a leg that leaves the knee as it was as far as it can."""

import numpy as np

from bake.feet.figure import TOE, Figure, Posed
from bake.motion.local_fit import local_quadratic
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_between

KNEE_FREE, KNEE_MORE = np.radians(4.0), np.radians(3.5)
"""A knee bends or stretches so far as the foot asks, and never by more than both together."""

_KNEE_SECONDS = 0.05  # in which a knee follows what its foot asks for
_STRAIGHTEST = np.radians(2.0)  # of flexion: a knee that is quite straight pops
_MOST_TOES_UP, _MOST_TOES_DOWN = np.radians(60), np.radians(15)


def flexion(thigh: np.ndarray, shin: np.ndarray) -> np.ndarray:
    """Return the angle (N,) between thigh and shin (N, 3): 0 for a straight leg, radians."""
    across = np.linalg.norm(np.cross(thigh, shin), axis=-1)
    return np.asarray(np.arctan2(across, (thigh * shin).sum(-1)))


def reach_of(upper: np.ndarray, lower: np.ndarray, bent: np.ndarray) -> np.ndarray:
    """Return the distance (N,) from hip to ankle of a leg that is bent by `bent` (N,) radians."""
    return np.asarray(np.sqrt(upper**2 + lower**2 + 2 * upper * lower * np.cos(bent)))


def bend_of(upper: np.ndarray, lower: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return by how much a leg is bent (N,), radians, whose ankle is `reach` (N,) from the hip."""
    cosine = (reach**2 - upper**2 - lower**2) / (2 * upper * lower)
    return np.asarray(np.arccos(np.clip(cosine, -1, 1)))


def limited_bend(was: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return how far a knee bends (N,) that was bent by `was` and should be by `wanted`, radians.

    Small changes are made as they are asked for; larger ones ever less.
    """
    change = wanted - was
    size = np.abs(change)
    kept = np.minimum(size, KNEE_FREE)
    kept = kept + KNEE_MORE * np.tanh((size - kept) / KNEE_MORE)
    return np.maximum(was + np.sign(change) * kept, np.minimum(was, _STRAIGHTEST))


def move_foot(
    pose: Posed,
    leg: tuple[int, ...],
    ankle: np.ndarray,
    foot: np.ndarray,
    locals_: np.ndarray,
    times: np.ndarray,
) -> np.ndarray:
    """Bring a foot to a place and direction by hip, knee and ankle.

    The knee stays in the plane that it bent in, turned with the leg.

    Parameters
    ----------
    pose : Posed
        N frames.
    leg : tuple of int
        Hip, knee, ankle, ball of the foot.
    ankle : (N, 3)
        Where the ankle should be, metres.
    foot : (N, 3, 3)
        How the foot should be turned from rest, in the world.
    locals_ : (N, 24, 3, 3)
        Local rotations, which are changed.

    Returns
    -------
    (N, 3)
        Where the ankle came to be.
    """
    hip, knee, ankle_joint, _ = leg
    joints, turned = pose.joints, pose.turned
    thigh, shin = joints[:, knee] - joints[:, hip], joints[:, ankle_joint] - joints[:, knee]
    upper, lower = (np.linalg.norm(bone, axis=1) for bone in (thigh, shin))
    now, then = thigh + shin, ankle - joints[:, hip]
    wanted = bend_of(upper, lower, np.linalg.norm(then, axis=1))
    was = flexion(thigh, shin)
    change = limited_bend(was, wanted) - was
    # Without this a leg that is nearly straight turns every tremble of its foot into a knee's pop.
    change, _ = local_quadratic(change[:, None], times, np.full(len(times), _KNEE_SECONDS))
    change = np.clip(change[:, 0], -KNEE_FREE - KNEE_MORE, KNEE_FREE + KNEE_MORE)
    reach = reach_of(upper, lower, np.maximum(was + change, np.minimum(was, _STRAIGHTEST)))
    along = _unit(then)
    # The axis of the knee; on a straight leg the plane of the leg does not tell it, the hip does.
    axis = np.cross(_unit(thigh), _unit(shin))
    straight = np.maximum(0.05 - np.linalg.norm(axis, axis=1), 0)[:, None]
    axis = _across(axis + straight * turned[:, hip, :, 0], _unit(now))
    swing = rotation_between(_unit(now), along)
    new_axis = _across((swing @ axis[..., None])[..., 0], along)
    beside = (upper**2 - lower**2 + reach**2) / (2 * reach)
    forward = np.sqrt(np.maximum(upper**2 - beside**2, 0))
    new_thigh = beside[:, None] * along + forward[:, None] * np.cross(along, new_axis)
    new_shin = reach[:, None] * along - new_thigh
    turn_thigh = _frame(new_thigh, new_axis) @ np.swapaxes(_frame(thigh, axis), 1, 2)
    turn_shin = _frame(new_shin, new_axis) @ np.swapaxes(_frame(shin, axis), 1, 2)
    whole_hip, whole_knee = turn_thigh @ turned[:, hip], turn_shin @ turned[:, knee]
    locals_[:, hip] = np.swapaxes(turned[:, 0], 1, 2) @ whole_hip
    locals_[:, knee] = np.swapaxes(whole_hip, 1, 2) @ whole_knee
    locals_[:, ankle_joint] = np.swapaxes(whole_knee, 1, 2) @ foot
    return np.asarray(joints[:, hip] + reach[:, None] * along)


def bend_toes(
    figure: Figure,
    side: int,
    leg: tuple[int, ...],
    ankle: np.ndarray,
    foot: np.ndarray,
    weight: np.ndarray,
    locals_: np.ndarray,
) -> None:
    """Turn the toes of a foot so that they lie on the floor z = 0.

    Parameters
    ----------
    figure : Figure
    side : int
        0 for the left foot, 1 for the right.
    leg : tuple of int
    ankle : (N, 3)
        Where the ankle is, metres.
    foot : (N, 3, 3)
        How the foot is turned from rest, in the world.
    weight : (N,)
        0 leaves the toes as they are, apart from what would be below the floor; 1 lays them down.
    locals_ : (N, 24, 3, 3)
        Local rotations, which are changed.
    """
    _, _, ankle_joint, ball = leg
    bone = figure.rest[ball] - figure.rest[ankle_joint]
    tip = figure.soles[side, TOE]
    height = ankle[:, 2] + foot[:, 2] @ bone
    up = np.einsum("nc,ncd->nd", foot[:, 2], locals_[:, ball])
    level = figure.sole_heights[side, TOE]
    # Height of the tip when the toes turn by b about their X axis: a cos b + s sin b + rest.
    cosine = up[:, 1] * tip[1] + up[:, 2] * tip[2]
    sine = up[:, 2] * tip[1] - up[:, 1] * tip[2]
    rest = height + up[:, 0] * tip[0] - level
    size = np.hypot(cosine, sine)
    turn = np.arccos(np.clip(-rest / np.maximum(size, 1e-9), -1, 1))
    middle = np.arctan2(sine, cosine)
    both = np.stack((middle + turn, middle - turn))
    both = (both + np.pi) % (2 * np.pi) - np.pi
    angle = np.take_along_axis(both, np.abs(both).argmin(axis=0)[None], axis=0)[0]
    sinks = np.minimum(angle, 0)
    angle = weight * angle + (1 - weight) * sinks
    angle = np.clip(angle, -_MOST_TOES_UP, _MOST_TOES_DOWN)
    locals_[:, ball] = locals_[:, ball] @ axis_angle_to_matrix(angle[:, None] * [1.0, 0.0, 0.0])


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _across(vectors: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Return the unit parts of `vectors` (N, 3) that are square to unit `directions`."""
    return _unit(vectors - (vectors * directions).sum(-1, keepdims=True) * directions)


def _frame(direction: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Return matrices (N, 3, 3) with columns: direction, axis made square to it, their cross."""
    first = _unit(direction)
    second = _across(axis, first)
    return np.stack((first, second, np.cross(first, second)), axis=-1)
