"""Rigs that are moved by controls: which bones other bones move, and which are skin deep."""

import numpy as np

from bake.retarget.detection.skeleton import ROOT, Skeleton
from bake.retarget.detection.words import tokens
from bake.retarget.rig import Bone, Constraint, Rig

_TURNS = frozenset(
    (
        "COPY_TRANSFORMS",
        "COPY_ROTATION",
        "ARMATURE",
        "DAMPED_TRACK",
        "TRACK_TO",
        "LOCKED_TRACK",
        "STRETCH_TO",
        "SPLINE_IK",
        "TRANSFORM",
        "TRANSFORM_CACHE",
    )
)
"""Constraints that say how a bone is turned, whatever its keys say."""

_FEWEST_DRIVEN = 8
_FEWEST_DEFORMING = 15
_SAME_PLACE = 0.005
_SAME_WAY = 0.98


def is_turned(bone: Bone) -> bool:
    """Return whether constraints turn a bone, so that keys on it would do nothing."""
    return any(_turns(constraint) for constraint in bone.constraints)


def ik_chains(rig: Rig) -> list[tuple[Constraint, tuple[int, ...]]]:
    """Return each IK constraint with the places of the bones that it turns, the last one first."""
    found = []
    for place, bone in enumerate(rig.bones):
        for constraint in bone.constraints:
            if constraint.kind == "IK":
                chain = [place]
                while rig.bones[chain[-1]].parent >= 0 and len(chain) != constraint.chain:
                    chain.append(rig.bones[chain[-1]].parent)
                found.append((constraint, tuple(chain)))
    return found


def is_control_rig(rig: Rig) -> bool:
    """Return whether animators move a rig by controls rather than by the bones in its skin."""
    turned = sum(is_turned(bone) for bone in rig.bones)
    return turned >= _FEWEST_DRIVEN or any(constraint.target for constraint, _ in ik_chains(rig))


def deforming_skeleton(rig: Rig) -> Skeleton | None:
    """Return the bones that move the skin, as a tree; None if they are too few.

    Many control rigs hang those not on each other but on bones of the mechanism: then what counts
    as their parent is the bone in the same place as that.
    """
    heads, tails = rig.world_heads(), rig.world_tails()
    kept = [
        place
        for place, bone in enumerate(rig.bones)
        if bone.deform and np.linalg.norm(bone.tail - bone.head) > 0
    ]
    if len(kept) < _FEWEST_DEFORMING:
        return None
    size = float(np.ptp(heads[kept], axis=0).max())
    ways = tails - heads
    ways /= np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-12)
    number = {place: index for index, place in enumerate(kept)}

    def stands_for(place: int, child: int) -> int:
        """Return the kept bone at another's place, `ROOT` if there is none."""
        if place in number:
            return place
        near = np.linalg.norm(heads[kept] - heads[place], axis=1) < _SAME_PLACE * size
        along = ways[kept] @ ways[place] > _SAME_WAY
        fitting = [kept[each] for each in np.flatnonzero(near & along) if kept[each] != child]
        return fitting[0] if fitting else ROOT

    parents = {}
    for place in kept:
        above = rig.bones[place].parent
        while above != ROOT and (twin := stands_for(above, place)) == ROOT:
            above = rig.bones[above].parent
        parents[place] = ROOT if above == ROOT else twin
    order = _parents_first(kept, parents)
    number = {place: index for index, place in enumerate(order)}
    return Skeleton(
        tuple(rig.bones[place].name for place in order),
        tuple(ROOT if parents[place] == ROOT else number[parents[place]] for place in order),
        heads[order],
        tails[order],
    )


def _parents_first(kept: list[int], parents: dict[int, int]) -> list[int]:
    order: list[int] = []
    for place in kept:
        way = []
        while place not in order and place not in way:
            way.append(place)
            if parents[place] == ROOT:
                break
            place = parents[place]
        else:
            if place in way:
                # Two bones that stand for each other's parents: the first hangs on nothing.
                parents[way[-1]] = ROOT
        order += way[::-1]
    return order


def says(name: str, *words: str) -> bool:
    """Return whether a name has one of some words."""
    return not set(words).isdisjoint(tokens(name))


def _turns(constraint: Constraint) -> bool:
    if not constraint.influence and not constraint.driven:
        return False
    return constraint.kind in _TURNS and (bool(constraint.target) or constraint.kind == "ARMATURE")
