"""What the bones of a rig do: the result of a solve, plain numbers before any key is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from bake.retarget.maps.bone_map import Setting


@dataclass(frozen=True)
class RigMotion:
    """The pose of the mapped bones at every frame, in the space in which Blender keys them.

    Parameters
    ----------
    frames : (K,) int
    last_of_run : (K,) bool
        True where a long gap or the end follows.
    fps : float
    turns : mapping of str to (K, 4)
        Turn of each bone from its rest pose (`matrix_basis`): quaternions, w first, without sign
        flips.
    moves : mapping of str to (K, 3)
        Location of each bone that moves, in its own axes at rest and the armature's units.
    settings : tuple of Setting
        Custom properties to be set, and keyed at the first frame.
    told : tuple of str
        What the user should know, one sentence each.
    seen : mapping of str to (K, 3, 3)
        Turn of each mapped bone from its rest pose in the world, as it is to be seen: what is
        compared with what Blender makes of the keys.
    travel : (K, 3) or None
        The way over the ground that was taken out of a motion in place, world, metres.
    """

    frames: np.ndarray
    last_of_run: np.ndarray
    fps: float
    turns: Mapping[str, np.ndarray]
    moves: Mapping[str, np.ndarray] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    told: tuple[str, ...] = ()
    seen: Mapping[str, np.ndarray] = field(default_factory=dict)
    travel: np.ndarray | None = None
