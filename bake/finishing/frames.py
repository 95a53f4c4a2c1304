"""Frames of takes: some of them, between them, and takes that no camera filmed any more."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from bake.finishing.contacts import standing
from bake.finishing.footage import footage_of, read_between, with_other_legs
from bake.motion.cycles import as_cycle
from bake.motion.resample import cubic_at, rate_of, turning_at
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_COUNT
from core_model.errors import TakeError
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    matrix_to_axis_angle,
    quaternion_to_axis_angle,
    without_sign_flips,
)
from core_model.take import Take

_LEGS = ("pelvis", "hip", "knee", "ankle", "foot")
_SAME = 0.5  # frames over a whole take
_PER_FRAME = ("poses", "trans", "times", "confidence", "keypoints2d", "bbox", "frame_valid")


def rows_of(take: Take, rows: np.ndarray) -> Take:
    """Return some frames of a take, by their numbers (R,).

    Raises
    ------
    TakeError
        When none is left.
    """
    if not len(rows):
        raise TakeError("Nothing of the take would be left.")
    changed: dict[str, Any] = {name: getattr(take, name)[rows] for name in _PER_FRAME}
    changed["confidence_hands"] = take.confidence_hands[rows]
    if take.poses_hands is not None:
        changed["poses_hands"] = take.poses_hands[rows]
    for name in ("camera_turns", "camera_zoom"):
        if np.size(getattr(take, name)):
            changed[name] = getattr(take, name)[rows]
    if take.footage is not None:
        changed["footage"] = take.footage[rows]
    return as_cycle(replace(take, **changed), False)


def unfilmed(take: Take, **changed: Any) -> Take:
    """Return a take that is no longer what a camera saw, but still as restless as a capture.

    What is said to touch stays, and what its captures knew, of which `changed` may say otherwise.
    """
    source = {"estimated": take.from_video, "made_from": take.source.get("video", "")}
    if "contacts" in take.source:
        source["contacts"] = take.source["contacts"]
    count = len(changed.get("times", take.times))
    seen = {
        "keypoints2d": np.zeros((count, 33, 3)),
        "bbox": np.zeros((count, 4)),
        "camera": None,
        "camera_turns": np.empty(0),
        "camera_zoom": np.empty(0),
        "views": (),
        "source": source,
        "footage": take.footage,
    }
    return replace(take, **seen | changed)


def at_rate(take: Take, rate: float) -> Take:
    """Return a take with so many frames a second; itself where it has them."""
    length = take.times[-1] - take.times[0]
    if abs(length * (rate_of(take.times).value - rate)) < _SAME:
        return take
    since = np.arange(int(length * rate + 1e-6) + 1) / rate
    return read_at(take, take.times[0] + since, take.times[0] + since)


def read_at(take: Take, at: np.ndarray, times: np.ndarray) -> Take:
    """Return a take whose frames are those of other moments, read as a bake reads it between them.

    Parameters
    ----------
    take : Take
    at : (R,)
        Seconds in the take.
    times : (R,)
        Seconds that its frames have from now on.
    """
    after = np.searchsorted(take.times, at, side="right").clip(1, max(len(take) - 1, 1))
    after = np.minimum(after, len(take) - 1)
    before = np.maximum(after - 1, 0)
    span = np.maximum(take.times[after] - take.times[before], 1e-9)
    share = ((at - take.times[before]) / span).clip(0.0, 1.0)
    near = np.where(share < 0.5, before, after)
    hands = take.poses_hands
    return unfilmed(
        take,
        times=times,
        poses=_turned_at(take.poses, take.times, at),
        trans=cubic_at(take.trans, take.times, at),
        confidence=take.confidence[near],
        frame_valid=take.frame_valid[near],
        poses_hands=None if hands is None else _turned_at(hands, take.times, at),
        confidence_hands=take.confidence_hands[near],
        footage=read_between(footage_of(take), before, after, share),
    )


def _turned_at(poses: np.ndarray, times: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return axis-angle poses (R, 3 J) at moments (R,) of others (T, 3 J)."""
    turns = axis_angle_to_quaternion(poses.reshape(len(poses), -1, 3))
    read = turning_at(without_sign_flips(turns), times, at)
    return np.asarray(quaternion_to_axis_angle(read).reshape(len(at), -1))


def mixed(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return axis-angle turns (R, J, 3) on the shortest way from rotations to others (R, J, 3, 3).

    Parameters
    ----------
    one, other : (R, J, 3, 3)
    share : (R,)
        Of the way.
    """
    way = matrix_to_axis_angle(np.swapaxes(one, -1, -2) @ other) * share[:, None, None]
    return np.asarray(matrix_to_axis_angle(one @ axis_angle_to_matrix(way)))


def pelvis_of(take: Take, body: Body) -> np.ndarray:
    """Return where the pelvis is, (T, 3), metres."""
    return np.asarray(take.trans + body.rest_joints(take.betas)[0])


def with_rotations(take: Take, rotations: np.ndarray, joints: Collection[str]) -> Take:
    """Return a take with other local rotations (T, 24, 3, 3), of some joints."""
    legs = any(name.removeprefix("left_").removeprefix("right_") in _LEGS for name in joints)
    if legs:  # how the others stood says nothing of these
        take = replace(standing(take, ()), footage=with_other_legs(take.footage))
    poses = matrix_to_axis_angle(rotations).reshape(-1, 3 * JOINT_COUNT)
    return replace(take, poses=poses)
