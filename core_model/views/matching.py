"""When the second of two clips begins, from where it was filmed, and who in it is who in the first.

Nothing is known beforehand. Whoever is in both clips moves alike in them: every pair of people is
compared at all offsets of the clocks, and the offset, camera and pairs that explain most of the
time of both clips together are taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from core_model.body.model import Body
from core_model.views.alignment import Offsets, Rigid, align, compare_offsets
from core_model.views.clips import ClipMotion, interpolated, joints_of, sampled

_RATE = 30.0  # samples a second while all offsets are compared
_FINE = 120.0  # likewise, near the best one
_AGREE = 0.20  # metres by which people who are not the same differ at their best
_EXACT = 0.05  # metres by which joints of the same person may differ
_ASIDE = 0.5  # metres by which the places of one person may differ, as sizes are guesses
_SHORTEST = 0.5  # seconds that both clips must show
_CANDIDATES = 8  # offsets of a pair that are looked at closely
_WORTH = 0.6  # of what the best answer explains, that another may explain and still be true
_APART = 0.15  # seconds between two offsets that are different answers
_AROUND = 0.12  # seconds around the best offset in which it is sought finely


@dataclass(frozen=True)
class Match:
    """How a second clip belongs to a first one.

    Parameters
    ----------
    offset : float
        Seconds on the first clip's clock at which the second's is 0.
    rotation : (3, 3)
        From the first camera's space to the second's.
    translation : (3,)
        Likewise, metres.
    pairs : list of (int, int)
        Figures of the first and of the second clip that are the same person.
    missed : float
        Median distance of their joints, metres.
    gain : float
        How much of the clips' time this explains, in seconds times the logarithm of how well.
    second : float
        The same of the best answer with another offset.
    clear : float
        By what share less one motion misses both clips with this offset than with any other that
        explains about as much, where that was tried.
    """

    offset: float
    rotation: np.ndarray
    translation: np.ndarray
    pairs: list[tuple[int, int]]
    missed: float
    gain: float
    second: float
    clear: float = 0.0

    @property
    def sure(self) -> float:
        """How sure the offset is, 0 to 1: 0 where another one explains as much."""
        return float(np.clip(1 - self.second / max(self.gain, 1e-9), 0, 1))


class _Clip:
    """One of the two clips: joints of its people, and whether they were seen."""

    def __init__(self, clip: ClipMotion, body: Body) -> None:
        self.times = [clip.own_times(figure) for figure in clip.figures]
        self.joints = [joints_of(figure, body) for figure in clip.figures]
        self.seen = [figure.seen for figure in clip.figures]
        self.even = [
            sampled(*each, _RATE) for each in zip(self.joints, self.seen, self.times, strict=True)
        ]

    def at(self, person: int, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return joints (N, 24, 3) of somebody at `times` (N,), and where they are known."""
        own = self.times[person]
        known = np.interp(times, own, self.seen[person].astype(float), left=0, right=0) > 0.99
        return interpolated(times, own, self.joints[person]), known


def matches(
    first: ClipMotion, second: ClipMotion, body: Body, offset: float | None = None
) -> list[Match]:
    """Find how two clips may belong together, at other offsets of their clocks, the best first.

    Somebody who walks straight on does the same a step later, a step further on: then several
    answers are nearly as good. None where nobody in the clips can be compared.

    Parameters
    ----------
    first, second : ClipMotion
    body : Body
    offset : float, optional
        Seconds on the first clip's clock at which the second's is 0, where that is known.
    """
    a, b = _Clip(first, body), _Clip(second, body)
    compared = [
        ((i, j), compare_offsets(a.even[i], b.even[j], _RATE))
        for i in range(len(a.even))
        for j in range(len(b.even))
    ]
    candidates = [
        (pair, tried)
        for pair, offsets in compared
        for tried in ([offset] if offset is not None else _peaks(offsets))
    ]
    answers = [
        answer
        for pair, tried in candidates
        if (answer := _explained(a, b, pair, tried)) is not None
    ]
    distinct: list[_Answer] = []
    for answer in sorted(answers, key=lambda each: -each.gain):
        if all(abs(answer.offset - other.offset) > _APART for other in distinct):
            distinct.append(answer)
    true: list[_Answer] = []
    least = 0.0
    for answer in distinct:
        if answer.gain < _WORTH * distinct[0].gain:
            least = answer.gain
            break
        sharp = answer if offset is not None else _sharpened(a, b, answer)
        # Two offsets on both sides of the best one are the same answer.
        if all(abs(sharp.offset - other.offset) >= _APART / 2 for other in true):
            true.append(sharp)
    return [
        Match(
            each.offset,
            each.rigid.rotation,
            each.rigid.translation,
            each.pairs,
            float(np.median(each.rigid.missed)),
            each.gain,
            max((other.gain for other in true if other is not each), default=least),
        )
        for each in true
    ]


