"""Pin standing feet to one place: the root gives way first, the leg bends for what is left.

A foot that stands is moved to one place for as long as it stands. What both feet have in common is
drift of the root and is taken out there, slowly; the rest is two-bone inverse kinematics of hip and
knee, faded in before and out after the contact, in which the foot keeps its direction.
"""

import numpy as np

from bake.contacts import find_contacts, intervals
from bake.resample import Keys, Timeline
from core_model.camera import Camera
from core_model.rotations import (
    matrix_to_quaternion,
    quaternion_to_matrix,
    rotation_between,
    without_sign_flips,
)
from core_model.skeleton import JOINT_INDEX, SMPL_TO_WORLD, forward_kinematics

FOOT_MODES = ("auto", "never")

_LEGS = {
    side: tuple(JOINT_INDEX[f"{side}_{part}"] for part in ("hip", "knee", "ankle", "foot"))
    for side in ("left", "right")
}
_FADE = 0.12  # seconds before and after a contact
_ROOT_SECONDS = 0.08  # sigma over which the root follows its feet
_FREE_MOVE, _EXTRA_MOVE = 0.03, 0.03  # metres; whoever needs more did not stand
_LONGEST_REACH = 0.998  # of the leg's length: a knee that is quite straight would pop


def lock_feet(
    keys: Keys, timeline: Timeline, rest_joints: np.ndarray, camera: Camera | None = None
) -> Keys:
    """Pin standing feet; every stretch without long gaps for itself.

    Parameters
    ----------
    keys : Keys
    timeline : Timeline
    rest_joints : (24, 3)
        Rest pose of the body in Blender's world, soles at z = 0, metres.
    camera : Camera, optional
        What filmed the motion; it tells which part of a foot's speed is uncertain.
    """
    eye = None if camera is None else camera.to_world[:3, 3]
    quaternions, positions = keys.quaternions.copy(), keys.positions.copy()
    ends = np.flatnonzero(keys.last_of_run) + 1
    start = 0
    for end in ends:
        run = slice(start, int(end))
        quaternions[run], positions[run] = _locked(
            keys.quaternions[run],
            keys.positions[run],
            timeline.time_of(keys.frames[run]),
            rest_joints,
            eye,
        )
        start = int(end)
    return Keys(keys.frames, quaternions, positions, keys.last_of_run)


