"""The motion of one person while it is cleaned up: rotations as quaternions, and where it is known.

A Track holds only the frames in which the person was seen, so that nothing is made of frames that
nobody saw. A picture lasts until the next one: somebody was absent only where pictures show it.
"""

from dataclasses import dataclass, field

import numpy as np

from core_model.body.skeleton import JOINT_COUNT
from core_model.errors import TakeError
from core_model.geometry.rotations import axis_angle_to_quaternion, without_sign_flips
from core_model.take import Footage, Take

LONGEST_FILLED_GAP = 0.5
"""Seconds: holes up to this long are bridged by in-between motion, longer ones stay empty."""

_LONGEST_FILLED_PICTURES = 2.5
"""A single picture without the person is no absence, however long the pictures of a clip last."""

_SLACK = 1e-4  # seconds


@dataclass(frozen=True)
class Track:
    """Motion at the moments in which the person was seen.

    Parameters
    ----------
    times : (N,)
        Seconds from the clip's own timestamps, increasing.
    quaternions : (N, 24, 4)
        Local rotations in SMPL order, w first, without sign flips; joint 0 turns SMPL space to the
        world.
    positions : (N, 3)
        The pelvis in the world (Z up), metres.
    returns : (N,) bool
        Where the person is back after being unseen for long, or goes on elsewhere as another;
        nowhere if not given.
    lasts : (N,)
        Seconds until the clip shows its next picture; no time if not given.
    footage : Footage, optional
        Of these moments, where the motion was made of captures.
    """

    times: np.ndarray
    quaternions: np.ndarray
    positions: np.ndarray
    returns: np.ndarray = field(default_factory=lambda: np.empty(0, bool))
    lasts: np.ndarray = field(default_factory=lambda: np.empty(0))
    footage: Footage | None = None

    def __post_init__(self) -> None:
        """Fill what was left out."""
        if len(self.returns) == 0:
            object.__setattr__(self, "returns", np.zeros(len(self.times), bool))
        if len(self.lasts) == 0:
            object.__setattr__(self, "lasts", np.zeros(len(self.times)))

    def __len__(self) -> int:
        return len(self.times)

    def runs(self) -> list[slice]:
        """Return the stretches between which the person was unseen for long, in order of time."""
        edges = [0, *np.flatnonzero(self.returns).tolist(), len(self)]
        return [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def track_of(take: Take, rest_pelvis: np.ndarray) -> Track:
    """Take the seen frames of a take.

    Parameters
    ----------
    take : Take
    rest_pelvis : (3,)
        Position of the pelvis in the rest pose of the take's body, which AMASS adds to `trans`.

    Raises
    ------
    TakeError
        When the person was seen in no frame at all.
    """
    return seen_of(take, take.poses.reshape(-1, JOINT_COUNT, 3), take.trans + rest_pelvis)


def seen_of(take: Take, turns: np.ndarray, positions: np.ndarray) -> Track:
    """Make a track of axis-angle rotations (T, J, 3) and positions (T, 3): the seen frames.

    Raises
    ------
    TakeError
        When the person was seen in no frame at all.
    """
    seen = np.flatnonzero(take.frame_valid)
    if len(seen) == 0:
        raise TakeError("The take has no frame in which the person was seen.")
    lasts = np.diff(take.times)
    usual = float(np.median(lasts)) if len(lasts) else 0.0
    longest = max(LONGEST_FILLED_GAP, _LONGEST_FILLED_PICTURES * usual)
    away = (np.diff(take.times[seen]) > longest + 1e-6) & (np.diff(seen) > 1)
    away |= _cut_between(take, take.times[seen])
    return Track(
        times=take.times[seen],
        quaternions=without_sign_flips(axis_angle_to_quaternion(turns[seen])),
        positions=positions[seen],
        returns=np.concatenate((np.zeros(1, bool), away)),
        lasts=np.append(lasts, usual)[seen],
        footage=None if take.footage is None else take.footage[seen],
    )


def _cut_between(take: Take, times: np.ndarray) -> np.ndarray:
    """Tell between which of times (N,) somebody goes on elsewhere as another, (N - 1,) bool.

    That comes from a file: what is no number does not count.
    """
    told = take.source.get("cuts")
    cuts = [each for each in told if type(each) in (int, float)] if isinstance(told, list) else []
    cut = np.zeros(len(times) - 1, bool)
    for each in cuts:
        cut |= (times[:-1] < each - _SLACK) & (times[1:] >= each - _SLACK)
    return cut
