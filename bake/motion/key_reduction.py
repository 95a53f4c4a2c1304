"""From a value on every frame to few keys that an animator can edit, with a bound on what changes.

A turn of the shoulder by a tenth of a degree moves a hand by a millimetre, and errors of a chain
add up: what each bone may do wrong follows from how far the joints are that it carries, and what
all do together is measured and mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bake.motion.bezier import BezierKeys, keys_with_slopes
from bake.motion.chain import Chain
from bake.motion.euler import euler_sensitivity, euler_to_quaternion
from bake.motion.handles import Spans, fit_slopes, follow, spans_between
from bake.motion.spans import Lanes, longest_spans

_SHARE = 0.45  # of what a joint may be off, for each bone of its chain: errors rarely all agree
_SECTION = 240  # frames that are divided into spans at a time, side by side
_STRICT = (0.35, 0.6, 0.95)  # of the tolerance for finding spans: handles need room to line up
_FEW = 0.2  # of all frames: with so few keys no longer spans are tried
_MENDING = 4  # rounds of a smaller tolerance where joints are too far off; then keys are put there
_MENDED = 0.8  # of what would just do
_GUILTY = 0.3  # of the largest share in an error: who has less is not mended for it
_EXACTLY = 1.001  # times the tolerance
_STANDS = 0.015  # metres per second: a foot that is slower stands
_STANDING = 1.5e-4  # metres that it may be off


@dataclass(frozen=True)
class Tolerance:
    """By how much reduced curves may miss what was on each frame.

    Parameters
    ----------
    degrees : float
        For the turn of each bone.
    millimetres : float
        For the place of each joint in the world; feet that stand get less.
    """

    degrees: float = 0.5
    millimetres: float = 2.0


@dataclass(frozen=True)
class Track:
    """One property of a bone, on every frame.

    Parameters
    ----------
    bone : int
        Of the chain.
    order : str
        "QUATERNION", an order of Euler angles such as "XYZ", or "" for a location.
    values : (K, 3) or (K, 4)
    """

    bone: int
    order: str
    values: np.ndarray


@dataclass(frozen=True)
class Stage:
    """What tracks move, and how fast it is played.

    Parameters
    ----------
    chain : Chain
    feet : (P,) bool
        Which of its points must not slide while they stand.
    units : float
        Of the chain, per metre.
    fps : float
    """

    chain: Chain
    feet: np.ndarray
    units: float
    fps: float


def reduce_keys(
    tracks: Sequence[Track],
    frames: np.ndarray,
    last_of_run: np.ndarray,
    stage: Stage,
    tolerance: Tolerance,
) -> list[BezierKeys]:
    """Return few keys for each track, within the tolerance on every frame.

    Parameters
    ----------
    tracks : sequence of Track
        At most one turn and one location of each bone.
    frames : (K,) int
        One after another within each run.
    last_of_run : (K,) bool
        True where a long gap or the end follows.
    stage : Stage
    tolerance : Tolerance
    """
    work = _Reduction(tracks, last_of_run, stage, tolerance)
    keyed, spans, slopes = work.run()
    return [
        _keys_of(index, track.values, frames, last_of_run, keyed[index], spans, slopes)
        for index, track in enumerate(tracks)
    ]


def reduce_curve(
    values: np.ndarray, frames: np.ndarray, last_of_run: np.ndarray, tolerance: float
) -> BezierKeys:
    """Return few keys for curves (K, C) that move no bones.

    Parameters
    ----------
    values : (K, C)
    frames, last_of_run
        As for `reduce_keys`.
    tolerance : float
        By how much they may miss the values of a frame: the length of the difference over C.
    """
    tracks, allowed = values[None], np.full((1, len(values)), tolerance)
    keyed = longest_spans(tracks, _STRICT[0] * allowed, _lanes(1, last_of_run))
    spans = spans_between(keyed, last_of_run)
    slopes = fit_slopes(tracks, allowed, last_of_run, spans)
    return _keys_of(0, values, frames, last_of_run, keyed[0], spans, slopes)


def _keys_of(
    track: int,
    values: np.ndarray,
    frames: np.ndarray,
    last_of_run: np.ndarray,
    keyed: np.ndarray,
    spans: Spans,
    slopes: tuple[np.ndarray, np.ndarray],
) -> BezierKeys:
    where, mine, width = np.flatnonzero(keyed), spans.track == track, values.shape[1]
    slopes_in, slopes_out = np.full((2, *values.shape), np.nan)
    slopes_out[spans.first[mine]] = slopes[0][mine, :width]
    slopes_in[(spans.first + spans.length)[mine]] = slopes[1][mine, :width]
    return keys_with_slopes(
        frames[where], values[where], slopes_in[where], slopes_out[where], last_of_run[where]
    )


class _Reduction:
    """The search for keys, all tracks of a person side by side."""

    def __init__(
        self,
        tracks: Sequence[Track],
        last_of_run: np.ndarray,
        stage: Stage,
        tolerance: Tolerance,
    ) -> None:
        self._tracks, self._chain, self._last = tracks, stage.chain, last_of_run
        self._values = np.zeros((len(tracks), len(last_of_run), 4))
        for index, track in enumerate(tracks):
            self._values[index, :, : track.values.shape[1]] = track.values
        self._heads, self._points = self._posed(self._values)
        self._allowed = _allowed(self._points, last_of_run, stage, tolerance)
        self._most = np.stack([_most(track, np.radians(tolerance.degrees)) for track in tracks])
        self._tolerance = np.minimum(self._most, self._shares())
        self._lanes = _lanes(len(tracks), last_of_run)

    def run(self) -> tuple[np.ndarray, Spans, tuple[np.ndarray, np.ndarray]]:
        """Return keys (T, K), the spans between them, and the slopes of these."""
        keyed = self._keyed(_STRICT[0], self._lanes)
        strict = _STRICT[0]
        for strict in _STRICT[1:]:
            if keyed.mean() <= _FEW:
                break
            keyed = self._keyed(strict, self._lanes)
        rounds = 0
        while True:
            spans = spans_between(keyed, self._last)
            slopes = fit_slopes(self._values, self._tolerance, self._last, spans)
            wrong = self._mend(spans, slopes)
            if not wrong.any():
                return keyed, spans, slopes
            rounds += 1
            if rounds <= _MENDING:
                again = self._lanes.with_any(wrong)
                for track, first, last in zip(again.track, again.first, again.last, strict=True):
                    keyed[track, first + 1 : last] = False
                keyed |= self._keyed(strict, again)
            else:
                keyed |= wrong

    def _keyed(self, strict: float, lanes: Lanes) -> np.ndarray:
        return longest_spans(self._values, strict * self._tolerance, lanes)

    def _posed(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        turns = np.zeros((len(self._chain.parents), values.shape[1], 4))
        turns[..., 0] = 1
        moves = {}
        for track, curve in zip(self._tracks, values, strict=True):
            if track.order == "":
                moves[track.bone] = curve[:, :3]
            elif track.order == "QUATERNION":
                turns[track.bone] = curve / np.linalg.norm(curve, axis=1, keepdims=True)
            else:
                turns[track.bone] = euler_to_quaternion(curve[:, :3], track.order)
        return self._chain.pose(turns, moves)

    def _shares(self) -> np.ndarray:
        """Return by how much tracks may miss (T, K) for no joint to be too far off, most likely."""
        shares = np.empty(self._values.shape[:2])
        for index, track in enumerate(self._tracks):
            asked = [
                self._lever(track, point) / self._allowed[point]
                for point in np.flatnonzero(self._chain.above[track.bone])
            ]
            shares[index] = _SHARE / np.maximum(np.max(asked, axis=0), 1e-9)
        return shares

    def _lever(self, track: Track, point: int, frames: slice | np.ndarray = slice(None)) -> Any:
        """Return how far (K,) a point moves at most for what a track misses."""
        if track.order == "":
            return np.ones(self._points.shape[1])[frames]
        arm = self._points[point, frames] - self._heads[track.bone, frames]
        # Half of the angle is the length by which a quaternion is off.
        turn = 2.0 if track.order == "QUATERNION" else np.sqrt(2)
        return turn * np.linalg.norm(arm, axis=1)

    def _mend(self, spans: Spans, slopes: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Return where tracks miss too much (T, K), and lower the tolerance there."""
        found = follow(self._values, spans, slopes)
        missed = np.linalg.norm(found - self._values, axis=2)
        wrong = missed > _EXACTLY * self._most
        _, points = self._posed(found)
        off = np.linalg.norm(points - self._points, axis=2)
        for point in np.flatnonzero((off > self._allowed).any(axis=1)):
            frames = np.flatnonzero(off[point] > self._allowed[point])
            above = [
                index
                for index, track in enumerate(self._tracks)
                if self._chain.above[track.bone, point]
            ]
            part = np.stack(
                [
                    missed[index, frames] * self._lever(self._tracks[index], point, frames)
                    for index in above
                ]
            )
            less = _MENDED * self._allowed[point, frames] / off[point, frames]
            guilty = part > _GUILTY * part.max(axis=0)
            for index, flags in zip(above, guilty, strict=True):
                at = frames[flags]
                wrong[index, at] = True
                self._tolerance[index, at] = np.minimum(
                    self._tolerance[index, at], less[flags] * missed[index, at]
                )
        return wrong


def _most(track: Track, angle: float) -> np.ndarray:
    """Return by how much a track may miss (K,) for the turn of its own bone."""
    count = len(track.values)
    if track.order == "":
        return np.full(count, np.inf)
    if track.order == "QUATERNION":
        return np.full(count, np.sin(angle / 2))
    return angle / euler_sensitivity(track.values, track.order)


def _allowed(
    points: np.ndarray, last_of_run: np.ndarray, stage: Stage, tolerance: Tolerance
) -> np.ndarray:
    """Return how far off each point may be (P, K), in the units of the chain."""
    most = tolerance.millimetres / 1000
    steps = np.linalg.norm(np.diff(points, axis=1), axis=2) * stage.fps / stage.units
    steps[:, last_of_run[:-1]] = np.inf
    endless = np.full((len(points), 1), np.inf)
    slower = np.minimum(np.append(steps, endless, axis=1), np.append(endless, steps, axis=1))
    stands = stage.feet[:, None] & (slower < _STANDS)
    return np.where(stands, min(most, _STANDING), most) * stage.units


def _lanes(tracks: int, last_of_run: np.ndarray) -> Lanes:
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
