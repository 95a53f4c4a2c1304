"""What the user is told about a rig."""

from collections.abc import Sequence

import numpy as np

from bake.retarget.detection.body_plan import LEAST_UPRIGHT, Pair
from bake.retarget.detection.facing import Facing
from bake.retarget.detection.skeleton import Skeleton

_ARM = ("shoulder", "elbow", "wrist")
_LEG = ("hip", "knee", "ankle")
_READABLE = 4
_SHOULDERS = 0.62
"""Of the height of a figure: arms start above, legs below."""


def about_sides(name: str, facing: Facing) -> list[str]:
    """Return what there is to say about left and right on a rig.

    Parameters
    ----------
    name : str
        Of the rig.
    facing : Facing
    """
    if facing.contradicted:
        return [
            f"The names on {name} call bones left that lie on its right, by where its feet point "
            "and its knees bend: they are mapped by where they lie."
        ]
    if not facing.named and facing.certainty < 0.5:
        return [
            f"Neither names nor feet say where {name} faces: make sure that left and right are "
            "not exchanged in its map."
        ]
    return []


def refusal(skeleton: Skeleton, name: str, pairs: Sequence[Pair], upright: float) -> str:
    """Return why a skeleton is no human figure.

    Parameters
    ----------
    skeleton : Skeleton
    name : str
        Of the rig.
    pairs : sequence of Pair
        That were found on it.
    upright : float
        How upright the likeliest trunk is.
    """
    missing = _missing(skeleton, pairs)
    if missing:
        return (
            f"{name} cannot be used as a human figure, since its {missing} are missing: two chains "
            "of three bones or more, left and right, were looked for."
        )
    if upright < LEAST_UPRIGHT:
        return (
            f"{name} cannot be used as a human figure: at rest its trunk does not stand on its "
            "legs but lies across them, as that of an animal on four feet."
        )
    return f"{name} cannot be used as a human figure: no trunk joins two legs and two arms."


def _missing(skeleton: Skeleton, pairs: Sequence[Pair]) -> str:
    """Return which limbs there are none of, "" if there seem to be all."""
    named = [
        any(any(part in each.parts for part in parts) for each in skeleton.readings)
        for parts in (_LEG, _ARM)
    ]
    readable = sum(bool(each.parts) for each in skeleton.readings) >= _READABLE
    if readable and not all(named):
        return "arms" if named[0] else "legs" if named[1] else "arms and legs"
    if not pairs:
        return "arms and legs"
    if len({pair.attached for pair in pairs}) > 1:
        return ""
    heights = skeleton.heads[:, 2]
    start = (heights[list(pairs[0].bones)].mean() - heights.min()) / max(np.ptp(heights), 1e-12)
    return "legs" if start > _SHOULDERS else "arms"
