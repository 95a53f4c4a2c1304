"""How the joints of a human hang together, whatever skeleton carries them."""

from bake.retarget.human import HUMAN_JOINTS
from core_model.body.fingers import FINGER_CARRIERS, FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES, PARENTS

TRUNK = ("pelvis", "spine1", "spine2", "spine3", "neck", "head")
"""From the pelvis up: what bends bit by bit."""

LEGS = tuple(
    tuple(f"{side}_{part}" for part in ("hip", "knee", "ankle", "foot"))
    for side in ("left", "right")
)
ARMS = tuple(
    tuple(f"{side}_{part}" for part in ("shoulder", "elbow", "wrist")) for side in ("left", "right")
)
LIMBS = {"left_arm": ARMS[0], "right_arm": ARMS[1], "left_leg": LEGS[0], "right_leg": LEGS[1]}
"""By the names of `bake.retarget.maps.bone_map.LIMBS`; from the body outwards."""


def _parents() -> dict[str, str]:
    names = {name: JOINT_NAMES[parent] for name, parent in zip(JOINT_NAMES, PARENTS, strict=True)}
    names["pelvis"] = ""
    for index, name in enumerate(FINGER_JOINT_NAMES):
        carrier = JOINT_NAMES[FINGER_CARRIERS[index]].replace("hand", "wrist")
        names[name] = f"{name[:-1]}{int(name[-1]) - 1}" if name[-1] != "1" else carrier
    return {name: names[name] for name in HUMAN_JOINTS}


PARENT = _parents()
"""The joint that each joint hangs on, "" for the pelvis."""


def _next() -> dict[str, tuple[str, ...]]:
    after: dict[str, tuple[str, ...]] = dict(
        zip(TRUNK, ((name,) for name in TRUNK[1:]), strict=False)
    )
    for side in ("left", "right"):
        after[f"{side}_collar"] = (f"{side}_shoulder",)
        after[f"{side}_wrist"] = tuple(f"{side}_{name}1" for name in ("middle", "ring", "index"))
    for chain in (*LEGS, *ARMS):
        after |= {one: (other,) for one, other in zip(chain, chain[1:], strict=False)}
    for name in FINGER_JOINT_NAMES:
        if name[-1] != "3":
            after[name] = (f"{name[:-1]}{int(name[-1]) + 1}",)
    return after


NEXT = _next()
"""The joints that a joint's bone leads to, the first of them that there is; none for the last."""


def above(joint: str) -> list[str]:
    """Return the joints that a joint hangs on, the nearest first."""
    found = []
    while joint := PARENT[joint]:
        found.append(joint)
    return found
