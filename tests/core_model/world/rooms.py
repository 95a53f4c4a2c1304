"""Edges of made-up rooms as a camera sees them."""

import numpy as np
from scipy.spatial.transform import Rotation

from core_model.tracking.line_segments import LineLook

SIZE = np.array([1280.0, 720.0])
ALL = np.eye(3)


def edges_seen(
    focal: float,
    to_camera: np.ndarray,
    count: int = 90,
    stray: int = 15,
    directions: np.ndarray = ALL,
    seed: int = 0,
    time: float = 0.0,
) -> LineLook:
    """Return edges along directions of a room, and some along none, with errors of half a pixel.

    Parameters
    ----------
    focal : float
        Pixels, of a picture of 1280 by 720.
    to_camera : (3, 3)
        From the room's space to the camera's.
    directions : (D, 3)
        Of the room.
    """
    random = np.random.default_rng(seed)
    along = directions[random.integers(0, len(directions), count)]
    along = np.concatenate([along, Rotation.random(stray, random_state=seed).as_matrix()[:, 0]])
    middle = np.c_[random.uniform(-2, 2, (count + stray, 2)), random.uniform(4, 8, count + stray)]
    reach = random.uniform(0.2, 0.8, (count + stray, 1)) * (along @ to_camera.T)
    points = np.stack([middle - reach, middle + reach], axis=1)
    ends = focal * points[..., :2] / points[..., 2:] + SIZE / 2
    return LineLook(time, ends + random.normal(0, 0.5, ends.shape))


def held(pitch: float, roll: float, yaw: float) -> np.ndarray:
    """Return the turn (3, 3) from a room (Y down) to a camera that is held so, degrees."""
    return Rotation.from_euler("yxz", [yaw, pitch, roll], degrees=True).as_matrix()
