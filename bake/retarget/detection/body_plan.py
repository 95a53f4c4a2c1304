"""Legs and arms among the pairs of chains that mirror each other, and what is up and left."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from bake.retarget.detection.skeleton import ROOT, Skeleton

_SHORTEST = 0.18
"""Of the size, a limb."""

LEAST_UPRIGHT = 0.45
"""How far the trunk must go against the legs: the cosine; a quadruped's is near 0."""

_PARALLEL = 0.45
"""How far what leads across the legs leads across the arms, too: the cosine."""

_LEAST_LIKELY = 3.0
"""Of a plan; those of people reach 5 and more, without a name that tells anything."""

_STRAIGHT = 0.9
_ALIKE = 0.75


@dataclass(frozen=True)
class Pair:
    """Two chains that mirror each other.

    Parameters
    ----------
    bones : tuple of int
        Where they start.
    attached : int
        The bone that they hang on, `ROOT` for none.
    likeness : float
        0 to 1, how well they mirror each other.
    """

    bones: tuple[int, int]
    attached: int
    likeness: float


@dataclass(frozen=True)
class BodyPlan:
    """Where legs and arms are.

    Parameters
    ----------
    legs, arms : Pair
    up, across : (3,)
        Units, world; `across` leads from the second of each pair to the first.
    middle : (3,)
        Between the legs, where they start.
    trunk : float
        The way from there to between the arms.
    """

    legs: Pair
    arms: Pair
    up: np.ndarray
    across: np.ndarray
    middle: np.ndarray
    trunk: float

    def aside(self, points: np.ndarray) -> np.ndarray:
        """Return how far points (..., 3) lie to the side of the first of each pair."""
        return np.asarray((points - self.middle) @ self.across)

    def height(self, points: np.ndarray) -> np.ndarray:
        """Return how far points (..., 3) lie above the start of the legs."""
        return np.asarray((points - self.middle) @ self.up)


def mirrored_pairs(skeleton: Skeleton) -> list[Pair]:
    """Return all pairs of chains long enough for limbs."""
    return [
        pair
        for bone in range(ROOT, len(skeleton))
        for pair in _pairs_at(skeleton, bone)
        if pair.likeness > 0.2
    ]


def body_plan(skeleton: Skeleton, pairs: list[Pair]) -> tuple[BodyPlan | None, float]:
    """Return the likeliest legs and arms, None if no two pairs can be; and how upright they are.

    How upright: 1 where the trunk leads away from the legs, 0 where it lies across them.
    """
    best: tuple[float, float, BodyPlan] | None = None
    for legs, arms in permutations(pairs, 2):
        plan = _plan(skeleton, legs, arms)
        if plan is None:
            continue
        score, upright = _likelihood(skeleton, plan)
        found = score, upright, plan
        # Whatever stands comes before what does not.
        if best is None or (_stands(found), score) > (_stands(best), best[0]):
            best = found
    if best is None:
        return None, 0.0
    return (best[2] if _stands(best) else None), best[1]


def _stands(found: tuple[float, float, BodyPlan]) -> bool:
    score, upright, _ = found
    return upright > LEAST_UPRIGHT and score > _LEAST_LIKELY


def _pairs_at(skeleton: Skeleton, attached: int) -> Iterator[Pair]:
    long = [
        bone
        for bone in skeleton.children[attached]
        if skeleton.reach(bone) > _SHORTEST * skeleton.size
    ]
    for place, first in enumerate(long):
        for second in long[place + 1 :]:
            lengths = sorted((skeleton.reach(first), skeleton.reach(second)))
            likeness = _likeness(skeleton, first, second, lengths[0])
            # A hand may hold something long: then the chains are alike as far as both go.
            if lengths[0] > 0.75 * lengths[1] or likeness > _ALIKE:
                yield Pair((first, second), attached, likeness)


def _likeness(skeleton: Skeleton, first: int, second: int, length: float) -> float:
    """Return how well two chains mirror each other: 1 exactly, near 0 not at all."""
    one, other = skeleton.outline(first, length), skeleton.outline(second, length)
    across = (one - other).mean(axis=0)
    apart = float(np.linalg.norm(across))
    if apart < 0.03 * skeleton.size:
        return 0.0
    across /= apart
    offset = 2 * ((one + other).mean(axis=0) / 2) @ across
    mirrored = other + (offset - 2 * other @ across)[:, None] * across
    miss = float(np.linalg.norm(mirrored - one, axis=1).mean())
    return float(np.exp(-miss / (0.1 * skeleton.size)))


