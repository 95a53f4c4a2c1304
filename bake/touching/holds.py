"""Where a part of the body belongs while it touches something, and how it is turned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bake.feet.figure import HEEL, INNER, LEGS, OUTER, TOE, Figure, Posed, foot_points
from bake.feet.stance import FADE, fades
from bake.motion.touches import Touch, stretch_of
from bake.touching.settling import laid_on, lean_against, lift_onto, surface_of
from core_model.body.skeleton import JOINT_INDEX, PARENTS
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    nearest_rotation,
)

_BODY_FADE = 0.4  # seconds around a contact in which the whole body comes and goes
_PACE = 0.1  # metres per second of a fade: what has far to go takes longer than `FADE`

_MOST_ON = 0.05  # metres or radians that it goes on beyond a contact, as fast as at its end
_AROUND = np.linspace(0, 2 * np.pi, 12, endpoint=False)
_BELOW = np.array(
    [
        (np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), -np.cos(down))
        for down in np.radians((0, 10, 20, 30, 40, 50))
        for around in _AROUND
    ]
)
"""Directions (S, 3) in which a knee is round."""


@dataclass(frozen=True)
class Hold:
    """What contacts ask of one part of the body in N frames.

    Parameters
    ----------
    move : (N, 3)
        From where its joint is to where it belongs, metres.
    turn : (N, 3)
        From how it is turned to how it should be, in the world, as axis-angle.
    tip : (N, 3)
        The same of what hangs on it, toes or fingers, against it.
    weight : (N,)
        How much that counts: 1 while it touches, fading around.
    """

    move: np.ndarray
    turn: np.ndarray
    tip: np.ndarray
    weight: np.ndarray


def hold_end(
    figure: Figure,
    pose: Posed,
    times: np.ndarray,
    touches: Sequence[Touch],
    joints: tuple[int, int],
    slid: np.ndarray,
) -> Hold:
    """Tell where a foot or a hand belongs.

    While it touches it is turned one way, so that all of it stays in its place; a sole that is
    nearly flat lies flat.

    Parameters
    ----------
    figure : Figure
    pose : Posed
        N frames.
    times : (N,)
        Seconds.
    touches : sequence of Touch
        Of this part.
    joints : (2,) of int
        Ankle and ball of the foot, or wrist and hand.
    slid : (N, 2)
        How far a foot that rolls may have slid by then over the ground, metres from anywhere.
    """
    end, tip = joints
    move, turn, bend = (np.zeros((len(times), 3)) for _ in range(3))
    stretches = []
    for touch, first, last in _apart(touches, times):
        part = slice(first, last)
        stretches.append((first, last))
        if touch.rolls and end in _SOLES:
            side = _SOLES[end]
            points = np.concatenate(
                (foot_points(pose)[part, side], pose.soles[part, side, TOE, None]), axis=1
            )
            heights = figure.sole_heights[side, [HEEL, INNER, TOE]]
            move[part] = _rolled(points, heights, touch, slid[part])
            continue
        turned = nearest_rotation(pose.turned[part, end].mean(axis=0))
        bent = nearest_rotation(pose.locals[part, tip].mean(axis=0))
        skin = _skin(figure, end, tip, bent)
        place = pose.joints[part, end].mean(axis=0)
        if end in _SOLES:
            turned, place = _stood(figure, touch, end, pose.joints[part, end], skin, turned)
        else:
            heights = pose.joints[part, end, 2] + (skin @ turned[2]).min()
            elbow = pose.joints[part, PARENTS[end]].mean(axis=0)
            surface = surface_of(touch, heights)
            place = place + lean_against(surface, place + skin @ turned.T, elbow)
        move[part] = place - pose.joints[part, end]
        turn[part] = matrix_to_axis_angle(turned @ np.swapaxes(pose.turned[part, end], 1, 2))
        bend[part] = matrix_to_axis_angle(bent @ np.swapaxes(pose.locals[part, tip], 1, 2))
    fade = float(np.clip(_farthest(move, stretches) / _PACE, FADE, _BODY_FADE))
    asked = np.concatenate((move, turn, bend), axis=1)
    values, weight = _led(asked, stretches, times, fade)
    return Hold(values[:, :3], values[:, 3:6], values[:, 6:], weight)


def hold_knee(
    figure: Figure, pose: Posed, times: np.ndarray, touches: Sequence[Touch], side: int
) -> Hold:
    """Tell where a knee belongs, as `hold_end`: it rests on the skin before its joint."""
    knee = pose.joints[:, LEGS[side][1]]
    skin = knee[:, None] + figure.kneecaps[side] * _BELOW
    return _hold_point(knee, skin, times, touches)


def hold_seat(figure: Figure, pose: Posed, times: np.ndarray, touches: Sequence[Touch]) -> Hold:
    """Tell where the pelvis belongs, as `hold_end`; it may go on turning over what it sits on."""
    points = pose.joints[:, :1] + np.einsum("nab,sb->nsa", pose.turned[:, 0], figure.surface[0])
    rows = [np.arange(first, last) for _, first, last in _apart(touches, times)]
    within = np.unique(np.concatenate([*rows, np.zeros(0, int)]).astype(int))
    seat = points[within, :, 2].mean(axis=0).argmin() if len(within) else 0
    return _hold_point(points[:, seat], points, times, touches)


def _hold_point(
    points: np.ndarray, skin: np.ndarray, times: np.ndarray, touches: Sequence[Touch]
) -> Hold:
    """Keep points (N, 3) in place, and the skin (N, S, 3) around them on what it touches."""
    move = np.zeros((len(times), 3))
    stretches = []
    for touch, first, last in _apart(touches, times):
        part = slice(first, last)
        stretches.append((first, last))
        move[part, :2] = points[part, :2].mean(axis=0) - points[part, :2]
        surface = surface_of(touch, skin[part, :, 2].min(axis=1))
        move[part] += lift_onto(surface, skin[part] + move[part, None])
    values, weight = _led(move, stretches, times, _BODY_FADE)
    nothing = np.zeros_like(values)
    return Hold(values, nothing, nothing, weight)


_SOLES = {JOINT_INDEX["left_ankle"]: 0, JOINT_INDEX["right_ankle"]: 1}


def _apart(touches: Sequence[Touch], times: np.ndarray) -> list[tuple[Touch, int, int]]:
    """Return touches by time with the rows [start, end) of each; what overlaps begins later."""
    found: list[tuple[Touch, int, int]] = []
    taken = 0
    for touch in sorted(touches, key=lambda each: each.start):
        first, last = stretch_of(touch, times)
        if max(first, taken) < last:
            found.append((touch, max(first, taken), last))
            taken = last
    return found


def _led(
    values: np.ndarray, stretches: list[tuple[int, int]], times: np.ndarray, fade: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lead values (N, C) of stretches on beyond their ends, at first as fast as they go there.

    So what comes to rest slows down before, and what leaves speeds up after.

    Returns
    -------
    values : (N, C)
    weight : (N,)
        1 in the stretches, fading to 0 around them.
    """
    blend, total, weight = np.zeros_like(values), np.zeros(len(times)), np.zeros(len(times))
    for (start, end), near, share in fades(stretches, times, fade):
        led = values[near.clip(start, end - 1)]
        for row, inner in ((start, min(start + 2, end - 1)), (end - 1, max(end - 3, start))):
            away = times[near] - times[row]
            away = np.minimum(away, 0) if row == start else np.maximum(away, 0)
            if inner != row:
                speed = (values[inner] - values[row]) / (times[inner] - times[row])
                slows = np.minimum(fade / 3, _MOST_ON / np.maximum(np.abs(speed), 1e-9))
                led = led + speed * slows * np.sign(away)[:, None] * (
                    1 - np.exp(-np.abs(away)[:, None] / slows)
                )
        blend[near] += share[:, None] * led
        total[near] += share
        weight[near] = np.maximum(weight[near], share)
    return blend / np.maximum(total, 1e-9)[:, None], weight


