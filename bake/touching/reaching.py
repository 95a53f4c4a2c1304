"""What was pinned is reached once feet were planted, too: limbs go there and away again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bake.feet.figure import Figure, posed
from bake.motion.held import HeldMoment, shares_of
from bake.motion.resample import Keys, Timeline
from bake.touching.limbs import locals_of, point_at, reach_for, reaches
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    matrix_to_quaternion,
    quaternion_to_matrix,
    without_sign_flips,
)

_GIVES = np.radians(1.0)  # that a joint may be turned off its pin, for a foot that stands
_KNEE_AXIS = np.array([1.0, 0.0, 0.0])
_ELBOW_AXES = {"left": np.array([0.0, -1.0, 0.0]), "right": np.array([0.0, 1.0, 0.0])}
_LIMBS = {
    **{f"left_{each}": ("shoulder", "elbow", "wrist") for each in ("elbow", "wrist", "hand")},
    **{f"right_{each}": ("shoulder", "elbow", "wrist") for each in ("elbow", "wrist", "hand")},
    **{f"left_{each}": ("hip", "knee", "ankle") for each in ("knee", "ankle", "foot")},
    **{f"right_{each}": ("hip", "knee", "ankle") for each in ("knee", "ankle", "foot")},
}
LIMB_JOINTS = frozenset(JOINT_INDEX[name] for name in _LIMBS)
"""Joints whose places are reached by their limb alone."""

_NAMES = {JOINT_INDEX[name]: name for name in _LIMBS}
_OF_FEET = frozenset(joint for joint, name in _NAMES.items() if name.endswith(("ankle", "foot")))
_ELSEWHERE = 0.01  # metres from its pin: so far off, a foot does not stand where it was pinned
_SAME_BAKE = 0.1  # metres by which figures are moved otherwise because of what was solved
_LEAVES = 0.5  # seconds before its pin in which it leaves that place, and after in which it is back


def reach_pins(
    keys: Keys,
    timeline: Timeline,
    figure: Figure,
    moments: Sequence[HeldMoment],
    moved: np.ndarray,
) -> Keys:
    """Return keys in which limbs are where they were pinned, and turned as they were.

    Parameters
    ----------
    keys : Keys
    timeline : Timeline
    figure : Figure
        The body that moves.
    moments : sequence of HeldMoment
    moved : (K, 3)
        How the figure was moved as a whole since it was pinned: onto the floor, for one.
    """
    placed = [each for each in moments if each.joint in LIMB_JOINTS and each.at is not None]
    turned = [each for each in moments if each.turn is not None]
    if not placed and not turned:
        return keys
    quaternions, times = keys.quaternions.copy(), timeline.time_of(keys.frames)
    for run in keys.runs():
        rows = times[run]
        for joint in _joints_of(turned):
            own = _by_row([each for each in turned if each.joint == joint], rows)
            for (row, moment), share in zip(own, _shares(own, rows), strict=True):
                quaternions[run, joint] = _turned(quaternions[run, joint], row, moment, share)
        for joint in _joints_of(placed):
            own = _by_row([each for each in placed if each.joint == joint], rows)
            for (row, moment), share in zip(own, _shares(own, rows), strict=True):
                near = np.flatnonzero(share)
                part = slice(run.start + int(near[0]), run.start + int(near[-1]) + 1)
                quaternions[part] = _reached(
                    figure,
                    quaternions[part],
                    keys.positions[part],
                    joint,
                    _target(moment, moved[run.start + row]),
                    row - int(near[0]),
                    share[near[0] : near[-1] + 1],
                )
    return replace(keys, quaternions=without_sign_flips(quaternions))


def held_back(
    keys: Keys,
    timeline: Timeline,
    figure: Figure,
    moments: Sequence[HeldMoment],
    moved: np.ndarray,
) -> np.ndarray:
    """Return how much the left and the right foot are held elsewhere than they were pinned, (K, 2).

    1 around each such pin: there a foot leaves the place at which it was found to stand.

    Parameters
    ----------
    keys : Keys
        With feet planted.
    timeline : Timeline
    figure : Figure
    moments : sequence of HeldMoment
    moved : (K, 3)
        As for `reach_pins`.
    """
    times = timeline.time_of(keys.frames)
    found = np.zeros((len(times), 2))
    placed = [each for each in moments if each.joint in _OF_FEET and each.at is not None]
    for row, moment in _by_row(placed, times):
        assert moment.joint is not None
        one = posed(figure, keys.quaternions[row, None], keys.positions[row, None])
        off = one.joints[0, moment.joint] - _target(moment, moved[row])
        if np.linalg.norm(off) > _ELSEWHERE:
            side = int(_NAMES[moment.joint].startswith("right"))
            near = ((_LEAVES - np.abs(times - times[row])) / _LEAVES).clip(0, 1)
            found[:, side] = np.maximum(found[:, side], near * near * (3 - 2 * near))
    return found


def _target(moment: HeldMoment, moved: np.ndarray) -> np.ndarray:
    """Return where a joint belongs (3,) on a figure that was moved by (3,): where it was pinned.

    Where figures are moved quite otherwise than they were then, it goes along.
    """
    assert moment.at is not None
    then = moved if moment.moved is None else moment.moved
    return np.asarray(moment.at + (then if np.linalg.norm(then - moved) < _SAME_BAKE else moved))


def _joints_of(moments: Sequence[HeldMoment]) -> list[int]:
    return sorted({each.joint for each in moments if each.joint is not None})


def _by_row(moments: Sequence[HeldMoment], times: np.ndarray) -> list[tuple[int, HeldMoment]]:
    """Return moments with the nearest row of times (N,), in order; the last of a row counts."""
    step = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    found = {}
    for each in moments:
        row = int(np.abs(times - each.time).argmin())
        if abs(times[row] - each.time) < 0.51 * step:
            found[row] = each
    return sorted(found.items())


def _shares(rows: list[tuple[int, HeldMoment]], times: np.ndarray) -> list[np.ndarray]:
    return shares_of([row for row, _ in rows], times)


def _turned(quaternions: np.ndarray, row: int, moment: HeldMoment, share: np.ndarray) -> np.ndarray:
    """Return rotations (N, 4) of a joint that is turned at a row nearly as it was pinned."""
    turns = quaternion_to_matrix(quaternions)
    way = matrix_to_axis_angle(turns[row].T @ axis_angle_to_matrix(np.asarray(moment.turn)))
    angle = float(np.linalg.norm(way))
    if angle <= _GIVES:
        return quaternions
    way = way * (1 - _GIVES / angle)
    return np.asarray(matrix_to_quaternion(turns @ axis_angle_to_matrix(share[:, None] * way)))


def _reached(
    figure: Figure,
    quaternions: np.ndarray,
    positions: np.ndarray,
    joint: int,
    target: np.ndarray,
    row: int,
    share: np.ndarray,
) -> np.ndarray:
    """Return rotations (N, 24, 4) with which a joint is at a target (3,) in a row."""
    pose = posed(figure, quaternions, positions)
    joints, turned = pose.joints.copy(), pose.turned.copy()
    side, _, part = _NAMES[joint].partition("_")
    root, middle, end = (JOINT_INDEX[f"{side}_{each}"] for each in _LIMBS[_NAMES[joint]])
    missing = share[:, None] * (target - joints[row, joint])
    changed = [root, middle]
    if joint == middle:
        point_at(joints, turned, root, middle, joints[:, middle] + missing)
    else:
        axis = _KNEE_AXIS if part in ("ankle", "foot") else _ELBOW_AXES[side]
        limits = reaches(pose, (root, middle, end))
        reach_for(joints, turned, (root, middle, end), joints[:, end] + missing, axis, limits)
        changed.append(end)
    locals_ = pose.locals.copy()
    for each in changed:
        locals_[:, each] = locals_of(turned, each)
    result = quaternions.copy()
    result[:, changed] = matrix_to_quaternion(locals_[:, changed])
    return np.asarray(np.where(share[:, None, None] > 0, result, quaternions))
