"""A whole figure found on a skeleton: bones by joints, and how sure each is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bake.retarget.detection.body_plan import BodyPlan, body_plan, mirrored_pairs
from bake.retarget.detection.facing import Facing, find_facing
from bake.retarget.detection.hands import FINGERS, Hand, find_hand
from bake.retarget.detection.limbs import ARM, LEG, Limb, find_arms, find_legs, find_toe
from bake.retarget.detection.sentences import about_sides, refusal
from bake.retarget.detection.skeleton import Skeleton
from bake.retarget.detection.trunk import Trunk, find_trunk, shares
from bake.retarget.maps.bone_map import JointBones
from core_model.errors import RigError

_TWIST = 0.5
"""What bones between two joints of a limb take of its twist."""

_NAMED, _UNNAMED, _MISNAMED = 0.95, 0.7, 0.4
"""How sure a joint is whose place the name confirms, does not tell, or contradicts."""

_SIDE_UNKNOWN = 0.5
_FEWEST = 11
_TRUNK = ("pelvis", "neck", "head")


@dataclass(frozen=True)
class Figure:
    """What was found.

    Parameters
    ----------
    joints : dict of str to JointBones
        By the names of `human.HUMAN_JOINTS`.
    certainty : dict of str to float
    mover, root : str
        Names of bones, "" for none.
    facing : Facing
    told : list of str
        What the user should know.
    """

    joints: dict[str, JointBones]
    certainty: dict[str, float]
    mover: str
    root: str
    facing: Facing
    told: list[str] = field(default_factory=list)


def find_figure(skeleton: Skeleton, name: str) -> Figure:
    """Find the joints of a human on a skeleton.

    Parameters
    ----------
    skeleton : Skeleton
    name : str
        Of the rig, for the user.

    Raises
    ------
    RigError
        When it is no human.
    """
    if len(skeleton) < _FEWEST:
        raise RigError(
            f"{name} has only {len(skeleton)} bones: a figure with trunk, head, arms and legs "
            f"has {_FEWEST} at least."
        )
    pairs = mirrored_pairs(skeleton)
    plan, upright = body_plan(skeleton, pairs)
    if plan is None:
        raise RigError(refusal(skeleton, name, pairs, upright))
    legs, arms = find_legs(skeleton, plan), find_arms(skeleton, plan)
    for limbs, what in (
        (legs, "leg needs thigh, shin and foot"),
        (arms, "arm needs two bones and a hand"),
    ):
        if not limbs:
            raise RigError(f"Bones are missing on {name}: a {what}.")
    return _Finder(skeleton, plan, legs, arms).figure(name)


class _Finder:
    def __init__(
        self, skeleton: Skeleton, plan: BodyPlan, legs: Sequence[Limb], arms: Sequence[Limb]
    ) -> None:
        self.skeleton, self.plan, self.legs, self.arms = skeleton, plan, legs, arms
        self.joints: dict[str, JointBones] = {}
        self.certainty: dict[str, float] = {}

    def figure(self, name: str) -> Figure:
        skeleton, plan = self.skeleton, self.plan
        hands = [find_hand(skeleton, arm.joints[2], arm.joints[1]) for arm in self.arms]
        tips = any(hand.tips for hand in hands)
        if not any(hand.fingers for hand in hands):
            tips = all(len(leg.after) > 1 for leg in self.legs)
        heights = plan.height(skeleton.heads)
        trunk = find_trunk(
            skeleton,
            plan,
            float(np.mean([heights[arm.joints[0]] for arm in self.arms])),
            float(min(heights[[*leg.joints, *leg.after]].min() for leg in self.legs)),
            tips,
        )
        if trunk is None:
            raise RigError(
                f"Nothing on {name} joins arms and legs: bones of the trunk are missing."
            )
        facing = find_facing(skeleton, plan, self.legs, self.arms, trunk.head)
        self._trunk(trunk)
        sides = ("left", "right") if facing.first_is_left else ("right", "left")
        sure = 1.0 if facing.named or facing.certainty > 0.5 else _SIDE_UNKNOWN
        for side, leg, arm, hand in zip(sides, self.legs, self.arms, hands, strict=True):
            self._leg(side, leg, facing, tips, sure)
            self._arm(side, arm, hand, sure)
        names = skeleton.names
        return Figure(
            self.joints,
            self.certainty,
            "" if trunk.mover is None else names[trunk.mover],
            "" if trunk.root is None else names[trunk.root],
            facing,
            about_sides(name, facing),
        )

    def _trunk(self, trunk: Trunk) -> None:
        self._put("pelvis", (trunk.pelvis,), "pelvis")
        for joint, bones in shares(trunk.spine).items():
            self._put(joint, bones, "spine")
        if trunk.neck:
            self._put("neck", trunk.neck, "neck")
        if trunk.head is not None:
            self._put("head", (trunk.head,), "head")

    def _leg(self, side: str, leg: Limb, facing: Facing, tips: bool, sure: float) -> None:
        self._limb(side, leg, LEG, sure)
        toe = find_toe(self.skeleton, leg, facing.front, tips)
        if toe is not None:
            self._put(f"{side}_foot", (toe,), "foot", sure=sure)

    def _arm(self, side: str, arm: Limb, hand: Hand, sure: float) -> None:
        if arm.before:
            self._put(f"{side}_collar", arm.before, "collar", sure=sure)
        self._limb(side, arm, ARM, sure)
        for finger in FINGERS:
            for number, bone in enumerate(hand.fingers.get(finger, ()), start=1):
                self._put(f"{side}_{finger}{number}", (bone,), finger, "finger", sure=sure)

    def _limb(self, side: str, limb: Limb, parts: Sequence[str], sure: float) -> None:
        for part, bone, extra in zip(parts, limb.joints, (*limb.between, ()), strict=True):
            self._put(f"{side}_{part}", (bone, *extra), part, sure=sure)

    def _put(self, joint: str, bones: Sequence[int], *parts: str, sure: float = 1.0) -> None:
        names = self.skeleton.names
        limb = joint.endswith(("hip", "knee", "shoulder", "elbow"))
        twist = _TWIST if limb and len(bones) > 1 else 0.0
        self.joints[joint] = JointBones(tuple(names[bone] for bone in bones), twist)
        reading = self.skeleton.readings[bones[0]]
        fit = reading.fits(*parts)
        if joint in _TRUNK and reading.parts == ("spine",):
            # Many call all bones of the trunk so, and number them.
            fit = 0.0
        known = _NAMED if fit > 0 else _MISNAMED if fit < 0 else _UNNAMED
        self.certainty[joint] = round(known * sure, 3)
