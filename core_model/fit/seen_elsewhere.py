"""What another camera, that stands where it is known to, saw in the frames of a stretch."""

from dataclasses import dataclass, replace

import numpy as np

from core_model.geometry.camera import Camera


@dataclass(frozen=True)
class SeenElsewhere:
    """What another camera saw of one person.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels and visibility in the frames of the stretch, as a camera that stands still sees
        them; visibility 0 where the person was not seen.
    camera : Camera
        Focal length and picture; `to_world` is not used.
    rotation : (3, 3)
        From the space in which the stretch is fitted to that of this camera.
    translation : (3,)
        Likewise, metres.
    """

    landmarks: np.ndarray
    camera: Camera
    rotation: np.ndarray
    translation: np.ndarray

    def part(self, which: slice) -> "SeenElsewhere":
        """Return what it saw in some of the frames."""
        return replace(self, landmarks=self.landmarks[which])
