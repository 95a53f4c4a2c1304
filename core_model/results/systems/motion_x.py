"""Motion-X: an `.npy` of 322 numbers a frame, at 30 frames per second."""

from pathlib import Path
from typing import Any

import numpy as np

from core_model.results.parameters import split, ten
from core_model.results.record import Y_UP, Person, Result

_NUMBERS = 322
_POSE = 159  # root, body, hands, jaw
_PLACE = slice(309, 312)
_SHAPE = slice(312, 322)
_RATE = 30.0


def fits(content: Any) -> bool:
    """Tell whether a file is one of this data set's."""
    return (
        isinstance(content, np.ndarray)
        and content.ndim == 2
        and content.shape[1] == _NUMBERS
        and content.dtype.kind == "f"
    )


def read(content: Any, path: Path) -> Result:
    """Read the person of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    rows = np.asarray(content, dtype=np.float64)
    poses, hands, _ = split(rows[:, :_POSE], "pose")
    person = Person(poses, rows[:, _PLACE], ten(rows[:, _SHAPE]), hands=hands)
    return Result("Motion-X", [person], Y_UP, _RATE, axis_unsure=True)
