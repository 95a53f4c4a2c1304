"""Where the bones of an armature are, seen from the rest pose that they were made from.

A scene's units, and scale, rotation or location that the user applied to a figure, move all of its
bones alike: what is written later moves with them.
"""

from dataclasses import dataclass

import bpy
import numpy as np

from bake.scene.rig.armature import rest_bones
from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import nearest_rotation

_SAME = 1e-5  # metres; bones are kept in single precision
_MISFIT = 0.01  # metres


@dataclass(frozen=True)
class Placement:
    """A similarity from the rest pose of a body to the space of its armature.

    Parameters
    ----------
    scale : float
        Units of the armature per metre.
    turn : (3, 3)
        Rotation.
    shift : (3,)
        Units of the armature.
    fits : bool
        False if the bones were changed one by one, so that this is only the nearest.
    """

    scale: float
    turn: np.ndarray
    shift: np.ndarray
    fits: bool = True

    @property
    def linear(self) -> np.ndarray:
        """Turn and scale as one matrix (3, 3)."""
        return self.scale * self.turn

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Move points (N, 3) of the body's rest pose into the space of the armature."""
        return points @ self.linear.T + self.shift

    def undo(self, points: np.ndarray) -> np.ndarray:
        """Move points (N, 3) back."""
        return (points - self.shift) @ self.turn / self.scale


def placement_of(armature: bpy.types.Object, joints: np.ndarray) -> Placement:
    """Find out where the bones of an armature are.

    The similarity of least squares: Umeyama, "Least-squares estimation of transformation
    parameters between two point patterns", PAMI 1991.

    Parameters
    ----------
    armature : bpy.types.Object
        With the bones of `create_armature`.
    joints : (24, 3)
        The rest pose that it was made from, metres.
    """
    bones = rest_bones(armature)
    heads = np.array([bones[name].head_local for name in JOINT_NAMES], dtype=np.float64)
    if np.abs(heads - joints).max() < _SAME:
        return Placement(1.0, np.eye(3), np.zeros(3))
    centre, middle = joints.mean(axis=0), heads.mean(axis=0)
    spread = (heads - middle).T @ (joints - centre)
    turn = nearest_rotation(spread)
    scale = max(float((turn * spread).sum() / ((joints - centre) ** 2).sum()), 1e-9)
    found = Placement(scale, turn, middle - scale * turn @ centre)
    misfit = np.linalg.norm(found.undo(heads) - joints, axis=1).max()
    return Placement(scale, turn, found.shift, bool(misfit < _MISFIT))
