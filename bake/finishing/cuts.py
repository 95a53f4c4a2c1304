"""Parts of takes: trimmed, split, a cycle that closes, two that become one."""

from dataclasses import replace

import numpy as np

from bake.finishing.contacts import FeetInABake, slid_as, standing, standing_as, with_touches
from bake.finishing.footage import come_round, footage_of, gone_over
from bake.finishing.frames import at_rate, mixed, pelvis_of, rows_of, unfilmed
from bake.finishing.places import moved, standing_at
from bake.finishing.steps import stepped, who_steps
from bake.motion.cycles import as_cycle
from bake.motion.resample import rate_of
from bake.motion.touches import Touch, touches_of, within
from core_model.body.model import Body
from core_model.body.skeleton import JOINT_INDEX
from core_model.errors import TakeError
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take

_SAME_MOMENT = 1e-4  # seconds
_SHORTEST, _LONGEST = 0.4, 4.0  # seconds of a cycle
_SPEED_COUNTS = 0.15  # seconds: as far as a limb goes in this, a difference of speed counts
_NO_CYCLE = 0.25  # metres that joints are apart on average where nothing comes back
_FEET = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]
_ANKLES = [JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]]
_ALL = 0.02  # of the way from one motion to another that counts as none of it
_CALM = 0.0005  # metres from frame to frame: so much calmer must the other foot be to bear


def trimmed(take: Take, start: float, end: float) -> Take:
    """Return the part of a take from start to end, seconds, both included.

    Raises
    ------
    TakeError
        When nothing is left.
    """
    inside = (take.times >= start - _SAME_MOMENT) & (take.times <= end + _SAME_MOMENT)
    return rows_of(take, np.flatnonzero(inside))


def split(take: Take, time: float) -> tuple[Take, Take]:
    """Return a take up to a moment, and from it on.

    Raises
    ------
    TakeError
        When one of the two would be empty.
    """
    late = take.times >= time - _SAME_MOMENT
    return rows_of(take, np.flatnonzero(~late)), rows_of(take, np.flatnonzero(late))


def looped(take: Take, body: Body) -> Take:
    """Return the cycle of a take that comes back best, its end led onto its beginning.

    Played one after the other, each moved on to where the last one ended, nothing jumps.

    Raises
    ------
    TakeError
        When nothing comes back.
    """
    first, last = _cycle(take, body)
    cycle = rows_of(take, np.arange(first, last + 1))
    rotations, pelvis = cycle.rotations(), pelvis_of(cycle, body)
    share = (cycle.times - cycle.times[0]) / (cycle.times[-1] - cycle.times[0])
    # What the end misses of the beginning, spread over the whole cycle.
    missing = matrix_to_axis_angle(np.swapaxes(rotations[-1], -1, -2) @ rotations[0])
    closed = rotations @ axis_angle_to_matrix(missing[None] * share[:, None, None])
    height = pelvis[0, 2] - pelvis[-1, 2]
    trans = cycle.trans + share[:, None] * [0.0, 0.0, height]
    poses = matrix_to_axis_angle(closed).reshape(len(cycle), -1)
    feet = cycle.joints(body)[:, _FEET]
    known = come_round(footage_of(take, body)[first : last + 1])
    since = cycle.times - cycle.times[0]
    closed_take = unfilmed(cycle, poses=poses, trans=trans, times=since, footage=known)
    rows = np.arange(len(cycle))
    kept = _with_feet_kept(closed_take, body, rows, (feet, feet), np.zeros(len(rows)))
    length = float(kept.times[-1])
    kept = with_touches(kept, _later(touches_of(cycle), -float(cycle.times[0]), 0.0, length))
    closed_take = as_cycle(kept)
    return standing(closed_take, FeetInABake(closed_take, body).held)