def _plan(skeleton: Skeleton, legs: Pair, arms: Pair) -> BodyPlan | None:
    ends = [_outlines(skeleton, pair) for pair in (legs, arms)]
    for outer, inner in ((legs, arms), (arms, legs)):
        if any(
            bone in outer.bones for bone in (inner.bones[0], *skeleton.ancestors(inner.bones[0]))
        ):
            return None
    across = [(pair[0] - pair[1]).mean(axis=0) for pair in ends]
    across = [each / np.linalg.norm(each) for each in across]
    if abs(across[0] @ across[1]) < _PARALLEL:
        return None
    if across[0] @ across[1] < 0:
        arms = Pair((arms.bones[1], arms.bones[0]), arms.attached, arms.likeness)
        across[1] = -across[1]
    middle, chest = (skeleton.heads[list(pair.bones)].mean(axis=0) for pair in (legs, arms))
    trunk = float(np.linalg.norm(chest - middle))
    if trunk < 0.08 * skeleton.size:
        return None
    side = (across[0] + across[1]) / np.linalg.norm(across[0] + across[1])
    up = chest - ends[0][:, -1].mean(axis=0)
    up -= (up @ side) * side
    if np.linalg.norm(up) < 0.2 * skeleton.size:
        return None
    return BodyPlan(legs, arms, _straightened(up, side), side, middle, trunk)


def _outlines(skeleton: Skeleton, pair: Pair) -> np.ndarray:
    """Return the outlines (2, 12, 3) of a pair as far as both go."""
    length = min(skeleton.reach(bone) for bone in pair.bones)
    return np.stack([skeleton.outline(bone, length) for bone in pair.bones])


def _straightened(up: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Return the axis of the world that is meant by a direction, or itself; feet lie in front."""
    up = up / np.linalg.norm(up)
    axis = int(np.abs(up).argmax())
    if abs(up[axis]) > _STRAIGHT and abs(side[axis]) < 0.1:
        up = np.sign(up[axis]) * np.eye(3)[axis]
    return up


def _likelihood(skeleton: Skeleton, plan: BodyPlan) -> tuple[float, float]:
    """Return how likely a plan is, and how upright."""
    legs, arms = plan.legs, plan.arms
    chest = skeleton.heads[list(arms.bones)].mean(axis=0)
    feet = _outlines(skeleton, legs)[:, -1].mean(axis=0)
    trunk, leg = chest - plan.middle, feet - plan.middle
    upright = -float(trunk @ leg / np.linalg.norm(trunk) / np.linalg.norm(leg))
    score = 2 * upright + legs.likeness + arms.likeness
    ratio = float(np.linalg.norm(leg)) / plan.trunk
    score -= abs(np.log(ratio / 1.6))
    score += 0.5 * float(plan.up[2])
    above = [arms.attached, *skeleton.ancestors(arms.attached)] if arms.attached != ROOT else []
    score += 1.0 if legs.attached == ROOT or legs.attached in above else 0.0
    score += 0.7 if _goes_on(skeleton, plan) else -0.7
    for pair, own, other in (
        (legs, ("hip", "knee", "ankle", "foot"), ("shoulder", "elbow", "wrist")),
        (arms, ("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle", "foot")),
    ):
        for bone in pair.bones:
            readings = [skeleton.readings[each] for each in skeleton.chain(bone)]
            hits = sum(any(part in own for part in each.parts) for each in readings)
            misses = sum(any(part in other for part in each.parts) for each in readings)
            score += 0.4 * min(hits, 3) - 0.4 * min(misses, 3)
            score -= 2.0 * (sum(each.extra for each in readings) > len(readings) / 2)
    score += 0.6 if all(_has_fingers(skeleton, bone) for bone in arms.bones) else 0.0
    lengths = [skeleton.reach(bone) / skeleton.size for bone in (*legs.bones, *arms.bones)]
    return score + 2.0 * min(min(lengths), 0.3), upright


def _goes_on(skeleton: Skeleton, plan: BodyPlan) -> bool:
    """Return whether something leads on between the arms, as neck and head do."""
    for child in skeleton.children[plan.arms.attached]:
        if child not in plan.arms.bones:
            path = skeleton.path(skeleton.chain(child))
            if (
                plan.height(path).max() > plan.trunk
                and abs(plan.aside(path)).max() < 0.25 * plan.trunk
            ):
                return True
    return False


def _has_fingers(skeleton: Skeleton, bone: int) -> bool:
    """Return whether a chain spreads where a hand would be."""
    chain = skeleton.chain(bone)
    return any(len(skeleton.children[each]) > 2 for each in chain[2:-1])
