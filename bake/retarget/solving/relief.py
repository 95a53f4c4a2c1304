"""How the body gives where legs whose feet are held would be turned far away from their source.

What one leg asks of the body another may have to pay for. Here all bones of all legs are looked at
together: those that are turned most count most, so that in the end they share what must be turned.
"""

from collections.abc import Sequence

import numpy as np

from bake.retarget.solving.two_bone import bent, unit

FREE = np.radians(3.5)
"""So far bones may turn away from their source before others turn for them."""

_STRICT = 3  # power with which bones count that are turned by more or less than that
_STAYS = 0.05  # weight of a body that is not moved (per metre) against turns (radians)
_STEPS = 5  # each a linear view of what is not
_LONGEST = 0.01  # metres of a step
_FULL = 0.9998  # of its length that a leg may be stretched to
_REACHES = 60.0  # radians per metre: how much a foot counts that is not reached
_PROBE = 1e-4  # metres: what tells how bones turn when a foot is moved


def turned(
    upper: np.ndarray, lower: np.ndarray, aside: np.ndarray, way: np.ndarray
) -> np.ndarray:
    """Return by how much the two bones of a leg are turned (K, 2, 3), as chords.

    Parameters
    ----------
    upper, lower : (K, 3)
        Its bones as the source has them.
    aside : (K, 3)
        Where its knee would go from a straight leg.
    way : (K, 3)
        From the hip to where its foot should be.
    """
    _, then = bent(upper, lower, way, aside)
    return np.stack([unit(new) - unit(old) for new, old in zip(then, (upper, lower), strict=True)], 1)


def relieved(legs: Sequence[tuple[np.ndarray, ...]]) -> np.ndarray:
    """Return by how much the body should be moved (K, 3) so that no bone is turned very far.

    Parameters
    ----------
    legs : sequence of upper, lower, aside, way, fixed
        Each (K, 3), as `turned` takes them; and how little the foot goes along x, y and z when
        the body does, 0 to 1.
    """
    moved = np.zeros_like(legs[0][0])
    longest = np.full(len(moved), _LONGEST)
    found = _residuals(legs, moved)
    for _ in range(_STEPS):
        slopes = np.stack(
            [(_residuals(legs, moved + step) - found) / _PROBE for step in _PROBE * np.eye(3)],
            axis=-1,
        )
        weights = _weights(found)
        normal = np.einsum("kb,kbci,kbcj->kij", weights, slopes, slopes) + _STAYS * np.eye(3)
        right = -np.einsum("kb,kbci,kbc->ki", weights, slopes, found) - _STAYS * moved
        step = np.linalg.solve(normal, right[..., None])[..., 0]
        length = np.maximum(np.linalg.norm(step, axis=1), 1e-12)
        tried = moved + step * np.minimum(1, longest / length)[:, None]
        then = _residuals(legs, tried)
        better = _cost(then, tried) < _cost(found, moved)
        moved, found = (
            np.where(better.reshape(-1, *[1] * (old.ndim - 1)), new, old)
            for new, old in ((tried, moved), (then, found))
        )
        longest = np.where(better, longest, np.minimum(longest, length) / 3)
    return moved


def _residuals(legs: Sequence[tuple[np.ndarray, ...]], moved: np.ndarray) -> np.ndarray:
    """Return how far all bones are turned (K, B, 3), and legs too short."""
    found = []
    for upper, lower, aside, way, fixed in legs:
        now = way - fixed * moved
        chords = turned(upper, lower, aside, now)
        length = np.linalg.norm(upper, axis=1) + np.linalg.norm(lower, axis=1)
        short = np.maximum(np.linalg.norm(now, axis=1) - _FULL * length, 0)
        found += [chords, (_REACHES * short[:, None] * unit(now))[:, None]]
    return np.concatenate(found, axis=1)


def _weights(found: np.ndarray) -> np.ndarray:
    return np.asarray(np.minimum((found**2).sum(axis=2) / FREE**2, 4.0) ** _STRICT)


def _cost(found: np.ndarray, moved: np.ndarray) -> np.ndarray:
    far = (found**2).sum(axis=2) / FREE**2
    return np.asarray(
        FREE**2 * (far ** (_STRICT + 1)).sum(axis=1) / (_STRICT + 1)
        + _STAYS * (moved**2).sum(axis=1)
    )
