"""Another camera that filmed what a Take shows."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core_model.body.landmarks import LANDMARK_COUNT
from core_model.errors import TakeError
from core_model.geometry.camera import Camera
from core_model.take.limits import check_camera, check_numbers, check_times, check_zoom

MOST_VIEWS = 8
"""Cameras of a take besides its first one."""


@dataclass
class View:
    """Another camera that filmed what a Take shows, and what it saw of the person.

    Parameters
    ----------
    video : str
        Path of its clip.
    camera : Camera
        Its `to_world` leads to the space of the take's own camera, not to the world.
    times : (N,)
        Seconds on the clip's own clock.
    offset : float
        Seconds on the clock of the take's own clip at which this clip's clock is 0.
    rate : float
        Seconds of the take's own clock in a second of this clip's.
    keypoints2d : (N, 33, 3)
        BlazePose landmarks: x, y in pixels of the upright picture, visibility 0 to 1.
    turns : (N, 3, 3) or (0,)
        From the space of a camera that turned, in every frame, to that of `camera`; empty if it
        stood still.
    zoom : (N,) or (0,)
        Focal length in every frame as a multiple of that of `camera`; empty if it never changed.
    about : dict
        What players need to know: "stored" as in a take's source, "sound_start".
    """

    video: str
    camera: Camera
    times: np.ndarray
    offset: float
    rate: float
    keypoints2d: np.ndarray
    turns: np.ndarray = field(default_factory=lambda: np.empty(0))
    zoom: np.ndarray = field(default_factory=lambda: np.empty(0))
    about: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together.

        Raises
        ------
        TakeError
            When a shape is wrong, or a number is none or beyond all measure.
        """
        frames = np.size(self.times)
        shapes: dict[str, tuple[int, ...]] = {
            "times": (frames,),
            "keypoints2d": (frames, LANDMARK_COUNT, 3),
        }
        if np.size(self.turns):
            shapes["turns"] = (frames, 3, 3)
        if np.size(self.zoom):
            shapes["zoom"] = (frames,)
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name))
            if array.shape != shape or not frames:
                raise TakeError(f"'{name}' of a view has the shape {array.shape}, not {shape}.")
            check_numbers(name, array)
            setattr(self, name, array.astype(np.float64))
        check_zoom(self.zoom)
        check_times(self.times)
        check_numbers("offset", np.array([self.offset, self.rate]))
        if self.rate <= 0:
            raise TakeError(f"The clock of a view cannot run {self.rate:g} times as fast.")
        check_camera(self.camera)
