"""What an animator pinned stays as it was pinned, however strongly the rest is smoothed; no bpy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bake.motion.track import Track
from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.rotations import (
    axis_angle_to_quaternion,
    quaternion_multiply,
    quaternion_to_axis_angle,
    without_sign_flips,
)
from core_model.take import Take

_FADE = 0.2  # seconds on either side in which the smoothed motion goes over into what is held
_INVERSE = np.array([1.0, -1.0, -1.0, -1.0])


@dataclass(frozen=True)
class HeldMoment:
    """A moment at which something must not be smoothed away.

    Parameters
    ----------
    time : float
        Seconds in the clip.
    joints : tuple of int
        SMPL's.
    place : bool
        Whether the pelvis is to stay where it is.
    joint : int or None
        What was pinned.
    at : (3,) or None
        Where it was pinned, metres in the world of the take.
    turn : (3,) or None
        How it was pinned to be turned against its parent, as axis-angle.
    moved : (3,) or None
        How far from that world the figure was, as a whole, where it was pinned, metres.
    """

    time: float
    joints: tuple[int, ...]
    place: bool
    joint: int | None = None
    at: np.ndarray | None = None
    turn: np.ndarray | None = None
    moved: np.ndarray | None = None


def moments_of(take: Take) -> list[HeldMoment]:
    """Return what a take that was solved again says of its pins.

    That text comes from anywhere: what does not say what it should is left out.
    """
    listed = take.source.get("held")
    found = [_moment(each) for each in listed] if isinstance(listed, list) else []
    return [each for each in found if each is not None]


def held(smoothed: Track, track: Track, moments: Sequence[HeldMoment]) -> Track:
    """Return a smoothed track that is as before smoothing at some moments, and fades beside them.

    Parameters
    ----------
    smoothed, track : Track
        Of the same times.
    moments : sequence of HeldMoment
        Those at which nobody was seen are left out.
    """
    rows = [(_row(track.times, each.time), each) for each in moments]
    seen = [(row, each) for row, each in rows if row is not None]
    quaternions, positions = smoothed.quaternions.copy(), smoothed.positions.copy()
    for joint in range(JOINT_COUNT):
        at = sorted({row for row, each in seen if joint in each.joints})
        for row, shares in zip(at, shares_of(at, track.times), strict=True):
            back = quaternion_multiply(
                track.quaternions[row, joint], smoothed.quaternions[row, joint] * _INVERSE
            )
            turns = axis_angle_to_quaternion(quaternion_to_axis_angle(back) * shares[:, None])
            quaternions[:, joint] = quaternion_multiply(turns, quaternions[:, joint])
    at = sorted({row for row, each in seen if each.place})
    for row, shares in zip(at, shares_of(at, track.times), strict=True):
        positions += shares[:, None] * (track.positions[row] - smoothed.positions[row])
    return replace(smoothed, quaternions=without_sign_flips(quaternions), positions=positions)


def shares_of(rows: Sequence[int], times: np.ndarray, fade: float = _FADE) -> list[np.ndarray]:
    """Return how much each of some moments counts at each time (T,): one at itself, none at others.

    Without a corner at either end of its `fade`, seconds.
    """
    found = []
    for index, row in enumerate(rows):
        away = times - times[row]
        before = times[row] - times[rows[index - 1]] if index else fade
        after = times[rows[index + 1]] - times[row] if index + 1 < len(rows) else fade
        width = np.where(away < 0, min(before, fade), min(after, fade))
        share = (np.abs(away) / width).clip(0.0, 1.0)
        found.append(1 - share**3 * (10 - 15 * share + 6 * share**2))
    return found


def _row(times: np.ndarray, time: float) -> int | None:
    row = int(np.abs(times - time).argmin())
    usual = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
    return row if abs(times[row] - time) < 0.51 * usual else None


def _moment(entry: Any) -> HeldMoment | None:
    if not isinstance(entry, dict):
        return None
    time, joints = entry.get("time"), entry.get("joints")
    if not isinstance(time, (int, float)) or not isinstance(joints, list):
        return None
    known = tuple(each for each in joints if type(each) is int and 0 <= each < JOINT_COUNT)
    place, joint = entry.get("place") is True, entry.get("joint")
    joint = joint if type(joint) is int and 0 <= joint < JOINT_COUNT else None
    at, turn = _three(entry.get("at")), _three(entry.get("turn"))
    turn = turn if joint is not None else None
    return HeldMoment(float(time), known, place, joint, at, turn, _three(entry.get("moved")))


def _three(given: Any) -> np.ndarray | None:
    try:
        found = np.array(given, np.float64)
    except (TypeError, ValueError):
        return None
    return found if found.shape == (3,) and np.isfinite(found).all() else None