def joined(one: Take, other: Take, body: Body, blend: float = 0.4) -> Take:
    """Return a take that goes over into another, which goes on where the first one ends.

    Rotations go over on the shortest way; the foot that bears is kept in its place meanwhile.

    Parameters
    ----------
    one, other : Take
    body : Body
    blend : float
        Seconds in which one goes over into the other.
    """
    rate = rate_of(one.times).value
    filmed, other = other, at_rate(other, rate)
    count = max(2, round(blend * rate))
    count = min(count, len(one) - 1, len(other) - 1)
    if count < 2:
        raise TakeError("The takes are too short to be joined.")
    end = one.joints(body)[-count]
    place, heading = end[_ANKLES].mean(axis=0)[:2].tolist(), _heading(one, -count)
    other, filmed = (standing_at(each, body, heading, place) for each in (other, filmed))
    foot = int(end[_FEET, 2].argmin())
    shift = end[_FEET[foot]] - other.joints(body)[0, _FEET[foot]]
    other = moved(other, np.array([shift[0], shift[1], 0.0]))
    at = np.arange(len(one) - count, len(one))
    share = _eased(np.arange(count) / (count - 1))
    poses = mixed(one.rotations()[at], other.rotations()[:count], share).reshape(count, -1)
    trans = one.trans[at] + share[:, None] * (other.trans[:count] - one.trans[at])
    after = np.arange(count, len(other))
    times = np.concatenate(
        (one.times, one.times[-1] + 1 / rate + other.times[after] - other.times[count])
        if len(after)
        else (one.times,)
    )
    result = unfilmed(
        one,
        times=times,
        poses=np.concatenate((one.poses[: at[0]], poses, other.poses[after])),
        trans=np.concatenate((one.trans[: at[0]], trans, other.trans[after])),
        confidence=np.concatenate((one.confidence, other.confidence[after])),
        frame_valid=np.concatenate((one.frame_valid, other.frame_valid[after])),
        poses_hands=None,
        confidence_hands=np.zeros((len(times), 2)),
        footage=gone_over(footage_of(one, body), footage_of(other, body), count),
    )
    # A bake at this rate tells what stands between the frames in which the other was filmed.
    baked = FeetInABake(one, body), FeetInABake(filmed, body, rate_of(one.times))
    stood, stand = baked[0].stands(one.times), baked[1].stands(other.times)
    between = _both_stand(stood[at], stand[:count], share[:, None])
    feet = one.joints(body)[at][:, _FEET], other.joints(body)[:count, _FEET]
    kept = _with_feet_kept(result, body, at, feet, share)
    steps = who_steps(kept.joints(body)[at][:, _FEET], between > 0)
    if steps is not None:
        first, last = np.flatnonzero(share < _ALL)[-1], np.flatnonzero(share > 1 - _ALL)[0]
        between[first + 1 : last, steps] = 0
        kept = stepped(kept, body, steps, int(at[first]), int(at[last]))
    stands = np.concatenate((stood[: at[0]], between, stand[count:]))
    early, late = float(one.times[at[0]]), float(one.times[-1])
    behind = late + 1 / rate - (other.times[count] if len(after) else 0.0)
    touches = [
        *_later(touches_of(one), 0.0, -np.inf, early - 0.5 / rate),
        *_later(touches_of(other), float(behind), late + 0.5 / rate, np.inf),
    ]
    slid, later = baked[0].slid(one.times), baked[1].slid(other.times)
    # What stands where one goes over into the other does not slide.
    later = slid[at[0]] + later - later[count - 1]
    slid = np.concatenate((slid[: at[0]], np.repeat(slid[at[:1]], count, axis=0), later[count:]))
    kept = slid_as(kept, slid)
    return standing_as(with_touches(kept, touches), stands)


