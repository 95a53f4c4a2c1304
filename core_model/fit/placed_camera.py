"""Cameras of several clips in one space and on one clock, and what each of them saw."""

from dataclasses import dataclass, field

import numpy as np

from core_model.geometry.camera import Camera


@dataclass(frozen=True)
class PlacedCamera:
    """A camera in the space, and on the clock, of the first one.

    Parameters
    ----------
    camera : Camera
        Focal length and picture; `to_world` is not used.
    rotation : (3, 3)
        From the first camera's space to this one's.
    translation : (3,)
        Likewise, metres.
    offset : float
        Seconds on the first clip's clock at which this one's clock is 0.
    rate : float
        Seconds of the first clip's clock in a second of this one's.
    focal_spread : float
        Standard deviation of the focal length's logarithm; 0 where it is known.
    turn_spread : float
        Standard deviation of the rotation about each axis, radians; endless where it is a guess.
    leaning : (2, 3)
        By how much it is another one, as a rotation vector in this camera's space, for each unit by
        which the logarithms of the first camera's focal length and of its own are wrong.
    clock_free : bool
        Whether the offset may be mended.
    """

    camera: Camera
    rotation: np.ndarray
    translation: np.ndarray
    offset: float = 0.0
    rate: float = 1.0
    focal_spread: float = 0.1
    turn_spread: float = np.inf
    leaning: np.ndarray = field(default_factory=lambda: np.zeros((2, 3)))
    clock_free: bool = True

    def on_first_clock(self, times: np.ndarray) -> np.ndarray:
        """Return seconds (N,) of the first clip's clock for those of this one's."""
        return np.asarray(self.offset + self.rate * times)

    def from_first(self, points: np.ndarray) -> np.ndarray:
        """Take points (..., 3) of the first camera's space into this one's."""
        return np.asarray(points @ self.rotation.T + self.translation)

    def to_first(self, points: np.ndarray) -> np.ndarray:
        """Take points (..., 3) of this camera's space into the first one's."""
        return np.asarray((points - self.translation) @ self.rotation)


@dataclass(frozen=True)
class Sight:
    """What one camera saw of one person.

    Parameters
    ----------
    camera : int
        Which one.
    times : (N,)
        Seconds on the clip's own clock.
    landmarks : (N, 33, 3)
        Pixels and visibility, as a camera that stands still sees them; visibility 0 where the
        person was not seen.
    """

    camera: int
    times: np.ndarray
    landmarks: np.ndarray
