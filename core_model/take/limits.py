"""What is too large to be motion of a person: beyond it, arithmetic ends in what is no number."""

import numpy as np

from core_model.errors import TakeError
from core_model.geometry.camera import Camera

_LARGEST = {
    "poses": 1e4,  # radians: whoever spins for hours, counted on
    "trans": 1e6,  # metres: national grids have such coordinates
    "betas": 1e3,
    "times": 1e10,  # seconds: clocks that count from 1970
    "confidence": 1.001,
    "confidence_hands": 1.001,
    "keypoints2d": 1e9,  # pixels: what is almost beside the camera is seen far out
    "bbox": 1e9,
    "frame_valid": 1.0,
    "camera_turns": 1.001,
    "camera_zoom": 1e3,
    "poses_hands": 1e4,
    "turns": 1.001,
    "zoom": 1e3,
    "offset": 1e10,
}
_LONGEST = 1e7  # seconds, four months
_SHORTEST_STEP = 1e-9  # seconds
_LARGEST_PICTURE = 1e6  # pixels
_FOCAL = (1.0, 1e8)  # pixels
_SHORTEST_ZOOM = 1e-3
_NOT_RIGID = 1e-3


def check_numbers(name: str, array: np.ndarray, most: float | None = None) -> None:
    """Refuse an array of a take that holds what is no number or is beyond all measure.

    Parameters
    ----------
    name : str
    array : array of any shape
    most : float, optional
        The largest that makes sense, where the name does not tell it.

    Raises
    ------
    TakeError
    """
    if not np.isfinite(array).all():
        raise TakeError(f"'{name}' holds values that are not numbers.")
    largest = max(float(array.max()), -float(array.min()))
    most = _LARGEST[name] if most is None else most
    if largest > most:
        raise TakeError(
            f"'{name}' holds {largest:.6g} where {most:g} is the most that makes sense."
        )


def check_times(times: np.ndarray) -> None:
    """Refuse times (T,) in seconds that do not run forward, or for longer than any clip.

    Raises
    ------
    TakeError
    """
    if (np.diff(times) < _SHORTEST_STEP).any():
        raise TakeError("The times of the frames do not increase.")
    if times[-1] - times[0] > _LONGEST:
        days = (times[-1] - times[0]) / 86400
        raise TakeError(f"The times of the frames span {days:.0f} days; no clip is so long.")


def check_zoom(zoom: np.ndarray) -> None:
    """Refuse focal lengths (T,), as multiples, that no lens has.

    Raises
    ------
    TakeError
    """
    if np.size(zoom) and zoom.min() < _SHORTEST_ZOOM:
        raise TakeError(f"The camera's lens cannot be {zoom.min():g} times as long.")


def check_camera(camera: Camera) -> None:
    """Refuse a camera that nobody can film with.

    Raises
    ------
    TakeError
    """
    center, size, to_world = (
        np.asarray(value, dtype=np.float64)
        for value in (camera.center, camera.size, camera.to_world)
    )
    if center.shape != (2,) or size.shape != (2,) or to_world.shape != (4, 4):
        raise TakeError("Its camera is damaged: numbers are missing or too many.")
    known = np.concatenate(([camera.focal], center, size, to_world.ravel()))
    if not np.isfinite(known).all():
        raise TakeError("Its camera is damaged: it holds values that are not numbers.")
    turn = to_world[:3, :3]
    if (
        not _FOCAL[0] <= camera.focal <= _FOCAL[1]
        or not (1 <= size).all()
        or max(size.max(), np.abs(center).max()) > _LARGEST_PICTURE
        or np.abs(to_world[:3, 3]).max() > _LARGEST["trans"]
        or np.abs(turn @ turn.T - np.eye(3)).max() > _NOT_RIGID
        or np.linalg.det(turn) < 0
        or np.abs(to_world[3] - [0, 0, 0, 1]).max() > _NOT_RIGID
    ):
        raise TakeError("Its camera is damaged: nothing could be filmed with such a one.")
