"""From a value on every frame to few keys that an animator can edit, with a bound on what changes.

A turn of the shoulder by a tenth of a degree moves a hand by a millimetre, and errors of a chain
add up: what each bone may do wrong follows from how far the joints are that it carries, and what
all do together is measured and mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bake.reduction.allowances import allowed_distances, most_of_turn
from bake.reduction.axis_angle import SENSITIVITY, axis_and_angle_to_quaternion
from bake.reduction.bezier import BezierKeys, keys_with_slopes
from bake.reduction.chain import Chain, knee_levers
from bake.reduction.euler import euler_to_quaternion
from bake.reduction.handles import (
    at_keys,
    fit_handles,
    follow,
    halfway,
    plain_slopes,
    spans_between,
    swings,
)
from bake.reduction.lengths import squared_lengths
from bake.reduction.spans import Lanes, lanes_in_runs, longest_spans

_SHARE = 0.45  # of what a joint may be off, for each bone of its chain: errors rarely all agree
_STRICT = (0.35, 0.6, 0.95)  # of the tolerance for finding spans: handles need room to line up
_FEW = 0.2  # of all frames: with so few keys no longer spans are tried
_MANY = 0.23  # of all frames: with so many keys handles get lengths of their own
_BOLD = 1.5  # times the share of a bone then: what is too much is mended
_MENDING = 4  # rounds of a smaller tolerance where joints are too far off; then keys are put there
_MENDED = 0.9  # of what would just do
_GUILTY = 0.6  # of the largest share in an error: who has less is not mended for it
_EXACTLY = 1.001  # times the tolerance
_SWING = 2.0  # times the tolerance of a turn, beyond what the frames around do


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
        "QUATERNION", "AXIS_ANGLE", an order of Euler angles such as "XYZ", or "" for a location.
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
        Which of its points, knees included, must not slide while they stand.
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
    work.run()
    return [
        _curve(track.values, frames, last_of_run, work.keyed[index], work.handles[:, index])
        for index, track in enumerate(tracks)
    ]


def reduce_curve(
    values: np.ndarray, frames: np.ndarray, last_of_run: np.ndarray, tolerance: float
) -> BezierKeys:
    """Return few keys for curves (K, C) that move no bones.

    Parameters
    ----------
    values : (K, C)
    frames : (K,)
    last_of_run : (K,) bool
        As for `reduce_keys`.
    tolerance : float
        By how much they may miss the values of a frame: the length of the difference over C.
    """
    tracks, allowed = values[None], np.full((1, len(values)), tolerance)
    keyed = longest_spans(tracks, _STRICT[0] * allowed, lanes_in_runs(1, last_of_run))
    spans = spans_between(keyed, last_of_run)
    handles = fit_handles(tracks, allowed, plain_slopes(tracks, last_of_run), spans)
    at = at_keys(tracks.shape, spans, handles)
    return _curve(values, frames, last_of_run, keyed[0], at[:, 0])


def _curve(
    values: np.ndarray,
    frames: np.ndarray,
    last_of_run: np.ndarray,
    keyed: np.ndarray,
    handles: np.ndarray,
) -> BezierKeys:
    """Put the keys of a track together; `handles` (4, K, C) are from `at_keys`."""
    comes, goes, *reaches = handles[:, keyed, : values.shape[1]]
    return keys_with_slopes(
        frames[keyed], values[keyed], comes, goes, last_of_run[keyed], (reaches[0], reaches[1])
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
        self._bones = [track.bone for track in tracks]
        self._values = np.zeros((len(tracks), len(last_of_run), 4))
        for index, track in enumerate(tracks):
            self._values[index, :, : track.values.shape[1]] = track.values
        self._heads, self._points = self._posed(self._values)
        self._allowed = allowed_distances(
            self._points, stage.feet, last_of_run, stage.fps, stage.units, tolerance.millimetres
        )
        self._levers = knee_levers(self._chain, self._points, self._allowed)
        self._most = np.stack(
            [most_of_turn(track.values, track.order, tolerance.degrees) for track in tracks]
        )
        self._tolerance = np.minimum(self._most, self._shares())
        self._lanes = lanes_in_runs(len(tracks), last_of_run)
        self._plain = plain_slopes(self._values, last_of_run)
        self._found = np.full_like(self._values, np.nan)
        self.keyed = np.zeros(self._values.shape[:2], bool)
        self._stretching = False
        self.handles = np.empty((4, *self._values.shape))

    def run(self) -> None:
        """Find `keyed` (T, K), and the `handles` there, as from `at_keys`."""
        strict = _STRICT[0]
        self.keyed = self._keyed(strict, self._lanes)
        for strict in _STRICT[1:]:
            if self.keyed.mean() <= _FEW:
                break
            self.keyed = self._keyed(strict, self._lanes)
        if self.keyed.mean() > _MANY:
            self._stretching = True
            self._tolerance = np.minimum(self._most, _BOLD * self._tolerance)
            self.keyed = self._keyed(strict, self._lanes)
        rounds = 0
        wrong = self._refit(np.arange(len(self._tracks)))
        while (wrong & ~self.keyed).any():
            rounds += 1
            if rounds <= _MENDING:
                again = self._lanes.with_any(wrong)
                for track, first, last in zip(again.track, again.first, again.last, strict=True):
                    self.keyed[track, first + 1 : last] = False
                self.keyed |= self._keyed(strict, again)
            else:
                self.keyed |= wrong
            wrong = self._refit(np.flatnonzero(wrong.any(axis=1)))

    def _refit(self, which: np.ndarray) -> np.ndarray:
        """Fit the handles of some tracks, and return where tracks miss too much, as `_mend`."""
        values = self._values[which]
        spans = spans_between(self.keyed[which], self._last)
        handles = fit_handles(values, self._tolerance[which], self._plain[which], spans)
        self.handles[:, which] = at_keys(values.shape, spans, handles)
        found = follow(values, spans, handles)
        changed = np.flatnonzero((found != self._found[which]).any(axis=(0, 2)))
        self._found[which] = found
        wrong = self._mend(changed)
        swing = swings(values, halfway(values, spans, handles), _SWING * self._most[which])
        wrong[which] |= swing
        return wrong

    def _keyed(self, strict: float, lanes: Lanes) -> np.ndarray:
        return longest_spans(self._values, strict * self._tolerance, lanes, self._stretching)

    def _posed(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        turns = np.zeros((len(self._chain.parents), values.shape[1], 4))
        turns[..., 0] = 1
        moves = {}
        for track, curve in zip(self._tracks, values, strict=True):
            if track.order == "":
                moves[track.bone] = curve[:, :3]
            elif track.order == "QUATERNION":
                turns[track.bone] = curve / np.linalg.norm(curve, axis=1, keepdims=True)
            elif track.order == "AXIS_ANGLE":
                turns[track.bone] = axis_and_angle_to_quaternion(curve)
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
        if point in self._levers:
            moves = [
                gain[frames] * self._lever(track, each, frames)
                for each, gain in self._levers[point]
                if self._chain.above[track.bone, each]
            ]
            return np.max(moves, axis=0)
        if track.order == "":
            return np.ones(self._points.shape[1])[frames]
        arm = self._points[point, frames] - self._heads[track.bone, frames]
        # Half of the angle is the length by which a quaternion is off.
        turn = {"QUATERNION": 2.0, "AXIS_ANGLE": SENSITIVITY}.get(track.order, np.sqrt(2))
        return turn * np.sqrt(squared_lengths(arm))

    def _mend(self, changed: np.ndarray) -> np.ndarray:
        """Return where tracks miss too much (T, K), of changed samples; less is tolerated there."""
        found = self._found[:, changed]
        missed = np.zeros(self.keyed.shape)
        missed[:, changed] = np.sqrt(squared_lengths(found - self._values[:, changed]))
        wrong = missed > _EXACTLY * self._most
        off, away = np.zeros(self._allowed.shape), self._posed(found)[1] - self._points[:, changed]
        off[:, changed] = np.sqrt(squared_lengths(away))
        for point in np.flatnonzero((off > self._allowed).any(axis=1)):
            frames = np.flatnonzero(off[point] > self._allowed[point])
            above = np.flatnonzero(self._chain.above[self._bones, point])
            levers = [self._lever(self._tracks[index], point, frames) for index in above]
            part = missed[above[:, None], frames] * np.stack(levers)
            less = _MENDED * self._allowed[point, frames] / off[point, frames]
            guilty = part > _GUILTY * part.max(axis=0)
            for index, flags in zip(above, guilty, strict=True):
                at = frames[flags]
                wrong[index, at] = True
                self._tolerance[index, at] = np.minimum(
                    self._tolerance[index, at], less[flags] * missed[index, at]
                )
        return wrong
