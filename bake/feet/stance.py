"""Where a standing foot belongs: one place and heading while it stands, sole on the floor."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bake.feet.contacts import Contacts, intervals
from bake.feet.figure import HEEL, INNER, LEGS, OUTER, Figure, Posed
from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
)

FADE = 0.12
"""Seconds before and after a contact in which its correction comes and goes."""

_HASTE = 0.8  # metres per second at which a correction comes and goes, if it takes longer for that

_OF_A_BREAK = 0.35
"""Of the time between two contacts, likewise: the middle of a hop is the figure's own."""

_ON_A_STEP = 0.12  # metres above the floor: who stands that high stands on something else


@dataclass(frozen=True)
class FootPath:
    """What the contacts of one foot ask of it.

    Parameters
    ----------
    foot : (N, 3, 3)
        How the foot is turned from rest: as it was, and flat where heel and ball stand.
    points : (N, 2, 3)
        Heel and ball of the foot turned so, the ankle left where it was, metres.
    leads : (N, 2)
        How much each point, 0 to 1, tells where the foot is; the ball comes before the heel.
    free : (N,)
        How much the foot may be moved at all, 0 to 1.
    stances : list of (int, int)
        Stretches [start, end) in which it does not leave its place.
    flat : (N, 3, 3)
        The foot flat on the floor.
    contact : (N, 2) bool
    """

    foot: np.ndarray
    points: np.ndarray
    leads: np.ndarray
    free: np.ndarray
    stances: list[tuple[int, int]]
    flat: np.ndarray
    contact: np.ndarray


def foot_path(
    figure: Figure, pose: Posed, contacts: Contacts, side: int, times: np.ndarray, turns: bool
) -> FootPath:
    """Tell how a foot should be turned and which of its points hold it.

    With `turns` a standing foot may go on turning about the vertical.
    """
    _, _, ankle, _ = LEGS[side]
    contact = contacts.points[:, side]
    offsets = _offsets(figure, side)
    before = pose.turned[:, ankle]
    direction = (before @ (offsets[1] - offsets[0]))[:, :2]
    heading = np.arctan2(direction[:, 1], direction[:, 0])
    rest = SMPL_TO_WORLD @ (offsets[1] - offsets[0])
    stances = intervals(contact.any(axis=1))
    if not turns:
        for start, end in stances:
            part = slice(start, end)
            counts = contact[part].all(axis=1) + 1e-6
            sine = (counts * np.sin(heading[part])).sum()
            heading[part] = np.arctan2(sine, (counts * np.cos(heading[part])).sum())
    about = (heading - np.arctan2(rest[1], rest[0]))[:, None] * [0.0, 0.0, 1.0]
    flat = axis_angle_to_matrix(about) @ SMPL_TO_WORLD
    level = matrix_to_axis_angle(flat @ np.swapaxes(before, 1, 2))
    both = intervals(contact.all(axis=1))
    turn, weight = carried(level, both, times)
    foot = axis_angle_to_matrix(turn * weight[:, None]) @ before
    points = pose.joints[:, None, ankle] + np.einsum("nab,pb->npa", foot, offsets)
    leads = np.stack([faded(contact[:, point], times) for point in range(2)], axis=1)
    leads[:, 0] *= 1 - leads[:, 1]
    return FootPath(foot, points, leads, np.ones(len(times)), stances, flat, contact)


def pins(
    figure: Figure,
    path: FootPath,
    side: int,
    shift: np.ndarray,
    floor: np.ndarray | None,
    sure: np.ndarray,
) -> np.ndarray:
    """Return where heel and ball of a foot belong while they stand, (N, 2, 3), metres.

    Parameters
    ----------
    figure : Figure
    path : FootPath
    side : int
    shift : (N, 3)
        How the figure is moved as a whole.
    floor : (N,) or None
        How high each frame's floor is after that; None where every foot stands as high as it does.
    sure : (N, 2)
        How sure each point's contact is.
    """
    offsets = _offsets(figure, side)
    heights = figure.sole_heights[side, [HEEL, INNER]]
    placed = path.points + shift[:, None]
    result = placed.copy()
    for start, end in path.stances:
        part = slice(start, end)
        counts = (path.contact[part] * sure[part])[..., None] + 1e-9
        lying = np.einsum("nab,pb->npa", path.flat[part], offsets)
        ankle = (counts * (placed[part] - lying)).sum(axis=(0, 1)) / counts.sum(axis=(0, 1))
        result[part] = ankle + lying
        if floor is not None:
            above = (counts[..., 0] * (placed[part, :, 2] - heights)).sum() / counts.sum()
            if above - floor[part].mean() < _ON_A_STEP:
                result[part, :, 2] = heights
    return result


