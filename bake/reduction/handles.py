"""The handles of Bezier keys: one slope through each key wherever the curve allows it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bake.reduction.bezier import bezier_value
from bake.reduction.lengths import squared_lengths
from bake.reduction.spans import cubic_basis
from bake.reduction.stretched import LONGEST, SHORTEST, parameters, stretch

_SWEEPS = 8  # of each round; what is left of an error after one is 0.75 of it
_PATIENT_ROUNDS = 6  # in which a span lets go of one of its keys at a time
_FAINT = 1e-6  # weight of the slopes of the samples themselves in spans that have some inside
_ROOM = 1.0001  # of the tolerance: spans were found without that


@dataclass(frozen=True)
class Spans:
    """The spans between keys of all tracks, in the order of tracks and time.

    Parameters
    ----------
    track, first, length : (S,) int
        Which track, its sample at the key where the span begins, and how many to its end.
    follows : (S,) bool
        Whether the span before ends where this one begins.
    """

    track: np.ndarray
    first: np.ndarray
    length: np.ndarray
    follows: np.ndarray

    def by_length(self) -> Iterator[tuple[int, np.ndarray]]:
        """Give each length with the places of its spans."""
        order = np.argsort(self.length, kind="stable")
        edges = np.flatnonzero(np.diff(self.length[order])) + 1
        for which in np.split(order, edges):
            if len(which):
                yield int(self.length[which[0]]), which


def spans_between(keyed: np.ndarray, last_of_run: np.ndarray) -> Spans:
    """Return the spans between keys (T, K) of all tracks; none leads over a gap.

    Parameters
    ----------
    keyed : (T, K) bool
        Both ends of every run are keys.
    last_of_run : (K,) bool
        Samples that a gap or the end follows.
    """
    track, sample = np.nonzero(keyed)
    begins = np.flatnonzero((track[1:] == track[:-1]) & ~last_of_run[sample[:-1]])
    follows = np.zeros(len(begins), bool)
    follows[1:] = np.diff(begins) == 1
    return Spans(track[begins], sample[begins], np.diff(sample)[begins], follows)


@dataclass(frozen=True)
class Handles:
    """The handles of spans: how steep and how long they are.

    Parameters
    ----------
    slopes : (2, S, C)
        Change per sample along those at begin and end.
    reach : (2, S, C)
        Samples from key to handle.
    stretched : (S,) bool
        Which spans have handles that are no third of them.
    """

    slopes: np.ndarray
    reach: np.ndarray
    stretched: np.ndarray


def fit_handles(
    values: np.ndarray, tolerance: np.ndarray, plain: np.ndarray, spans: Spans
) -> Handles:
    """Fit the handles of all spans.

    Both sides of a key get one slope where the spans beside it stay within the tolerance with it;
    elsewhere each span gets what fits it best, with handles of other lengths if it needs them.

    Parameters
    ----------
    values : (T, K, C)
    tolerance : (T, K)
    plain : (T, K, C)
        From `plain_slopes`.
    spans : Spans
        Each short enough that one cubic follows it.
    """
    fit = _Fit(values, tolerance, plain, spans)
    slopes = fit.alone
    bent = fit.misses(slopes)
    bent &= (spans.length >= SHORTEST) & (spans.length <= LONGEST)
    joined = spans.follows & ~bent
    joined[1:] &= ~bent[:-1]
    for number in range(1 + len(spans.length)):
        slopes = fit.solve(joined, slopes)
        wrong = fit.misses(slopes)
        ends_joined = np.append(joined[1:], False)
        wrong &= joined | ends_joined
        if not wrong.any():
            break
        if number < _PATIENT_ROUNDS:
            # It lets go of the key that bends it more.
            moved = [np.abs(a - b).max(axis=1) for a, b in zip(slopes, fit.alone, strict=True)]
            at_start = wrong & joined & ((moved[0] >= moved[1]) | ~ends_joined)
            at_end = wrong & ~at_start
        else:
            at_start = at_end = wrong
        joined[at_start] = False
        joined[1:][at_end[:-1]] = False
    third = np.repeat(spans.length[:, None] / 3, values.shape[2], axis=1)
    handles = Handles(np.stack(slopes), np.stack((third, third)), bent)
    for length, which in spans.by_length():
        which = which[bent[which]]
        if len(which):
            at = spans.first[which][:, None] + np.arange(length + 1)
            found = stretch(values[spans.track[which][:, None], at])
            handles.slopes[:, which], handles.reach[:, which] = found.slopes, found.reach
    return handles


def follow(values: np.ndarray, spans: Spans, handles: Handles) -> np.ndarray:
    """Return what curves through the keys of spans are at every sample, as `values` (T, K, C)."""
    found = values.copy()
    for length, which in spans.by_length():
        at = np.arange(1, length)
        for part, inner in _read(values, spans, handles, which, at):
            found[spans.track[part][:, None], spans.first[part][:, None] + at] = inner
    return found


def halfway(values: np.ndarray, spans: Spans, handles: Handles) -> np.ndarray:
    """Return what curves are half a sample after each, (T, K - 1, C); NaN in gaps."""
    found = np.full_like(values[:, 1:], np.nan)
    for length, which in spans.by_length():
        at = np.arange(length)
        for part, halves in _read(values, spans, handles, which, at + 0.5):
            found[spans.track[part][:, None], spans.first[part][:, None] + at] = halves
    return found


def _read(
    values: np.ndarray, spans: Spans, handles: Handles, which: np.ndarray, at: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give some spans of one length, and their curves (L, N, C) at samples (N,) within."""
    for stretched in (False, True):
        part = which[handles.stretched[which] == stretched]
        if len(part) == 0 or len(at) == 0:
            continue
        track, first, length = spans.track[part], spans.first[part], int(spans.length[part[0]])
        begin, end = (values[track, first + step][:, None] for step in (0, length))
        reach, slopes = handles.reach[:, part][:, :, None], handles.slopes[:, part][:, :, None]
        t = (at / length)[:, None]
        if stretched:
            t = parameters(handles.reach[:, part], tuple(at.tolist()), length)
        tips = begin + reach[0] * slopes[0], end - reach[1] * slopes[1]
        yield part, bezier_value(t, begin, *tips, end)


