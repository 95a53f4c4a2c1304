"""Which shot of a clip that was cut a take is from: each has a camera and a world of its own."""

from collections.abc import Iterable, Mapping

import numpy as np

from core_model.take.take import Take

_MOST = 1_000_000  # shots: a file that claims more is damaged


def shot_of_take(take: Take) -> tuple[int, float]:
    """Return the number of a take's shot, from 1, and at which second of the clip it begins.

    0 and 0 for a take of a clip that was never cut, and where what the file says makes no sense.
    """
    told = take.source.get("shot")
    told = told if isinstance(told, Mapping) else {}
    number, start = told.get("number"), told.get("start")
    if not isinstance(number, int) or not isinstance(start, int | float):
        return 0, 0.0
    sound = 0 < number < _MOST and bool(np.isfinite(start))
    return (number, float(start)) if sound else (0, 0.0)


def by_shots(takes: Iterable[Take]) -> dict[int, list[Take]]:
    """Return the takes of a capture by the numbers of their shots, in the order of these."""
    shots: dict[int, list[Take]] = {}
    for take in takes:
        shots.setdefault(shot_of_take(take)[0], []).append(take)
    return dict(sorted(shots.items()))
