"""How the camera of a clip zoomed, from what lies behind the people.

Whoever zooms, and may turn meanwhile, lets all that the picture shows grow alike, near or far; when
the camera is carried towards it, what is near grows faster. Of a lens that seems not to change, it
is not said that it does: noise is not let through.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import PchipInterpolator

from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.tracking.background import BackgroundMatch

_LEAST, _WITHIN = np.log(1.03), 3.0  # that much in so many seconds is a zoom, less is noise
_FEWEST_LOOKS = 4  # at a zoom
_SLACK = 0.003  # of the logarithm: a lens that seems to change by less rests
_RESTING = 0.25  # seconds
_TELLING = 0.015  # of the logarithm, since the key picture: from which on a look tells what it is
_MOST_UNKNOWN = 0.1  # of the looks at a zoom
_EARLY, _OFTEN = 0.12, 0.25  # of the same; share of the looks
_ALIKE = 0.8  # of the corners: fewer move alike where the camera is carried past what is near
_UNEXPLAINED = 0.25  # of what a turn leaves unexplained, what a zoom may
_ROUNDS = 10
_SMALL_STEP = 1e-5
_OFF = 0.003  # of the picture's longer side: by how much a corner may miss
_APART = 0.1  # of the longer side: corners whose distance tells the size of the picture
_MOST_PAIRS = 20  # to each corner


@dataclass(frozen=True)
class Zoom:
    """How a camera zoomed.

    Parameters
    ----------
    factors : (N,)
        At each look: focal length as a multiple of the shortest.
    sure : float
        0 to 1.
    """

    factors: np.ndarray
    sure: float

    def at(self, times: np.ndarray, moments: np.ndarray) -> np.ndarray:
        """Return the factors at times (T,) from those of the looks, at moments (N,), seconds."""
        between = PchipInterpolator(moments, np.log(self.factors))
        return np.asarray(np.exp(between(np.clip(times, moments[0], moments[-1]))))


@dataclass(frozen=True)
class _Look:
    """What one look tells.

    `time` is in seconds, `log` the logarithm of the focal length as a multiple of that of the first
    look, `since` that since the key picture; `missed` and `unzoomed` are the medians of what a
    camera that turns and zooms, and one that only turns, leave unexplained, shares of the longer
    side; `agreed` is the share of the corners that moved alike.
    """

    time: float
    log: float
    since: float = 0.0
    missed: float = 0.0
    unzoomed: float = 0.0
    agreed: float = 0.0
    known: bool = True

    @property
    def tells(self) -> bool:
        """Whether enough changed since the key picture to tell what it was."""
        return self.known and abs(self.since) > _TELLING


def find_zoom(matches: Iterable[BackgroundMatch], camera: Camera) -> Zoom | None:
    """Find how the camera zoomed; None where the lens did not change, or nobody knows.

    Parameters
    ----------
    matches : iterable of BackgroundMatch
        From `core_model.tracking.background.Background`, in their order.
    camera : Camera
        Its focal length is taken for the first.
    """
    looks: list[_Look] = []
    for match in matches:
        looks.append(_look(match, looks, camera))
    logs, times = (np.array([getattr(look, name) for look in looks]) for name in ("log", "time"))
    swings = _swings(logs, times)
    if not swings:
        return None
    sure = [
        _sureness(looks[swing], looks[max(swing.start - 1, 0) : swing.stop + 1]) for swing in swings
    ]
    if min(sure) <= 0:
        return None
    held = _without_noise(logs, times, swings)
    return Zoom(np.exp(held - held.min()), float(min(sure)))


def unzoomed(
    matches: Iterable[BackgroundMatch], zoom: Zoom, camera: Camera
) -> Iterator[BackgroundMatch]:
    """Yield matches as a camera that only turned would have seen them.

    Parameters
    ----------
    matches : iterable of BackgroundMatch
        Those that tell of the zoom.
    zoom : Zoom
    camera : Camera
    """
    for factor, match in zip(zoom.factors, matches, strict=True):
        if match.before is None or match.after is None:
            yield match
            continue
        own, key = (np.full(len(match.before), each) for each in (factor, zoom.factors[match.key]))
        yield replace(
            match,
            before=camera.through_one_lens(match.before, key),
            after=camera.through_one_lens(match.after, own),
        )


def _look(match: BackgroundMatch, before: list[_Look], camera: Camera) -> _Look:
    if not before:
        return _Look(match.time, 0.0)
    key = before[match.key].log
    if match.before is None or match.after is None:
        return _Look(match.time, key)
    if match.lost:  # it goes on as it went
        last, other = before[-1], before[max(len(before) - 2, 0)]
        speed = (last.log - other.log) / max(last.time - other.time, 1e-9)
        return _Look(match.time, last.log + speed * (match.time - last.time), known=False)
    first = replace(camera, focal=camera.focal * np.exp(key))
    since, missed = _fit(match.before, match.after, first, zooms=True)
    look = _Look(match.time, key + since, since, float(np.median(missed)))
    if not look.tells:
        return look
    _, unzoomed = _fit(match.before, match.after, first, zooms=False)
    agreed = match.agreed / max(match.corners, 1)
    return replace(look, unzoomed=float(np.median(unzoomed)), agreed=agreed)


def _fit(
    before: np.ndarray, after: np.ndarray, camera: Camera, zooms: bool
) -> tuple[float, np.ndarray]:
    """Fit a turn, and if wanted a change of the lens, to pixels (N, 2) before and after.

    Gauss-Newton on the reprojection error with Geman-McClure weights. Returns the logarithm of the
    change, and by how much each pixel is missed (N,), as a share of the longer side.
    """
    side = float(max(camera.size))
    rays, seen = camera.rays(before), after - camera.center
    turn, log = np.eye(3), _growth(before, after, side) if zooms else 0.0
    missed = np.zeros(len(rays))
    for _ in range(_ROUNDS):
        x, y, z = (rays @ turn.T).T
        x, y = x / z, y / z
        focal = camera.focal * np.exp(log)
        shown = focal * np.stack((x, y), 1)
        off = seen - shown
        missed = np.linalg.norm(off, axis=1) / side
        weight = 1 / (1 + (missed / _OFF) ** 2) ** 2
        slopes = np.stack(
            (
                np.stack((-x * y, 1 + x * x, -y, x), 1),
                np.stack((-1 - y * y, x * y, x, y), 1),
            ),
            1,
        )[..., : 4 if zooms else 3]
        slopes = focal * slopes
        normal = np.einsum("n,nia,nib->ab", weight, slopes, slopes)
        right = np.einsum("n,nia,ni->a", weight, slopes, off)
        step = np.linalg.solve(normal + 1e-9 * np.eye(len(normal)), right)
        turn = axis_angle_to_matrix(step[:3]) @ turn
        log += float(step[3]) if zooms else 0.0
        if np.abs(step).max() < _SMALL_STEP:
            break
    return log, missed


def _growth(before: np.ndarray, after: np.ndarray, side: float) -> float:
    """Return the logarithm by which distances between pixels (N, 2) grew, the median."""
    logs = []
    for step in range(1, min(len(before), _MOST_PAIRS + 1)):
        first, second = (
            np.linalg.norm(each - np.roll(each, step, axis=0), axis=1) for each in (before, after)
        )
        far = first > _APART * side
        logs.append(np.log(np.maximum(second[far], 1e-6) / first[far]))
    every = np.concatenate(logs) if logs else np.empty(0)
    return float(np.median(every)) if len(every) else 0.0


def _swings(logs: np.ndarray, times: np.ndarray) -> list[slice]:
    """Return the stretches of looks (N,) in which the lens changed fast enough, and by enough."""
    zooming = np.zeros(len(logs), bool)
    start = 0
    for index in range(len(logs)):
        while times[index] - times[start] > _WITHIN:
            start += 1
        recent = logs[start : index + 1]
        for extreme in (int(recent.argmin()), int(recent.argmax())):
            if (
                abs(recent[-1] - recent[extreme]) > _LEAST
                and len(recent) - extreme >= _FEWEST_LOOKS
            ):
                zooming[start + extreme : index + 1] = True
    edges = np.flatnonzero(np.diff(np.concatenate(([False], zooming, [False])).astype(int)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _sureness(looks: list[_Look], around: list[_Look]) -> float:
    """Return how sure it is that what a swing shows is a zoom, 0 to 1."""
    unknown = sum(not look.known for look in around)
    telling = [look for look in looks if look.tells]
    if not telling or unknown > _MOST_UNKNOWN * len(around):
        return 0.0
    # While little has changed: later, corners are lost for other reasons.
    early = [look for look in telling if abs(look.since) < _EARLY] or telling
    alike = float(np.quantile([look.agreed for look in early], _OFTEN))
    left = float(np.median([look.missed / max(look.unzoomed, 1e-9) for look in telling]))
    if alike < _ALIKE or left > _UNEXPLAINED:
        return 0.0
    return min(alike, 1.0) * (1 - left)


def _without_noise(logs: np.ndarray, times: np.ndarray, swings: list[slice]) -> np.ndarray:
    """Return the logarithms (N,) with the lens at rest wherever it did not clearly change."""
    steps = np.diff(logs, prepend=logs[:1])
    changing = np.zeros(len(logs), bool)
    for swing in swings:
        changing[swing.start + 1 : swing.stop] = True
    held = np.cumsum(np.where(changing, steps, 0.0))
    # A lens that rests between two zooms, or at their ends, rests exactly.
    start, low, high = 0, held[0], held[0]
    for stop in range(1, len(held) + 1):
        if stop < len(held):
            low, high = min(low, held[stop]), max(high, held[stop])
            if high - low < 2 * _SLACK:
                continue
        if times[stop - 1] - times[start] >= _RESTING:
            held[start:stop] = np.median(held[start:stop])
        if stop < len(held):
            start, low, high = stop, held[stop], held[stop]
    return held
