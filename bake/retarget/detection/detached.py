"""Feet and hands that hang on the root instead of on their limbs, as some rigs for games have them.

They are looked at as if they hung where they belong; how they are moved is the solve's matter.
"""

import numpy as np

from bake.retarget.detection.skeleton import ROOT, Skeleton

_TOUCHES = 0.02  # of the size of a rig
_ENDS = (("knee", ("ankle", "foot")), ("elbow", ("wrist",)))
"""What a limb's last bone is called, and what comes next."""


def hung_together(skeleton: Skeleton) -> Skeleton:
    """Hang what begins where a limb ends on that limb, if it only shares a root with it.

    Where ends of bones tell nothing, names do.
    """
    parents = list(skeleton.parents)
    for limb in range(len(skeleton)):
        if skeleton.children[limb]:
            continue
        ancestors = [*skeleton.ancestors(limb), ROOT]
        # What ends a chain is no part of the limb itself.
        end = skeleton.readings[limb].end and len(ancestors) > 2
        last, above = (ancestors[0], ancestors[2:]) if end else (limb, ancestors[1:])
        loose = [
            bone
            for bone, parent in enumerate(skeleton.parents)
            if parent in above
            and bone not in ancestors
            and bone != limb
            and parents[bone] == parent
            and not skeleton.readings[bone].extra
        ]
        found = [bone for bone in loose if _follows(skeleton, last, limb, bone)]
        if found and not skeleton.readings[last].extra:
            places = skeleton.heads[found]
            nearest = np.linalg.norm(places - skeleton.heads[last], axis=1).argmin()
            parents[found[int(nearest)]] = last
    return skeleton if parents == list(skeleton.parents) else _ordered(skeleton, parents)


def _follows(skeleton: Skeleton, last: int, limb: int, bone: int) -> bool:
    """Return whether a bone goes on from the last one of a limb, whose chain ends with `limb`."""
    one, other = skeleton.readings[last], skeleton.readings[bone]
    if one.side != other.side:
        return False
    if one.side and one.parts and other.parts:
        return any(one.fits(part) > 0 and other.fits(*ends) > 0 for part, ends in _ENDS)
    end = skeleton.tails[last] if last == limb else skeleton.heads[limb]
    apart = float(np.linalg.norm(skeleton.heads[bone] - end))
    long = float(np.linalg.norm(end - skeleton.heads[last]))
    return apart < _TOUCHES * skeleton.size < long


def _ordered(skeleton: Skeleton, parents: list[int]) -> Skeleton:
    """Return a skeleton with other parents, these before their children again."""
    order: list[int] = []
    waiting = [bone for bone, parent in enumerate(parents) if parent == ROOT]
    while waiting:
        bone = waiting.pop(0)
        order.append(bone)
        waiting += [child for child, parent in enumerate(parents) if parent == bone]
    number = {bone: place for place, bone in enumerate(order)} | {ROOT: ROOT}
    return Skeleton(
        tuple(skeleton.names[bone] for bone in order),
        tuple(number[parents[bone]] for bone in order),
        skeleton.heads[order],
        skeleton.tails[order],
    )
