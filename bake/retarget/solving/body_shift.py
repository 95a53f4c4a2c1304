"""How the body goes along with feet that are held, so that legs need not turn for it.

A leg that is nearly straight bends by many degrees when its foot comes a few millimetres nearer to
the hip, and cannot follow one that goes away. The hips can do so, and nobody sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from bake.feet.leg_ik import bend_of, reach_of
from bake.motion.banded import SmoothFit
from bake.motion.local_fit import peak_nearby
from bake.retarget.solving.relief import FREE, LegAsk, relieved

_TURN = np.radians(2.5)
"""So far a bone of a leg may turn away from its source before the body is moved for it."""

_NEAR = 0.03  # metres above the floor in which a foot is led to where it is lifted
_STOOD = 4.0  # times how much a foot stands is how surely it is kept above the floor as it goes
_FREE = 0.1  # of what a leg asks for: one whose foot goes along cannot be helped by the body
_FULL = 0.9998  # of its length that a leg may be stretched to
_FOLLOWS = 1e3  # weight of what legs ask for against the size of what the body is moved
_PASSES = 6  # each may bring others of the frames around out of reach
_RELIEFS = 4  # in which all bones share what is left
_COMPROMISES = 30  # steps towards what both legs can live with


@dataclass(frozen=True)
class HeldLeg:
    """A leg whose foot is held.

    Parameters
    ----------
    top, middle, end : (K, 3)
        Its joints as the source has them.
    aside : (K, 3)
        Where its knee would go if it were straight.
    shift : (K, 3)
        By how much its foot is moved where it stands.
    bears : (K,)
        How much it stands, 0 to 1; a foot that does not goes where the body goes.
    least : (K,)
        By how much it has to be moved up at least so that it is above the floor.
    """

    top: np.ndarray
    middle: np.ndarray
    end: np.ndarray
    aside: np.ndarray
    shift: np.ndarray
    bears: np.ndarray
    least: np.ndarray

    def within(self, run: slice) -> "HeldLeg":
        """Return the same during a stretch of frames."""
        return HeldLeg(*(getattr(self, each.name)[run] for each in fields(self)))

    def goal(self, body: np.ndarray, times: np.ndarray, fades: float) -> np.ndarray:
        """Return where its foot should be (K, 3) when the body is moved by `body` (K, 3)."""
        moved = self._moved(body)
        moved[:, 2] += self._lift(moved, times, fades)
        return np.asarray(self.end + moved)

    def fixed(self, body: np.ndarray) -> np.ndarray:
        """Return how little its goal goes along x, y and z when the body does, (K, 3), 0 to 1."""
        fixed = np.repeat(self.bears[:, None], 3, axis=1)
        fixed[self._moved(body)[:, 2] < self.least, 2] = 1
        return fixed

    def asks(self, body: np.ndarray, times: np.ndarray, fades: float) -> LegAsk:
        """Return what it asks of a body that is already moved by `body` (K, 3)."""
        way = self.goal(body, times, fades) - self.top - body
        bones = self.middle - self.top, self.end - self.middle
        return LegAsk(*bones, self.aside, way, self.fixed(body))

    def _moved(self, body: np.ndarray) -> np.ndarray:
        bears = self.bears[:, None]
        moved = bears * self.shift + (1 - bears) * body
        # A foot that begins to go along does not sink with the body first, to be lifted again.
        sinks = np.maximum(np.minimum(self.least, self.shift[:, 2]) - body[:, 2], 0)
        moved[:, 2] += (1 - self.bears) * np.minimum(_STOOD * self.bears, 1) * sinks
        return np.asarray(moved)

    def _lift(self, moved: np.ndarray, times: np.ndarray, fades: float) -> np.ndarray:
        """Return by how much (K,) it is moved up to be above the floor, without a jerk."""
        under = self.least - moved[:, 2]
        needed = np.maximum(under, 0)
        # A foot that comes down fast is far from the floor just before: it needs no way to it.
        near = np.clip(1 + under / _NEAR, 0, 1)
        return np.maximum(needed, near * peak_nearby(needed, times, fades))

    def reaches(self) -> tuple[np.ndarray, np.ndarray]:
        """Return how near and how far (K,) its foot may be from its hip."""
        upper = np.linalg.norm(self.middle - self.top, axis=1)
        lower = np.linalg.norm(self.end - self.middle, axis=1)
        now = np.linalg.norm(self.end - self.top, axis=1)
        bent = bend_of(upper, lower, now)
        # Of a bend the shorter bone turns more.
        free = _TURN * (upper + lower) / np.maximum(upper, lower)
        nearest = reach_of(upper, lower, np.minimum(bent + free, np.pi))
        farthest = reach_of(upper, lower, np.maximum(bent - free, 0))
        return nearest, np.maximum(np.minimum(farthest, _FULL * (upper + lower)), now)


def body_shift(
    legs: Sequence[HeldLeg], times: np.ndarray, fades: float, interval: float
) -> np.ndarray:
    """Return by how much the body is moved (K, 3) with what the legs that it stands on ask for.

    Parameters
    ----------
    legs : sequence of HeldLeg
    times : (K,)
        Seconds, of one run.
    fades : float
        Seconds in which a shift comes and goes.
    interval : float
        Seconds between frames.
    """
    together = np.maximum(np.sum([leg.bears for leg in legs], axis=0), 1)[:, None]
    body = np.sum([leg.bears[:, None] * leg.shift for leg in legs], axis=0) / together
    reaches = [leg.reaches() for leg in legs]
    for _ in range(_PASSES):
        ways, least, most = [], [], []
        for leg, (nearest, farthest) in zip(legs, reaches, strict=True):
            away = leg.goal(body, times, fades) - leg.top - body
            distance = np.linalg.norm(away, axis=1)
            ways.append(leg.fixed(body) * away / np.maximum(distance, 1e-9)[:, None])
            least.append(distance - farthest)
            most.append(distance - nearest)
        asked = _compromise(np.array(ways), np.array(least), np.array(most))
        wrong = np.linalg.norm(asked, axis=1) > 1e-5
        if not wrong.any():
            break
        body = body + _softly(asked, wrong, fades, interval)
    worst, best = np.inf, body
    for _ in range(_RELIEFS + 1):
        asks = [leg.asks(body, times, fades) for leg in legs]
        turned = np.max([ask.farthest() for ask in asks], axis=0)
        if turned.max() < worst:
            worst, best = float(turned.max()), body
        far = turned > FREE
        if not far.any():
            break
        asked = np.zeros_like(body)
        asked[far] = relieved([ask.at(far) for ask in asks])
        body = body + _softly(asked, far, fades, interval)
    return np.asarray(best)


def _softly(asked: np.ndarray, where: np.ndarray, fades: float, interval: float) -> np.ndarray:
    """Return the soft curves (K, 3) through what is asked for (K, 3) at some frames (K,) bool."""
    steps = np.full(max(len(asked) - 1, 0), 6 * fades**2)
    fit = SmoothFit(_FOLLOWS * where, steps, bend=fades**4, anchor=1.0, interval=interval)
    return fit.solve(asked)


def _compromise(ways: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return small moves (K, 3) that go between `least` and `most` (L, K) along `ways` (L, K, 3).

    `ways` are shorter the more a foot goes along. Where legs ask for what cannot be had together
    each gets about the same.
    """
    moves = np.zeros(ways.shape[1:])
    steps = ways / np.maximum((ways**2).sum(axis=2, keepdims=True), _FREE)
    for _ in range(_COMPROMISES):
        along = (ways * moves).sum(axis=2)
        misses = np.clip(along, least, most) - along
        count = np.maximum((misses != 0).sum(axis=0), 1)[:, None]
        moves = moves + (misses[..., None] * steps).sum(axis=0) / count
    return moves
