"""Numbers, texts and cameras in the arrays of a file of takes, which may come from anywhere."""

import os
from collections.abc import Mapping, Sequence

import numpy as np

from core_model.errors import TakeError
from core_model.geometry.camera import Camera

_LONGEST_TEXT = 2**16


def is_file_name(text: object) -> bool:
    """Tell whether something is text that can be the name of a file, and can be shown."""
    if not isinstance(text, str) or "\0" in text:
        return False
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return False
    return True


def number_of(arrays: Mapping[str, np.ndarray], name: str) -> float:
    """Return the one number of that name; a TakeError where there are more or none."""
    if arrays[name].size != 1:
        raise TakeError(f"'{name}' has the shape {arrays[name].shape} where one number belongs.")
    return float(arrays[name].reshape(()))


def text_of(arrays: Mapping[str, np.ndarray], name: str, longest: int = _LONGEST_TEXT) -> str:
    """Return the text of that name; a TakeError where it is none, or longer than that."""
    array = arrays[name]
    if array.size != 1 or array.dtype.kind not in "US" or array.nbytes > 4 * longest:
        raise TakeError(f"'{name}' is no text, or one as long as a book.")
    try:
        if array.dtype.kind == "S":
            return bytes(array.reshape(()).item()).decode()
        # Numpy makes texts of numbers that are no characters, on which Python fails later.
        units = array.astype(array.dtype.newbyteorder("<")).tobytes()
        return units.decode("utf-32-le").rstrip("\0")
    except ValueError as error:  # what is no character
        raise TakeError(f"'{name}' is no text.") from error


def camera_of(arrays: Mapping[str, np.ndarray], names: Sequence[str]) -> Camera:
    """Return the camera of a file: focal length, center, size and pose by these names.

    Raises
    ------
    TakeError
        When something of it is missing or damaged.
    """
    if not all(name in arrays for name in names):
        raise TakeError("Its camera is damaged: something of it is missing.")
    focal, (center, size, to_world) = names[0], (arrays[name] for name in names[1:])
    if not np.isfinite(size).all() or np.abs(size).max(initial=0) > np.iinfo(np.int32).max:
        raise TakeError("Its camera is damaged: its picture has no size.")
    return Camera(
        focal=number_of(arrays, focal),
        center=center.astype(np.float64),
        size=size.astype(np.int64),
        to_world=to_world.astype(np.float64),
    )
