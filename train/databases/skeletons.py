"""Skeletons of many makers brought to one: their joints as the bones of ASF, from a rest pose.

`asf_amc.smpl_rotations` wants to know how each bone is turned away from a rest pose, and where
thighs, shins and arms point in it. Here that is found for any skeleton whose joints have one of the
usual names.
"""

import numpy as np

from core_model.errors import MocapError
from train.databases.daz_bvh import BvhMotion

# Bone of ASF: the joint that turns it, under the names in use; "{}" is a side, as it is spelt.
_SIDED = {
    "femur": ("{}UpLeg", "{}hip"),
    "tibia": ("{}Leg", "{}knee"),
    "foot": ("{}Foot", "{}ankle"),
    "toes": ("{}ToeBase",),
    "clavicle": ("{}Shoulder",),
    "humerus": ("{}Arm", "{}shoulder"),
    "radius": ("{}ForeArm", "{}elbow"),
    "hand": ("{}Hand", "{}wrist"),
}
_MIDDLE = {"root": ("Hips", "root"), "lowerneck": ("Neck", "neck"), "head": ("Head",)}
_SIDES = {"l": ("Left", "left_"), "r": ("Right", "right_")}
_NEXT = {"femur": "tibia", "tibia": "foot", "humerus": "radius", "radius": "hand", "foot": "toes"}
"""Where a bone points to."""


def bones_of(
    motion: BvhMotion, rest: np.ndarray, standing: bool = False
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return a motion as turns of ASF's bones away from a rest pose.

    Parameters
    ----------
    motion : BvhMotion
    rest : (J, 3, 3)
        Global rotation of every joint in the rest pose.
    standing : bool
        The rest pose is a frame of somebody who stands upright, Y up, whichever way he faces;
        otherwise it looks along one of the axes and any axis may be up.

    Returns
    -------
    turned : dict of (T, 3, 3)
        By the bone's name in ASF, from the rest pose, in a Y-up world, the rest pose facing +Z.
        Bones that the skeleton lacks are left out.
    directions : dict of (3,)
        Unit vectors of limbs and feet in the rest pose, in the same space.

    Raises
    ------
    MocapError
        When the joints have other names than those known.
    """
    joints = _named(motion)
    places = np.zeros((len(motion.names), 3))
    for joint, parent in enumerate(motion.parents):
        if parent >= 0:
            places[joint] = places[parent] + rest[parent] @ motion.offsets[joint]
    axes = _axes(places, joints, standing)
    from_rest = motion.global_rotations() @ np.swapaxes(rest, 1, 2)
    turned = {bone: axes @ from_rest[:, joint] @ axes.T for bone, joint in joints.items()}
    directions = {}
    for bone, joint in joints.items():
        tip = joints.get(bone[:1] + _NEXT.get(bone[1:], ""))
        if tip is not None and (length := np.linalg.norm(places[tip] - places[joint])) > 0:
            directions[bone] = axes @ (places[tip] - places[joint]) / length
    for side in _SIDES:
        # Where fingers point is not in every skeleton: in line with the forearm.
        directions.setdefault(f"{side}hand", directions[f"{side}radius"])
    return turned, directions


def _named(motion: BvhMotion) -> dict[str, int]:
    """Return the joint of each bone of ASF that the skeleton has."""
    names = [name.rpartition("Neo_")[2] for name in motion.names]
    found: dict[str, int] = {}

    def note(bone: str, spellings: list[str]) -> None:
        known = [spelling for spelling in spellings if spelling in names]
        if known:
            found[bone] = names.index(known[0])

    for bone, spellings in _MIDDLE.items():
        note(bone, list(spellings))
    for side, words in _SIDES.items():
        for bone, spellings in _SIDED.items():
            note(side + bone, [text.format(word) for text in spellings for word in words])
    wanted = [
        "root",
        "lowerneck",
        "lfemur",
        "rfemur",
        "ltibia",
        "lfoot",
        "lhumerus",
        "lradius",
        "lhand",
    ]
    if any(bone not in found for bone in wanted):
        raise MocapError("This skeleton's joints have names that are not known.")
    spine: list[int] = []
    joint = motion.parents[found["lowerneck"]]
    while joint != found["root"]:
        spine.insert(0, joint)
        joint = motion.parents[joint]
    for bone, place in (("lowerback", 0), ("upperback", len(spine) // 2), ("thorax", -1)):
        found[bone] = spine[place]
    return found


def _axes(places: np.ndarray, joints: dict[str, int], standing: bool) -> np.ndarray:
    """Return the turn (3, 3) from the skeleton's space to Y up, facing +Z."""
    left = places[joints["lfemur"]] - places[joints["rfemur"]]
    up = places[joints["lowerneck"]] - places[joints["lfemur"]] + left / 2
    if standing:
        left, up = left * [1, 0, 1], np.array([0.0, 1.0, 0.0])
    else:
        left, up = (np.sign(axis) * (abs(axis) == abs(axis).max()) for axis in (left, up))
    left = left / np.linalg.norm(left)
    return np.stack((left, up, np.cross(left, up)))
