"""How the body gives where legs whose feet are held would be turned far away from their source.

What one leg asks of the body another may have to pay for. Here all bones of all legs are looked at
together: those that are turned most count most, so that in the end they share what must be turned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from bake.retarget.solving.two_bone import bent, unit

FREE = np.radians(3.5)
"""So far bones may turn away from their source before others turn for them."""

_STRICT = 3  # power with which bones count that are turned by more or less than that
_STAYS = 0.05  # weight of a body that is not moved (in legs) against turns (radians)
_STEPS = 5
_LONGEST = 0.01  # of a leg: a step
_FULL = 0.9998  # of its length that a leg may be stretched to
_REACHES = 200.0  # radians per length of a leg: how much a foot counts that is not reached
_PROBE = 1e-4  # of a leg: what tells how bones turn when a foot is moved


@dataclass(frozen=True)
class LegAsk:
    """A leg and where its foot should be.

    Parameters
    ----------
    upper, lower : (K, 3)
        Its bones as the source has them, metres.
    aside : (K, 3)
        Where its knee would go from a straight leg.
    way : (K, 3)
        From the hip to where its foot should be.
    fixed : (K, 3)
        How little the foot goes along x, y and z when the body does, 0 to 1.
    """

    upper: np.ndarray
    lower: np.ndarray
    aside: np.ndarray
    way: np.ndarray
    fixed: np.ndarray

    def at(self, frames: np.ndarray) -> "LegAsk":
        """Return the same at some frames (K,) bool."""
        return LegAsk(*(getattr(self, each.name)[frames] for each in fields(self)))

    def length(self) -> np.ndarray:
        """Return how long it is (K,)."""
        return np.asarray(np.linalg.norm(self.upper, axis=1) + np.linalg.norm(self.lower, axis=1))

    def smaller(self, size: float) -> "LegAsk":
        """Return the same in other units of length."""
        return replace(self, upper=self.upper / size, lower=self.lower / size, way=self.way / size)

    def farthest(self) -> np.ndarray:
        """Return by how much (K,) the bone is turned that is turned most, about radians."""
        return np.asarray(np.linalg.norm(self._turned(self.way), axis=2).max(axis=1))

    def misses(self, moved: np.ndarray) -> np.ndarray:
        """Return how both bones are turned, as chords, and what it lacks in length, (K, 3, 3).

        Parameters
        ----------
        moved : (K, 3)
            By how much the body is moved.
        """
        way = self.way - self.fixed * moved
        lacks = np.maximum(np.linalg.norm(way, axis=1) - _FULL * self.length(), 0)
        return np.append(self._turned(way), (_REACHES * lacks[:, None] * unit(way))[:, None], 1)

    def _turned(self, way: np.ndarray) -> np.ndarray:
        bones = self.upper, self.lower
        _, then = bent(*bones, way, self.aside)
        return np.stack([unit(a) - unit(b) for a, b in zip(then, bones, strict=True)], axis=1)


def relieved(legs: Sequence[LegAsk]) -> np.ndarray:
    """Return by how much the body should be moved (K, 3) so that no bone is turned very far.

    Gauss and Newton's method, with weights that grow with what is missed; a step that does not
    help is tried again with a third of its length.

    Parameters
    ----------
    legs : sequence of LegAsk
    """
    size = float(np.mean([leg.length() for leg in legs]))
    legs = [leg.smaller(size) for leg in legs]
    moved = np.zeros_like(legs[0].way)
    longest = np.full(len(moved), _LONGEST)
    found = _misses(legs, moved)
    for _ in range(_STEPS):
        slopes = np.stack(
            [(_misses(legs, moved + step) - found) / _PROBE for step in _PROBE * np.eye(3)],
            axis=-1,
        )
        weights = _weights(found)
        normal = np.einsum("kb,kbci,kbcj->kij", weights, slopes, slopes) + _STAYS * np.eye(3)
        right = -np.einsum("kb,kbci,kbc->ki", weights, slopes, found) - _STAYS * moved
        step = np.linalg.solve(normal, right[..., None])[..., 0]
        length = np.maximum(np.linalg.norm(step, axis=1), 1e-12)
        tried = moved + step * np.minimum(1, longest / length)[:, None]
        then = _misses(legs, tried)
        better = _cost(then, tried) < _cost(found, moved)
        moved, found = (
            np.where(better.reshape(-1, *[1] * (old.ndim - 1)), new, old)
            for new, old in ((tried, moved), (then, found))
        )
        longest = np.where(better, longest, np.minimum(longest, length) / 3)
    return moved * size


def _misses(legs: Sequence[LegAsk], moved: np.ndarray) -> np.ndarray:
    return np.concatenate([leg.misses(moved) for leg in legs], axis=1)


def _weights(found: np.ndarray) -> np.ndarray:
    return np.asarray(np.minimum((found**2).sum(axis=2) / FREE**2, 4.0) ** _STRICT)


def _cost(found: np.ndarray, moved: np.ndarray) -> np.ndarray:
    far = (found**2).sum(axis=2) / FREE**2
    return np.asarray(
        FREE**2 * (far ** (_STRICT + 1)).sum(axis=1) / (_STRICT + 1)
        + _STAYS * (moved**2).sum(axis=1)
    )
