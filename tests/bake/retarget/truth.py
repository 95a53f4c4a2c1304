"""Which bone of each rig is which joint, written by hand from looking at the rigs; and judging."""

from collections.abc import Mapping, Sequence

import numpy as np

from bake.retarget.maps.bone_map import BoneMap

SPINE = ("pelvis", "spine1", "spine2", "spine3", "neck", "head")
ARM = ("collar", "shoulder", "elbow", "wrist")
LEG = ("hip", "knee", "ankle", "foot")
FINGERS = ("thumb", "index", "middle", "ring", "pinky")

Truth = dict[str, tuple[str, ...]]


def table(
    sides: tuple[str, str],
    spine: str,
    arm: str,
    leg: str,
    fingers: Mapping[str, str] | None = None,
    numbers: Sequence[str] = ("1", "2", "3"),
) -> Truth:
    """Make a table of names.

    In names `*` is the side, `#` the number of a finger's bone; `+` joins bones that share a
    joint, `-` stands for none.
    """
    names = dict(zip(SPINE, spine.split(), strict=True))
    for side, token in zip(("left", "right"), sides, strict=True):
        for joints, row in ((ARM, arm), (LEG, leg)):
            for joint, name in zip(joints, row.split(), strict=True):
                names[f"{side}_{joint}"] = name.replace("*", token)
        for finger, pattern in (fingers or {}).items():
            for place, number in enumerate(numbers, start=1):
                names[f"{side}_{finger}{place}"] = pattern.replace("*", token).replace("#", number)
    return {joint: tuple(name.split("+")) for joint, name in names.items() if name != "-"}


def each_finger(pattern: str, *words: str) -> dict[str, str]:
    """Return the pattern of every finger, `%` being its word: thumb, index, ..., pinky."""
    return {
        finger: pattern.replace("%", word)
        for finger, word in zip(FINGERS, words or FINGERS, strict=True)
    }


_UNREAL = table(
    ("l", "r"),
    "pelvis spine_01 spine_02 spine_03 neck_01 head",
    "clavicle_* upperarm_* lowerarm_* hand_*",
    "thigh_* calf_* foot_* ball_*",
    each_finger("%_#_*"),
    ("01", "02", "03"),
)
_METARIG = table(
    ("L", "R"),
    "spine spine.001 spine.002 spine.003 spine.004+spine.005 spine.006",
    "shoulder.* upper_arm.* forearm.* hand.*",
    "thigh.* shin.* foot.* toe.*",
    each_finger("%.#.*", "thumb", "f_index", "f_middle", "f_ring", "f_pinky"),
    ("01", "02", "03"),
)


def _two_fingers(truth: Truth) -> Truth:
    return {
        joint: bones
        for joint, bones in truth.items()
        if not any(finger in joint for finger in ("middle", "ring", "pinky"))
    }


TRUTH: dict[str, Truth] = {
    "kenney": {
        joint: bones
        for joint, bones in table(
            ("Left", "Right"),
            "Hips Spine Chest UpperChest Neck Head",
            "*Shoulder *Arm *ForeArm *Hand",
            "*UpLeg *Leg *Foot *Toes",
            {"index": "*HandIndex#", "thumb": "*HandThumb#"},
        ).items()
        if not joint.endswith("thumb3")
    },
    "m2m_sample": _UNREAL,
    "m2m_female": _UNREAL,
    "m2m_male": _UNREAL,
    "m2m_zombie": _two_fingers(_UNREAL),
    "m2m_control": table(
        ("L", "R"),
        "CTRL_Hips DRV_spine.001 DRV_spine_002 DRV_spine.003 DRV_neck DRV_head",
        "DRV_shoulder_* DRV_upper_arm_* DRV_forearm_* DRV_hand_*",
        "DRV_thigh_* DRV_shin_* DRV_foot_* DRV_toe_*",
        each_finger("DRV_%_#_*", "thumb", "f_index", "f_middle", "f_Ring", "f_pinky"),
        ("01", "02", "03"),
    ),
    "metarig": _METARIG,
    "rigify": table(
        ("L", "R"),
        "spine_fk spine_fk.001 spine_fk.002 spine_fk.003 neck head",
        "shoulder.* upper_arm_fk.* forearm_fk.* hand_fk.*",
        "thigh_fk.* shin_fk.* foot_fk.* toe_fk.*",
        each_finger("%.#.*", "thumb", "f_index", "f_middle", "f_ring", "f_pinky"),
        ("01", "02", "03"),
    ),
    "mixamo": table(
        ("mixamorig:Left", "mixamorig:Right"),
        "mixamorig:Hips mixamorig:Spine mixamorig:Spine1 mixamorig:Spine2 mixamorig:Neck "
        "mixamorig:Head",
        "*Shoulder *Arm *ForeArm *Hand",
        "*UpLeg *Leg *Foot *ToeBase",
        each_finger("*Hand%#", "Thumb", "Index", "Middle", "Ring", "Pinky"),
    ),
    "cmu_mb": table(
        ("Left", "Right"),
        "Hips LowerBack Spine Spine1 Neck+Neck1 Head",
        "*Shoulder *Arm *ForeArm *Hand",
        "*UpLeg *Leg *Foot *ToeBase",
    )
    | {
        "left_thumb1": ("LThumb",),
        "right_thumb1": ("RThumb",),
        "left_index1": ("LeftHandFinger1",),
        "right_index1": ("RightHandFinger1",),
    },
    "game_engine": _UNREAL,
    "default": table(
        ("L", "R"),
        "root spine05+spine04 spine03 spine02+spine01 neck01+neck02+neck03 head",
        "clavicle.*+shoulder01.* upperarm01.*+upperarm02.* lowerarm01.*+lowerarm02.* wrist.*",
        "upperleg01.*+upperleg02.* lowerleg01.*+lowerleg02.* foot.* -",
        each_finger("finger%-#.*", "1", "2", "3", "4", "5"),
    ),
    "mpfb_rigify": _METARIG
    | {
        "spine1": ("spine.001",),
        "spine2": ("spine.002",),
        "spine3": ("spine.003", "spine.004"),
        "neck": ("spine.005",),
        "head": ("spine.006",),
    },
    "ours": table(
        ("left", "right"),
        "pelvis spine1 spine2 spine3 neck head",
        "*_collar *_shoulder *_elbow *_wrist",
        "*_hip *_knee *_ankle *_foot",
        each_finger("*_%#"),
    ),
}


def bones_of(bone_map: BoneMap) -> Truth:
    """Return the bones of a map in the form of a truth."""
    return {joint: each.bones for joint, each in bone_map.joints.items()}


def share_right(bone_map: BoneMap, truth: Truth) -> float:
    """Return how many of the joints of the truth have their bones."""
    found = bones_of(bone_map)
    return float(np.mean([found.get(joint) == bones for joint, bones in truth.items()]))


def wrong_sides(bone_map: BoneMap, truth: Truth) -> list[str]:
    """Return the joints whose bones are those of the other side."""
    side_of = {bone: joint.split("_")[0] for joint, bones in truth.items() for bone in bones}
    return [
        joint
        for joint, bones in bones_of(bone_map).items()
        for bone in bones
        if {side_of.get(bone, ""), joint.split("_")[0]} == {"left", "right"}
    ]


def renamed_truth(truth: Truth, renamed: Mapping[str, str]) -> Truth:
    """Return a truth with other names of bones."""
    return {joint: tuple(renamed[bone] for bone in bones) for joint, bones in truth.items()}
