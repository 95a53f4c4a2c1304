"""The controls that move a limb by its end, and the switch between these and the others."""

import re
from collections.abc import Iterable, Mapping

from bake.retarget.detection.control_rig import ik_chains
from bake.retarget.detection.controls import Controls
from bake.retarget.detection.words import read_name
from bake.retarget.maps.bone_map import JointBones, LimbControls, Setting
from bake.retarget.rig import Rig

LIMB_JOINTS = {
    "left_arm": ("left_shoulder", "left_elbow", "left_wrist"),
    "right_arm": ("right_shoulder", "right_elbow", "right_wrist"),
    "left_leg": ("left_hip", "left_knee", "left_ankle"),
    "right_leg": ("right_hip", "right_knee", "right_ankle"),
}

_NEAR = 0.06
"""Of the size of the rig: as far a control may lie from the joint that it moves."""

_LONGEST = 4
"""Bones of an IK chain of a limb; longer ones are spines and tails."""

_SWITCH = re.compile(r"(ik|fk)")
_OTHER_SWITCHES = re.compile(r"stretch|parent|follow|pole|hinge|pin|snap|auto|length|soft|squash")


def find_limbs(
    controls: Controls, skin: Mapping[str, JointBones], joints: Mapping[str, JointBones]
) -> dict[str, LimbControls]:
    """Return the IK controls of each limb that has some.

    Parameters
    ----------
    controls : Controls
    skin, joints : mapping of str to JointBones
        The bones in the skin by joints, and those to key.
    """
    rig = controls.rig
    found = {}
    for limb, (_, middle, end) in LIMB_JOINTS.items():
        if middle not in skin or end not in skin:
            continue
        bend = controls.place[skin[middle].bones[0]]
        tip = controls.place[skin[end].bones[0]]
        for constraint, chain in ik_chains(rig):
            bends = any(controls.near(bone, bend, _NEAR) for bone in chain[:2])
            carrying = [
                bone
                for bone in controls.carrying(constraint.target)
                if controls.near(bone, tip, _NEAR)
            ]
            if not bends or not carrying or len(chain) > _LONGEST:
                continue
            # The uppermost carries what rolls and spins a foot.
            control = carrying[-1]
            toe = _toe(controls, limb, control, skin, joints)
            to_ik, to_fk = _switches(rig, limb, controls, {control, *chain, bend, tip})
            name = rig.bones[control].name
            found[limb] = LimbControls(name, _pole(controls, constraint.pole), toe, to_ik, to_fk)
            break
    return found


def _pole(controls: Controls, name: str) -> str:
    """Return the control that a pole is, or that it hangs on."""
    if name not in controls.place:
        return ""
    pole = controls.place[name]
    ways = [bone for bone in (pole, *controls.above(pole)[:2]) if controls.is_free(bone)]
    return controls.rig.bones[ways[0]].name if ways else name


def _toe(
    controls: Controls,
    limb: str,
    control: int,
    skin: Mapping[str, JointBones],
    joints: Mapping[str, JointBones],
) -> str:
    """Return the control of the toes that hangs on that of the foot."""
    joint = limb.replace("_leg", "_foot")
    if joint not in skin:
        return ""
    ball = controls.place[skin[joint].bones[0]]
    used = {bone for each in joints.values() for bone in each.bones}
    for bone, each in enumerate(controls.rig.bones):
        if (
            controls.is_free(bone)
            and each.name not in used
            and control in controls.above(bone)
            and abs(controls.heads[bone] - controls.heads[ball]).max() < 0.01 * controls.size
            and controls.ways[bone] @ controls.ways[ball] > 0.9
        ):
            return each.name
    return ""


def _switches(
    rig: Rig, limb: str, controls: Controls, own: Iterable[int]
) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """Return what sets a limb to IK and what to FK: properties named after both, or after one.

    "IK_FK" is 0 for what is named first, 1 for the other; "ik_left_arm" is 1 for IK.
    """
    to_ik, to_fk = [], []
    near = {rig.bones[bone].name for bone in own}
    for place, bone in enumerate(rig.bones):
        for name in bone.properties:
            folded = name.casefold()
            named = _SWITCH.findall(folded)
            if not named or _OTHER_SWITCHES.search(folded):
                continue
            if not _means(name, limb) and not (
                not read_name(name).side and (bone.name in near or _starts(controls, limb, place))
            ):
                continue
            if "ik" in named and "fk" in named:
                ik = 0.0 if folded.index("ik") < folded.index("fk") else 1.0
            else:
                ik = 1.0 if "ik" in named else 0.0
            to_ik.append(Setting(bone.name, name, ik))
            to_fk.append(Setting(bone.name, name, 1.0 - ik))
    return tuple(to_ik), tuple(to_fk)


def _means(name: str, limb: str) -> bool:
    """Return whether the name of a property names a limb."""
    side, _, part = limb.partition("_")
    said = read_name(_SWITCH.sub("", name))
    parts = ("shoulder", "elbow", "wrist") if part == "arm" else ("hip", "knee", "ankle")
    return said.side == side and any(each in parts for each in said.parts)


def _starts(controls: Controls, limb: str, bone: int) -> bool:
    """Return whether a bone lies where a limb starts, and is named after its side."""
    side, _, part = limb.partition("_")
    said = read_name(controls.rig.bones[bone].name)
    parts = ("shoulder",) if part == "arm" else ("hip",)
    return said.side == side and any(each in parts for each in said.parts)
