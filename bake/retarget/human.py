"""The motion of a human figure, whatever carries it: what every source becomes before a solve."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES

BODY_JOINTS = JOINT_NAMES[:22]
"""SMPL's joints but the two in the palms, which nothing moves."""

HUMAN_JOINTS = (*BODY_JOINTS, *FINGER_JOINT_NAMES)
"""All joints that a bone map may name."""


@dataclass(frozen=True)
class HumanMotion:
    """A figure at rest and in motion. World as Blender's: Z up, metres, the floor at 0.

    Parameters
    ----------
    name : str
        Of the person; actions are named after it.
    joints : tuple of str
        Those of `HUMAN_JOINTS` that the source has, in that order; the pelvis is one.
    rest : (J, 3)
        Where the joints are at rest, whatever pose that is and wherever it faces.
    ends : (J, 3)
        What each joint's bone leads to at rest: the next joint, or the tip of the last.
    turns : (K, J, 4)
        From rest to the pose, as seen from the world: quaternions, w first, without sign flips.
    places : (K, J, 3)
        Where the joints are.
    frames : (K,) int
        Of the scene, increasing.
    last_of_run : (K,) bool
        True where a long gap or the end follows.
    fps : float
    knuckles : mapping of str to (3,)
        Where joints of fingers are at rest that no one has seen moving: they tell how palms lie.
    """

    name: str
    joints: tuple[str, ...]
    rest: np.ndarray
    ends: np.ndarray
    turns: np.ndarray
    places: np.ndarray
    frames: np.ndarray
    last_of_run: np.ndarray
    fps: float
    knuckles: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.frames)
