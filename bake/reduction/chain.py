"""Where the bones of an armature are in the world when they turn, and what errors add up to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core_model.geometry.rotations import matrix_to_quaternion, quaternion_multiply

_CONJUGATE = np.array([1.0, -1.0, -1.0, -1.0])


@dataclass(frozen=True)
class Chain:
    """Bones that hang together, each behind its parent, and points that they carry.

    Parameters
    ----------
    parents : tuple of int
        -1 for none; in any order.
    heads : (N, 3)
        At rest.
    orientations : (N, 3, 3)
        At rest; columns are the axes in which a bone turns and moves.
    carriers : (P,) int
        The bone that carries each point.
    points : (P, 3)
        At rest.
    """

    parents: tuple[int, ...]
    heads: np.ndarray
    orientations: np.ndarray
    carriers: np.ndarray
    points: np.ndarray

    @cached_property
    def above(self) -> np.ndarray:
        """Whether a bone moves a point by turning, (N, P)."""
        found = np.zeros((len(self.parents), len(self.carriers)), bool)
        for point, carrier in enumerate(self.carriers):
            bone = int(carrier)
            while bone >= 0:
                found[bone, point] = True
                bone = self.parents[bone]
        return found

    @cached_property
    def _outwards(self) -> list[int]:
        depths = []
        for start in range(len(self.parents)):
            bone, depth = start, 0
            while bone >= 0:
                bone, depth = self.parents[bone], depth + 1
            depths.append(depth)
        return sorted(range(len(depths)), key=depths.__getitem__)

    def pose(
        self, turns: np.ndarray, moves: dict[int, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Place heads (N, K, 3) and points (P, K, 3).

        Parameters
        ----------
        turns : (N, K, 4)
            Unit quaternions of the pose bones, w first.
        moves : dict of int to (K, 3)
            Locations of the pose bones that have any.
        """
        count = turns.shape[1]
        axes = matrix_to_quaternion(self.orientations)[:, None]
        local = quaternion_multiply(
            quaternion_multiply(np.broadcast_to(axes, turns.shape), turns),
            np.broadcast_to(axes * _CONJUGATE, turns.shape),
        )
        turned, heads = np.empty_like(turns), np.empty((len(turns), count, 3))
        for bone in self._outwards:
            parent = self.parents[bone]
            offset = self.heads[bone] - (self.heads[parent] if parent >= 0 else 0)
            step = offset + (moves[bone] @ self.orientations[bone].T if bone in moves else 0)
            if parent < 0:
                heads[bone], turned[bone] = step, local[bone]
            else:
                heads[bone] = heads[parent] + _rotated(turned[parent], step)
                turned[bone] = quaternion_multiply(turned[parent], local[bone])
        offsets = self.points - self.heads[self.carriers]
        placed = np.stack(
            [
                heads[bone] + _rotated(turned[bone], offset)
                for bone, offset in zip(self.carriers, offsets, strict=True)
            ]
        )
        return heads, placed


def _rotated(quaternions: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Turn vectors (K, 3) or (3,) by unit quaternions (K, 4)."""
    vectors = np.broadcast_to(vectors, (len(quaternions), 3))
    w, axis = quaternions[:, :1], quaternions[:, 1:]
    aside = 2 * np.cross(axis, vectors)
    return np.asarray(vectors + w * aside + np.cross(axis, aside))
