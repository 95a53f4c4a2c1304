"""Left and right decided for all views of somebody together.

A view alone cannot always tell whether somebody is seen from the front or from behind. Two views
can: only where both have sides right do their figures agree in space.
"""

from collections.abc import Callable

import numpy as np

from core_model.body.landmarks import LANDMARK_MIRROR
from core_model.body.model import Body
from core_model.lifting.figure import Figure
from core_model.tracking.cheapest_way import cheapest_way
from core_model.views.alignment import align
from core_model.views.clips import interpolated, joints_of, nearest

Relift = Callable[[int, int, np.ndarray], Figure]
"""Lifts a figure of a clip anew, with left and right exchanged in some of its frames (F,) bool."""

_CLEARLY = 0.8  # of what figures are apart as they are: labels give way to proof only
_EXACT = 0.08  # metres by which joints of one person may differ
_EXACT_PLACE = 0.15  # likewise, where they are
_PLACE = 24.0
"""Weight of where somebody is: two views that are both wrong agree but for that."""

_CAPPED = 0.5  # metres: being further apart tells nothing more
_SWITCH = 2.0  # what it costs to change sides from one frame to the next, in capped misfits
_RATE = 15.0  # frames a second that are looked at


def mirrored_landmarks(landmarks: np.ndarray) -> np.ndarray:
    """Return landmarks (F, 33, 3) with left and right exchanged."""
    return landmarks[:, list(LANDMARK_MIRROR)]


class _Labelled:
    """Joints of a figure as it is labelled and with sides exchanged, at some moments."""

    def __init__(
        self,
        figures: tuple[Figure, Figure],
        times: np.ndarray,
        moments: np.ndarray,
        body: Body,
    ) -> None:
        seen = figures[0].seen.astype(float)
        self.known = np.interp(moments, times, seen, left=0, right=0) > 0.99
        self.joints = [interpolated(moments, times, joints_of(each, body)) for each in figures]


def exchanged_together(
    a: tuple[Figure, Figure],
    b: tuple[Figure, Figure],
    times_a: np.ndarray,
    times_b: np.ndarray,
    body: Body,
) -> tuple[np.ndarray, np.ndarray]:
    """Tell in which frames of two views of one person left and right are exchanged.

    Parameters
    ----------
    a, b : (Figure, Figure)
        As it is labelled, and lifted with sides exchanged in every frame.
    times_a, times_b : (F,)
        Seconds of their frames, on one clock.
    body : Body

    Returns
    -------
    exchanged_a : (F,) bool
        Where labels of the first are wrong; all False where the views do not tell.
    exchanged_b : (F,) bool
        Of the second, likewise.
    """
    nothing = np.zeros(len(times_a), bool), np.zeros(len(times_b), bool)
    begin, end = max(times_a[0], times_b[0]), min(times_a[-1], times_b[-1])
    if end - begin < 2 / _RATE:
        return nothing
    moments = np.arange(begin, end, 1 / _RATE)
    first, second = (
        _Labelled(each, times, moments, body) for each, times in ((a, times_a), (b, times_b))
    )
    both = first.known & second.known
    if both.sum() < 3:
        return nothing
    every = [(i, j) for i in range(2) for j in range(2)]
    rigids = [align(first.joints[i][both], second.joints[j][both], place=_PLACE) for i, j in every]
    totals = [
        np.log1p((each.missed / _EXACT) ** 2).mean()
        + np.log1p((each.aside / _EXACT_PLACE) ** 2).mean()
        for each in rigids
    ]
    best = int(np.argmin(totals))
    if totals[best] > _CLEARLY * totals[0]:
        best = 0
    rigid = rigids[best]
    costs = np.zeros((len(moments), len(every)))
    for state, (i, j) in enumerate(every):
        apart = first.joints[i] @ rigid.rotation.T - second.joints[j]
        apart = apart - apart[:, :1]  # places are guesses
        missed = np.linalg.norm(apart, axis=-1).mean(axis=1)
        costs[:, state] = np.where(both, np.minimum(missed, _CAPPED), 0.0)
    states = _cheapest(costs, start=best)
    exchanged = [np.array([every[state][side] for state in states], bool) for side in range(2)]
    return exchanged[0][nearest(times_a, moments)], exchanged[1][nearest(times_b, moments)]


def _cheapest(costs: np.ndarray, start: int) -> np.ndarray:
    """Return the cheapest way (T,) through states with costs (T, S), changes being dear.

    Other states than `start` cost a little, so that what tells nothing changes nothing.
    """
    costs = costs + 0.01 * (np.arange(costs.shape[1]) != start)
    switch = _SWITCH * _CAPPED * (1 - np.eye(costs.shape[1]))
    return cheapest_way(np.broadcast_to(switch, (len(costs) - 1, *switch.shape)), costs)