def _farthest(move: np.ndarray, stretches: Sequence[tuple[int, int]]) -> float:
    """Return how far (N, 3) goes at the ends of stretches, metres."""
    rows = [row for first, last in stretches for row in (first, last - 1)]
    return float(np.linalg.norm(move[rows], axis=1).max()) if rows else 0.0


def _stood(
    figure: Figure,
    touch: Touch,
    ankle: int,
    ankles: np.ndarray,
    skin: np.ndarray,
    turned: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return how a foot is turned (3, 3) and where its ankle is (3,) while it stands.

    It was turned as `turned` with its ankle at `ankles` (N, 3); `skin` is as `_skin` gives it.
    """
    sole, place = figure.soles[_SOLES[ankle]], ankles.mean(axis=0)
    ball = (sole[INNER] + sole[OUTER]) / 2
    normal = np.cross(ball - sole[HEEL], sole[OUTER] - sole[INNER])
    normal = turned @ normal / np.linalg.norm(normal)
    normal = normal if normal[2] > 0 else -normal
    surface = surface_of(touch, ankles[:, 2] + (skin @ turned[2]).min())
    turned = laid_on(surface, place + skin @ turned.T, turned, normal)
    surface = surface_of(touch, ankles[:, 2] + (skin @ turned[2]).min())
    return turned, place + lift_onto(surface, (place + skin @ turned.T)[None])[0]


def rolled_on(points: np.ndarray) -> np.ndarray:
    """Return how far (N, 2), X and Y, a foot has moved over the ground since the first frame.

    What bears it is in each step of its heel, ball and toe (N, 3, 3) the one that moves least;
    metres.
    """
    steps = np.diff(points[..., :2], axis=0)
    return _borne(steps, np.linalg.norm(steps, axis=-1).argmin(axis=1))


def _rolled(points: np.ndarray, at_rest: np.ndarray, touch: Touch, slid: np.ndarray) -> np.ndarray:
    """Return how a foot is moved (N, 3) so that what bears it stays where it is.

    `points` (N, 3, 3) are its heel, ball and toe, `at_rest` (3,) how high they are where it stands.
    What was found to stand is on the ground already, since feet are planted there, and slides in
    no step further than `slid` (N, 2) tells; of what somebody said, the lowest one bears it.
    """
    moved = np.zeros((len(points), 3))
    if touch.found:
        own, most = np.diff(rolled_on(points), axis=0), np.diff(slid, axis=0)
        length, longest = (np.linalg.norm(each, axis=1, keepdims=True) for each in (own, most))
        # To bring it exactly there would bend a straight knee for what nobody sees.
        excess = 1 - np.minimum(1, longest / np.maximum(length, 1e-12))
        moved[1:, :2] = -np.cumsum(own * excess, axis=0)
    else:
        above = points[..., 2] - at_rest
        moved[:, :2] = -_borne(np.diff(points[..., :2], axis=0), above[:-1].argmin(axis=1))
        lowest = above.min(axis=1)
        height = np.median(lowest) if touch.height is None else touch.height
        moved[:, 2] = height - lowest
    moved[:, :2] -= moved[:, :2].mean(axis=0)
    return moved


def _borne(steps: np.ndarray, bears: np.ndarray) -> np.ndarray:
    """Return the sums (N, 2) of the steps (N - 1, 3, 2) of those that bear a foot (N - 1,)."""
    borne = steps[np.arange(len(steps)), bears]
    return np.concatenate((np.zeros((1, 2)), np.cumsum(borne, axis=0)))


def _skin(figure: Figure, end: int, tip: int, bent: np.ndarray) -> np.ndarray:
    """Return the skin (S, 3) of a foot or hand from its joint, as it is before that is turned."""
    beyond = figure.rest[tip] - figure.rest[end] + figure.surface[tip] @ bent.T
    return np.concatenate((figure.surface[end], beyond))


def turned_by(turns: np.ndarray, weight: np.ndarray, rotations: np.ndarray) -> np.ndarray:
    """Turn rotations (N, 3, 3) by a share `weight` (N,) of axis-angle `turns` (N, 3)."""
    return np.asarray(axis_angle_to_matrix(turns * weight[:, None]) @ rotations)
