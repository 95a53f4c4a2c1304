"""A figure as numbers that any program takes: one hierarchy, no place or scale on its object."""

from dataclasses import dataclass

import numpy as np

from bake.export.channels import rotations_of
from bake.export.skeleton import ADDED, Skeleton
from bake.retarget.rig import Rig

Y_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""From Blender's world to one with Y up, in which figures face +Z."""

_ROOT_LENGTH = 0.3  # metres
_SHORTEST = 1e-3  # metres; Blender takes bones without length away


@dataclass(frozen=True)
class Space:
    """The space of a file.

    Parameters
    ----------
    per_unit : float
        Units of the file for each unit of the scene.
    per_metre : float
        Units of the file in a metre.
    y_up : bool
        Whether all numbers are turned, so that Y is up.
    root_y_up : bool
        Whether the format itself turns Y up, so that a root bone with the axes of the file is one
        that stands upright in Blender.
    """

    per_unit: float = 1.0
    per_metre: float = 1.0
    y_up: bool = False
    root_y_up: bool = False

    @property
    def turn(self) -> np.ndarray:
        """From Blender's world, (3, 3)."""
        return Y_UP if self.y_up else np.eye(3)


@dataclass(frozen=True)
class CleanFigure:
    """Bones at rest and in motion, in the space of a file.

    Parameters
    ----------
    rest : (B, 4, 4)
        Rotation and head.
    lengths : (B,)
    posed : (K, B, 4, 4)
        May be scaled.
    from_rig : (4, 4)
        From the space of the rig to that of `rest`.
    """

    rest: np.ndarray
    lengths: np.ndarray
    posed: np.ndarray
    from_rig: np.ndarray


def cleaned(
    rig: Rig, skeleton: Skeleton, posed: np.ndarray, placed: np.ndarray, space: Space
) -> CleanFigure:
    """Fold the armature object into its bones.

    At rest the figure stands at the origin, tilted and scaled as its object is at the first frame:
    engines want the same skeleton whatever place and heading a take begins at. The object's place
    and heading come into the motion.

    Parameters
    ----------
    rig : Rig
    skeleton : Skeleton
    posed : (K, N, 4, 4)
        All bones of the rig in its own space, in its order.
    placed : (K, 4, 4)
        Of the rig in the world.
    space : Space
    """
    headings = _headings(placed[:, :3, :3])
    from_rig, world = np.eye(4), np.eye(4)
    from_rig[:3, :3] = space.per_unit * space.turn @ headings[0].T @ placed[0, :3, :3]
    world[:3, :3] = space.per_unit * space.turn
    world = world @ placed
    count = len(skeleton.bones)
    rest = np.tile(np.eye(4), (count, 1, 1))
    moved = np.tile(np.eye(4), (len(posed), count, 1, 1))
    lengths = np.full(count, _ROOT_LENGTH * space.per_metre)
    for number, bone in enumerate(skeleton.bones):
        if bone.source == ADDED:
            rest[number, :3, :3] = space.turn
            moved[:, number, :3, :3] = space.turn @ headings
            moved[:, number, :3, 3] = world[:, :3, 3]
            continue
        mine = rig.bones[bone.source]
        resting, seen = from_rig @ mine.rest, world @ posed[:, bone.source]
        rest[number, :3, :3], rest[number, :3, 3] = rotations_of(resting[:3, :3]), resting[:3, 3]
        length = float(np.linalg.norm(from_rig[:3, :3] @ (mine.tail - mine.head)))
        lengths[number] = max(length, _SHORTEST * space.per_metre)
        sizes = np.linalg.norm(seen[..., :3, :3], axis=-2)
        sizes = sizes / np.linalg.norm(resting[:3, :3], axis=-2)
        moved[:, number, :3, :3] = rotations_of(seen[..., :3, :3]) * sizes[:, None, :]
        moved[:, number, :3, 3] = seen[:, :3, 3]
    if (space.y_up or space.root_y_up) and skeleton.root >= 0:
        _stand_up(rest, moved, skeleton.root, space.turn)
    return CleanFigure(rest, lengths, moved, from_rig)


def _headings(turns: np.ndarray) -> np.ndarray:
    """Return the part about the vertical (K, 3, 3) of how an object stands (K, 3, 3)."""
    exact = rotations_of(turns)
    # Twist of the quaternion about Z: w and z of it, twice the angle each.
    w = 1 + np.trace(exact, axis1=1, axis2=2)
    z = exact[:, 1, 0] - exact[:, 0, 1]
    angle = 2 * np.arctan2(z, w)
    cosine, sine = np.cos(angle), np.sin(angle)
    headings = np.tile(np.eye(3), (len(turns), 1, 1))
    headings[:, 0, 0], headings[:, 0, 1] = cosine, -sine
    headings[:, 1, 0], headings[:, 1, 1] = sine, cosine
    return headings


def _stand_up(rest: np.ndarray, moved: np.ndarray, root: int, turn: np.ndarray) -> None:
    """Let a root bone have the axes of the file that has those of Blender's world."""
    if np.abs(rest[root, :3, :3] - turn).max() < 1e-3:
        rest[root, :3, :3] = rest[root, :3, :3] @ Y_UP.T
        moved[:, root, :3, :3] = moved[:, root, :3, :3] @ Y_UP.T