def _both_stand(one: np.ndarray, other: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return how feet stand (R, 2), as `stands_of` tells, where two motions go over.

    They do where they do in both; what is still all of the one, or already all of the other, stands
    as it does there.
    """
    early, late = share < _ALL, share > 1 - _ALL
    stand = ((one > 0) | late) & ((other > 0) | early)
    return np.asarray(stand * np.maximum(one * ~late, other * ~early))


def _later(touches: list[Touch], by: float, start: float, end: float) -> list[Touch]:
    """Return touches that are so much later, seconds, as far as they lie between two times."""
    moved_on = [replace(each, start=each.start + by, end=each.end + by) for each in touches]
    return [*within(moved_on, start, end)]


def _with_feet_kept(
    take: Take,
    body: Body,
    rows: np.ndarray,
    sources: tuple[np.ndarray, np.ndarray],
    share: np.ndarray,
) -> Take:
    """Shift a take as a whole so that the foot that bears goes over the ground as in its sources.

    Parameters
    ----------
    take : Take
    body : Body
    rows : (R,)
        Frames, one after the other, in which that is done; those after them are shifted alike.
    sources : two of (R, 2, 3)
        Where the feet were in these frames, in the motions that the take was made of.
    share : (R,)
        Of the second of them.
    """
    feet = take.joints(body)[rows][:, _FEET]
    steps = np.diff(feet[..., :2], axis=0)
    one, other = (np.diff(source[..., :2], axis=0) for source in sources)
    speeds = [np.linalg.norm(each, axis=-1) for each in (one, other)]
    late = ((share[1:] + share[:-1]) / 2)[:, None]
    # What stands in the motion that counts more bears: who swings in that carries nobody.
    speed = (1 - late) * speeds[0] + late * speeds[1]
    calmest = np.where((speeds[1] < speeds[0])[..., None], other, one)
    shift = np.zeros((len(take), 3))
    bearing = int(speed[0].argmin())
    for row, frame in enumerate(rows[1:]):
        if speed[row, bearing] > speed[row].min() + _CALM:
            bearing = int(speed[row].argmin())
        shift[frame, :2] = calmest[row, bearing] - steps[row, bearing]
    return replace(take, trans=take.trans + np.cumsum(shift, axis=0))


def _cycle(take: Take, body: Body) -> tuple[int, int]:
    """Return first and last frame of the cycle that comes back best, the longest of the good."""
    joints = take.joints(body)
    facing = take.rotations()[:, 0, :2, 2]
    angle = np.arctan2(facing[:, 1], facing[:, 0])
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.stack((np.stack((cosine, sine), -1), np.stack((-sine, cosine), -1)), -2)
    local = joints - joints[:, :1] * [1.0, 1.0, 0.0]
    local[..., :2] = np.einsum("tab,tjb->tja", turn, local[..., :2])
    speed = np.gradient(local, take.times, axis=0) if len(take) > 2 else np.zeros_like(local)
    states = np.concatenate((local, _SPEED_COUNTS * speed), axis=-1)
    least, most = round(_SHORTEST * take.frame_rate), round(_LONGEST * take.frame_rate)
    best = (np.inf, 0, 0)
    for first in range(len(take) - least):
        lasts = np.arange(first + least, min(first + most, len(take) - 1) + 1)
        if not len(lasts):
            continue
        apart = np.linalg.norm(states[lasts] - states[first], axis=-1).mean(axis=1)
        place = int(apart.argmin())
        best = min(best, (float(apart[place]), first, int(lasts[place])))
    moves = np.linalg.norm(states - states.mean(axis=0), axis=-1).mean()
    if best[0] > min(_NO_CYCLE, moves):
        raise TakeError("Nothing in the take comes back: trim it to a walk or a run first.")
    return best[1], best[2]


def _heading(take: Take, row: int) -> float:
    """Return where somebody faces, radians about Z from -Y."""
    x, y = take.rotations()[row, 0, :2, 2]
    return float(np.arctan2(x, -y))


def _eased(share: np.ndarray) -> np.ndarray:
    return np.asarray(share**3 * (10 - 15 * share + 6 * share**2))
