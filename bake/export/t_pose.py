"""A human in the T-pose of VRM: of the proportions of any figure, with bones that lie unturned.

The pose is the one that the VRM 1.0 specification describes: upright on the floor, legs straight
down, toes to the front, arms and fingers level to the sides with the palms down, thumbs level
between side and front. Here it stands as figures do in Blender: Z up, facing -Y.
"""

import numpy as np

from bake.retarget.human import HUMAN_JOINTS, HumanMotion
from bake.retarget.joints import ARMS, LEGS, NEXT, above
from bake.retarget.rig import Bone, Rig
from bake.retarget.solving.rest_pose import JointRest, source_rest
from bake.retarget.solving.standing import standing_of_source

_DOWN, _FRONT = np.array([0.0, 0.0, -1.0]), np.array([0.0, -1.0, 0.0])
_FINGERS = ("index", "middle", "ring", "pinky", "thumb")
_KNUCKLES = _FINGERS[:4]


def t_pose(human: HumanMotion) -> Rig:
    """Return a skeleton of the joints of a human, which stands in the T-pose.

    Parameters
    ----------
    human : HumanMotion

    Returns
    -------
    Rig
        A bone for each joint, of its name; metres, the soles at 0, the feet about the origin.
    """
    rest = source_rest(human)
    heads = _upright(rest)
    ends = {joint: (rest.ends[joint] - rest.heads[joint]) @ rest.body for joint in rest.ends}
    for chain in (*LEGS, *ARMS):
        _straighten(chain, rest, heads, ends)
    standing = standing_of_source(human, rest)
    ankles = [heads[leg[2]][2] for leg in LEGS if leg[2] in heads]
    floor = float(np.mean(ankles)) - standing.ankle if ankles else 0.0
    middle = np.array([*heads["pelvis"][:2], floor])
    return _rig(human.name, {joint: head - middle for joint, head in heads.items()}, ends)


def _upright(rest: JointRest) -> dict[str, np.ndarray]:
    """Return the joints (3,) turned so that the body faces -Y, about its pelvis."""
    return {joint: (head - rest.heads["pelvis"]) @ rest.body for joint, head in rest.heads.items()}


def _straighten(
    chain: tuple[str, ...],
    rest: JointRest,
    heads: dict[str, np.ndarray],
    ends: dict[str, np.ndarray],
) -> None:
    """Let a limb hang straight down, or lie straight to its side, with what hangs on its end."""
    there = [joint for joint in chain if joint in heads]
    if not there:
        return
    arm = chain in ARMS
    side = there[0].partition("_")[0]
    way = np.array([1.0 if side == "left" else -1.0, 0.0, 0.0]) if arm else _DOWN
    limb = there[:3]
    for joint, after in zip(limb, limb[1:], strict=False):
        length = float(np.linalg.norm(rest.heads[after] - rest.heads[joint]))
        heads[after] = heads[joint] + length * way
        ends[joint] = length * way
    if arm:
        _lay_hand(side, way, rest, heads, ends)
        return
    ankle, toe = chain[2:]
    for joint in (ankle, toe):
        if joint in heads:
            ends[joint] = _to_the_front(ends[joint])
    if ankle in heads and toe in heads:
        heads[toe] = heads[ankle] + ends[ankle]


def _to_the_front(way: np.ndarray) -> np.ndarray:
    """Turn a direction (3,) about the vertical until it has no part to the side."""
    return np.hypot(way[0], way[1]) * _FRONT + np.array([0.0, 0.0, way[2]])


def _lay_hand(
    side: str,
    way: np.ndarray,
    rest: JointRest,
    heads: dict[str, np.ndarray],
    ends: dict[str, np.ndarray],
) -> None:
    """Lay a hand with its palm down, as stiff as it is at rest, and its fingers straight."""
    wrist = f"{side}_wrist"
    if wrist not in heads:
        return
    knuckles = [f"{side}_{name}1" for name in _KNUCKLES if f"{side}_{name}1" in heads]
    turn = _palm_down(wrist, knuckles, way, rest) if len(knuckles) > 1 else None
    along = float(np.linalg.norm(rest.ends[wrist] - rest.heads[wrist]))
    ends[wrist] = along * way
    for name in _FINGERS:
        joints = [f"{side}_{name}{number}" for number in (1, 2, 3)]
        joints = [joint for joint in joints if joint in heads]
        if not joints:
            continue
        offset = rest.heads[joints[0]] - rest.heads[wrist]
        laid = turn @ offset if turn is not None else float(np.linalg.norm(offset)) * way
        heads[joints[0]] = heads[wrist] + laid
        straight = way if name != "thumb" else (way + _FRONT) / np.sqrt(2)
        for joint, after in zip(joints, [*joints[1:], ""], strict=True):
            length = float(np.linalg.norm(rest.ends[joint] - rest.heads[joint]))
            ends[joint] = length * straight
            if after:
                heads[after] = heads[joint] + length * straight


def _palm_down(wrist: str, knuckles: list[str], way: np.ndarray, rest: JointRest) -> np.ndarray:
    """Return the turn (3, 3) of a hand from rest: its knuckles to the side, palm to the floor."""
    places = [rest.heads[joint] for joint in knuckles]
    along = np.mean(places, axis=0) - rest.heads[wrist]
    across = places[-1] - places[0]  # from the index finger, which lies in front, to the last
    return _axes(way, -_FRONT) @ _axes(along, across).T


def _axes(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    one = first / max(float(np.linalg.norm(first)), 1e-12)
    two = second - (second @ one) * one
    two = two / max(float(np.linalg.norm(two)), 1e-12)
    return np.stack((one, two, np.cross(one, two)), axis=1)


def _rig(name: str, heads: dict[str, np.ndarray], ends: dict[str, np.ndarray]) -> Rig:
    order = [joint for joint in HUMAN_JOINTS if joint in heads]
    place = {joint: number for number, joint in enumerate(order)}
    bones = []
    for joint in order:
        rest = np.eye(4)
        rest[:3, 3] = heads[joint]
        parent = next((place[other] for other in above(joint) if other in place), -1)
        after = next((other for other in NEXT.get(joint, ()) if other in heads), None)
        tail = heads[after] if after else heads[joint] + ends[joint]
        bones.append(Bone(joint, parent, rest, tail))
    return Rig(name, tuple(bones))
