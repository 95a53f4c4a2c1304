"""Which of several offsets of two clips is true: the one with which one motion explains both."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from core_model.body.model import Body
from core_model.engine.side_by_side import untold
from core_model.fit.placed_camera import PlacedCamera
from core_model.fit.weights import FitWeights
from core_model.network.devices import one_thread
from core_model.views.agreement import missed_by_person
from core_model.views.clips import FOCAL_SPREAD, ClipMotion, part_of
from core_model.views.matching import Match
from core_model.views.placing import Placed
from core_model.views.together import explain_together

_QUICK = FitWeights(iterations=80)
_SECONDS = 4.0  # that are fitted
_AS_MUCH = 0.95  # of what the best other answer explains
_HOPELESS = 2.0  # times as far off as the best one: with that offset no motion explains both
_SAME = 0.15  # seconds
_ASIDE = (-0.1, 0.1)  # likewise
_LONGER = 0.25  # power of the seconds by which more may be missed


def chosen_by_fit(
    first: ClipMotion,
    second: ClipMotion,
    found: Sequence[Match],
    body: Body,
    device: torch.device,
) -> Match:
    """Return the match with which a short fit to both clips misses least.

    Parameters
    ----------
    first, second : ClipMotion
    found : sequence of Match
    body : Body
    device : torch.device
    """

    def missed_by(matches: Sequence[Match]) -> list[float]:
        with one_thread():  # one after the other: such short fits only wait for each other
            return [_missed(first, second, match, body, device) for match in matches]

    missed = missed_by(found)
    best = int(np.argmin(missed))
    if not np.isfinite(missed[best]):
        return found[best]
    # Who is hidden from one camera may agree best a moment beside the true one.
    beside = [replace(found[best], offset=found[best].offset + aside) for aside in _ASIDE]
    nearby = [found[best], *beside]
    nearest = nearby[int(np.argmin([missed[best], *missed_by(beside)]))]
    return replace(_judged(found, missed, best), offset=nearest.offset)


def _judged(found: Sequence[Match], missed: Sequence[float], best: int) -> Match:
    """Return the match that is missed least, and how sure and clear it is among the others."""
    if len(found) < 2:
        return found[0]
    match = found[best]
    # Offsets close by are the same answer, found twice.
    others = [i for i, each in enumerate(found) if abs(each.offset - match.offset) > _SAME]
    gain = max(each.gain for i, each in enumerate(found) if i not in others)
    most = max((found[i].gain for i in others), default=min(each.second for each in found))
    match = replace(match, gain=gain, second=most)
    # Where another offset explains more of the time, a short fit does not outweigh that, unless
    # with it hardly anything fits: who repeats an exercise moves alike at many offsets.
    longer = [i for i in others if gain < _AS_MUCH * found[i].gain]
    if any(missed[i] < _HOPELESS * missed[best] for i in longer):
        return match
    next_best = min((missed[i] for i in others), default=sorted(missed)[1])
    return replace(match, clear=float(1 - missed[best] / next_best))


def _missed(
    first: ClipMotion,
    second: ClipMotion,
    match: Match,
    body: Body,
    device: torch.device,
) -> float:
    """Return how many times as far off as alone the first pair of people is."""
    cameras = [
        PlacedCamera(first.camera, np.eye(3), np.zeros(3), clock_free=False),
        PlacedCamera(
            second.camera,
            match.rotation,
            match.translation,
            match.offset,
            1.0,
            FOCAL_SPREAD["assumed"],
        ),
    ]
    i, j = match.pairs[0]
    begin, end = _both(first, second, match)
    middle = (begin + end) / 2
    window = middle - _SECONDS / 2, middle + _SECONDS / 2
    begin, end = max(begin, window[0]), min(end, window[1])
    try:
        clips = [
            part_of(first, [i], begin, end),
            part_of(second, [j], begin - match.offset, end - match.offset),
        ]
    except ValueError:  # one of them is out of the picture just then
        return np.inf
    placed = Placed(cameras, [{0: 0, 1: 0}], [match], ["motion"])
    together = explain_together(clips, placed, body, device, untold, _QUICK)
    missed = [each for each in missed_by_person(clips, together, body) if each.clips]
    if not missed:
        return np.inf
    ratio = sum(missed[0].together) / max(sum(missed[0].alone), 1e-6)
    # What is shown for long is harder to explain than a moment.
    return ratio / (end - begin) ** _LONGER


def _both(first: ClipMotion, second: ClipMotion, match: Match) -> tuple[float, float]:
    """Return from when to when both clips see the first pair of a match, first clip's clock."""
    i, j = match.pairs[0]
    a = first.own_times(first.figures[i])[first.figures[i].seen]
    b = second.own_times(second.figures[j])[second.figures[j].seen] + match.offset
    return float(max(a[0], b[0])), float(min(a[-1], b[-1]))
