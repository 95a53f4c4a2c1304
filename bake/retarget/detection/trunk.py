"""The bones from the pelvis to the head."""

from dataclasses import dataclass

import numpy as np

from bake.retarget.detection.body_plan import BodyPlan
from bake.retarget.detection.skeleton import ROOT, Skeleton

SPINES = ("spine1", "spine2", "spine3")


@dataclass(frozen=True)
class Trunk:
    """The bones of the trunk.

    Parameters
    ----------
    root : int or None
        On the floor above everything.
    mover : int or None
        Carries pelvis and spine where it is not the pelvis itself.
    pelvis : int
    spine, neck : tuple of int
        From below.
    head : int or None
    """

    root: int | None
    mover: int | None
    pelvis: int
    spine: tuple[int, ...]
    neck: tuple[int, ...]
    head: int | None


def find_trunk(
    skeleton: Skeleton, plan: BodyPlan, shoulders: float, floor: float, tips: bool
) -> Trunk | None:
    """Find the bones between legs and arms, below and above; None if nothing joins them.

    Parameters
    ----------
    skeleton : Skeleton
    plan : BodyPlan
    shoulders, floor : float
        Heights of the upper arms and of the feet, above the start of the legs.
    tips : bool
        Whether chains of this rig end with a bone that is no joint.
    """
    chest = plan.arms.attached
    if chest == ROOT:
        return None
    above = [chest, *skeleton.ancestors(chest)][::-1]
    legs = plan.legs.attached
    carrying = [] if legs == ROOT else [legs, *skeleton.ancestors(legs)]
    joined = max((place for place, bone in enumerate(above) if bone in carrying), default=0)
    if joined and _is_spine_on_pelvis(skeleton, above[joined - 1], above[joined]):
        joined -= 1
        legs = above[joined]
    pelvis, spine = above[joined], above[joined + 1 :]
    mover = None
    if legs not in (ROOT, pelvis):
        # The legs hang on a bone beside the spine: what carries both is a bone of its own.
        mover, pelvis = pelvis, legs
    elif _low(skeleton, plan, pelvis) and spine:
        pelvis, spine = spine[0], spine[1:]
    on_neck = len(spine) > 1 and _is_neck(skeleton, plan, spine[-1], shoulders)
    neck, head = _neck_and_head(skeleton, plan, chest, tips, on_neck)
    if on_neck:
        neck, spine = (spine[-1], *neck), spine[:-1]
    root, between = _root(skeleton, plan, mover if mover is not None else pelvis, floor)
    return Trunk(root, between if mover is None else mover, pelvis, tuple(spine), neck, head)


def shares(spine: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Return which bones of the spine are which of SMPL's three joints.

    The first is always the lowest and the last the chest, on which the arms hang.
    """
    if len(spine) < 3:
        joints = {0: (), 1: ("spine2",), 2: ("spine1", "spine3")}[len(spine)]
        return {joint: (bone,) for joint, bone in zip(joints, spine, strict=True)}
    least, more = divmod(len(spine), 3)
    counts = (least + (more == 2), least, least + (more > 0))
    ends = np.cumsum(counts)
    return {
        joint: tuple(spine[end - count : end])
        for joint, count, end in zip(SPINES, counts, ends, strict=True)
    }


def _is_spine_on_pelvis(skeleton: Skeleton, below: int, bone: int) -> bool:
    """Return whether names say that the legs hang on the spine, as some programs have it."""
    lower, own = skeleton.readings[below], skeleton.readings[bone]
    return lower.fits("pelvis") > 0 and own.fits("spine") > 0


def _low(skeleton: Skeleton, plan: BodyPlan, bone: int) -> bool:
    """Return whether a bone lies far below the start of the legs."""
    named = "pelvis" in skeleton.readings[bone].parts
    return not named and float(plan.height(skeleton.heads[bone])) < -0.5 * plan.trunk


def _is_neck(skeleton: Skeleton, plan: BodyPlan, bone: int, shoulders: float) -> bool:
    """Return whether the arms hang on the neck, as some programs have it."""
    reading = skeleton.readings[bone]
    if reading.parts:
        return reading.fits("neck") > 0
    return float(plan.height(skeleton.heads[bone])) > shoulders - 0.02 * plan.trunk


def _neck_and_head(
    skeleton: Skeleton, plan: BodyPlan, chest: int, tips: bool, on_neck: bool
) -> tuple[tuple[int, ...], int | None]:
    chain: list[int] = []
    bone = chest
    while (onward := _upward(skeleton, plan, bone)) is not None:
        chain.append(onward)
        bone = onward
    if not chain:
        return (), None
    place = _head_place(skeleton, chain, tips and len(chain) + on_neck > 2)
    return tuple(chain[:place]), chain[place]


def _upward(skeleton: Skeleton, plan: BodyPlan, bone: int) -> int | None:
    """Return the child that leads on to the head."""
    best: tuple[float, int] | None = None
    for child in skeleton.children[bone]:
        if child in plan.arms.bones:
            continue
        path = skeleton.path(skeleton.chain(child))
        rise = float(plan.height(path).max() - plan.height(skeleton.heads[bone]))
        beside = float(abs(plan.aside(skeleton.heads[child])))
        named = skeleton.readings[child].fits("neck", "head")
        score = rise / plan.trunk + named - 3.0 * beside / plan.trunk
        if (
            rise > 0.02 * plan.trunk
            and beside < 0.15 * plan.trunk
            and (best is None or score > best[0])
        ):
            best = score, child
    return best[1] if best else None


def _head_place(skeleton: Skeleton, chain: list[int], tips: bool) -> int:
    """Return which bone of the chain above the chest is the head."""
    for place, bone in enumerate(chain):
        reading = skeleton.readings[bone]
        if "head" in reading.parts and not reading.end:
            return place
    for place, bone in enumerate(chain):
        # Eyes, jaw, ears: the head is what carries several things, or a face at its own place.
        if place and len(skeleton.children[bone]) > 1:
            step = np.linalg.norm(skeleton.heads[bone] - skeleton.heads[chain[place - 1]])
            return place if step > 0.005 * skeleton.size else place - 1
    last = len(chain) - 1
    while last > 0 and skeleton.readings[chain[last]].extra:
        # A jaw or an eye alone.
        last -= 1
    if last > 0 and (skeleton.readings[chain[last]].end or tips):
        last -= 1
    return last


def _root(
    skeleton: Skeleton, plan: BodyPlan, carrier: int, floor: float
) -> tuple[int | None, int | None]:
    """Return the root bone, and the nearest bone between it and what carries the body."""
    above = skeleton.ancestors(carrier)
    heights = [float(plan.height(skeleton.heads[bone])) for bone in above]
    near = [
        bone
        for bone, height in zip(above, heights, strict=True)
        if abs(height - floor) < 0.12 * (plan.trunk - floor)
    ]
    root = near[-1] if near else None
    between = [bone for bone in above if bone not in near]
    return root, between[0] if between else None