@dataclass(frozen=True)
class _Answer:
    offset: float
    rigid: Rigid
    pairs: list[tuple[int, int]]
    gain: float


def _peaks(offsets: Offsets) -> list[float]:
    """Return the offsets at which two people agree best, each the best around it."""
    gains = np.where(
        offsets.overlap >= _SHORTEST,
        offsets.overlap * np.log(np.maximum(_AGREE / np.maximum(offsets.residual, 1e-3), 1e-3)),
        -np.inf,
    )
    # Peaks, not all that is good: clips that overlap for a moment agree at many offsets in a row.
    edged = np.pad(gains, 1, constant_values=-np.inf)
    tops = np.flatnonzero((gains > edged[:-2]) & (gains >= edged[2:]))
    best = sorted(tops, key=lambda index: -gains[index])[:_CANDIDATES]
    return [float(offsets.offsets[index]) for index in best]


def _explained(a: _Clip, b: _Clip, pair: tuple[int, int], offset: float) -> _Answer | None:
    """Return what the camera that one pair tells explains of everybody."""
    rigid = _aligned(a, b, [pair], offset, _RATE)
    if rigid is None:
        return None
    gains = np.zeros((len(a.times), len(b.times)))
    for i in range(len(a.times)):
        for j in range(len(b.times)):
            gains[i, j] = _gain(a, b, (i, j), offset, rigid)
    rows, columns = linear_sum_assignment(-gains)
    pairs = [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gains[i, j] > 0]
    if not pairs:
        return None
    together = _aligned(a, b, pairs, offset, _RATE, rigid) or rigid
    return _Answer(offset, together, pairs, sum(_gain(a, b, p, offset, together) for p in pairs))


def _gain(a: _Clip, b: _Clip, pair: tuple[int, int], offset: float, rigid: Rigid) -> float:
    """Return how much of the time of two people is explained if they are one, in seconds."""
    partners = _partners(a, b, pair, offset, _RATE)
    if partners is None:
        return 0.0
    left, right = partners
    moved = left @ rigid.rotation.T + rigid.translation
    apart = (moved - moved[:, :1]) - (right - right[:, :1])
    typical = np.median(np.linalg.norm(apart, axis=-1), axis=1)
    aside = np.linalg.norm(moved[:, 0] - right[:, 0], axis=-1)
    # A figure's place is as wrong as its size is: how somebody moves tells more.
    gains = np.log(_AGREE / np.maximum(typical, 0.01)).clip(min=-1.0)
    return float((gains / (1 + (aside / _ASIDE) ** 2)).sum() / _RATE)


def _partners(
    a: _Clip, b: _Clip, pair: tuple[int, int], offset: float, rate: float
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return joints (N, 24, 3) of two people at the moments in which both are known."""
    i, j = pair
    begin = max(a.times[i][0], b.times[j][0] + offset)
    end = min(a.times[i][-1], b.times[j][-1] + offset)
    if end - begin < _SHORTEST:
        return None
    moments = np.arange(begin, end, 1 / rate)
    left, known = a.at(i, moments)
    right, known_too = b.at(j, moments - offset)
    both = known & known_too
    if both.sum() < _SHORTEST * rate:
        return None
    return left[both], right[both]


def _aligned(
    a: _Clip,
    b: _Clip,
    pairs: Sequence[tuple[int, int]],
    offset: float,
    rate: float,
    start: Rigid | None = None,
) -> Rigid | None:
    """Return the rigid motion that lays people of the first clip on those of the second."""
    known = [each for pair in pairs if (each := _partners(a, b, pair, offset, rate))]
    if not known:
        return None
    left = np.concatenate([each[0] for each in known])
    right = np.concatenate([each[1] for each in known])
    return align(left, right, start)


def _sharpened(a: _Clip, b: _Clip, answer: _Answer) -> _Answer:
    """Return an answer at the offset, near its own, at which people agree best."""
    tried = answer.offset + np.arange(-_AROUND, _AROUND + 1e-9, 2 / _FINE)
    best, least = answer.offset, np.inf
    for offset in tried:
        # Everybody by themselves: about places clips may not agree.
        own = [_aligned(a, b, [pair], float(offset), _RATE) for pair in answer.pairs]
        missed = [each.missed.ravel() for each in own if each is not None]
        if not missed:
            continue
        cost = float(np.mean(np.log1p((np.concatenate(missed) / _EXACT) ** 2)))
        if cost < least:
            best, least = float(offset), cost
    rigid = _aligned(a, b, answer.pairs, best, _RATE, answer.rigid) or answer.rigid
    return _Answer(best, rigid, answer.pairs, answer.gain)
