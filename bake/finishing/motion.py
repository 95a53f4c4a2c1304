"""Another speed, more or less of a limb's motion, a limb of another take."""

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from bake.finishing.contacts import FeetInABake, slid_as, standing, touching_as
from bake.finishing.frames import read_at, with_rotations
from bake.motion.cycles import as_cycle, is_cycle
from bake.motion.touches import Touch
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX
from core_model.errors import TakeError
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    nearest_rotation,
)
from core_model.take import Take

_MOST_FRAMES = 1_000_000
_WHOLE = 0.05  # of a frame: so near to another moment it is the same


def retimed(take: Take, speed: float | Callable[[np.ndarray], np.ndarray], body: Body) -> Take:
    """Return a take that is played at another speed, at the frame rate that it has.

    Parameters
    ----------
    take : Take
    speed : float or callable
        1 is as it is, 0.5 is slow motion; a curve is asked for moments (R,) of the take, seconds
        from its beginning.
    body : Body
        By which it is told when its feet stand: they stand as long.

    Raises
    ------
    TakeError
        When it is not above 0, or leaves more frames than anyone can use.
    """
    at = take.times - take.times[0]
    speeds = np.asarray(speed(at)) if callable(speed) else np.full(len(take), float(speed))
    if not np.isfinite(speeds).all() or (speeds <= 0).any():
        raise TakeError("A take can be played slower or faster, but its speed has to be above 0.")
    # Over each frame time passes at the mean of the slownesses at its ends.
    slow = (1 / speeds[:-1] + 1 / speeds[1:]) / 2
    clock = np.concatenate(([0.0], np.cumsum(slow * np.diff(at))))
    count = round(clock[-1] * take.frame_rate) + 1
    if count > _MOST_FRAMES:
        raise TakeError(f"So slow the take would have {count:,} frames.")
    times = np.arange(count) / take.frame_rate
    moments = take.times[0] + np.interp(times, clock, at)
    result = read_at(take, moments, times)
    whole = abs(times[-1] - clock[-1]) < _WHOLE / take.frame_rate and np.ptp(speeds) == 0
    result = as_cycle(result, is_cycle(take) and whole)

    def then(touch: Touch) -> Touch:
        start, end = np.interp((touch.start, touch.end) - take.times[0], at, clock)
        # What lasts until the last frame still does, though that be half of one later.
        end = max(end, times[-1]) if touch.end > take.times[-1] - near else end
        return replace(touch, start=float(start), end=float(end))

    near, feet = _WHOLE / take.frame_rate, FeetInABake(take, body)
    held = [then(each) for each in feet.held]
    held = [replace(each, start=each.start - near, end=each.end + near) for each in held]
    return standing(slid_as(touching_as(result, then), feet.slid(moments)), held)


def exaggerated(take: Take, joints: Collection[str], amount: float) -> Take:
    """Return a take in which joints turn more, or less, about how they are on average.

    Parameters
    ----------
    take : Take
    joints : collection of str
    amount : float
        1 is as it is, 0 is still.
    """
    rotations = take.rotations()
    for name in joints:
        joint = JOINT_INDEX[name]
        turns = rotations[:, joint]
        usual = nearest_rotation(turns[take.frame_valid].mean(axis=0))
        way = matrix_to_axis_angle(usual.T @ turns)
        rotations[:, joint] = usual @ axis_angle_to_matrix(amount * way)
    return with_rotations(take, rotations, joints)


def with_limb_of(take: Take, other: Take, joints: Collection[str]) -> Take:
    """Return a take whose joints turn as those of another, both from their beginning on.

    Where the other take has ended, it goes on as it is.

    Parameters
    ----------
    take, other : Take
    joints : collection of str
    """
    since = take.times - take.times[0]
    length = other.times[-1] - other.times[0]
    inside = since <= length + 1e-6
    copied = read_at(other, other.times[0] + since[inside], since[inside])
    rotations, theirs = take.rotations(), copied.rotations()
    for name in joints:
        joint = JOINT_INDEX[name]
        rotations[inside, joint] = theirs[:, joint]
    return as_cycle(with_rotations(take, rotations, joints), False)
