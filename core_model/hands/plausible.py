"""What hands usually do, to hold what was seen of them against.

A Gaussian prior over the angles of a hand and Gaussian noise of what was seen give the most likely
angles in closed form (Bishop, "Pattern Recognition and Machine Learning", 2.3.3).
"""

import functools

import numpy as np

from core_model.hands.model import ANGLE_COUNT, RELAXED, THUMB

# Degrees around the relaxed hand, of everyday movement: hands close and open as a whole, then
# fingers on their own, then joints on their own.
_GRIP, _FINGER, _JOINT, _SPREAD = 20.0, 15.0, 9.0, 7.0
_THUMB_BASE, _THUMB_BEND = 25.0, 12.0
_LAST_JOINT = 0.5  # it bends with the one before: the tendons are the same
_NOISE, _NOISE_AT = 15.0, 100.0  # degrees of each angle, for a region of so many pixels
_NOISE_RANGE = (6.0, 40.0)


def most_likely(angles: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return the most likely angles (T, 21) of hands that were seen with angles (T, 21).

    Parameters
    ----------
    angles : (T, 21)
        Radians, as from `core_model.hands.model.angles_of`.
    size : (T,)
        Side of the region in pixels: the larger a hand is seen, the surer its angles are.
    """
    values, axes = _prior()
    noise = np.radians(np.clip(_NOISE * _NOISE_AT / np.maximum(size, 1), *_NOISE_RANGE))
    share = values / (values + noise[:, None] ** 2)
    return np.asarray(RELAXED + (share * ((angles - RELAXED) @ axes)) @ axes.T)


@functools.cache
def _prior() -> tuple[np.ndarray, np.ndarray]:
    """Return variances (21,), radians squared, and the directions (21, 21) that have them."""
    moves: list[dict[int, float]] = []
    fingers = [4 * finger for finger in range(THUMB)]
    bends = {first + joint: 1.0 for first in fingers for joint in (0, 2)}
    bends |= {first + 3: _LAST_JOINT for first in fingers}
    moves.append({column: _GRIP * part for column, part in bends.items()})
    for first in fingers:
        own = {column: part for column, part in bends.items() if first <= column < first + 4}
        moves.append({column: _FINGER * part for column, part in own.items()})
        moves.append({first + 1: _SPREAD})
    moves += [{column: _JOINT * part} for column, part in bends.items()]
    base = 4 * THUMB
    moves += [{base + axis: _THUMB_BASE} for axis in range(3)]
    moves.append({base + 3: _THUMB_BEND, base + 4: _THUMB_BEND})
    moves += [{base + 3: _JOINT}, {base + 4: _JOINT}]
    matrix = np.zeros((len(moves), ANGLE_COUNT))
    for row, move in zip(matrix, moves, strict=True):
        row[list(move)] = np.radians(list(move.values()))
    values, axes = np.linalg.eigh(matrix.T @ matrix)
    return values, axes
