"""The parts of one person's motion put together, a part at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core_model.body.fingers import FINGER_JOINT_COUNT, HandMotion
from core_model.body.landmarks import LANDMARK_COUNT
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.rotations import matrix_to_rot6d, rot6d_to_matrix
from core_model.hands.model import RELAXED, finger_rotations, hand_model
from core_model.lifting.figure import Figure
from core_model.parts.kept import Kept

_ROWS: dict[str, tuple[int, ...]] = {
    "seen": (),
    "landmarks": (LANDMARK_COUNT, 3),
    "bbox": (4,),
    "rotations": (JOINT_COUNT, 3, 3),
    "pelvis": (3,),
    "confidence": (JOINT_COUNT,),
    "fingers": (FINGER_JOINT_COUNT, 3, 3),
    "confidence_hands": (2,),
}
"""What is known of every frame, and its shape."""

Rows = dict[str, np.ndarray]


@dataclass(frozen=True)
class Joined:
    """Some frames of one person's motion, one after the other.

    Parameters
    ----------
    first : int
        Frame of the clip.
    rows : dict
        By name, with a row for each frame, as in `Figure`; zeros where nobody was seen.
    """

    first: int
    rows: Rows

    def figure(self, betas: np.ndarray, relaxed: np.ndarray | None) -> Figure:
        """Return them as a figure.

        Parameters
        ----------
        betas : (10,)
        relaxed : (30, 3, 3) or None
            Fingers where no hands were seen; None if this person's never were.
        """
        rows, hands = self.rows, None
        if relaxed is not None:
            known = rows["fingers"].any(axis=(1, 2, 3))[:, None, None, None]
            hands = HandMotion(np.where(known, rows["fingers"], relaxed), rows["confidence_hands"])
        return Figure(
            self.first,
            rows["seen"],
            rows["landmarks"],
            rows["bbox"],
            rows["rotations"],
            betas,
            rows["pelvis"],
            hands,
        )


def joined(kept: Kept, index: int, first: int, last: int) -> Iterator[Joined]:
    """Yield the motion of a person from a first frame to a last, part after part.

    Where two parts overlap, the earlier fades into the later.

    Parameters
    ----------
    kept : Kept
    index : int
        Of the person.
    first, last : int
        Frames of the clip.
    """
    begin, own = 0, kept.motion(0)
    for number, part in enumerate(kept.parts):
        is_last = number == len(kept.parts) - 1
        later = {} if is_last else kept.motion(number + 1)
        low, high = max(begin, first), min(part.end, last + 1)
        if low < high:
            rows = rows_of(own, index, low, high)
            overlap = max(low, part.next_first)
            if overlap < high:
                share = (np.arange(overlap, high) - part.next_first + 0.5) / (
                    part.end - part.next_first
                )
                faded = _faded(
                    {name: values[overlap - low :] for name, values in rows.items()},
                    rows_of(later, index, overlap, high),
                    share,
                )
                for name, values in faded.items():
                    rows[name][overlap - low :] = values
            yield Joined(low, rows)
        begin, own = part.end, later


def rows_of(arrays: Rows, index: int, low: int, high: int) -> Rows:
    """Return what a part knows of a person in frames `low` to `high` of the clip, `high` not."""
    kinds = {"seen": bool}
    rows: Rows = {
        name: np.zeros((high - low, *shape), kinds.get(name, np.float64))
        for name, shape in _ROWS.items()
    }
    rows["rotations"][:] = np.eye(3)
    if f"seen_{index}" not in arrays:
        return rows
    first = int(arrays[f"first_{index}"])
    begin, end = max(low, first), min(high, first + len(arrays[f"seen_{index}"]))
    for name, values in rows.items():
        known = arrays.get(f"{name}_{index}")
        if known is not None and begin < end:
            values[begin - low : end - low] = known[begin - first : end - first]
    return rows


def mean_shape(kept: Kept, index: int, numbers: Sequence[int]) -> tuple[np.ndarray, bool]:
    """Return the betas (10,) of a person in its parts, by length, and whether hands were seen."""
    shapes, weights, has_hands = [], [], False
    for number in numbers:
        arrays = kept.motion(number)
        shapes.append(arrays[f"betas_{index}"])
        weights.append(max(int(arrays[f"seen_{index}"].sum()), 1))
        has_hands |= f"fingers_{index}" in arrays
    return np.average(shapes, axis=0, weights=weights), has_hands


def relaxed_fingers(body: Body, betas: np.ndarray) -> np.ndarray:
    """Return the rotations (30, 3, 3) of fingers at rest."""
    fingered, shape = (body, betas) if body.has_fingers else (default_body(), np.zeros(10))
    sides = [
        finger_rotations(hand_model(fingered, shape, side), RELAXED[None])[0] for side in (0, 1)
    ]
    return np.concatenate(sides)


def _faded(before: Rows, after: Rows, share: np.ndarray) -> Rows:
    """Fade from rows to others by shares (N,), 0 to 1, of these; both count only where seen."""
    both = before["seen"] & after["seen"]
    weight = np.where(both, share, np.where(after["seen"], 1.0, 0.0))
    nearer = weight >= 0.5
    faded = {
        name: np.where(nearer.reshape(-1, *[1] * (values.ndim - 1)), after[name], values)
        for name, values in before.items()
    }
    faded["pelvis"] = _between(before["pelvis"], after["pelvis"], weight)
    faded["confidence"] = _between(before["confidence"], after["confidence"], weight)
    for name in ("rotations", "fingers"):
        known = both & before[name].any(axis=(1, 2, 3)) & after[name].any(axis=(1, 2, 3))
        mixed = _between(before[name][known], after[name][known], weight[known])
        faded[name][known] = rot6d_to_matrix(matrix_to_rot6d(mixed))
    return faded


def _between(before: np.ndarray, after: np.ndarray, weight: np.ndarray) -> np.ndarray:
    weight = weight.reshape(-1, *[1] * (before.ndim - 1))
    return np.asarray((1 - weight) * before + weight * after)
