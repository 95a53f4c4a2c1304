"""What cameras saw of a motion that was made of what they filmed: joined, looped, played slower."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.take.limits import check_numbers

_MOST_PARTS = 2**31
_NOT_RIGID = 1e-3


@dataclass(frozen=True)
class Footage:
    """Of each frame of a take, what the capture that it comes from knew of it.

    Such a take has no camera any more: no clip shows it. How sure and how restless its parts were
    measured, and along which line of sight badly, is still as it was.

    Parameters
    ----------
    part : (T,) int
        Which of the captures it is made of; what is measured over a capture counts for its part.
    clock : (T,)
        Seconds as they passed when it was filmed, increasing: half of the take's own in slow
        motion.
    camera : (T, 3, 4)
        From the space of the camera that filmed it, which stood still, to the take's world,
        metres; 0 where nobody filmed it.
    foot_speed : (T, 2, 2)
        How fast heel and toes (last axis) of left and right went across the picture, metres per
        second of `clock`.
    foot_seen : (T, 2, 2)
        How much that counts, 0 to 1.
    foot_scale : (T,)
        By which the speeds of feet are divided before they are judged: more for feet that tremble
        more, above 0.
    foot_stands : (T, 2, 2) int
        Whether heel and ball were found to stand, 1 or 0; -1 where that has to be found anew.
    foot_slid : (T, 2, 2)
        How far over the ground, X and Y, what bore left and right had slid by then in a bake of
        what the take is made of, metres from anywhere: while they stand they slide as far, and no
        further.
    """

    part: np.ndarray
    clock: np.ndarray
    camera: np.ndarray
    foot_speed: np.ndarray
    foot_seen: np.ndarray
    foot_scale: np.ndarray
    foot_stands: np.ndarray
    foot_slid: np.ndarray

    def __len__(self) -> int:
        return len(self.part)

    def __getitem__(self, rows: slice | np.ndarray) -> "Footage":
        return Footage(**{name: values[rows] for name, values in vars(self).items()})

    @property
    def filmed(self) -> np.ndarray:
        """Which frames somebody filmed, (T,) bool."""
        return np.asarray(self.camera.any(axis=(1, 2)))

    def checked(self, frames: int) -> "Footage":
        """Return it as it belongs to a take of so many frames.

        Raises
        ------
        TakeError
            When it does not: a shape is wrong, or a number makes no sense.
        """
        changed = {}
        for name, (shape, largest) in _SHAPES.items():
            array = np.asarray(getattr(self, name))
            if array.shape != (frames, *shape):
                expected = (frames, *shape)
                raise TakeError(f"'{name}' has the shape {array.shape} where {expected} belongs.")
            check_numbers(name, array, largest)
            changed[name] = array.astype(np.int64 if name in _WHOLE else np.float64)
        found = Footage(**changed)
        turns = found.camera[found.filmed, :, :3]
        apart = turns @ np.swapaxes(turns, 1, 2) - np.eye(3)
        if np.abs(apart).max(initial=0) > _NOT_RIGID or (np.linalg.det(turns) < 0).any():
            raise TakeError("The cameras of its parts are damaged.")
        if (np.diff(found.clock) <= 0).any() or (found.foot_scale <= 0).any():
            raise TakeError("What its captures knew of its feet is damaged.")
        return found


_SHAPES: dict[str, tuple[tuple[int, ...], float]] = {
    "part": ((), _MOST_PARTS),
    "clock": ((), 1e10),
    "camera": ((3, 4), 1e6),
    "foot_speed": ((2, 2), 1e9),
    "foot_seen": ((2, 2), 1.001),
    "foot_scale": ((), 1e3),
    "foot_stands": ((2, 2), 1),
    "foot_slid": ((2, 2), 1e6),
}
"""Of each array the shape of a row, and the most that makes sense."""

_WHOLE = ("part", "foot_stands")
FOOTAGE_ARRAYS = tuple(f"footage_{each.name}" for each in fields(Footage))
"""Names in a file of takes."""


def arrays_of_footage(footage: Footage | None) -> dict[str, np.ndarray]:
    """Return what is stored of it."""
    if footage is None:
        return {}
    return dict(zip(FOOTAGE_ARRAYS, vars(footage).values(), strict=True))


def footage_of(arrays: Mapping[str, Any]) -> Footage | None:
    """Return that of a file, None where it has none.

    Raises
    ------
    TakeError
        When something of it is missing.
    """
    found = [arrays[name] for name in FOOTAGE_ARRAYS if name in arrays]
    if not found:
        return None
    if len(found) < len(FOOTAGE_ARRAYS):
        raise TakeError("Something of what its captures knew is missing.")
    return Footage(*found)
