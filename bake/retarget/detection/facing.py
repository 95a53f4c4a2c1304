"""Where a figure faces, and so which of its sides is the left one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bake.retarget.detection.body_plan import BodyPlan
from bake.retarget.detection.limbs import Limb
from bake.retarget.detection.skeleton import Skeleton
from bake.retarget.detection.words import LEFT, RIGHT


@dataclass(frozen=True)
class Facing:
    """Where a figure faces.

    Parameters
    ----------
    front : (3,)
        Unit, across `BodyPlan.up` and `BodyPlan.across`.
    first_is_left : bool
        Whether the first of each pair is the left one.
    certainty : float
        0 to 1, how sure the geometry is.
    named : float
        -1 to 1: 1 if all names call the first of each pair left, -1 if right.
    """

    front: np.ndarray
    first_is_left: bool
    certainty: float
    named: float

    @property
    def sure(self) -> bool:
        """Whether geometry is sure enough to overrule names."""
        return self.certainty >= _SURE

    @property
    def contradicted(self) -> bool:
        """Whether names say the other side."""
        return self.named != 0 and (self.named > 0) != self.first_is_left


_SURE = 0.75
"""How sure geometry must be to overrule names."""


def find_facing(
    skeleton: Skeleton,
    plan: BodyPlan,
    legs: Sequence[Limb],
    arms: Sequence[Limb],
    head: int | None,
) -> Facing:
    """Find out where a figure faces, from feet, knees, elbows, thumbs, face and names.

    Parameters
    ----------
    skeleton : Skeleton
    plan : BodyPlan
    legs, arms : sequence of Limb
        As the pairs of the plan.
    head : int or None
    """
    forward = np.cross(plan.across, plan.up)
    forward /= np.linalg.norm(forward)
    votes = list(_votes(skeleton, plan, forward, legs, arms, head))
    total = sum(weight for _, weight in votes)
    balance = sum(np.clip(value, -1, 1) * weight for value, weight in votes)
    certainty = float(min(abs(balance) / 1.5, abs(balance) / total)) if total else 0.0
    ahead = balance > 0
    named = _named(skeleton, legs, arms)
    if certainty < _SURE and named:
        # Left is where up crossed with front leads.
        ahead = named > 0
    front = forward if ahead else -forward
    first_is_left = bool(np.cross(plan.up, front) @ plan.across > 0)
    return Facing(front, first_is_left, certainty, named)


def _votes(
    skeleton: Skeleton,
    plan: BodyPlan,
    forward: np.ndarray,
    legs: Sequence[Limb],
    arms: Sequence[Limb],
    head: int | None,
) -> Iterator[tuple[float, float]]:
    """Yield what speaks for facing `forward` (-1 to 1), and its weight."""
    for leg in legs:
        hip, knee, ankle = (skeleton.heads[bone] for bone in leg.joints)
        end = skeleton.path((leg.joints[2], *leg.after))[-1]
        foot = float((end - ankle) @ forward) / max(float(np.linalg.norm(ankle - knee)), 1e-12)
        yield np.clip(foot / 0.15, -1, 1), 1.0 if abs(foot) > 0.05 else 0.0
        yield _bend(hip, knee, ankle, forward), 0.3
    for arm in arms:
        shoulder, elbow, wrist = (skeleton.heads[bone] for bone in arm.joints)
        yield -_bend(shoulder, elbow, wrist, forward), 0.15
    if head is not None:
        below = skeleton.below(head)
        if below:
            offsets = (skeleton.heads[below] - skeleton.heads[head]) @ forward
            ahead = float(np.median(offsets)) / plan.trunk
            yield np.clip(ahead / 0.08, -1, 1), 0.6 if len(below) > 2 else 0.2


def _bend(first: np.ndarray, middle: np.ndarray, last: np.ndarray, forward: np.ndarray) -> float:
    """Return how far a joint lies before the line of its limb: 1 for a clear bend."""
    line = last - first
    length = max(float(np.linalg.norm(line)), 1e-12)
    foot = first + line * ((middle - first) @ line) / length**2
    return float(np.clip((middle - foot) @ forward / length / 0.02, -1, 1))


def _named(skeleton: Skeleton, legs: Sequence[Limb], arms: Sequence[Limb]) -> float:
    """Return 1 if the names call all of the first of each pair left, -1 if right."""
    said = []
    for first, second in (legs, arms):
        for limb, own, other in ((first, LEFT, RIGHT), (second, RIGHT, LEFT)):
            for bone in (*limb.joints, *limb.after[:1]):
                side = skeleton.readings[bone].side
                if side:
                    said.append(1.0 if side == own else -1.0 if side == other else 0.0)
    return float(np.mean(said)) if len(said) > 3 else 0.0
