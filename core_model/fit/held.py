"""What a fit is told besides the landmarks: joints that are turned so, or are there."""

from dataclasses import dataclass

import numpy as np

from core_model.body.skeleton import JOINT_COUNT


@dataclass(frozen=True)
class Held:
    """Joints that somebody knows, each by how much it may be off: the weight is one through that.

    Parameters
    ----------
    rotations : (T, 24, 3, 3)
        Local; joint 0 turns SMPL space to camera space.
    turning : (T, 24)
        Weight of each rotation, 1 / radians; 0 where nobody knows.
    places : (T, 24, 3)
        Metres, camera space.
    placing : (T, 24)
        Weight of each place, 1 / metres; 0 where nobody knows.
    loose : (T, 24)
        How far each rotation may leave the one that the fit starts from, as a share of what it may
        otherwise.
    """

    rotations: np.ndarray
    turning: np.ndarray
    places: np.ndarray
    placing: np.ndarray
    loose: np.ndarray

    @classmethod
    def nothing(cls, frames: int) -> "Held":
        """Return what holds nothing in T frames."""
        return cls(
            np.tile(np.eye(3), (frames, JOINT_COUNT, 1, 1)),
            np.zeros((frames, JOINT_COUNT)),
            np.zeros((frames, JOINT_COUNT, 3)),
            np.zeros((frames, JOINT_COUNT)),
            np.ones((frames, JOINT_COUNT)),
        )

    def part(self, which: slice) -> "Held":
        """Return what is held in some of the frames."""
        return Held(*(values[which] for values in vars(self).values()))
