"""Whether a bone map fits a rig, and the rig a human: said before anything is changed."""

from collections.abc import Sequence

import numpy as np

from bake.retarget.human import BODY_JOINTS
from bake.retarget.maps.bone_map import BoneMap, Setting
from bake.retarget.maps.preset_fit import fit_preset
from bake.retarget.rig import Rig
from core_model.errors import RigError

_LEGS = ("left_hip", "right_hip", "left_knee", "right_knee")
_SIDES = (("left_hip", "left_ankle"), ("right_hip", "right_ankle"))
_UPRIGHT = np.cos(np.radians(125))
"""Of the angle between trunk and legs at rest: half a circle on a human, a quarter on a horse."""
_MANY = 4  # names in one sentence


def check_fits(rig: Rig, bone_map: BoneMap, settings: Sequence[Setting] = ()) -> None:
    """Make sure that a motion can be put on a rig.

    Parameters
    ----------
    rig : Rig
    bone_map : BoneMap
        With the names of this rig.
    settings : sequence of Setting
        What has to be set on it.

    Raises
    ------
    RigError
        When it cannot; the sentence names the bones.
    """
    named = list(dict.fromkeys(_named(bone_map)))
    if not named:
        raise RigError(f"The bone map {bone_map.name} names no bones of {rig.name}: detect them.")
    check_once(bone_map)
    missing = [bone for bone in named if bone not in rig.names]
    if len(missing) == len(named):
        raise RigError(
            f"The bone map {bone_map.name} is for another rig: {rig.name} has none of its bones, "
            f"such as {_listed(missing)}."
        )
    if missing:
        raise RigError(
            f"{rig.name} has no {'bone' if len(missing) == 1 else 'bones'} {_listed(missing)}, "
            f"which the bone map {bone_map.name} names: take them out of the map, or detect again."
        )
    properties = {bone.name: bone.properties for bone in rig.bones}
    for setting in settings:
        if setting.property not in properties[setting.bone]:
            raise RigError(
                f"The bone {setting.bone} of {rig.name} has no switch {setting.property}, which "
                f"the bone map {bone_map.name} names: detect again."
            )
    if "pelvis" not in bone_map.joints and not bone_map.mover:
        raise RigError(f"No bone of {rig.name} is mapped to the hips, which carry the motion.")
    legless = [joint for joint in _LEGS if not _bones(bone_map, joint)]
    if legless:
        raise RigError(
            f"{rig.name} has no bone for {_listed([each.replace('_', ' ') for each in legless])}: "
            "only characters with two legs can be moved."
        )
    if _on_all_fours(rig, bone_map):
        raise RigError(
            f"{rig.name} stands on four legs at rest: only characters that walk upright can be "
            "moved."
        )


def check_once(bone_map: BoneMap) -> None:
    """Make sure that no bone follows two joints.

    Raises
    ------
    RigError
        When one does.
    """
    owner: dict[str, str] = {}
    for joint, each in bone_map.joints.items():
        for bone in each.bones:
            if bone in owner:
                both = " and for ".join(name.replace("_", " ") for name in (owner[bone], joint))
                raise RigError(
                    f"In the bone map {bone_map.name} the bone {bone} stands for {both}: take it "
                    "out of one of them."
                )
            owner[bone] = joint


def fitted_map(bone_map: BoneMap, rig: Rig) -> BoneMap:
    """Return a map with the names of a rig, as far as it has the bones.

    Raises
    ------
    RigError
        When it has hardly any: the map is for another rig.
    """
    fitted = fit_preset(bone_map, rig)
    named = [joint for joint in bone_map.joints if joint in BODY_JOINTS]
    found = [joint for joint in named if joint in fitted.joints]
    if len(found) <= len(named) / 2:
        raise RigError(
            f"The bone map {bone_map.name} is for another rig: {rig.name} has bones for "
            f"{len(found)} of its {len(named)} joints."
        )
    return fitted


def _named(bone_map: BoneMap) -> list[str]:
    controls = [
        bone
        for each in bone_map.limbs.values()
        for bone in (
            each.control,
            each.pole,
            each.toe,
            *(setting.bone for setting in (*each.to_ik, *each.to_fk)),
        )
    ]
    settings = [setting.bone for setting in bone_map.settings]
    joints = [bone for each in bone_map.joints.values() for bone in each.bones]
    return [each for each in (*joints, bone_map.mover, bone_map.root, *controls, *settings) if each]


def _bones(bone_map: BoneMap, joint: str) -> tuple[str, ...]:
    return bone_map.joints[joint].bones if joint in bone_map.joints else ()


def _on_all_fours(rig: Rig, bone_map: BoneMap) -> bool:
    heads, places = rig.world_heads(), rig.place_of()

    def head_of(joint: str) -> np.ndarray | None:
        bones = _bones(bone_map, joint)
        return heads[places[bones[0]]] if bones else None

    legs = []
    for hip, ankle in _SIDES:
        above, below = head_of(hip), head_of(ankle)
        if above is not None and below is not None:
            legs.append(below - above)
    hips = [head for hip, _ in _SIDES if (head := head_of(hip)) is not None]
    top = next(
        (each for each in map(head_of, ("head", "neck", "spine3")) if each is not None), None
    )
    if not legs or top is None:
        return False
    trunk, leg = top - np.mean(hips, axis=0), np.mean(legs, axis=0)
    lengths = np.linalg.norm(trunk) * np.linalg.norm(leg)
    return bool(lengths > 0 and trunk @ leg / lengths > _UPRIGHT)


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MANY:
        return f"{', '.join(names[:_MANY])} and {len(names) - _MANY} more"
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
