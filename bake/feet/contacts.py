"""When a foot stands: heel and ball of each foot, from how fast and how high they are.

How fast they are says `foot_speed`; how high they are only tells a foot that stands from one that
is held in the air.
"""

from dataclasses import dataclass, replace

import numpy as np

from bake.feet.bearing import FEET, lies_down, resting_heights
from bake.feet.figure import Figure, Posed, foot_points, lowest_of_parts
from bake.feet.foot_evidence import FootEvidence
from bake.feet.foot_speed import foot_speed, scale_of
from bake.motion.banded import SmoothFit
from bake.motion.local_fit import local_slope, peak_nearby
from bake.motion.touches import LIFTS, ROLLS, STANDS

_SLOW, _FAST = 0.25, 0.45  # metres per second: a contact begins below the one, ends above the other
_FALLING = 4.0  # metres per second squared: at the top of a jump feet are slow too, but do this
_LOW, _HIGH = 0.25, 0.35  # metres of a foot above the floor, as for speed
_LYING = 0.05  # metres, as _LOW, of the feet of somebody who lies: they are on the floor or not
_AGREES = 0.1  # metres that what bears the figure may differ in height
_TILTED, _LIFTED = 0.04, 0.065  # metres of the heel above the ball, or the ball above the heel
_TILTING, _LIFTING = 0.12, 0.2  # metres per second at which they part
_STEADY = 0.04  # seconds: the tilt of a foot is measured over about twice this
_SHORTEST = 0.08  # seconds: what is briefer is a foot passing through
_LONGEST_BREAK = 0.1  # seconds: a foot that stands again so soon has not left its place
_OFF, _RISING, _BALLISTIC = 0.015, 0.2, 3.0
"""Metres that all of a figure is above the floor in a hop, if it rises or sinks faster, metres per
second, or is pulled down so, metres per second squared: feet hardly leave the floor in it, and are
slow half of the time."""

_ALOFT = 0.2  # metres above the floor: who is curled up and goes up or down there does not lie
_SHORTEST_HOP = 0.05  # seconds from the first to the last moment of it that is told
_BETWEEN_HOPS = 0.5  # seconds around a hop in which others may be that are not told at first
_BRISK = 0.025  # seconds, as _STEADY, for what is as short as a hop
_FLOOR_SECONDS = 0.15  # over which the height of the floor under the figure is steadied
_FAINT = 1e-4  # weight of a floor that nothing is known of but what the figure comes back to


@dataclass(frozen=True)
class Contacts:
    """What stands on the floor.

    Parameters
    ----------
    points : (N, 2, 2) bool
        Heel and ball of the left and the right foot.
    weights : (N, 2, 2)
        How sure that is, 0 to 1; 0 where it is not.
    floor : (N,)
        How high the floor seems to be under the figure, metres.
    rests : (N,) bool
        Whether the figure rests on anything, feet or not.
    lowest, body : (N,)
        How high its lowest point is, and its lowest one that is not of the feet, metres.
    lies : (N,) bool
        Whether it lies, sits or crawls on the floor, on more than its feet.
    hops : (N,) bool
        Whether it is in the air for a moment.
    """

    points: np.ndarray
    weights: np.ndarray
    floor: np.ndarray
    rests: np.ndarray
    lowest: np.ndarray
    body: np.ndarray
    lies: np.ndarray
    hops: np.ndarray


