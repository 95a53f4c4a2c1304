"""The joints of a limb along its chain of bones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bake.retarget.detection.body_plan import BodyPlan
from bake.retarget.detection.skeleton import Skeleton

LEG = ("hip", "knee", "ankle")
ARM = ("shoulder", "elbow", "wrist")

_TURN = np.radians(60)
_UNLIKE = 2.5
"""What it must be worth that two limbs have their joints at different places of their chains."""

_TO_BALL = 0.42
"""Of the shin: as far the ball of a foot lies before the ankle, and toes end beyond."""


@dataclass(frozen=True)
class Limb:
    """The bones of a limb.

    Parameters
    ----------
    before : tuple of int
        Between the trunk and its first joint: what an arm's collar may be.
    joints : tuple of int
        The three bones of `LEG` or `ARM`.
    between : tuple of tuple of int
        Bones in the chain after the first joint and after the second, before the next: twist.
    after : tuple of int
        What follows along the chain.
    """

    before: tuple[int, ...]
    joints: tuple[int, int, int]
    between: tuple[tuple[int, ...], tuple[int, ...]]
    after: tuple[int, ...]


def find_legs(skeleton: Skeleton, plan: BodyPlan) -> list[Limb]:
    """Find hip, knee and ankle of both legs; none where the chains are too short."""
    return _both(skeleton, plan, plan.legs.bones, LEG)


def find_arms(skeleton: Skeleton, plan: BodyPlan) -> list[Limb]:
    """Find shoulder, elbow and wrist of both arms; none where the chains are too short."""
    return _both(skeleton, plan, plan.arms.bones, ARM)


def find_toe(skeleton: Skeleton, leg: Limb, front: np.ndarray, tips: bool) -> int | None:
    """Return the bone of the toes, None where there is none, or one for each toe.

    Parameters
    ----------
    skeleton : Skeleton
    leg : Limb
    front : (3,)
    tips : bool
        Whether chains of this rig end with a bone that is no joint.
    """
    _, knee, ankle = leg.joints
    children = skeleton.children[ankle]
    named = [bone for bone in children if skeleton.readings[bone].fits("foot") > 0]
    if len(named) > 2:
        return None
    ways = skeleton.heads[list(children)] - skeleton.heads[ankle]
    longest = max(np.linalg.norm(ways, axis=1), default=0.0)
    forward = dict(zip(children, (ways @ front).tolist(), strict=True))
    candidates = [
        bone
        for bone in named or children
        if forward[bone] > 0.3 * longest
        and not skeleton.readings[bone].extra
        and not skeleton.readings[bone].end
    ]
    if not candidates or (len(candidates) > 2 and not named):
        return None
    toe = max(candidates, key=lambda bone: forward[bone])
    onward = skeleton.children[toe]
    if len(onward) == 1 and len(skeleton.children[onward[0]]) > 1:
        # A bone in the middle of the foot; the toes spread from the next.
        return onward[0]
    if not onward and tips and not named:
        # An end of the foot rather than its ball, if it lies far from the ankle.
        shin = float(np.linalg.norm(skeleton.heads[ankle] - skeleton.heads[knee]))
        return toe if forward[toe] < _TO_BALL * shin else None
    return toe


def _both(
    skeleton: Skeleton, plan: BodyPlan, starts: tuple[int, int], parts: Sequence[str]
) -> list[Limb]:
    """Find the joints of two limbs: at the same places of both chains, unless those differ."""
    chains = [skeleton.chain(start) for start in starts]
    scores = [dict(_triples(skeleton, plan, chain, parts)) for chain in chains]
    if not all(scores):
        return []
    own = [max(score, key=lambda places: score[places]) for score in scores]
    common = max(
        scores[0].keys() & scores[1].keys(),
        key=lambda places: (scores[0][places] + scores[1][places], places),
    )
    loss = sum(score[best] - score[common] for score, best in zip(scores, own, strict=True))
    chosen = (common, common) if loss < _UNLIKE else own
    return [_limb(chain, places) for chain, places in zip(chains, chosen, strict=True)]


def _limb(chain: Sequence[int], places: tuple[int, int, int]) -> Limb:
    first, second, third = places
    return Limb(
        tuple(chain[:first]),
        (chain[first], chain[second], chain[third]),
        (tuple(chain[first + 1 : second]), tuple(chain[second + 1 : third])),
        tuple(chain[third + 1 :]),
    )


def _triples(
    skeleton: Skeleton, plan: BodyPlan, chain: Sequence[int], parts: Sequence[str]
) -> Iterator[tuple[tuple[int, int, int], float]]:
    path = skeleton.path(chain)
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    along = np.concatenate(([0.0], np.cumsum(steps)))
    leg = parts[0] == LEG[0]
    for third in range(2, len(chain)):
        for second in range(1, third):
            for first in range(second):
                places = (first, second, third)
                score = _proportions(path, along, places)
                score += _names(skeleton, chain, places, parts)
                score += _start(plan, path, along, places, leg)
                end = _ankle(path, third) if leg else _wrist(skeleton, chain, along, third)
                yield places, score + end


def _proportions(path: np.ndarray, along: np.ndarray, places: tuple[int, int, int]) -> float:
    """Return how well two parts of a limb fit: about as long, straight, and most of it."""
    first, second, third = places
    upper, lower = (
        float(np.linalg.norm(path[end] - path[begin]))
        for begin, end in ((first, second), (second, third))
    )
    if min(upper, lower) < 0.05 * along[-1]:
        return -10.0
    crooked = (along[second] - along[first]) / upper + (along[third] - along[second]) / lower - 2
    share = (upper + lower) / along[-1]
    return float(-1.5 * abs(np.log(upper / lower)) - 4.0 * crooked + 2.0 * share)


def _start(
    plan: BodyPlan,
    path: np.ndarray,
    along: np.ndarray,
    places: tuple[int, int, int],
    leg: bool,
) -> float:
    """Return how well a limb starts: at the side of the trunk, not in its middle."""
    first, second, _ = places
    beside = np.abs(plan.aside(path))
    if leg:
        return 0.0 if beside[first] > 0.4 * beside[second] else -1.0
    before = float(along[first] / along[-1])
    score = -3.0 * max(0.0, before - 0.35)
    outmost = max(float(beside[: second + 1].max()), 1e-9)
    return score - (0.8 if beside[first] < 0.12 * outmost else 0.0)


def _ankle(path: np.ndarray, place: int) -> float:
    """Return how well a bone is an ankle: there the leg turns, and what follows is a foot."""
    onward = path[place + 1] - path[place]
    lower = path[place] - path[place - 1]
    turn = _angle(lower, onward)
    foot = float(np.linalg.norm(np.diff(path[place:], axis=0), axis=1).sum())
    too_long = max(0.0, foot / max(float(np.linalg.norm(path[place] - path[0])), 1e-9) - 0.6)
    return min(turn / _TURN, 1.0) * 1.2 - 2.0 * too_long


def _wrist(skeleton: Skeleton, chain: Sequence[int], along: np.ndarray, place: int) -> float:
    """Return how well a bone is a wrist: the first from which fingers spread."""
    rest = float((along[-1] - along[place]) / along[-1])
    spreads = [_spreads(skeleton, bone, along[-1]) for bone in chain[: place + 1]]
    first = spreads[place] and not any(spreads[place // 2 + 1 : place])
    return (0.8 if first else 0.0) - 3.0 * max(0.0, rest - 0.33)


def _spreads(skeleton: Skeleton, bone: int, length: float) -> bool:
    branches = [child for child in skeleton.children[bone] if not skeleton.readings[child].extra]
    return sum(skeleton.reach(child) > 0.02 * length for child in branches) > 1


def _names(
    skeleton: Skeleton, chain: Sequence[int], places: tuple[int, int, int], parts: Sequence[str]
) -> float:
    score = 0.0
    for place, part in zip(places, parts, strict=True):
        reading = skeleton.readings[chain[place]]
        score += 0.8 * reading.fits(part) - (0.8 if reading.end else 0.0)
    return score


def _angle(one: np.ndarray, other: np.ndarray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.arccos(np.clip(one @ other / max(lengths, 1e-12), -1, 1)))
