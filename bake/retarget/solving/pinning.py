"""Feet and hands that stand still on the source stand still on the target, and above the floor.

What keeps an end of a limb from going where its bones lead is a shift that changes as little and as
softly as it can: it follows the source exactly while that stands, and fades where it moves.
"""

from dataclasses import dataclass

import numpy as np

from bake.motion.banded import SmoothFit
from bake.motion.local_fit import peak_nearby
from bake.retarget.human import HumanMotion
from bake.retarget.solving.body_shift import HeldLeg, body_shift
from bake.retarget.solving.controls import limb_heads
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.soles import Sole
from bake.retarget.solving.steady_feet import slowed, steady
from bake.retarget.solving.two_bone import reach

_STILL, _MOVING, _STAYS = 0.002, 0.004, 0.0027
"""Metres from frame to frame: what moves less on the source stands, what moves more does not; and
how much less than that a foot moves on the target, whatever its size."""
_FASTEST = 0.0029  # metres from frame to frame: what a foot that stands may move at most

_FADES = 0.12  # seconds in which a shift comes and goes
_TENSE = 6.0  # of it: above 2 nothing swings beyond where it comes to rest
_HOLDS = 1e5  # seconds squared: weight of standing still against the size of the shift
_SINKS = 0.0045  # metres that a sole may be under the floor
_RESTS = 2.0  # weight of a sole that stands being on the floor against the size of the shift
_FLOATS = 0.05  # metres: the farther from the floor, up to this, the less a sole is drawn there
_LIFTS = 1e6  # weight of not being lower against the size of the shift
_PASSES = 5  # in which a foot is lifted: each may bring others of its frames below the floor


@dataclass(frozen=True)
class PinnedLimb:
    """A limb whose end may be held.

    Parameters
    ----------
    bones : list of int
        Upper part, lower part and end.
    parts : (list of int, list of int)
        All bones of the upper and the lower part.
    joints : tuple of str
        Of the source that stand still with it, the end itself first.
    aside : (3,)
        Where the middle goes at rest, world.
    ends : list of int
        All bones of the end, toes included.
    sole : Sole or None
        Of a foot.
    """

    bones: list[int]
    parts: tuple[list[int], list[int]]
    joints: tuple[str, ...]
    aside: np.ndarray
    ends: list[int]
    sole: Sole | None = None


def pin(
    posing: Posing,
    limbs: list[PinnedLimb],
    source: HumanMotion,
    scale: float,
    carrier: int,
    floor: bool,
    hold: bool = True,
) -> None:
    """Hold the ends of limbs.

    Parameters
    ----------
    posing : Posing
        Whose turns are changed, and the head of the carrier.
    limbs : list of PinnedLimb
    source : HumanMotion
    scale : float
        From the source's way over the ground to the target's.
    carrier : int
        The bone that carries the body; lowered where legs are too short.
    floor : bool
        Whether soles are kept above the floor.
    hold : bool
        Whether what stands on the source is held.
    """
    times = source.frames / source.fps
    unit = _unit(scale)
    for limb in limbs:
        if hold and limb.sole and limb.joints[1] in source.joints:
            stands = np.minimum(*(_stands(source, joint, 1.0)[0] for joint in limb.joints))
            stands[source.last_of_run[:-1]] = 0
            steady(posing, limb.sole, limb.ends, stands > 0, 2 * _STAYS * unit, 1 / source.fps)
    heads = [_heads(posing, limb, unit) for limb in limbs]
    held: list[HeldLeg] = []
    for limb, joints in zip(limbs, heads, strict=True):
        still, rates = _held(posing, limb, joints[2], source, scale / unit, unit)
        if not hold:
            still = np.zeros_like(still)
        shift = _shift(posing, limb, joints[2], source, still, rates, floor, unit)
        if hold and limb.sole and limb.joints[1] in source.joints:
            ball = limb.sole.ball_from_ankle(posing) / unit
            stands = np.stack([_stands(source, joint, 1.0)[0] == 1 for joint in limb.joints])
            stands[:, source.last_of_run[:-1]] = False
            ways = np.stack((np.zeros_like(ball), ball))
            shift += slowed(joints[2] + shift, ways, stands, _FASTEST, 1 / source.fps)
        least = np.full(len(source), -np.inf)
        if floor and limb.sole:
            least = -_lowest(limb.sole, posing, joints[2], unit) - _SINKS
        aside = posing.state(limb.bones[0]).turn @ limb.aside
        held.append(HeldLeg(*joints, aside, shift, _bears(still, source), least))
    body = np.zeros((len(source), 3))
    wanted = [leg.end + leg.shift for leg in held]
    if any(limb.sole for limb in limbs):
        for run in runs(source.last_of_run):
            legs = [leg.within(run) for leg in held]
            body[run] = body_shift(legs, times[run], _FADES, 1 / source.fps)
            for goal, leg in zip(wanted, legs, strict=True):
                goal[run] = leg.goal(body[run], times[run], _FADES)
        posing.heads[carrier] = posing.heads[carrier] + unit * body
    for limb, leg, goal in zip(limbs, held, wanted, strict=True):
        top, middle, end = (each + body for each in (leg.top, leg.middle, leg.end))
        turns = reach(top, middle, end, goal, leg.aside)
        for bones, turn in zip(limb.parts, turns, strict=True):
            for bone in bones:
                posing.turns[bone] = turn @ posing.turns[bone]
    posing.forget()
    if floor:
        for limb in limbs:
            if limb.sole:
                limb.sole.lift_toes(posing, limb_heads(posing, limb.bones)[2])
        posing.forget()


