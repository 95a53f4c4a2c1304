"""What an animator said of what touches: read from a take that was solved with it; no bpy."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core_model.corrections.records import TOUCHING
from core_model.take import Take

STANDS, ROLLS, LIFTS = 1, 2, -1
"""What may be asked of a foot."""

_FLAT = 1e-12  # square metres
_SLACK = 1e-4  # seconds


@dataclass(frozen=True)
class Touch:
    """A part of the body touches something for a while, or is said not to.

    Parameters
    ----------
    limb : str
        One of `core_model.corrections.records.TOUCHING`.
    start, end : float
        Seconds in the clip, both included.
    touches : bool
    height : float or None
        Of what it touches, metres above the ground z = 0; None for as high as it was captured.
    surface : (F, 3, 3) or None
        Triangles of what it touches, metres in the world of the take; they count, not `height`.
    rolls : bool
        Whether a foot may roll over its heel and ball meanwhile, as one that walks does.
    found : bool
        Whether nobody said it: it counts where feet are held at all.
    """

    limb: str
    start: float
    end: float
    touches: bool = True
    height: float | None = 0.0
    surface: np.ndarray | None = None
    rolls: bool = False
    found: bool = False


def touches_of(take: Take) -> list[Touch]:
    """Return what a take that was solved again says of its contacts.

    That text comes from anywhere: what does not say what it should is left out.
    """
    listed = take.source.get("contacts")
    found = [_touch(each) for each in listed] if isinstance(listed, list) else []
    return [each for each in found if each is not None]


def entry_of(touch: Touch) -> dict[str, Any]:
    """Return a touch as plain values, which `touches_of` reads."""
    surface = None if touch.surface is None else np.asarray(touch.surface).tolist()
    span = {"start": float(touch.start), "end": float(touch.end)}
    return vars(touch) | span | {"surface": surface}


def stretch_of(touch: Touch, times: np.ndarray) -> tuple[int, int]:
    """Return the rows [start, end) of times (N,) that a touch speaks of; empty if none."""
    first = int(np.searchsorted(times, touch.start - _SLACK))
    return first, max(first, int(np.searchsorted(times, touch.end + _SLACK, side="right")))


def within(touches: Iterable[Touch], start: float, end: float) -> tuple[Touch, ...]:
    """Return touches as far as they lie between two times, seconds."""
    cut = [replace(each, start=max(each.start, start), end=min(each.end, end)) for each in touches]
    return tuple(each for each in cut if each.start <= each.end)


def to_the_ends(touches: Iterable[Touch], taken: np.ndarray, shown: np.ndarray) -> list[Touch]:
    """Return touches of which those that reach an end of a take reach that of what shows it.

    The frames of a scene begin and end up to half a frame before or after those of a take, which
    they show as it is at its ends.

    Parameters
    ----------
    touches : iterable of Touch
    taken : (T,)
        Seconds of the frames of the take.
    shown : (N,)
        Seconds of those of the scene.
    """

    def reaching(touch: Touch) -> Touch:
        start = min(touch.start, shown[0]) if touch.start < taken[0] + _SLACK else touch.start
        end = max(touch.end, shown[-1]) if touch.end > taken[-1] - _SLACK else touch.end
        return replace(touch, start=float(start), end=float(end))

    return [reaching(each) for each in touches]


def asked_of_feet(touches: Iterable[Touch], times: np.ndarray) -> np.ndarray:
    """Return what is asked of the left and the right foot at times (N,), as (N, 2) int.

    `STANDS`: all of it on the ground, `ROLLS`: it may roll, `LIFTS`: it does not, whatever it seems
    to; 0: nothing is said.
    """
    asked = np.zeros((len(times), 2), int)
    for touch in touches:
        if touch.limb.endswith("_foot"):
            first, last = stretch_of(touch, times)
            stands = touch.touches and touch.height == 0 and touch.surface is None
            rolls = touch.touches and touch.rolls
            said = ROLLS if rolls else STANDS if stands else LIFTS
            asked[first:last, int(touch.limb.startswith("right"))] = said
    return asked


def _touch(entry: Any) -> Touch | None:
    if not isinstance(entry, dict):
        return None
    limb, given = entry.get("limb"), entry.get("height")
    start, end = _number(entry.get("start")), _number(entry.get("end"))
    height = None if given is None else _number(given)
    unknown = limb not in TOUCHING or (height is None and given is not None)
    if unknown or start is None or end is None:
        return None
    surface = _triangles(entry.get("surface"))
    touches, rolls = entry.get("touches") is not False, entry.get("rolls") is True
    found = entry.get("found") is True
    return Touch(str(limb), start, end, touches, height, surface, rolls, found)


def _triangles(given: Any) -> np.ndarray | None:
    """Return triangles (F, 3, 3); None for what are none, or have no area."""
    try:
        found = np.array(given, np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
    if found.ndim != 3 or found.shape[1:] != (3, 3) or not np.isfinite(found).all():
        return None
    found = found[has_area(found)]
    return found if len(found) else None


def has_area(corners: np.ndarray) -> np.ndarray:
    """Tell which triangles (F, 3, 3) are more than a line, (F,) bool."""
    edges = corners[:, 1:] - corners[:, :1]
    across = np.cross(edges[:, 0], edges[:, 1])
    return np.asarray(np.linalg.norm(across, axis=1) > _FLAT)


def _number(value: Any) -> float | None:
    is_one = type(value) in (int, float) and abs(value) <= sys.float_info.max
    return float(value) if is_one else None