def find_contacts(
    figure: Figure, pose: Posed, times: np.ndarray, evidence: FootEvidence, always: bool = False
) -> Contacts:
    """Tell when heels and balls of the feet stand.

    Parameters
    ----------
    figure : Figure
    pose : Posed
        N frames of it.
    times : (N,)
        Seconds, about evenly apart.
    evidence : FootEvidence
        For these times.
    always : bool
        Whether the lower foot stands even when it hardly does.
    """
    count = len(times)
    parts = lowest_of_parts(figure, pose)
    bottom, body = parts.min(axis=1), np.delete(parts, FEET, axis=1).min(axis=1)
    if count < 3:
        nothing = np.zeros((count, 2, 2))
        no = np.zeros(count, bool)
        return Contacts(nothing > 0, nothing, bottom, no, bottom, body, no, no)
    points = foot_points(pose)
    speed, fall = foot_speed(points, times, evidence)
    lowest = points[..., 2].min(axis=-1)
    scale = scale_of(speed, evidence) if evidence.scale is None else evidence.scale
    speed = speed / scale[:, None, None]
    static = (speed < _SLOW) & (fall < _FALLING)
    standing = np.where(static.any(axis=-1), lowest, np.inf).min(axis=1)
    lies = lies_down(figure, pose, bottom, body)
    resting = resting_heights(parts, pose, times, evidence, lies)
    bearing, bounces = np.minimum(standing, resting), _bounces(bottom, times)
    rests = np.isfinite(bearing)
    floor = _floor(bottom, bearing, times)
    if (hops := _lasting(bounces & (bottom - floor > _OFF), times)).any():
        # Who hops is captured to land softly: what is on its way to the floor does not tell it.
        soft = bounces & (peak_nearby(hops.astype(float), times, _BETWEEN_HOPS) > 0.5)
        floor = _floor(bottom, np.where(soft, np.inf, bearing), times)
    lies = lies & ~(bounces & (bottom - floor > _ALOFT))
    above = lowest - floor[:, None]
    tilt = points[..., 2] - lowest[..., None]
    # Of a foot that was hardly seen, the capture must be surer that it stands.
    strict = 0.5 + 0.5 * evidence.certain
    sigma = np.full(count, _STEADY)
    parting = local_slope(points[:, :, 0, 2] - points[:, :, 1, 2], times, sigma)
    parting = np.abs(parting)[..., None] * (tilt > 0)
    begins = (speed < _SLOW * strict) & (tilt < _TILTED) & (parting < _TILTING)
    holds = (speed < _FAST * strict) & (tilt < _LIFTED) & (parting < _LIFTING)
    begins &= (above < np.where(lies, _LYING, _LOW)[:, None])[..., None]
    holds &= (above < np.where(lies, _LYING, _HIGH)[:, None])[..., None]
    begins &= fall < _FALLING
    hops = bounces & (bottom - floor > _OFF)
    rests = rests & ~hops
    begins, holds = begins & ~hops[:, None, None], holds & ~hops[:, None, None]
    if always:
        lower = lowest < lowest.min(axis=1, keepdims=True) + _TILTED
        holds |= (speed < 2 * _FAST) & (tilt < _LIFTED) & lower[..., None]
        begins |= (speed < 2 * _SLOW) & (tilt < _TILTED) & lower[..., None]
    contacts = np.zeros((count, 2, 2), bool)
    for foot in range(2):
        for point in range(2):
            contacts[:, foot, point] = _hysteresis(
                begins[:, foot, point], holds[:, foot, point], times
            )
    if evidence.stands is not None and not always:
        contacts = np.where(evidence.stands < 0, contacts, evidence.stands > 0)
    slow = 1 - (speed / _FAST).clip(0, 1) ** 2
    weights = contacts * (slow * evidence.certain).clip(0.05, 1.0)
    return Contacts(
        contacts, weights, floor, rests, bottom, body, lies, _lasting(hops, times) & (not always)
    )


