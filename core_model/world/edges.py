"""Straight edges in pictures against directions in space that they may run along."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from core_model.geometry.camera import Camera
from core_model.tracking.line_segments import LineLook

FEWEST = 12  # edges of one picture
_MOST_LOOKS = 6
_NOISE = 1 / 960  # of the picture's longer side, by which the ends of an edge may be off
_SLANT = 0.004  # radians: lenses bend what is straight
_STRAY = 0.3  # of the edges: those along none of the three directions
_ALIKE = 1.5  # edges that err alike: both sides of a slat, tiles of one row
_TINY = 1e-12


@dataclass(frozen=True)
class Edges:
    """Edges in pictures, and how exactly each tells a direction.

    Parameters
    ----------
    middle : (N, 2)
        Of each, from the middle of the picture, as a share of its longer side.
    along : (N, 2)
        Unit vector.
    half : (N,)
        Half as long as it, as a share of the same.
    turned : (N, 3, 3)
        From the space of the camera in that picture to that of the axes.
    trust : (N,)
        How much each counts.
    """

    middle: np.ndarray
    along: np.ndarray
    half: np.ndarray
    turned: np.ndarray
    trust: np.ndarray

    @cached_property
    def noise(self) -> np.ndarray:
        """Standard deviation of the direction of each (N,), radians."""
        return np.hypot(_NOISE / self.half, _SLANT)

    @cached_property
    def peak(self) -> np.ndarray:
        """Of each (N,): how much more probable it is along a direction than as a stray."""
        return (1 - _STRAY) / 3 / (np.sqrt(2 * np.pi) * self.noise) / (_STRAY / np.pi)

    def of(self, chosen: np.ndarray) -> "Edges":
        """Return some of them."""
        names = [each.name for each in fields(self)]
        return Edges(*(getattr(self, name)[chosen] for name in names))

    def misses(self, axes: np.ndarray, ratio: float) -> np.ndarray:
        """Return by how many standard deviations each misses directions (H, 3): (H, N).

        An edge of a direction points to its vanishing point: the angle between the edge and the way
        from its middle to there counts. `ratio` is the focal length, of the longer side.
        """
        seen = axes @ self.turned.transpose(1, 0, 2).reshape(3, -1)
        x, y, z = np.moveaxis(seen.reshape(len(axes), -1, 3), 2, 0)
        right, down = ratio * x - z * self.middle[:, 0], ratio * y - z * self.middle[:, 1]
        across = right * self.along[:, 1] - down * self.along[:, 0]
        return np.asarray(across / (np.sqrt(right**2 + down**2 + _TINY) * self.noise))

    def normals(self, ratio: float) -> np.ndarray:
        """Return what is at right angles to all that each could be, (N, 3)."""
        reach = self.half[:, None] * self.along
        ends = [self.middle + reach, self.middle - reach]
        rays = [np.c_[end / ratio, np.ones(len(end))] for end in ends]
        normals = np.einsum("nij,nj->ni", self.turned, np.cross(*rays))
        return np.asarray(normals / np.linalg.norm(normals, axis=1, keepdims=True))

    def likely(self, misses: np.ndarray) -> np.ndarray:
        """Return the logarithm of how much more probable all edges are than strays.

        Of misses (..., 3, N), one for each direction.
        """
        nearest = np.square(misses).min(axis=-2)
        return np.asarray(np.log1p(self.peak * np.exp(-nearest / 2)) @ self.trust)

    @property
    def likeliest(self) -> float:
        """What `likely` is of edges that miss nothing."""
        return float(np.log1p(self.peak) @ self.trust)


def edges_of(
    looks: Sequence[LineLook],
    times: np.ndarray,
    camera: Camera,
    turns: np.ndarray | None,
    zoom: np.ndarray | None,
) -> Edges | None:
    """Return the edges in some of the looks, spread over all; None where there are too few.

    Parameters
    ----------
    looks : sequence of LineLook
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
        Its picture counts, not its focal length.
    turns : (T, 3, 3) or None
        From camera space in each frame to that of the axes; None if the camera stood still.
    zoom : (T,) or None
        Focal length in each frame as a multiple of the camera's; None if that did not change.
    """
    shown = [(look.time, _in_picture(look, camera)) for look in looks]
    shown = [(time, ends) for time, ends in shown if len(ends) >= FEWEST]
    if not shown:
        return None
    moments = np.array([time for time, _ in shown])
    even = np.linspace(moments.min(), moments.max(), _MOST_LOOKS)
    chosen = np.unique(np.abs(moments[:, None] - even).argmin(axis=0))
    parts = []
    for time, ends in (shown[index] for index in chosen):
        frame = int(np.abs(times - time).argmin())
        if zoom is not None:
            ends = ends / zoom[frame]
        along = ends[:, 1] - ends[:, 0]
        length = np.linalg.norm(along, axis=1)
        turn = np.eye(3) if turns is None else turns[frame]
        parts.append(
            (
                ends.mean(axis=1),
                along / length[:, None],
                length / 2,
                np.broadcast_to(turn, (len(ends), 3, 3)),
                np.full(len(ends), 1 / len(chosen) / _ALIKE),
            )
        )
    return Edges(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _in_picture(look: LineLook, camera: Camera) -> np.ndarray:
    """Return ends (N, 2, 2) from the middle of the picture, as a share of its longer side.

    Without what a damaged file may hold: edges of no length, and such that no picture shows.
    """
    ends = (look.ends - camera.center) / camera.size.max()
    return np.asarray(ends[(np.abs(ends) < 1).all((1, 2)) & (ends[:, 0] != ends[:, 1]).any(1)])
