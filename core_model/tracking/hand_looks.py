"""What was seen of hands in each frame: looks that need not be made again."""

from dataclasses import dataclass, field

import numpy as np

from core_model.detection.hand_landmarker import HAND_LANDMARK_COUNT, Hand
from core_model.detection.region import Region

_MIDDLE, _SIZE, _ANGLE = 0.04, 0.04, 0.07
"""How far a region may lie from another (of its side, as a share of it, and in radians) and show
the same: less than the region of a hand trembles from one frame to the next."""

_FLAT, _DEEP = 2 * HAND_LANDMARK_COUNT, 3 * HAND_LANDMARK_COUNT
_COLUMNS = 4 + _FLAT + _DEEP + 2


@dataclass
class HandLooks:
    """What the network saw in regions of the frames of a clip, or of a part of one.

    A look is written down in a row: middle, size and angle of the region, landmarks, world
    landmarks, presence, rightness.

    Parameters
    ----------
    width, height : int
        Of the pictures in pixels.
    """

    width: int
    height: int
    _rows: list[np.ndarray] = field(default_factory=list)
    _of_frame: dict[int, list[int]] = field(default_factory=dict)

    def shows(self, region: Region) -> bool:
        """Tell whether the middle of a region is in the picture."""
        x, y = region.center
        return bool(0 <= x < self.width and 0 <= y < self.height)

    def add(self, frame: int, region: Region, hand: Hand) -> None:
        """Write down what was seen in a region of a frame."""
        row = np.concatenate(
            (
                _place(region),
                hand.landmarks.ravel(),
                hand.world.ravel(),
                (hand.presence, hand.rightness),
            )
        )
        self._of_frame.setdefault(frame, []).append(len(self._rows))
        self._rows.append(row)

    def seen(self, frame: int, region: Region) -> Hand | None:
        """Return what was seen in a region, or next to it; None where nobody looked there."""
        rows = [self._rows[index] for index in self._of_frame.get(frame, ())]
        wanted = _place(region)
        for row in rows:
            if (row[:4] == wanted).all():
                return _hand(row)
        for row in rows:
            if _shows_the_same(row[:4], wanted):
                return _hand(row)
        return None

    def between(self, first: int, end: int) -> "HandLooks":
        """Return what was seen from one frame to before another, which is then frame 0."""
        own = {
            frame - first: rows for frame, rows in self._of_frame.items() if first <= frame < end
        }
        return HandLooks(self.width, self.height, self._rows, own)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return all that was seen as arrays: frames (N,) and rows (N, C) of N looks, and size."""
        frames = np.empty(len(self._rows), np.int64)
        for frame, looks in self._of_frame.items():
            frames[looks] = frame
        rows = np.array(self._rows).reshape(-1, _COLUMNS)
        return {"size": np.array([self.width, self.height]), "frames": frames, "rows": rows}

    @classmethod
    def from_arrays(cls, size: np.ndarray, frames: np.ndarray, rows: np.ndarray) -> "HandLooks":
        """Make what `to_arrays` told.

        Raises
        ------
        ValueError
            When the arrays are none of these.
        """
        if size.shape != (2,) or frames.ndim != 1 or rows.shape != (len(frames), _COLUMNS):
            raise ValueError("not the arrays that were written")
        looks = cls(int(size[0]), int(size[1]), list(rows))
        for index, frame in enumerate(frames.tolist()):
            looks._of_frame.setdefault(frame, []).append(index)
        return looks


def _place(region: Region) -> np.ndarray:
    return np.array([*region.center, region.size, region.angle])


def _hand(row: np.ndarray) -> Hand:
    return Hand(
        landmarks=row[4 : 4 + _FLAT].reshape(-1, 2),
        world=row[4 + _FLAT : 4 + _FLAT + _DEEP].reshape(-1, 3),
        presence=float(row[-2]),
        rightness=float(row[-1]),
    )


def _shows_the_same(place: np.ndarray, other: np.ndarray) -> bool:
    size = max(place[2], other[2])
    turn = (place[3] - other[3] + np.pi) % (2 * np.pi) - np.pi
    return bool(
        np.hypot(*(place[:2] - other[:2])) < _MIDDLE * size
        and abs(place[2] - other[2]) < _SIZE * size
        and abs(turn) < _ANGLE
    )
