"""How evenly somebody who touched somebody else would have gone on."""

import numpy as np

from core_model.tracking.tracks import BODY, Tracklet

_LONGEST = 1.5  # seconds of touching over which motion can be foretold
_SECONDS = 0.5  # over which speed is measured before and after
_LEAST = 0.15  # seconds below which it tells nothing
_STRAY = 0.1  # of the body's extent by which middles are off anyway
_TURN = 0.75  # of its extent a second squared: what people change their speed by, halved
_WEIGHT, _MOST = 0.12, 0.6


def unsteadiness(piece: Tracklet, follower: Tracklet) -> float | None:
    """Return how unlikely one person moved so while touching somebody else.

    Where both go on as they came, each is where the speed before and the speed after say, whatever
    happened in between.

    Parameters
    ----------
    piece, follower : Tracklet
        Before and after.

    Returns
    -------
    float or None
        0 to 0.6; None where nothing tells: nobody was touched, for too long, or one of the
        two is too short.
    """
    if piece.apart_until is None or follower.apart_from is None:
        return None
    gap = follower.apart_from - piece.apart_until
    if not 0 <= gap <= _LONGEST:
        return None
    left, came = piece.apart_until, follower.apart_from
    before = _motion(piece, left - _SECONDS, left, left)
    after = _motion(follower, came, came + _SECONDS, came)
    if before is None or after is None:
        return None
    (place, speed, size), (later_place, later_speed, later_size) = before, after
    missed = np.linalg.norm(place + speed * gap - later_place)
    missed_back = np.linalg.norm(later_place - later_speed * gap - place)
    usual = (_STRAY + _TURN * gap**2) * min(size, later_size)
    off = _WEIGHT * float(missed + missed_back) / 2 / usual
    return min(off, _MOST)


def _motion(
    tracklet: Tracklet, start: float, end: float, at: float
) -> tuple[np.ndarray, np.ndarray, float] | None:
    """Return where the middle of a body is at a moment, its speed and its extent.

    As a line through `start` to `end` says; pixels and pixels a second. None where that is too
    short.
    """
    times = np.array(tracklet.times)
    which = np.flatnonzero((times >= start) & (times <= end))
    if len(which) < 3 or np.ptp(times[which]) < _LEAST:
        return None
    bodies = np.stack([tracklet.observations[each].landmarks[BODY, :2] for each in which])
    since = np.stack((times[which] - at, np.ones(len(which))), axis=1)
    (speed, place), *_ = np.linalg.lstsq(since, bodies.mean(axis=1), rcond=None)
    return place, speed, float(np.median(np.linalg.norm(np.ptp(bodies, axis=1), axis=1)))
