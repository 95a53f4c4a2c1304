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
                    moment.at + moved[run.start + row],
                    row - int(near[0]),
                    share[near[0] : near[-1] + 1],
                )
    return replace(keys, quaternions=without_sign_flips(quaternions))


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
