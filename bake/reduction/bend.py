"""Knees and elbows that follow from where a limb begins, ends, and which way it is to bend."""

from dataclasses import dataclass

import numpy as np

_TINY = 1e-9


@dataclass(frozen=True)
class Bend:
    """A limb of two bones that reaches from one point to another.

    Parameters
    ----------
    points : tuple of int
        Of a chain: where the limb begins, where it ends, and what the knee points at.
    upper, lower : float
        Lengths of its bones.
    """

    points: tuple[int, int, int]
    upper: float
    lower: float

    def knee(self, top: np.ndarray, end: np.ndarray, pole: np.ndarray) -> np.ndarray:
        """Place the knee (3, K), by the law of cosines; all points are (3, K)."""
        along, out, _ = _axes(top, end, pole)
        reach, height = self._measures(top, end)
        return np.asarray(top + reach * along + height * out)

    def levers(
        self, top: np.ndarray, end: np.ndarray, pole: np.ndarray, room: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return about how far (K,) a knee goes for a way of the ends of the limb, and of the pole.

        The straighter a limb, the further its knee goes for a small change of its length.

        Parameters
        ----------
        top, end, pole : (3, K)
        room : (K,)
            How far the knee may go.
        """
        _, height = self._measures(top, end)
        _, _, away = _axes(top, end, pole)
        # Near to straight, height squared falls by so much for each unit of length.
        steep = 2 * self.upper * self.lower / (self.upper + self.lower)
        return np.maximum(1.0, steep / (2 * height + room)), height / np.maximum(away, _TINY)

    def _measures(self, top: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how far along the way to its end the knee is, and how far beside it, (K,)."""
        length = np.linalg.norm(end - top, axis=0)
        length = np.clip(length, abs(self.upper - self.lower) + _TINY, self.upper + self.lower)
        reach = (length**2 + self.upper**2 - self.lower**2) / (2 * length)
        return reach, np.sqrt(np.maximum(self.upper**2 - reach**2, 0.0))


def _axes(
    top: np.ndarray, end: np.ndarray, pole: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return unit vectors (3, K) to the end and, square to that, to the pole; and how far it is."""
    along = end - top
    along = along / np.maximum(np.linalg.norm(along, axis=0), _TINY)
    out = pole - top
    out = out - (out * along).sum(axis=0) * along
    away = np.linalg.norm(out, axis=0)
    return along, out / np.maximum(away, _TINY), away
