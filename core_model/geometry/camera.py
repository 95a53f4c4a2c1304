"""The pinhole camera that a clip was filmed with, known or assumed.

Camera space is x right, y down, z forward; pixels have their origin in the upper left corner.
"""

from dataclasses import dataclass, field

import numpy as np

_ROUNDS = 8


@dataclass(frozen=True)
class Camera:
    """A pinhole camera and where it stands.

    Parameters
    ----------
    focal : float
        Focal length in pixels.
    center : (2,)
        Principal point in pixels.
    size : (2,)
        Width and height of the picture in pixels, upright as shown.
    to_world : (4, 4)
        From camera space to the world (Z up), metres.
    """

    focal: float
    center: np.ndarray
    size: np.ndarray
    to_world: np.ndarray = field(default_factory=lambda: np.eye(4))

    @classmethod
    def assumed(cls, width: int, height: int, focal: float | None = None) -> "Camera":
        """Make a camera for a picture of which little is known.

        Without `focal` (pixels) the longer side is taken to see 53 degrees, the view of an
        ordinary phone: too wide an assumption is harmless to the pose, too narrow a one is not.
        """
        return cls(
            focal=float(focal or max(width, height)),
            center=np.array([width / 2, height / 2]),
            size=np.array([width, height]),
        )

    def project(self, points: np.ndarray) -> np.ndarray:
        """Project camera-space points (..., 3), metres, to pixels (..., 2)."""
        return self.focal * points[..., :2] / points[..., 2:] + self.center

    def rays(self, pixels: np.ndarray) -> np.ndarray:
        """Return the points (..., 3) on the plane z = 1 that pixels (..., 2) look at."""
        flat = (pixels - self.center) / self.focal
        return np.concatenate((flat, np.ones_like(flat[..., :1])), axis=-1)

    def through_one_lens(self, pixels: np.ndarray, zoom: np.ndarray) -> np.ndarray:
        """Return where pictures of a camera that zooms would show the same with this lens.

        Parameters
        ----------
        pixels : (T, ..., 2)
            Of the clip's pictures.
        zoom : (T,) or (0,)
            Focal length of each picture as a multiple of `focal`; empty if it was always that.
        """
        if not np.size(zoom):
            return pixels
        return self.center + (pixels - self.center) / _of_each(zoom, pixels)

    def through_zoom(self, pixels: np.ndarray, zoom: np.ndarray) -> np.ndarray:
        """Return pixels (T, ..., 2) of this lens in the clip's pictures: `through_one_lens` back.

        Parameters
        ----------
        pixels : (T, ..., 2)
        zoom : (T,) or (0,)
            As there.
        """
        if not np.size(zoom):
            return pixels
        return self.center + (pixels - self.center) * _of_each(zoom, pixels)

    def world_to_camera(self, points: np.ndarray) -> np.ndarray:
        """Take world points (..., 3) into camera space, metres."""
        return (points - self.to_world[:3, 3]) @ self.to_world[:3, :3]

    def camera_to_world(self, points: np.ndarray) -> np.ndarray:
        """Take camera-space points (..., 3) into the world, metres."""
        return points @ self.to_world[:3, :3].T + self.to_world[:3, 3]


def _of_each(zoom: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    return zoom.reshape(-1, *(1,) * (pixels.ndim - 1))


def solve_translation(
    points: np.ndarray, rays: np.ndarray, trust: np.ndarray, robust_scale: float = 0.04
) -> tuple[np.ndarray, np.ndarray]:
    """Find where figures stand so that their points project onto what was seen.

    Starts from the depth at which the figure would look as large as it was seen, then Gauss-Newton
    on the reprojection error with Geman-McClure weights, each frame for itself.

    Parameters
    ----------
    points : (T, N, 3)
        Points on the figure about its own origin, turned as in camera space, metres.
    rays : (T, N, 3)
        What the pixels look at, on the plane z = 1.
    trust : (T, N)
        Weight of each point, 0 or more.
    robust_scale : float
        Error, as a share of the figure's extent, from which a point counts ever less.

    Returns
    -------
    translation : (T, 3)
        What to add to `points`, metres.
    solved : (T,) bool
        False where fewer than three points were trusted.
    """
    solved = (trust > 1e-3).sum(axis=1) >= 3
    trust = np.where(solved[:, None], trust, 1.0)
    seen = rays[..., :2]
    share = (trust / trust.sum(axis=1, keepdims=True))[..., None]
    middle, seen_middle = (share * points).sum(axis=1), (share * seen).sum(axis=1)
    size = (share * (points - middle[:, None])[..., :2] ** 2).sum(axis=(1, 2))
    seen_size = (share * (seen - seen_middle[:, None]) ** 2).sum(axis=(1, 2))
    depth = np.sqrt(size / np.maximum(seen_size, 1e-12))
    at = np.concatenate((seen_middle * depth[:, None], depth[:, None]), axis=1) - middle
    nearest = 0.3 * depth - middle[:, 2]
    scale = robust_scale * np.ptp(seen, axis=1).max(axis=-1)[:, None] + 1e-9
    for _ in range(_ROUNDS):
        placed = points + at[:, None]
        z = np.maximum(placed[..., 2], 0.1)
        flat = placed[..., :2] / z[..., None]
        missed = seen - flat
        weights = trust / (1 + (missed**2).sum(axis=-1) / scale**2) ** 2 + 1e-6 * trust
        zero = np.zeros_like(z)
        slopes = np.stack(
            (
                np.stack((1 / z, zero, -flat[..., 0] / z), -1),
                np.stack((zero, 1 / z, -flat[..., 1] / z), -1),
            ),
            -2,
        )
        normal = np.einsum("tn,tnia,tnib->tab", weights, slopes, slopes)
        right = np.einsum("tn,tnia,tni->ta", weights, slopes, missed)
        at = at + np.linalg.solve(normal + 1e-12 * np.eye(3), right[..., None])[..., 0]
        at[:, 2] = np.maximum(at[:, 2], nearest)
    return at, solved