def _locked(
    quaternions: np.ndarray,
    positions: np.ndarray,
    times: np.ndarray,
    rest_joints: np.ndarray,
    eye: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    matrices = quaternion_to_matrix(quaternions)
    joints, turned = forward_kinematics(matrices, rest_joints @ SMPL_TO_WORLD)
    joints = joints - joints[:, :1] + positions[:, None]
    wanted = {
        side: _wanted_shift(joints[:, leg[2:]], times, rest_joints[list(leg[2:]), 2], eye)
        for side, leg in _LEGS.items()
    }
    shift = _root_shift(wanted, times)
    joints = joints + shift[:, None]
    locals_ = matrices.copy()
    for side, leg in _LEGS.items():
        moves, weight = wanted[side]
        move = _limited((moves - shift) * weight[:, None])
        _bend(locals_, joints, turned, leg, move, weight > 0)
    fitted = without_sign_flips(matrix_to_quaternion(locals_))
    return fitted, positions + shift


def _wanted_shift(
    points: np.ndarray, times: np.ndarray, heights: np.ndarray, eye: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return how far a foot should move (N, 3) and how much that counts (N,), 0 to 1.

    `points` (N, 2, 3) are ankle and ball. The ball leads: it stays when the heel lifts.
    """
    contacts = find_contacts(points, times, heights, eye)
    (ankle, ankle_weight), (ball, ball_weight) = (
        _held_still(points[:, point], contacts[:, point], times) for point in (0, 1)
    )
    ankle_weight = ankle_weight * (1 - ball_weight)
    weight = ball_weight + ankle_weight
    moves = ball_weight[:, None] * ball + ankle_weight[:, None] * ankle
    return moves / np.maximum(weight, 1e-9)[:, None], weight


def _held_still(
    point: np.ndarray, contact: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the shift (N, 3) that keeps a point (N, 3) in place while it stands, and its weight.

    Before and after a contact the shift is that of its ends, with fading weight (N,).
    """
    moves, total, weight = np.zeros_like(point), np.zeros(len(times)), np.zeros(len(times))
    for start, end in intervals(contact):
        held = np.median(point[start:end], axis=0) - point[start:end]
        asked = held[np.clip(np.arange(len(times)) - start, 0, end - start - 1)]
        outside = np.maximum(np.maximum(times[start] - times, times - times[end - 1]), 0)
        fade = np.clip(1 - outside / _FADE, 0, 1)
        fade = fade * fade * (3 - 2 * fade)
        moves += fade[:, None] * asked
        total += fade
        weight = np.maximum(weight, fade)
    return moves / np.maximum(total, 1e-9)[:, None], weight


def _root_shift(wanted: dict[str, tuple[np.ndarray, np.ndarray]], times: np.ndarray) -> np.ndarray:
    """Return how the root moves (N, 3) with what its standing feet ask for, steadied in time."""
    apart = times[None, :] - times[:, None]
    kernel = np.exp(-0.5 * (apart / _ROOT_SECONDS) ** 2)
    total = np.full((len(times), 1), 1e-3)
    asked = np.zeros((len(times), 3))
    for moves, weight in wanted.values():
        asked += kernel @ (weight[:, None] * moves)
        total += kernel @ weight[:, None]
    return asked / total


def _limited(move: np.ndarray) -> np.ndarray:
    """Keep a leg's move (N, 3) below what looks forced; small ones stay as they are."""
    length = np.linalg.norm(move, axis=1, keepdims=True)
    excess = np.maximum(length - _FREE_MOVE, 0)
    kept = np.minimum(length, _FREE_MOVE) + _EXTRA_MOVE * np.tanh(excess / _EXTRA_MOVE)
    return move * kept / np.maximum(length, 1e-9)


def _bend(
    locals_: np.ndarray,
    joints: np.ndarray,
    turned: np.ndarray,
    leg: tuple[int, ...],
    move: np.ndarray,
    active: np.ndarray,
) -> None:
    """Bend a leg so that its ankle moves by `move` (N, 3); the foot keeps its direction.

    Changes the local matrices `locals_` (N, 24, 3, 3) where `active` (N,).
    """
    hip, knee, ankle, _ = leg
    thigh, shin = joints[:, knee] - joints[:, hip], joints[:, ankle] - joints[:, knee]
    upper, lower = (np.linalg.norm(bone, axis=1) for bone in (thigh, shin))
    now, then = thigh + shin, thigh + shin + move
    reach = np.linalg.norm(then, axis=1)
    # Nearly straight legs never reach further than they did, or than a soft limit.
    longest = np.maximum(_LONGEST_REACH * (upper + lower), np.linalg.norm(now, axis=1))
    reach = np.clip(reach, np.abs(upper - lower) + 1e-3, longest)
    along = _unit(then)
    # The axis of the knee; on a straight leg the plane of the leg does not tell it, the hip does.
    axis = np.cross(_unit(thigh), _unit(shin))
    straight = np.maximum(0.05 - np.linalg.norm(axis, axis=1), 0)[:, None]
    axis = axis + straight * turned[:, hip, :, 0]
    axis = _across(axis, _unit(now))
    swing = rotation_between(_unit(now), along)
    new_axis = _across((swing @ axis[..., None])[..., 0], along)
    beside = (upper**2 - lower**2 + reach**2) / (2 * reach)
    forward = np.sqrt(np.maximum(upper**2 - beside**2, 0))
    new_thigh = beside[:, None] * along + forward[:, None] * np.cross(along, new_axis)
    new_shin = reach[:, None] * along - new_thigh
    turn_thigh = _frame(new_thigh, new_axis) @ np.swapaxes(_frame(thigh, axis), 1, 2)
    turn_shin = _frame(new_shin, new_axis) @ np.swapaxes(_frame(shin, axis), 1, 2)
    whole_hip, whole_knee = turn_thigh @ turned[:, hip], turn_shin @ turned[:, knee]
    above = turned[:, 0]
    changed = {
        hip: np.swapaxes(above, 1, 2) @ whole_hip,
        knee: np.swapaxes(whole_hip, 1, 2) @ whole_knee,
        ankle: np.swapaxes(whole_knee, 1, 2) @ turned[:, ankle],
    }
    for joint, matrices in changed.items():
        locals_[active, joint] = matrices[active]


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
