"""Which preset fits a rig, and what it is worth beside what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bake.retarget.detection.control_rig import is_turned
from bake.retarget.human import BODY_JOINTS, HUMAN_JOINTS
from bake.retarget.maps.bone_map import BoneMap, JointBones, LimbControls
from bake.retarget.maps.bone_names import Names
from bake.retarget.maps.known_maps import load_preset, preset_names
from bake.retarget.maps.preset_fit import fit_preset
from bake.retarget.rig import Rig
from core_model.body.fingers import SIDES

LIMB_JOINTS = tuple(
    f"{side}_{part}"
    for side in SIDES
    for part in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
)
_ESSENTIAL = ("pelvis", *LIMB_JOINTS)
_ABOVE = {"knee": "hip", "ankle": "knee", "elbow": "shoulder", "wrist": "elbow"}

_SAME_PLACE = 0.04
"""Of the size of the rig, within which two bones are the same joint."""

_PARALLEL, _UPRIGHT = 0.3, 0.45
"""Cosines, of the legs to each other and of the trunk to the legs, of a figure that stands."""

_MISSING = 0.6
"""What a joint counts that a preset has and the rig has not."""


@dataclass(frozen=True)
class Choice:
    """A preset on a rig.

    Parameters
    ----------
    bone_map : BoneMap
        With the rig's names.
    mirrored : bool
        Whether what it calls left is what was found to be right.
    """

    bone_map: BoneMap
    mirrored: bool


def choose_preset(rig: Rig, found: Mapping[str, JointBones]) -> Choice | None:
    """Return the preset that fits a rig best, None if none does.

    Parameters
    ----------
    rig : Rig
    found : mapping of str to JointBones
        Joints that were found by other means, empty if none were. What a preset calls a limb must
        lie where they do: names alone do not tell an upper arm from a shoulder.
    """
    names = Names(rig.names)
    best: tuple[float, Choice] | None = None
    for name in preset_names():
        preset = load_preset(name)
        fitted = fit_preset(preset, rig, names)
        if any(joint not in fitted.joints for joint in _ESSENTIAL) or _moves_nothing(rig, fitted):
            continue
        fits = _places_fit(rig, fitted, found) if found else _hangs_together(rig, fitted)
        if fits is None:
            continue
        missing = len(preset.joints) - len(fitted.joints)
        if sum(joint not in fitted.joints for joint in preset.joints if joint in BODY_JOINTS) > 2:
            continue
        score = len(fitted.joints) - _MISSING * missing + len(fitted.bones()) / 1000
        if best is None or score > best[0]:
            best = score, Choice(fitted, fits)
    return best[1] if best else None


def told_map(rig: Rig) -> BoneMap | None:
    """Return the map that the rig's file or a program tells; None if it is no whole figure.

    Parameters
    ----------
    rig : Rig
    """
    told = {joint: JointBones((rig.told[joint],)) for joint in HUMAN_JOINTS if joint in rig.told}
    bone_map = BoneMap(f"{rig.name}, as its file says", told)
    if any(joint not in told for joint in _ESSENTIAL) or _moves_nothing(rig, bone_map):
        return None
    return bone_map


def with_sides_changed(bone_map: BoneMap) -> BoneMap:
    """Return a map that calls left what it called right."""
    joints = {_other(joint): each for joint, each in bone_map.joints.items()}
    limbs = {_other(limb): each for limb, each in bone_map.limbs.items()}
    certainty = {_other(joint): each for joint, each in bone_map.certainty.items()}
    return replace(bone_map, joints=joints, limbs=limbs, certainty=certainty)


def with_switches(
    limbs: Mapping[str, LimbControls], found: Mapping[str, LimbControls]
) -> dict[str, LimbControls]:
    """Return limbs with the switches that were found where they have none of their own."""
    return {
        limb: replace(own, to_ik=found[limb].to_ik, to_fk=found[limb].to_fk)
        if limb in found and not own.to_ik and not own.to_fk
        else own
        for limb, own in limbs.items()
    }


def _other(name: str) -> str:
    side, _, part = name.partition("_")
    return {"left": f"right_{part}", "right": f"left_{part}"}.get(side, name)


def _moves_nothing(rig: Rig, fitted: BoneMap) -> bool:
    """Return whether constraints turn the bones of a map, so that keys on them do nothing."""
    places = rig.place_of()
    return any(is_turned(rig.bones[places[fitted.joints[joint].bones[0]]]) for joint in _ESSENTIAL)


def _places_fit(rig: Rig, fitted: BoneMap, found: Mapping[str, JointBones]) -> bool | None:
    """Return None if limbs lie elsewhere than they were found, else whether on the other side."""
    places, heads = rig.place_of(), rig.world_heads()
    near = _SAME_PLACE * float(
        np.ptp([heads[places[each.bones[0]]] for each in found.values()], axis=0).max()
    )

    def apart(own: str, other: str) -> float:
        one, two = (places[each.bones[0]] for each in (fitted.joints[own], found[other]))
        return float(np.linalg.norm(heads[one] - heads[two]))

    known = [joint for joint in LIMB_JOINTS if joint in found]
    if all(apart(joint, joint) < near for joint in known):
        return False
    if all(apart(_other(joint), joint) < near for joint in known):
        return True
    return None


def _hangs_together(rig: Rig, fitted: BoneMap) -> bool | None:
    """Return None if limbs do not hang together, or lie across the trunk; else False."""
    places, heads = rig.place_of(), rig.world_heads()
    at = {joint: places[fitted.joints[joint].bones[0]] for joint in _ESSENTIAL}
    for joint in LIMB_JOINTS:
        side, _, part = joint.partition("_")
        if part in _ABOVE:
            above, bone = at[f"{side}_{_ABOVE[part]}"], at[joint]
            while bone not in (above, -1):
                bone = rig.bones[bone].parent
            if bone == -1:
                return None
    left, right = (heads[at[f"{side}_ankle"]] - heads[at[f"{side}_hip"]] for side in SIDES)
    hips, shoulders = (
        np.mean([heads[at[f"{side}_{part}"]] for side in SIDES], axis=0)
        for part in ("hip", "shoulder")
    )
    if _cosine(left, right) < _PARALLEL:
        # No pose that anybody stands in: some motion files lay all bones along one axis.
        return False
    return False if _cosine(shoulders - hips, left + right) < -_UPRIGHT else None


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / max(lengths, 1e-12)
