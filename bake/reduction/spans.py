"""Where curves need keys: spans as long as one cubic can follow them within a tolerance.

Between two keys a curve is a cubic whose ends lie on the samples and whose two handles, a third of
the way in from either end, are fitted by least squares. All curves are walked along together, one
step of each at a time, so that numpy has long rows to work on.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bake.reduction import stretched
from bake.reduction.lengths import squared_lengths

LONGEST = 48
"""Frames that one span may last: a curve without keys for longer is awkward to edit."""

_SECTION = 240  # frames that are divided into spans at a time, side by side
_BUCKETS = (6, 12, 24, LONGEST)


@dataclass(frozen=True)
class Lanes:
    """Stretches of tracks, each to be divided into spans for itself.

    Parameters
    ----------
    track, first, last : (L,) int
        Which track, and the samples that it begins and ends with.
    """

    track: np.ndarray
    first: np.ndarray
    last: np.ndarray

    def __len__(self) -> int:
        return len(self.track)

    def with_any(self, flags: np.ndarray) -> "Lanes":
        """Return those in which a flag (T, K) is up."""
        before = np.concatenate((np.zeros((len(flags), 1), int), np.cumsum(flags, axis=1)), axis=1)
        some = before[self.track, self.last + 1] > before[self.track, self.first]
        return Lanes(self.track[some], self.first[some], self.last[some])


def longest_spans(
    values: np.ndarray, tolerance: np.ndarray, lanes: Lanes, stretching: bool = False
) -> np.ndarray:
    """Return which samples (T, K) bool are keys, ends of lanes included.

    Parameters
    ----------
    values : (T, K, C)
        Samples of T tracks of C curves each, whose keys lie at the same frames.
    tolerance : (T, K)
        By how much a curve may miss each sample: the length of the difference over C.
    lanes : Lanes
    stretching : bool
        Whether handles may have lengths of their own.
    """
    keyed = np.zeros(values.shape[:2], bool)
    keyed[lanes.track, lanes.first] = keyed[lanes.track, lanes.last] = True
    squared = tolerance**2
    at, trial = lanes.first.copy(), np.full(len(lanes), 3)
    good, bad = np.ones(len(lanes), int), np.full(len(lanes), LONGEST + 1)
    at_work = np.flatnonzero(at < lanes.last)
    while len(at_work):
        track, start = lanes.track[at_work], at[at_work]
        limit = np.minimum(lanes.last[at_work] - start, bad[at_work] - 1)
        length = np.minimum(trial[at_work], limit)
        follows = _follows(values, squared, track, start, length)
        if stretching:
            follows |= _follows_stretched(values, squared, track, start, length, ~follows)
        good[at_work] = np.where(follows, length, good[at_work])
        bad[at_work] = np.where(follows, bad[at_work], length)
        low = good[at_work]
        high = np.minimum(bad[at_work] - 1, limit)
        found = low >= high
        grown = np.minimum(low + 1 + low // 2, high)
        trial[at_work] = np.where(bad[at_work] > LONGEST, grown, (low + high + 1) // 2)
        done = at_work[found]
        at[done] += good[done]
        keyed[lanes.track[done], at[done]] = True
        trial[done] = np.maximum(good[done], 3)
        good[done], bad[done] = 1, LONGEST + 1
        at_work = at_work[at[at_work] < lanes.last[at_work]]
    return keyed


def lanes_in_runs(tracks: int, last_of_run: np.ndarray) -> Lanes:
    """Divide the runs of all tracks into sections of about the same length."""
    first, last = [], []
    begin = 0
    for end in np.flatnonzero(last_of_run).tolist():
        count = max(1, round((end - begin) / _SECTION))
        edges = np.linspace(begin, end, count + 1).round().astype(int)
        first += edges[:-1].tolist()
        last += edges[1:].tolist()
        begin = end + 1
    each = np.repeat(np.arange(tracks), len(first))
    return Lanes(each, np.tile(first, tracks), np.tile(last, tracks))


def cubic_basis(length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what ends and handles of a span weigh at its inner samples, and the fit of handles.

    Returns
    -------
    ends, handles : (length - 1, 2)
    fit : (2, length - 1)
        Pseudo-inverse of `handles`.
    """
    s = np.arange(1, length) / length
    ends = np.stack(((1 - s) ** 3, s**3), axis=1)
    handles = np.stack((3 * s * (1 - s) ** 2, 3 * s**2 * (1 - s)), axis=1)
    return ends, handles, np.linalg.pinv(handles)


@lru_cache
def _tables(bucket: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return `cubic_basis` of all lengths up to `bucket`, padded with zeros to inner samples."""
    ends, handles = np.zeros((2, bucket + 1, bucket - 1, 2))
    fits = np.zeros((bucket + 1, 2, bucket - 1))
    for length in range(2, bucket + 1):
        inner = slice(0, length - 1)
        ends[length, inner], handles[length, inner], fits[length, :, inner] = cubic_basis(length)
    return ends, handles, fits


def _follows(
    values: np.ndarray,
    squared: np.ndarray,
    track: np.ndarray,
    start: np.ndarray,
    length: np.ndarray,
) -> np.ndarray:
    """Return for which spans (L,) bool one cubic stays within the tolerance."""
    # Two handles pass through two samples exactly.
    follows = length <= 3
    shorter = 3
    for bucket in _BUCKETS:
        which = np.flatnonzero((length > shorter) & (length <= bucket))
        shorter = bucket
        if len(which):
            follows[which] = _fits(
                values, squared, track[which], start[which], length[which], bucket
            )
    return follows


def _follows_stretched(
    values: np.ndarray,
    squared: np.ndarray,
    track: np.ndarray,
    start: np.ndarray,
    length: np.ndarray,
    asked: np.ndarray,
) -> np.ndarray:
    follows = np.zeros(len(length), bool)
    for each in range(stretched.SHORTEST, stretched.LONGEST + 1):
        which = np.flatnonzero(asked & (length == each))
        if len(which):
            at = start[which][:, None] + np.arange(each + 1)
            missed = stretched.stretch(values[track[which][:, None], at]).missed
            follows[which] = (missed**2 <= squared[track[which][:, None], at[:, 1:-1]]).all(axis=1)
    return follows


def _fits(
    values: np.ndarray,
    squared: np.ndarray,
    track: np.ndarray,
    start: np.ndarray,
    length: np.ndarray,
    bucket: int,
) -> np.ndarray:
    ends, handles, fits = (table[length] for table in _tables(bucket))
    # Behind its end a span goes on with the sample there, which the padding weighs with nothing.
    inner = start[:, None] + np.minimum(np.arange(1, bucket), length[:, None] - 1)
    samples = values[track[:, None], inner]
    outer = values[track[:, None], np.stack((start, start + length), axis=1)]
    missed = samples - ends @ outer
    missed -= handles @ (fits @ missed)
    within = squared_lengths(missed) <= squared[track[:, None], inner]
    within |= np.arange(1, bucket) >= length[:, None]
    return np.asarray(within.all(axis=1))
