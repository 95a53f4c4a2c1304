"""The motion of one person while it is cleaned up: rotations as quaternions, and where it is known.

A Track holds only the frames in which the person was seen, so that nothing is made of frames that
nobody saw; a hole in it is a distance in time.
"""

from dataclasses import dataclass

import numpy as np

from core_model.body.skeleton import JOINT_COUNT
from core_model.errors import TakeError
from core_model.geometry.rotations import axis_angle_to_quaternion, without_sign_flips
from core_model.take import Take

LONGEST_FILLED_GAP = 0.5
"""Seconds: holes up to this long are bridged by in-between motion, longer ones stay empty."""


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
    """

    times: np.ndarray
    quaternions: np.ndarray
    positions: np.ndarray

    def __len__(self) -> int:
        return len(self.times)

    def runs(self) -> list[slice]:
        """Return the stretches between which the person was unseen for long, in order of time."""
        cuts = np.flatnonzero(np.diff(self.times) > LONGEST_FILLED_GAP + 1e-6) + 1
        edges = [0, *cuts.tolist(), len(self)]
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
    seen = take.frame_valid
    if not seen.any():
        raise TakeError("The take has no frame in which the person was seen.")
    quaternions = axis_angle_to_quaternion(take.poses[seen].reshape(-1, JOINT_COUNT, 3))
    return Track(
        times=take.times[seen],
        quaternions=without_sign_flips(quaternions),
        positions=take.trans[seen] + rest_pelvis,
    )
