"""What was pinned is reached once feet were planted, too: limbs go there and away again.

The body goes along with what is no limb, and as far as a limb does not reach; its feet stay.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bake.feet.figure import LEGS, Figure, Posed, posed
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

_EXACT = 1e-4  # metres that the body need not go along for
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
"""Joints that their limb brings to their places; for others the whole body goes."""

_NAMES = {JOINT_INDEX[name]: name for name in _LIMBS}
_OF_FEET = frozenset(joint for joint, name in _NAMES.items() if name.endswith(("ankle", "foot")))
_OF_LEGS = frozenset(joint for leg in LEGS for joint in leg)
_ELSEWHERE = 0.01  # metres from its pin: so far off, a foot does not stand where it was pinned
_SAME_BAKE = 0.1  # metres by which figures are moved otherwise because of what was solved
_QUICKLY, _GENTLY = 0.2, 0.7
"""Seconds in which an arm is brought to its pin; a leg, or the body, which hardly move: there a
quick correction would be seen to shake."""

_SWEEPS = 20  # over both legs, for the place of the body from which they reach
_LEAVES = 0.9  # seconds before its pin in which it leaves that place, and after in which it is back


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
    placed = [each for each in moments if each.joint is not None and each.at is not None]
    turned = [each for each in moments if each.turn is not None]
    if not placed and not turned:
        return keys
    # What carries others is brought to its place before them.
    order = sorted(_joints_of(placed), key=lambda joint: (joint in LIMB_JOINTS, joint))
    quaternions, positions = keys.quaternions.copy(), keys.positions.copy()
    times = timeline.time_of(keys.frames)
    for run in keys.runs():
        rows = times[run]
        for joint in _joints_of(turned):
            own = _by_row([each for each in turned if each.joint == joint], rows)
            fade = _GENTLY if joint in _OF_LEGS else _QUICKLY
            for (row, moment), share in zip(own, _shares(own, rows, fade), strict=True):
                quaternions[run, joint] = _turned(quaternions[run, joint], row, moment, share)
        for joint in order:
            own = _by_row([each for each in placed if each.joint == joint], rows)
            slowly = _shares(own, rows, _GENTLY)
            quickly = slowly if joint in _OF_FEET else _shares(own, rows)
            for (row, moment), share, along in zip(own, quickly, slowly, strict=True):
                near = np.flatnonzero(along)
                inside = slice(int(near[0]), int(near[-1]) + 1)
                part = slice(run.start + inside.start, run.start + inside.stop)
                quaternions[part], positions[part] = _reached(
                    figure,
                    quaternions[part],
                    positions[part],
                    joint,
                    _target(moment, moved[run.start + row]),
                    row - inside.start,
                    share[inside],
                    along[inside],
                )
    return replace(keys, quaternions=without_sign_flips(quaternions), positions=positions)


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


def _shares(
    rows: list[tuple[int, HeldMoment]], times: np.ndarray, fade: float = _QUICKLY
) -> list[np.ndarray]:
    return shares_of([row for row, _ in rows], times, fade)


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
    along: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return rotations (N, 24, 4) and places (N, 3) with which a joint is at a target in a row.

    `share` (N,) is how much of the way its limb goes in each frame, `along` (N,) the body.
    """
    pose = posed(figure, quaternions, positions)
    missing = target - pose.joints[row, joint]
    limb = joint in LIMB_JOINTS
    needed = _out_of_reach(pose, joint, row, target) if limb else missing
    if np.linalg.norm(needed) > _EXACT:
        quaternions, positions = _gone_along(pose, quaternions, positions, along[:, None] * needed)
        pose = posed(figure, quaternions, positions)
        missing = target - pose.joints[row, joint]
    if limb:
        quaternions = _led_to(pose, quaternions, joint, share[:, None] * missing)
    return quaternions, positions


def _led_to(pose: Posed, quaternions: np.ndarray, joint: int, moves: np.ndarray) -> np.ndarray:
    """Return rotations (N, 24, 4) of a pose whose limb brings a joint on by moves (N, 3)."""
    joints, turned = pose.joints.copy(), pose.turned.copy()
    side, _, part = _NAMES[joint].partition("_")
    root, middle, end = _chain_of(joint)
    changed = [root, middle]
    if joint == middle:
        point_at(joints, turned, root, middle, joints[:, middle] + moves)
    else:
        axis = _KNEE_AXIS if part in ("ankle", "foot") else _ELBOW_AXES[side]
        limits = reaches(pose, (root, middle, end))
        reach_for(joints, turned, (root, middle, end), joints[:, end] + moves, axis, limits)
        changed.append(end)
    return _with_locals(pose, quaternions, turned, changed, np.any(moves != 0, axis=1))


def _gone_along(
    pose: Posed, quaternions: np.ndarray, positions: np.ndarray, shift: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return a motion whose body is moved by a shift (N, 3), and whose feet stay where they are."""
    joints, turned = pose.joints + shift[:, None], pose.turned.copy()
    for leg in LEGS:
        chain = leg[:3]
        reach_for(joints, turned, chain, pose.joints[:, chain[2]], _KNEE_AXIS, reaches(pose, chain))
    changed = [joint for leg in LEGS for joint in leg[:3]]
    moved = np.any(shift != 0, axis=1)
    return _with_locals(pose, quaternions, turned, changed, moved), positions + shift


def _with_locals(
    pose: Posed, quaternions: np.ndarray, turned: np.ndarray, joints: list[int], rows: np.ndarray
) -> np.ndarray:
    """Return rotations (N, 24, 4) in which joints are turned so in the world, in some rows (N,)."""
    result = quaternions.copy()
    locals_ = np.stack([locals_of(turned, joint) for joint in joints], axis=1)
    result[:, joints] = matrix_to_quaternion(locals_)
    return np.asarray(np.where(rows[:, None, None], result, quaternions))


def _out_of_reach(pose: Posed, joint: int, row: int, target: np.ndarray) -> np.ndarray:
    """Return how the body has to move (3,) in a row for a limb to reach, with both feet in reach.

    Nothing where the limb reaches by itself.
    """
    chain = _chain_of(joint)
    shift = np.zeros(3)
    if joint == chain[1]:
        bone = pose.joints[row, chain[1]] - pose.joints[row, chain[0]]
        length = float(np.linalg.norm(bone))
        wanted = [(chain[0], target, length, length)]
    else:
        end = target + pose.joints[row, chain[2]] - pose.joints[row, joint]
        nearest, farthest = reaches(pose, chain)
        wanted = [(chain[0], end, float(nearest[row]), float(farthest[row]))]
    for leg in LEGS:
        if leg[0] != chain[0]:
            near, far = reaches(pose, leg[:3])
            wanted.append((leg[0], pose.joints[row, leg[2]], float(near[row]), float(far[row])))
    for _ in range(_SWEEPS):
        for root, place, least, most in wanted:
            away = place - pose.joints[row, root] - shift
            far_off = max(float(np.linalg.norm(away)), 1e-9)
            shift = shift + (far_off - np.clip(far_off, least, most)) * away / far_off
    return np.asarray(shift)


def _chain_of(joint: int) -> tuple[int, int, int]:
    side = _NAMES[joint].partition("_")[0]
    root, middle, end = (JOINT_INDEX[f"{side}_{each}"] for each in _LIMBS[_NAMES[joint]])
    return root, middle, end
