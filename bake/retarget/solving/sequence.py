"""Motions one after the other as one: each goes on where the last one is, and fades into it.

Fading is done before the solve, so that soles stay above the floor, knees bend their way and a root
bone goes its way in between as everywhere.
"""

from collections.abc import Sequence as Several
from dataclasses import dataclass, replace

import numpy as np

from bake.retarget.human import HumanMotion
from bake.retarget.joints import above
from bake.retarget.solving.fading import AROUND, fade_shares
from bake.retarget.solving.rest_pose import alignment, source_rest
from bake.retarget.solving.standing import standing_of_source
from bake.retarget.solving.travel import path_of
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_quaternion,
    quaternion_multiply,
    quaternion_to_matrix,
    without_sign_flips,
)


@dataclass(frozen=True)
class Sequence:
    """Motions as one.

    Parameters
    ----------
    motion : HumanMotion
        On the body of the one with most joints.
    parts : tuple of slice
        What of it each motion is; they overlap where one fades into the next.
    """

    motion: HumanMotion
    parts: tuple[slice, ...]


def in_sequence(sources: Several[HumanMotion], frames: int, by_legs: bool) -> Sequence:
    """Join motions.

    Each is turned about the vertical and moved over the ground, so that it goes on where the one
    before is in the middle of the frames that they share.

    Parameters
    ----------
    sources : sequence of HumanMotion
        Of the same frame rate.
    frames : int
        In which one fades into the next; fewer where a motion is shorter than two of them.
    by_legs : bool
        Whether figures of other sizes go as far for their legs, or as far over the ground.
    """
    body = max(sources, key=lambda source: len(source.joints))
    whole = _on_body(sources[0], body, by_legs)
    parts = [slice(0, len(whole))]
    for source in sources[1:]:
        after = _on_body(source, body, by_legs)
        shared = _shared(whole, after, min(frames, (parts[-1].stop - parts[-1].start) // 2))
        begins = len(whole) - shared
        whole = _faded(whole, _brought(whole, after, shared), shared)
        parts.append(slice(begins, len(whole)))
    return Sequence(replace(whole, name=sources[0].name), tuple(parts))


def _on_body(source: HumanMotion, body: HumanMotion, by_legs: bool) -> HumanMotion:
    """Let another body do what the source does; its joints are where the source's are."""
    if source is body:
        return source
    theirs, ours = source_rest(source), source_rest(body)
    aligned = alignment(theirs, ours)
    stands, wanted = standing_of_source(source, theirs), standing_of_source(body, ours)
    ratio = wanted.leg / stands.leg if by_legs else 1.0
    turned = quaternion_to_matrix(source.turns)
    turns, places = [], []
    for joint, rest in zip(body.joints, body.rest, strict=True):
        known = next(each for each in (joint, *above(joint)) if each in source.joints)
        column = source.joints.index(known)
        whole = turned[:, column] @ aligned[joint]
        away = 0.0 if known == joint else whole @ (rest - body.rest[body.joints.index(known)])
        turns.append(matrix_to_quaternion(whole))
        places.append(ratio * source.places[:, column] + away)
    lift = [0.0, 0.0, wanted.ankle - ratio * stands.ankle]
    return replace(
        body,
        name=source.name,
        turns=without_sign_flips(np.stack(turns, axis=1)),
        places=np.stack(places, axis=1) + lift,
        frames=source.frames,
        last_of_run=source.last_of_run,
    )


def _shared(whole: HumanMotion, after: HumanMotion, frames: int) -> int:
    """Return how many frames two motions share: none of them beside a long gap."""
    ends = np.flatnonzero(whole.last_of_run)
    last_run = len(whole) - (int(ends[-2]) + 1 if len(ends) > 1 else 0)
    first_run = int(np.argmax(after.last_of_run)) + 1
    return min(frames, last_run, first_run, len(after) // 2)


def _brought(whole: HumanMotion, after: HumanMotion, shared: int) -> HumanMotion:
    """Turn and move a motion so that it goes on where another one ends; its frames follow."""
    here, there = (_path(whole, len(whole) - 1 - shared // 2), _path(after, shared // 2))
    turn = axis_angle_to_matrix(np.array([0.0, 0.0, here[1] - there[1]]))
    quaternion = np.broadcast_to(matrix_to_quaternion(turn), after.turns.shape)
    first = int(whole.frames[-1]) + 1 - shared
    return replace(
        after,
        turns=quaternion_multiply(quaternion, after.turns),
        places=(after.places - there[0]) @ turn.T + here[0],
        frames=after.frames - after.frames[0] + first,
    )


def _path(motion: HumanMotion, frame: int) -> tuple[np.ndarray, float]:
    """Return where a figure is on the floor (3,), and its heading in radians."""
    hips = motion.places[:, motion.joints.index("pelvis")]
    path = path_of(motion, source_rest(motion).body, hips)
    return path.places[frame], float(2 * np.arctan2(path.turns[frame, 3], path.turns[frame, 0]))


def _faded(whole: HumanMotion, after: HumanMotion, shared: int) -> HumanMotion:
    """Put a motion behind another; in the frames that they share one becomes the other."""
    before = len(whole) - shared
    rows = np.arange(-AROUND, shared + AROUND)
    share = fade_shares(
        _points(whole, (before + rows).clip(0, len(whole) - 1)),
        _points(after, rows.clip(0, len(after) - 1)),
    )
    turns = _between(whole.turns[before:], after.turns[:shared], share[:, None])
    places = whole.places[before:] + share[:, None, None] * (
        after.places[:shared] - whole.places[before:]
    )
    return replace(
        whole,
        turns=without_sign_flips(
            np.concatenate((whole.turns[:before], turns, after.turns[shared:]))
        ),
        places=np.concatenate((whole.places[:before], places, after.places[shared:])),
        frames=np.concatenate((whole.frames[:before], after.frames)),
        last_of_run=np.concatenate((whole.last_of_run[:before], after.last_of_run)),
    )


def _points(motion: HumanMotion, rows: np.ndarray) -> np.ndarray:
    """Return where joints and the ends of their bones are (R, 2 J, 3), metres."""
    bones = (motion.ends - motion.rest)[..., None]
    ends = motion.places[rows] + (quaternion_to_matrix(motion.turns[rows]) @ bones)[..., 0]
    return np.concatenate((motion.places[rows], ends), axis=1)


def _between(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return turns (..., 4) between others, on the shorter way (spherical interpolation)."""
    dot = (one * other).sum(axis=-1)
    other = np.where(dot[..., None] < 0, -other, other)
    angle = np.arccos(np.clip(np.abs(dot), 0, 1))
    sine = np.maximum(np.sin(angle), 1e-9)
    weights = [
        np.where(angle < 1e-6, plain, np.sin(plain * angle) / sine) for plain in (1 - share, share)
    ]
    found = weights[0][..., None] * one + weights[1][..., None] * other
    return np.asarray(found / np.linalg.norm(found, axis=-1, keepdims=True))