def _unit(scale: float) -> float:
    """Return the metres of one unit in which a figure is about as large as a person.

    Whoever is a giant or a toy, a hundred times as large or as small, is held as exactly for their
    size; figures of a tenth to ten times a person's size keep metres.
    """
    return float(100.0 ** np.round(np.log10(max(scale, 1e-9)) / 2))


def _heads(
    posing: Posing, limb: PinnedLimb, unit: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    top, middle, end = limb_heads(posing, limb.bones)
    return top / unit, middle / unit, end / unit


def _lowest(sole: Sole, posing: Posing, end: np.ndarray, unit: float) -> np.ndarray:
    return np.asarray(sole.lowest(posing, unit * end) / unit)


def _held(
    posing: Posing,
    limb: PinnedLimb,
    end: np.ndarray,
    source: HumanMotion,
    scale: float,
    unit: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return how much the end of a limb stands (K - 1,), 0 to 1, and what that asks of it.

    The latter, (K - 1, 3), is what a shift must change by from each frame to the next.
    """
    still, wanted = _stands(source, limb.joints[0], scale)
    if limb.sole and limb.joints[1] in source.joints:
        turns = np.diff(limb.sole.ball_from_ankle(posing) / unit, axis=0)
        ball_still, ball = _stands(source, limb.joints[1], scale)
        together = np.maximum(still + ball_still, 1e-9)[:, None]
        wanted = (still[:, None] * wanted + ball_still[:, None] * (ball - turns)) / together
        # A foot that is long for its leg moves more as it turns: then its middle stands.
        middle = wanted + turns / 2
        length = np.maximum(np.linalg.norm(middle, axis=1), 1e-9)
        left = np.maximum(_STAYS - np.linalg.norm(turns, axis=1) / 2, 0)
        both = np.minimum(still, ball_still) > 0.5
        share = np.where(both, np.minimum(left / length, 1), 1)
        wanted = share[:, None] * middle - turns / 2
        still = np.maximum(still, ball_still)
    return still, wanted - np.diff(end, axis=0)


def _stands(source: HumanMotion, joint: str, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how much a joint stands (K - 1,), 0 to 1, and its steps (K - 1, 3) on the target."""
    steps = np.diff(source.places[:, source.joints.index(joint)], axis=0)
    speed = np.linalg.norm(steps, axis=1)
    return np.clip((_MOVING - speed) / (_MOVING - _STILL), 0, 1) ** 8, min(scale, 1.0) * steps


def _shift(
    posing: Posing,
    limb: PinnedLimb,
    end: np.ndarray,
    source: HumanMotion,
    still: np.ndarray,
    rates: np.ndarray,
    floor: bool,
    unit: float,
) -> np.ndarray:
    """Return by how much the end of a limb is moved (K, 3) so that it stands, above the floor."""
    shift, least = np.zeros_like(end), np.full(len(end), -np.inf)
    rest = -_lowest(limb.sole, posing, end, unit) if limb.sole else np.zeros(len(end))
    near = _RESTS * _bears(still, source) * np.maximum(1 - np.abs(rest) / _FLOATS, 0)
    # Where nothing stands a shift rather stays as it is.
    rates = rates * (_HOLDS * still / (_HOLDS * still + _TENSE * _FADES**2))[:, None]
    for run in runs(source.last_of_run):
        inside = slice(run.start, run.stop - 1)
        if still[inside].any():
            fit = _fit(source, np.zeros(run.stop - run.start), still[inside])
            shift[run] = fit.solve(shift[run], rates[inside] * source.fps)
            if floor and limb.sole:
                fit = _fit(source, near[run], still[inside])
                shift[run, 2:] = fit.solve(rest[run, None], rates[inside, 2:] * source.fps)
    if not (floor and limb.sole):
        return shift
    for _ in range(_PASSES):
        under = -_lowest(limb.sole, posing, end + shift, unit) - _SINKS
        if not (under > 0).any():
            break
        least = np.where(under > 0, np.maximum(least, shift[:, 2] + under), least)
        for run in runs(source.last_of_run):
            inside = slice(run.start, run.stop - 1)
            low = np.isfinite(least[run])
            fit = _fit(source, np.where(low, _LIFTS, near[run]), still[inside])
            heights = np.where(low, least[run], rest[run])[:, None]
            shift[run, 2:] = fit.solve(heights, rates[inside, 2:] * source.fps)
    under = np.maximum(-_lowest(limb.sole, posing, end + shift, unit) - _SINKS, 0)
    for run in runs(source.last_of_run):
        # The little that standing still has not let go of.
        shift[run, 2] += peak_nearby(under[run], source.frames[run] / source.fps, _FADES)
    return shift


def _fit(source: HumanMotion, values: np.ndarray, still: np.ndarray) -> SmoothFit:
    steps = _HOLDS * still + _TENSE * _FADES**2
    return SmoothFit(values, steps, bend=_FADES**4, anchor=1.0, interval=1 / source.fps)


def _bears(still: np.ndarray, source: HumanMotion) -> np.ndarray:
    """Return how much a limb stands in each frame (K,): all of it where it does, fading besides."""
    stands = np.maximum(np.append(still, 0), np.insert(still, 0, 0))
    for run in runs(source.last_of_run):
        stands[run] = peak_nearby(stands[run], source.frames[run] / source.fps, _FADES)
    return stands


def runs(last_of_run: np.ndarray) -> list[slice]:
    """Return the stretches without long gaps, in order of time."""
    ends = (np.flatnonzero(last_of_run) + 1).tolist()
    return [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)]
