"""Where the bones of an armature are in the world when they turn, and what errors add up to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bake.reduction.bend import Bend


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
    bends : tuple of Bend
        Limbs that go by inverse kinematics: their knees are points as well, behind those.
    """

    parents: tuple[int, ...]
    heads: np.ndarray
    orientations: np.ndarray
    carriers: np.ndarray
    points: np.ndarray
    bends: tuple[Bend, ...] = ()

    @cached_property
    def above(self) -> np.ndarray:
        """Whether a bone moves a point by turning, (N, P) and a column for each knee."""
        found = np.zeros((len(self.parents), len(self.carriers)), bool)
        for point, carrier in enumerate(self.carriers):
            bone = int(carrier)
            while bone >= 0:
                found[bone, point] = True
                bone = self.parents[bone]
        knees = [found[:, list(bend.points)].any(axis=1) for bend in self.bends]
        return np.column_stack((found, *knees))

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
        """Place heads (N, K, 3), and points and knees (P, K, 3).

        Parameters
        ----------
        turns : (N, K, 4)
            Unit quaternions of the pose bones, w first.
        moves : dict of int to (K, 3)
            Locations of the pose bones that have any.
        """
        # Frames last: so numpy has long rows to work on.
        count = turns.shape[1]
        turned, heads = np.empty((len(turns), 4, count)), np.empty((len(turns), 3, count))
        local = np.ascontiguousarray(turns.transpose(0, 2, 1))
        local[:, 1:] = self.orientations @ local[:, 1:]
        placed = np.empty((len(self.carriers) + len(self.bends), 3, count))
        matrices: dict[int, np.ndarray] = {}
        for bone in self._outwards:
            parent = self.parents[bone]
            step = (self.heads[bone] - (self.heads[parent] if parent >= 0 else 0))[:, None]
            if bone in moves:
                step = step + self.orientations[bone] @ moves[bone].T
            if parent < 0:
                heads[bone], turned[bone] = step, local[bone]
            else:
                if parent not in matrices:
                    matrices[parent] = _matrix(turned[parent])
                heads[bone] = heads[parent] + _rotated(matrices[parent], step)
                turned[bone] = _product(turned[parent], local[bone])
        for bone in np.unique(self.carriers).tolist():
            matrix = matrices[bone] if bone in matrices else _matrix(turned[bone])
            for point in np.flatnonzero(self.carriers == bone).tolist():
                offset = (self.points[point] - self.heads[bone])[:, None]
                placed[point] = heads[bone] + _rotated(matrix, offset)
        for index, bend in enumerate(self.bends, len(self.carriers)):
            placed[index] = bend.knee(*(placed[point] for point in bend.points))
        return heads.transpose(0, 2, 1), placed.transpose(0, 2, 1)


def knee_levers(
    chain: Chain, points: np.ndarray, room: np.ndarray
) -> dict[int, list[tuple[int, np.ndarray]]]:
    """Return for each knee the points that it follows from, and how far (K,) it goes for theirs.

    Parameters
    ----------
    chain : Chain
    points : (P, K, 3)
        From `Chain.pose`.
    room : (P, K)
        How far each may be off.
    """
    found = {}
    for knee, bend in enumerate(chain.bends, len(chain.carriers)):
        top, end, pole = (points[point].T for point in bend.points)
        of_ends, of_pole = bend.levers(top, end, pole, room[knee])
        found[knee] = list(zip(bend.points, (of_ends, of_ends, of_pole), strict=True))
    return found


def _matrix(quaternions: np.ndarray) -> np.ndarray:
    """Turn unit quaternions (4, K) into matrices (3, 3, K)."""
    w, x, y, z = quaternions
    return np.array(
        (
            (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
        )
    )


def _product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return what quaternions (4, K) do one after the other, the second first."""
    aw, ax, ay, az = one
    bw, bx, by, bz = other
    return np.stack(
        (
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        )
    )


def _rotated(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Turn vectors (3, K) or (3, 1) by matrices (3, 3, K)."""
    x, y, z = vectors
    return np.asarray(matrices[:, 0] * x + matrices[:, 1] * y + matrices[:, 2] * z)