def moves(path: FootPath, moved: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how a foot is moved (N, 3) that stands here and there, and on its way between.

    What has far to go begins earlier, so that no foot darts to where it will stand.

    Parameters
    ----------
    path : FootPath
    moved : (N, 2, 3)
        How heel and ball have to be moved while they stand, metres.
    times : (N,)
        Seconds.
    """
    ways, shares = [], []
    for point in range(2):
        stretches = intervals(path.contact[:, point])
        ends = np.array([(start, end - 1) for start, end in stretches], int).reshape(-1, 2)
        far = np.linalg.norm(moved[ends, point], axis=-1)
        way, share = carried(moved[:, point], stretches, times, np.maximum(FADE, far / _HASTE))
        ways.append(way)
        shares.append(share * path.free)
    heel = (1 - shares[1]) * shares[0]
    return np.asarray(heel[:, None] * ways[0] + shares[1][:, None] * ways[1])


def carried(
    values: np.ndarray,
    stretches: list[tuple[int, int]],
    times: np.ndarray,
    longest: float | np.ndarray = FADE,
) -> tuple[np.ndarray, np.ndarray]:
    """Carry values (N, C) of some stretches [start, end) on beyond their ends.

    `longest` is as in `fades`.

    Returns
    -------
    values : (N, C)
        Before and after each stretch those of its ends.
    weight : (N,)
        1 in the stretches, fading to 0 around them.
    """
    blend, total, weight = np.zeros_like(values), np.zeros(len(times)), np.zeros(len(times))
    for (start, end), near, fade in fades(stretches, times, longest):
        blend[near] += fade[:, None] * values[near.clip(start, end - 1)]
        total[near] += fade
        weight[near] = np.maximum(weight[near], fade)
    return blend / np.maximum(total, 1e-9)[:, None], weight


def fades(
    stretches: list[tuple[int, int]], times: np.ndarray, longest: float | np.ndarray = FADE
) -> Iterator[tuple[tuple[int, int], np.ndarray, np.ndarray]]:
    """Tell how stretches [start, end), in order of time, come and go.

    Parameters
    ----------
    stretches : list of (int, int)
    times : (N,)
        Seconds.
    longest : float or (S, 2)
        Seconds of a fade, where the next stretch leaves time for it; of each stretch, before and
        after it, if they differ.

    Yields
    ------
    stretch : (int, int)
    near : (M,) int
        Rows in which it counts.
    fade : (M,)
        How much: 1 in the stretch itself.
    """
    if not stretches:
        return
    breaks = [times[b] - times[a - 1] for (_, a), (b, _) in pairwise(stretches)]
    left = _OF_A_BREAK * np.array([np.inf, *breaks, np.inf])
    spans = np.minimum(longest, np.stack((left[:-1], left[1:]), axis=1))
    for (start, end), (before, after) in zip(stretches, spans, strict=True):
        first = int(np.searchsorted(times, times[start] - before))
        last = int(np.searchsorted(times, times[end - 1] + after, side="right"))
        near = np.arange(first, last)
        early, late = (times[start] - times[near]) / before, (times[near] - times[end - 1]) / after
        yield (start, end), near, _fade(np.maximum(np.maximum(early, late), 0))


def faded(flags: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return 1 where flags (N,) are True, fading to 0 over `FADE` around."""
    return carried(np.zeros((len(times), 1)), intervals(flags), times)[1]


def _fade(outside: np.ndarray) -> np.ndarray:
    fade = np.clip(1 - outside, 0, 1)
    return np.asarray(fade * fade * (3 - 2 * fade))


def _offsets(figure: Figure, side: int) -> np.ndarray:
    """Return heel and ball (2, 3) from the ankle at rest, SMPL axes, metres."""
    sole = figure.soles[side]
    return np.stack((sole[HEEL], (sole[INNER] + sole[OUTER]) / 2))
