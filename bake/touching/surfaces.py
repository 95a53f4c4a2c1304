"""What a part of the body touches: a level, or triangles of a real surface; numpy only."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bake.motion.touches import has_area

_UP = np.array([0.0, 0.0, 1.0])
_WALL = 0.17  # of its normal that points up: what is steeper than 80 degrees bears nothing
_AT_ONCE = 2_000_000  # pairs of points and triangles: bounds the memory of a fine mesh


class Surface(Protocol):
    """Something to stand, sit, kneel or lean on."""

    def under(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how high it is where points are, and how it faces up there.

        Parameters
        ----------
        points : (P, 3)
            Metres. Of several storeys the one that is nearest in height counts.

        Returns
        -------
        heights : (P,)
            -inf where there is nothing.
        normals : (P, 3)
        """

    def nearest(self, point: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest place (3,) on it to a point (3,), and its normal (3,) there.

        `free` (3,) lies on the side that the normal is to point to.
        """


@dataclass(frozen=True)
class Level:
    """A floor at a height in metres."""

    height: float

    def under(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return its height below every point; see `Surface`."""
        return np.full(len(points), self.height), np.broadcast_to(_UP, points.shape)

    def nearest(self, point: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the place straight above or below; see `Surface`."""
        return np.array([point[0], point[1], self.height]), _UP


class Triangles:
    """A surface of triangles.

    Parameters
    ----------
    corners : (F, 3, 3)
        Metres; at least one of them has an area. Which way round they go does not matter.
    """

    def __init__(self, corners: np.ndarray) -> None:
        self._corners = corners = corners[has_area(corners)]
        edges = corners[:, 1:] - corners[:, :1]
        normals = np.cross(edges[:, 0], edges[:, 1])
        self._normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)

    def under(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return height and normal below and above points; see `Surface`."""
        up = self._normals * np.where(self._normals[:, 2:] < 0, -1.0, 1.0)
        bears = up[:, 2] > _WALL
        corners, up = self._corners[bears], up[bears]
        heights, normals = np.full(len(points), -np.inf), np.tile(_UP, (len(points), 1))
        if not len(corners):
            return heights, normals
        step = max(1, _AT_ONCE // len(corners))
        for first in range(0, len(points), step):
            part = slice(first, first + step)
            heights[part], normals[part] = _hits(points[part], corners, up)
        return heights, normals

    def nearest(self, point: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest place on any triangle; see `Surface`."""
        places = _nearest_on(point, self._corners, self._normals)
        best = int(np.linalg.norm(places - point, axis=1).argmin())
        normal = self._normals[best]
        return places[best], normal if normal @ (free - places[best]) >= 0 else -normal


def _hits(points: np.ndarray, corners: np.ndarray, up: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where vertical lines through points (P, 3) meet triangles: heights and normals."""
    a, b, c = (corners[:, each, :2] for each in range(3))
    inside = np.ones((len(points), len(corners)), bool)
    turn = np.sign(_cross(b - a, c - a))
    for start, end in ((a, b), (b, c), (c, a)):
        beside = _cross(end - start, points[:, None, :2] - start)
        inside &= beside * turn >= -1e-9
    level = (up * corners[:, 0]).sum(axis=1) - points[:, :2] @ up[:, :2].T
    heights = np.where(inside, level / up[:, 2], -np.inf)
    away = np.abs(heights - points[:, 2:])
    best = away.argmin(axis=1)
    rows = np.arange(len(points))
    return heights[rows, best], up[best]


def _nearest_on(point: np.ndarray, corners: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """Return the place (F, 3) on each triangle that is nearest to a point (3,)."""
    flat = point - ((point - corners[:, 0]) * normals).sum(axis=1, keepdims=True) * normals
    inside = np.ones(len(corners), bool)
    best, least = flat.copy(), np.full(len(corners), np.inf)
    for first, second in ((0, 1), (1, 2), (2, 0)):
        start, edge = corners[:, first], corners[:, second] - corners[:, first]
        inside &= (np.cross(edge, flat - start) * normals).sum(axis=1) >= 0
        share = ((point - start) * edge).sum(axis=1) / (edge * edge).sum(axis=1)
        on_edge = start + share.clip(0, 1)[:, None] * edge
        away = np.linalg.norm(on_edge - point, axis=1)
        best = np.where((away < least)[:, None], on_edge, best)
        least = np.minimum(away, least)
    return np.where(inside[:, None], flat, best)


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])
