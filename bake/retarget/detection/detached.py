"""Feet and hands that hang on the root instead of on their limbs, as some rigs for games have them.

They are looked at as if they hung where they belong; how they are moved is the solve's matter.
"""

from collections.abc import Sequence

import numpy as np

from bake.retarget.detection.skeleton import ROOT, Skeleton

_TOUCHES = 0.02  # of the size of a rig
_CARRIES = 0.8  # of all bones: what so many hang on is a root
_ENDS = (("knee", ("ankle", "foot")), ("elbow", ("wrist",)))
"""What a limb's last bone is called, and what comes next."""


def hung_together(skeleton: Skeleton) -> Skeleton:
    """Hang what begins where a limb ends on that limb, if it only shares a root with it.

    Where ends of bones tell nothing, names do.
    """
    parents = list(skeleton.parents)
    for leaf in range(len(skeleton)):
        if skeleton.children[leaf]:
            continue
        # What ends a chain is no part of the limb itself.
        for last, end in (
            (skeleton.parents[leaf], skeleton.heads[leaf]),
            (leaf, skeleton.tails[leaf]),
        ):
            found = _loose_end(skeleton, parents, last, end) if last != ROOT else None
            if found is not None:
                parents[found] = last
                break
    return skeleton if parents == list(skeleton.parents) else _ordered(skeleton, parents)


def _loose_end(
    skeleton: Skeleton, parents: Sequence[int], last: int, end: np.ndarray
) -> int | None:
    """Return what goes on from the last bone of a limb, and only shares a root with it."""
    ancestors = [*skeleton.ancestors(last), ROOT]
    if skeleton.readings[last].extra:
        return None
    most = _CARRIES * len(skeleton)
    roots = [each for each in ancestors[1:] if each == ROOT or len(skeleton.below(each)) > most]
    loose = [
        bone
        for bone, parent in enumerate(skeleton.parents)
        if parent in roots
        and parents[bone] == parent
        and bone not in (last, *ancestors)
        and not skeleton.readings[bone].extra
        and _follows(skeleton, last, end, bone)
    ]
    if not loose:
        return None
    return min(loose, key=lambda bone: float(np.linalg.norm(skeleton.heads[bone] - end)))


def _follows(skeleton: Skeleton, last: int, end: np.ndarray, bone: int) -> bool:
    """Return whether a bone goes on from the last one of a limb, which ends at `end` (3,)."""
    one, other = skeleton.readings[last], skeleton.readings[bone]
    if one.side != other.side:
        return False
    if one.side and one.parts and other.parts:
        return any(one.fits(part) > 0 and other.fits(*ends) > 0 for part, ends in _ENDS)
    apart = float(np.linalg.norm(skeleton.heads[bone] - end))
    long = float(np.linalg.norm(end - skeleton.heads[last]))
    near = _TOUCHES * skeleton.size
    # Controls that lead back to where the limb's own joints are do not go on from it.
    back = skeleton.heads[skeleton.below(bone)] - skeleton.heads[last]
    return apart < near < long and not (np.linalg.norm(back, axis=1) < near).any()


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