def swings(values: np.ndarray, halves: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return the samples (T, K) between which curves swing out, as if thrown.

    Parameters
    ----------
    values : (T, K, C)
    halves : (T, K - 1, C)
        From `halfway`.
    room : (T, K)
        How much further curves may swing than samples nearby lie apart.
    """
    steps = np.sqrt(squared_lengths(np.diff(values, axis=1)))
    around = np.pad(steps, ((0, 0), (1, 1)))
    usual = np.maximum(np.maximum(around[:, :-2], around[:, 2:]), steps) / 2
    out = np.sqrt(squared_lengths(halves - (values[:, :-1] + values[:, 1:]) / 2))
    swing = out > usual + room[:, :-1]
    return np.pad(swing, ((0, 0), (0, 1))) | np.pad(swing, ((0, 0), (1, 0)))


def at_keys(shape: tuple[int, ...], spans: Spans, handles: Handles) -> np.ndarray:
    """Return handles by key: slopes that come and go, and their lengths, (4, T, K, C).

    NaN where no span ends or begins. `shape` is that of the values, (T, K, C).
    """
    found = np.full((4, *shape), np.nan)
    begins, ends = (spans.track, spans.first), (spans.track, spans.first + spans.length)
    found[(0, *ends)], found[(1, *begins)] = handles.slopes[1], handles.slopes[0]
    found[(2, *ends)], found[(3, *begins)] = handles.reach[1], handles.reach[0]
    return found


class _Fit:
    """Sums of squares of what spans miss, as functions of the slopes at their ends."""

    def __init__(
        self, values: np.ndarray, tolerance: np.ndarray, plain: np.ndarray, spans: Spans
    ) -> None:
        count, channels = len(spans.length), values.shape[2]
        self._groups = []
        first, last = spans.first, spans.first + spans.length
        own = np.where(spans.length == 1, 1.0, _FAINT)
        self._starts, self._ends, self._both = own.copy(), own.copy(), np.zeros(count)
        self._at_start = own[:, None] * plain[spans.track, first]
        self._at_end = own[:, None] * plain[spans.track, last]
        for length, which in spans.by_length():
            if length == 1:
                continue
            track = spans.track[which][:, None]
            inner = first[which][:, None] + np.arange(1, length)
            ends, handles, _ = cubic_basis(length)
            outer = values[track, np.stack((first[which], last[which]), axis=1)]
            missed = values[track, inner] - (ends + handles) @ outer
            handles = handles * [length / 3, -length / 3]
            self._groups.append((which, handles, missed, (_ROOM * tolerance[track, inner]) ** 2))
            square = handles.T @ handles
            self._starts[which] += square[0, 0]
            self._ends[which] += square[1, 1]
            self._both[which] = square[0, 1]
            pull = handles.T @ missed
            self._at_start[which] += pull[:, 0]
            self._at_end[which] += pull[:, 1]
        determinant = (self._starts * self._ends - self._both**2)[:, None]
        starts, ends, both = (each[:, None] for each in (self._starts, self._ends, self._both))
        self.alone = (
            (ends * self._at_start - both * self._at_end) / determinant,
            (starts * self._at_end - both * self._at_start) / determinant,
        )
        assert self.alone[0].shape == (count, channels)

    def solve(
        self, joined: np.ndarray, slopes: tuple[np.ndarray, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the best slopes if those on both sides of joined keys are the same."""
        begin, end = slopes
        ends_joined = np.append(joined[1:], False)
        free = (~joined & ~ends_joined)[:, None]
        starts, ends, both = self._starts[:, None], self._ends[:, None], self._both[:, None]
        here = joined[1:, None]
        for _ in range(_SWEEPS):
            pull_start = self._at_start - both * end
            pull_end = self._at_end - both * begin
            begin, end = pull_start / starts, pull_end / ends
            shared = (pull_start[1:] + pull_end[:-1]) / (starts[1:] + ends[:-1])
            begin[1:] = np.where(here, shared, begin[1:])
            end[:-1] = np.where(here, shared, end[:-1])
        return np.where(free, self.alone[0], begin), np.where(free, self.alone[1], end)

    def misses(self, slopes: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Return which spans (S,) leave the tolerance."""
        wrong = np.zeros(len(self._both), bool)
        for which, handles, missed, squared in self._groups:
            left = missed - handles @ np.stack([each[which] for each in slopes], axis=1)
            wrong[which] = (squared_lengths(left) > squared).any(axis=1)
        return wrong


def plain_slopes(values: np.ndarray, last_of_run: np.ndarray) -> np.ndarray:
    """Return the mean of the steps (T, K, C) to both neighbours, or the one step there is."""
    steps = np.diff(values, axis=1)
    steps[:, last_of_run[:-1]] = np.nan
    nothing = np.full_like(values[:, :1], np.nan)
    around = np.stack(
        (np.concatenate((nothing, steps), axis=1), np.concatenate((steps, nothing), axis=1))
    )
    known = np.isfinite(around)
    return np.where(known, around, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