def with_asked(contacts: Contacts, asked: np.ndarray, pose: Posed) -> Contacts:
    """Return contacts as they are with what an animator said.

    Parameters
    ----------
    contacts : Contacts
        As found.
    asked : (N, 2) int
        As `bake.motion.touches.asked_of_feet` tells. A foot that is tilted stands on what is lower,
        heel or ball. What is said to roll counts instead of all that was found around it.
    pose : Posed
        N frames.
    """
    if not asked.any():
        return contacts
    heights = foot_points(pose)[..., 2]
    points = contacts.points & (asked != LIFTS)[..., None]
    for foot in range(2):
        for start, end in intervals(asked[:, foot] == STANDS):
            above = np.median(heights[start:end, foot], axis=0)
            points[start:end, foot] = above < above.min() + _LIFTED
        rolls = asked[:, foot] == ROLLS
        for start, end in intervals(contacts.points[:, foot].any(axis=1)):
            if rolls[start:end].any():
                points[start:end, foot] &= (asked[start:end, foot] > 0)[:, None]
        above = heights[:, foot] - heights[:, foot].min(axis=1, keepdims=True)
        missing = rolls & ~points[:, foot].any(axis=1)
        points[:, foot] |= missing[:, None] & (above < _TILTED)
    told = points & (
        (asked == STANDS)[..., None] | ((asked == ROLLS)[..., None] & ~contacts.points)
    )
    weights = np.where(told, 1.0, contacts.weights * points)
    return replace(contacts, points=points, weights=weights)


def intervals(flags: np.ndarray) -> list[tuple[int, int]]:
    """Return the stretches [start, end) in which flags (N,) are True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(int), [0]))))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _hysteresis(begins: np.ndarray, holds: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the stretches of `holds` in which it once `begins`, without the shortest."""
    contact = np.zeros(len(times), bool)
    for start, end in intervals(holds | begins):
        if begins[start:end].any():
            contact[start:end] = True
    for start, end in intervals(~contact):
        if start > 0 and end < len(times) and times[end] - times[start - 1] < _LONGEST_BREAK:
            contact[start:end] = True
    for start, end in intervals(contact):
        if times[end - 1] - times[start] < _SHORTEST:
            contact[start:end] = False
    return contact


def _bounces(lowest: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Tell when (N,) a figure whose lowest point is so high (N,) goes up or down, or flies."""
    sigma = np.full(len(times), _BRISK)
    rise = local_slope(lowest[:, None], times, sigma)
    pull = local_slope(rise, times, sigma)
    return np.asarray((np.abs(rise[:, 0]) > _RISING) | (pull[:, 0] < -_BALLISTIC))


def _lasting(hops: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return hops (N,) without the shortest, which are a foot's trembling."""
    kept = hops.copy()
    for start, end in intervals(hops):
        kept[start:end] = times[end - 1] - times[start] > _SHORTEST_HOP
    return kept


def _floor(bottom: np.ndarray, bearing: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how high the floor is (N,), metres.

    `bearing` (N,) are the heights of what seems to rest on it, infinite where nothing does, and
    `bottom` (N,) those of the lowest points.
    """
    interval = float(np.median(np.diff(times)))
    known = np.isfinite(bearing)
    base = lower_envelope(bottom, interval)
    height = np.where(known, bearing, base)
    floor, weights = base, known.astype(float)
    for _ in range(3):
        fit = SmoothFit(weights + _FAINT, None, _FLOOR_SECONDS**4, 0.0, interval)
        wanted = (weights * height + _FAINT * base) / (weights + _FAINT)
        floor = fit.solve(wanted[:, None])[:, 0]
        # What does not move but is higher than the floor around it is held in the air.
        weights = known / (1 + (np.maximum(height - floor, 0) / _AGREES) ** 2)
    return floor


def lower_envelope(heights: np.ndarray, interval: float, seconds: float = 0.7) -> np.ndarray:
    """Return a smooth curve (N,) under heights (N,) that they keep coming back to.

    Asymmetric least squares: what is above the curve counts little. Eilers, "A perfect smoother",
    Analytical Chemistry 2003.
    """
    weights = np.ones(len(heights))
    curve = heights
    for _ in range(8):
        curve = SmoothFit(weights, None, seconds**4, 0.0, interval).solve(heights[:, None])[:, 0]
        weights = np.where(heights > curve, 0.02, 1.0)
    return curve
