"""The pinhole camera that a clip was filmed with, known or assumed.

Camera space is x right, y down, z forward; pixels have their origin in the upper left corner.
"""

from dataclasses import dataclass, field

import numpy as np

from core_model.rotations import rotation_between


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

    def world_to_camera(self, points: np.ndarray) -> np.ndarray:
        """Take world points (..., 3) into camera space, metres."""
        return (points - self.to_world[:3, 3]) @ self.to_world[:3, :3]

    def camera_to_world(self, points: np.ndarray) -> np.ndarray:
        """Take camera-space points (..., 3) into the world, metres."""
        return points @ self.to_world[:3, :3].T + self.to_world[:3, 3]


def looking_at(rays: np.ndarray) -> np.ndarray:
    """Return rotations (..., 3, 3) from camera space to one that looks along `rays` (..., 3).

    Turning is the smallest possible, so the picture does not roll. Seen through the turned camera,
    the same figure looks the same wherever it stands in the picture.
    """
    direction = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
    return rotation_between(direction, np.broadcast_to([0.0, 0.0, 1.0], direction.shape))


def solve_translation(
    points: np.ndarray, rays: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find where figures stand so that their points project onto what was seen.

    Linear least squares of `(x + tx) - u (z + tz) = 0`, `(y + ty) - v (z + tz) = 0`, weighted,
    each frame for itself.

    Parameters
    ----------
    points : (T, N, 3)
        Points on the figure, turned as in camera space, metres.
    rays : (T, N, 3)
        What the pixels look at, on the plane z = 1.
    weights : (T, N)
        Trust in each point, 0 or more.

    Returns
    -------
    translation : (T, 3)
        What to add to `points`, metres.
    solved : (T,) bool
        False where fewer than three points were trusted or the figure would stand behind the lens.
    """
    u, v = rays[..., 0], rays[..., 1]
    one, zero = np.ones_like(u), np.zeros_like(u)
    rows = np.concatenate((np.stack((one, zero, -u), -1), np.stack((zero, one, -v), -1)), axis=1)
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    right = np.concatenate((u * z - x, v * z - y), axis=1)
    w = np.concatenate((weights, weights), axis=1)[..., None]
    normal = np.swapaxes(rows, 1, 2) @ (w * rows)
    enough = (weights > 1e-3).sum(axis=1) >= 3
    normal[~enough] = np.eye(3)
    normal += 1e-9 * np.eye(3)
    translation = np.linalg.solve(normal, np.swapaxes(rows, 1, 2) @ (w * right[..., None]))[..., 0]
    return translation, enough & (translation[:, 2] > 0.05)
