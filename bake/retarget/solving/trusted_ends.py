"""Where the last bones of limbs end: their tails, unless those point where no limb could go on.

Blender gives every bone a tail. In files of other programs only joints are known; importers then
let tails point along any axis, across the finger or out of the foot.
"""

from collections.abc import Mapping

import numpy as np

from bake.retarget.joints import NEXT, above

_TRUSTED = np.cos(np.radians(50))
_FOOT, _TOES = 0.4, 0.5
"""How long a foot without toes is beside the shin, and toes beside the way from ankle to ball."""


def trusted_ends(
    heads: Mapping[str, np.ndarray], tails: Mapping[str, np.ndarray], body: np.ndarray
) -> dict[str, np.ndarray]:
    """Return what the bone of each joint leads to at rest.

    Parameters
    ----------
    heads, tails : mapping of str to (3,)
        Where joints are, and where their last bones end; world.
    body : (3, 3)
        Left, back and up of the body in columns.
    """
    found = {}
    for joint, head in heads.items():
        after = [other for other in NEXT.get(joint, ()) if other in heads]
        if after:
            found[joint] = heads[after[0]]
            continue
        way, onward = tails[joint] - head, _onward(joint, heads, body)
        lengths = float(np.linalg.norm(way) * np.linalg.norm(onward))
        if way @ onward >= _TRUSTED * lengths:
            found[joint] = tails[joint]
        else:
            # The palm does not tell where a finger of one bone points: it stays as it is.
            found[joint] = head if joint[-1] == "1" else head + onward
    return found


def _onward(joint: str, heads: Mapping[str, np.ndarray], body: np.ndarray) -> np.ndarray:
    """Return the way (3,) on which a limb goes on behind its last joint; zero if nothing tells."""
    before = next((heads[other] for other in above(joint) if other in heads), heads[joint])
    along = heads[joint] - before
    part = joint.rpartition("_")[2]
    if part == "ankle":
        return np.asarray(-body[:, 1] * _FOOT * np.linalg.norm(along))
    if part == "foot":
        up = body[:, 2]
        return np.asarray(_TOES * (along - (along @ up) * up))
    return np.asarray(along)
