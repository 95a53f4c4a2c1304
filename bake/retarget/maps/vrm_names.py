"""The names that VRM has for the bones of a human, by our joints."""

from collections.abc import Mapping

_TRUNK = {
    "pelvis": "hips",
    "spine1": "spine",
    "spine2": "chest",
    "spine3": "upperChest",
    "neck": "neck",
    "head": "head",
}
_LIMBS = {
    "collar": "Shoulder",
    "shoulder": "UpperArm",
    "elbow": "LowerArm",
    "wrist": "Hand",
    "hip": "UpperLeg",
    "knee": "LowerLeg",
    "ankle": "Foot",
    "foot": "Toes",
}
_FINGERS = {"index": "Index", "middle": "Middle", "ring": "Ring", "pinky": "Little"}
_PHALANGES = ("Proximal", "Intermediate", "Distal")
_THUMB = ("Metacarpal", "Proximal", "Distal")


def _names(thumb: tuple[str, str, str]) -> Mapping[str, str]:
    names = dict(_TRUNK)
    for side in ("left", "right"):
        names |= {f"{side}_{joint}": f"{side}{bone}" for joint, bone in _LIMBS.items()}
        for number in range(3):
            names[f"{side}_thumb{number + 1}"] = f"{side}Thumb{thumb[number]}"
            for joint, bone in _FINGERS.items():
                names[f"{side}_{joint}{number + 1}"] = f"{side}{bone}{_PHALANGES[number]}"
    return names


VRM1_NAMES = _names(_THUMB)
"""Of VRM 1.0."""

VRM0_NAMES = _names(_PHALANGES)
"""Of VRM 0.x, whose thumbs begin one bone later."""
