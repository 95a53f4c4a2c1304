"""Rigs as other makers name them and hang them together, on the body of MPFB's game engine rig.

Each is a table: name, parent, place, and the joint that it is, if any. A place is a joint, or
`one>other` for a way of 0.1 to 0.9 from one to the other: `left_hip>.5>left_knee`. `*` is the side
in names, and stands for both; `~` is a space in a name.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from bake.retarget.rig import Bone, Rig
from tests.bake.retarget.truth import FINGERS, TRUTH, Truth

_DEFINITIONS = Path(__file__).parent / "rig_definitions"


@dataclass(frozen=True)
class Maker:
    """A rig family.

    Parameters
    ----------
    sides : tuple of str
        How left and right are called.
    table : str
        Rows of name, parent, place, joint.
    fingers : str
        Pattern of the phalanges' names, `%` the finger and `#` the number; "" for none.
    words : str
        Of the fingers, from the thumb.
    numbers : str
        Of the phalanges.
    hand : str
        Name of the bone that carries fingers.
    palms : str
        Pattern of the bones in the palm, "" for none; the thumb has none.
    tips : str
        Number of a bone at the end of each finger, "" for none.
    """

    sides: tuple[str, str]
    table: str
    fingers: str = ""
    words: str = "thumb index middle ring pinky"
    numbers: str = "1 2 3"
    hand: str = ""
    palms: str = ""
    tips: str = ""


def maker_rig(name: str) -> tuple[Rig, Truth]:
    """Return the rig of a maker, and which bone is which joint."""
    return rig_of(name, MAKERS[name])


def rig_of(name: str, maker: Maker) -> tuple[Rig, Truth]:
    """Return the rig of a table, and which bone is which joint."""
    rows = [row for line in maker.table.strip().splitlines() for row in _both(maker, line.split())]
    for side, token in zip(("left", "right"), maker.sides, strict=True):
        rows += _fingers(maker, side, token)
    bones: list[Bone] = []
    place: dict[str, int] = {}
    truth: dict[str, tuple[str, ...]] = {}
    waiting = list(rows)
    while waiting:
        ready = [row for row in waiting if row[1] in ("-", *place)]
        assert ready, f"{name}: nothing for {waiting[0][1]} to hang on"
        waiting = [row for row in waiting if row not in ready]
        for own, parent, at, joint in ready:
            rest = np.eye(4)
            rest[:3, 3] = _place(at)
            place[own] = len(bones)
            bones.append(Bone(own, place.get(parent, -1), rest, rest[:3, 3] + [0, 0, 0.05]))
            if joint:
                truth[joint] = (*truth.get(joint, ()), own)
    return Rig(name, tuple(bones)), truth


def renamed(rig: Rig, truth: Truth, new: Callable[[str, int], str]) -> tuple[Rig, Truth]:
    """Return a rig and its truth with other names."""
    names = {bone.name: new(bone.name, place) for place, bone in enumerate(rig.bones)}
    bones = tuple(replace(bone, name=names[bone.name]) for bone in rig.bones)
    return replace(rig, bones=bones), {
        joint: tuple(names[bone] for bone in each) for joint, each in truth.items()
    }


def _both(maker: Maker, fields: list[str]) -> list[tuple[str, str, str, str]]:
    fields = [*fields, *["-"] * (4 - len(fields))]
    joint = "" if fields[3] == "-" else fields[3]
    name, parent = (field.replace("~", " ") for field in fields[:2])
    if "*" not in "".join(fields):
        return [(name, parent, fields[2], joint)]
    found = []
    for side, token in zip(("left", "right"), maker.sides, strict=True):
        at, own = (field.replace("*", f"{side}_") for field in (fields[2], joint))
        found.append((name.replace("*", token), parent.replace("*", token), at, own))
    return found


def _fingers(maker: Maker, side: str, token: str) -> list[tuple[str, str, str, str]]:
    if not maker.fingers:
        return []
    rows = []
    for finger, word in zip(FINGERS, maker.words.split(), strict=True):
        hand = parent = maker.hand.replace("*", token).replace("~", " ")

        if maker.palms and finger != "thumb":
            parent = _called(maker.palms, word, token)
            rows.append((parent, hand, f"{side}_wrist>.25>{side}_{finger}1", ""))
        for number, label in enumerate(maker.numbers.split(), start=1):
            own = _called(maker.fingers, word, token, label)
            rows.append((own, parent, f"{side}_{finger}{number}", f"{side}_{finger}{number}"))
            parent = own
        if maker.tips:
            end = f"{side}_{finger}2>2>{side}_{finger}3"
            rows.append((_called(maker.fingers, word, token, maker.tips), parent, end, ""))
    return rows


def _called(pattern: str, finger: str, side: str, number: str = "") -> str:
    named = pattern.replace("%", finger).replace("*", side)
    return named.replace("#", number.strip("_")).replace("~", " ")


@cache
def _body() -> dict[str, np.ndarray]:
    rows = json.loads((_DEFINITIONS / "game_engine.json").read_text(encoding="utf-8"))
    heads = {name: np.array(head) for name, _, head, _, _ in rows}
    body = {joint: heads[bones[0]] for joint, bones in TRUTH["game_engine"].items()}
    floor = np.array([0, 0, min(head[2] for head in body.values())])
    body = {joint: head - floor for joint, head in body.items()}
    # Spread A-pose legs bring the soles a little under the toes' joints.
    body["floor"] = np.zeros(3)
    body["chest"] = 0.5 * (body["spine3"] + body["neck"])
    body["top"] = body["head"] + [0, -0.02, 0.2]
    for side, out in (("left", 1), ("right", -1)):
        body[f"{side}_toe_end"] = body[f"{side}_foot"] + [0, -0.06, 0]
        body[f"{side}_heel"] = body[f"{side}_ankle"] * [1, 0, 0] + [0, 0.04, 0]
        body[f"{side}_eye"] = body["head"] + [out * 0.03, -0.09, 0.07]
        body[f"{side}_skirt"] = body[f"{side}_knee"] + [out * 0.05, -0.05, 0]
        body[f"{side}_hair"] = body["head"] + [out * 0.12, 0.08, -0.2]
        body[f"{side}_bust"] = body["chest"] + [out * 0.08, -0.1, 0]
    return body


def _place(text: str) -> np.ndarray:
    body = _body()
    if ">" not in text:
        return body[text]
    one, share, other = text.split(">")
    return body[one] + float(share) * (body[other] - body[one])


MAKERS = {
    "unreal5": Maker(
        ("_l", "_r"),
        """
        root - floor
        pelvis root pelvis pelvis
        spine_01 pelvis spine1 spine1
        spine_02 spine_01 spine1>.5>spine2 spine1
        spine_03 spine_02 spine2 spine2
        spine_04 spine_03 spine3 spine3
        spine_05 spine_04 chest spine3
        neck_01 spine_05 neck neck
        neck_02 neck_01 neck>.5>head neck
        head neck_02 head head
        clavicle* spine_05 *collar *collar
        clavicle_out* clavicle* *shoulder
        clavicle_scap* clavicle* *collar>.8>*shoulder
        upperarm* clavicle* *shoulder *shoulder
        upperarm_twist_01* upperarm* *shoulder>.1>*elbow
        upperarm_twist_02* upperarm* *shoulder>.6>*elbow
        upperarm_correctiveRoot* upperarm* *shoulder
        upperarm_bicep* upperarm_correctiveRoot* *shoulder>.4>*elbow
        lowerarm* upperarm* *elbow *elbow
        lowerarm_twist_02* lowerarm* *elbow>.4>*wrist
        lowerarm_twist_01* lowerarm* *elbow>.9>*wrist
        hand* lowerarm* *wrist *wrist
        wrist_inner* hand* *wrist
        thigh* pelvis *hip *hip
        thigh_twist_01* thigh* *hip>.2>*knee
        thigh_correctiveRoot* thigh* *hip
        thigh_fwd_lwr* thigh_correctiveRoot* *hip>.3>*knee
        calf* thigh* *knee *knee
        calf_twist_01* calf* *knee>.7>*ankle
        calf_kneeBack* calf* *knee
        foot* calf* *ankle *ankle
        ball* foot* *foot *foot
        ik_foot_root root floor
        ik_foot* ik_foot_root *ankle
        ik_hand_root root floor
        ik_hand_gun ik_hand_root right_wrist
        ik_hand* ik_hand_gun *wrist
        interaction root floor
        center_of_mass root floor
        """,
        "%_0#*",
        hand="hand*",
        palms="%_metacarpal*",
    ),
    "daz8": Maker(
        ("l", "r"),
        """
        hip - spine1
        pelvis hip pelvis pelvis
        *ThighBend pelvis *hip *hip
        *ThighTwist *ThighBend *hip>.5>*knee *hip
        *Shin *ThighTwist *knee *knee
        *Foot *Shin *ankle *ankle
        *Metatarsals *Foot *ankle>.4>*foot
        *Toe *Metatarsals *foot *foot
        *BigToe *Toe *foot>.3>*toe_end
        *SmallToe1 *Toe *foot>.4>*toe_end
        *SmallToe2 *Toe *foot>.5>*toe_end
        *Heel *Foot *heel
        abdomenLower hip spine1>.3>spine2 spine1
        abdomenUpper abdomenLower spine2 spine2
        chestLower abdomenUpper spine3 spine3
        *Pectoral chestLower *bust
        chestUpper chestLower chest spine3
        neckLower chestUpper neck neck
        neckUpper neckLower neck>.5>head neck
        head neckUpper head head
        *Eye head *eye
        lowerJaw head head>.3>top
        *Collar chestUpper *collar *collar
        *ShldrBend *Collar *shoulder *shoulder
        *ShldrTwist *ShldrBend *shoulder>.5>*elbow *shoulder
        *ForearmBend *ShldrTwist *elbow *elbow
        *ForearmTwist *ForearmBend *elbow>.5>*wrist *elbow
        *Hand *ForearmTwist *wrist *wrist
        """,
        "*%#",
        "Thumb Index Mid Ring Pinky",
        hand="*Hand",
        palms="*Carpal%",
    ),
    "daz9": Maker(
        ("l_", "r_"),
        """
        hip - spine1
        pelvis hip pelvis pelvis
        *thigh pelvis *hip *hip
        *thightwist1 *thigh *hip>.3>*knee
        *thightwist2 *thigh *hip>.6>*knee
        *shin *thigh *knee *knee
        *foot *shin *ankle *ankle
        *metatarsal *foot *ankle>.4>*foot
        *toes *metatarsal *foot *foot
        *bigtoe1 *toes *foot>.3>*toe_end
        *midtoe1 *toes *foot>.4>*toe_end
        *pinkytoe1 *toes *foot>.5>*toe_end
        spine1 hip spine1>.3>spine2 spine1
        spine2 spine1 spine2 spine2
        spine3 spine2 spine3 spine3
        spine4 spine3 chest spine3
        *pectoral spine4 *bust
        neck1 spine4 neck neck
        neck2 neck1 neck>.5>head neck
        head neck2 head head
        *eye head *eye
        lowerjaw head head>.3>top
        *shoulder spine4 *collar *collar
        *upperarm *shoulder *shoulder *shoulder
        *upperarmtwist1 *upperarm *shoulder>.3>*elbow
        *forearm *upperarm *elbow *elbow
        *forearmtwist1 *forearm *elbow>.3>*wrist
        *hand *forearm *wrist *wrist
        """,
        "*%#",
        "thumb index mid ring pinky",
        hand="*hand",
        palms="*%metacarpal",
    ),
    "character_creator": Maker(
        ("L_", "R_"),
        """
        RL_BoneRoot - floor
        CC_Base_Hip RL_BoneRoot pelvis
        CC_Base_Pelvis CC_Base_Hip pelvis>.1>spine1 pelvis
        CC_Base_*Thigh CC_Base_Pelvis *hip *hip
        CC_Base_*ThighTwist01 CC_Base_*Thigh *hip>.1>*knee
        CC_Base_*ThighTwist02 CC_Base_*ThighTwist01 *hip>.5>*knee
        CC_Base_*Calf CC_Base_*Thigh *knee *knee
        CC_Base_*CalfTwist01 CC_Base_*Calf *knee>.1>*ankle
        CC_Base_*KneeShareBone CC_Base_*Calf *knee
        CC_Base_*Foot CC_Base_*Calf *ankle *ankle
        CC_Base_*ToeBase CC_Base_*Foot *foot *foot
        CC_Base_*ToeBaseShareBone CC_Base_*Foot *foot
        CC_Base_*BigToe1 CC_Base_*ToeBase *foot>.5>*toe_end
        CC_Base_*MidToe1 CC_Base_*ToeBase *foot>.5>*toe_end
        CC_Base_Waist CC_Base_Hip spine1 spine1
        CC_Base_Spine01 CC_Base_Waist spine2 spine2
        CC_Base_Spine02 CC_Base_Spine01 spine3 spine3
        CC_Base_*RibsTwist CC_Base_Spine02 *bust
        CC_Base_*Breast CC_Base_*RibsTwist *bust
        CC_Base_NeckTwist01 CC_Base_Spine02 neck neck
        CC_Base_NeckTwist02 CC_Base_NeckTwist01 neck>.5>head neck
        CC_Base_Head CC_Base_NeckTwist02 head head
        CC_Base_FacialBone CC_Base_Head head
        CC_Base_*Eye CC_Base_FacialBone *eye
        CC_Base_JawRoot CC_Base_FacialBone head>.3>top
        CC_Base_*Clavicle CC_Base_Spine02 *collar *collar
        CC_Base_*Upperarm CC_Base_*Clavicle *shoulder *shoulder
        CC_Base_*UpperarmTwist01 CC_Base_*Upperarm *shoulder>.1>*elbow
        CC_Base_*Forearm CC_Base_*Upperarm *elbow *elbow
        CC_Base_*ForearmTwist01 CC_Base_*Forearm *elbow>.1>*wrist
        CC_Base_*ElbowShareBone CC_Base_*Forearm *elbow
        CC_Base_*Hand CC_Base_*Forearm *wrist *wrist
        """,
        "CC_Base_*%#",
        "Thumb Index Mid Ring Pinky",
        hand="CC_Base_*Hand",
    ),
    "vroid": Maker(
        ("L", "R"),
        """
        Root - floor
        J_Bip_C_Hips Root pelvis pelvis
        J_Bip_C_Spine J_Bip_C_Hips spine1 spine1
        J_Bip_C_Chest J_Bip_C_Spine spine2 spine2
        J_Bip_C_UpperChest J_Bip_C_Chest spine3 spine3
        J_Sec_*_Bust1 J_Bip_C_UpperChest chest>.5>*bust
        J_Sec_*_Bust2 J_Sec_*_Bust1 *bust
        J_Bip_C_Neck J_Bip_C_UpperChest neck neck
        J_Bip_C_Head J_Bip_C_Neck head head
        J_Adj_*_FaceEye J_Bip_C_Head *eye
        J_Sec_Hair1_* J_Bip_C_Head head>.5>*hair
        J_Sec_Hair2_* J_Sec_Hair1_* *hair
        J_Sec_Hair3_* J_Sec_Hair2_* *shoulder>.3>*hair
        J_Bip_*_Shoulder J_Bip_C_UpperChest *collar *collar
        J_Bip_*_UpperArm J_Bip_*_Shoulder *shoulder *shoulder
        J_Bip_*_LowerArm J_Bip_*_UpperArm *elbow *elbow
        J_Bip_*_Hand J_Bip_*_LowerArm *wrist *wrist
        J_Bip_*_UpperLeg J_Bip_C_Hips *hip *hip
        J_Sec_*_SkirtFront1 J_Bip_C_Hips *hip>.2>*skirt
        J_Sec_*_SkirtFront2 J_Sec_*_SkirtFront1 *hip>.6>*skirt
        J_Sec_*_SkirtFront3 J_Sec_*_SkirtFront2 *skirt
        J_Bip_*_LowerLeg J_Bip_*_UpperLeg *knee *knee
        J_Bip_*_Foot J_Bip_*_LowerLeg *ankle *ankle
        J_Bip_*_ToeBase J_Bip_*_Foot *foot *foot
        """,
        "J_Bip_*_%#",
        "Thumb Index Middle Ring Little",
        hand="J_Bip_*_Hand",
        tips="_end",
    ),
    "biped": Maker(
        ("L", "R"),
        """
        Bip001 - pelvis
        Bip001~Footsteps Bip001 floor
        Bip001~Pelvis Bip001 pelvis pelvis
        Bip001~Spine Bip001~Pelvis spine1 spine1
        Bip001~*~Thigh Bip001~Spine *hip *hip
        Bip001~*~Calf Bip001~*~Thigh *knee *knee
        Bip001~*~Foot Bip001~*~Calf *ankle *ankle
        Bip001~*~Toe0 Bip001~*~Foot *foot *foot
        Bip001~*~Toe0Nub Bip001~*~Toe0 *toe_end
        Bip001~Spine1 Bip001~Spine spine2 spine2
        Bip001~Spine2 Bip001~Spine1 spine3 spine3
        Bip001~Neck Bip001~Spine2 neck neck
        Bip001~Head Bip001~Neck head head
        Bip001~HeadNub Bip001~Head top
        Bip001~*~Clavicle Bip001~Neck *collar *collar
        Bip001~*~UpperArm Bip001~*~Clavicle *shoulder *shoulder
        Bip001~*~Forearm Bip001~*~UpperArm *elbow *elbow
        Bip001~*~Hand Bip001~*~Forearm *wrist *wrist
        """,
        "Bip001~*~Finger%#",
        "0 1 2 3 4",
        "_ 1 2",
        hand="Bip001~*~Hand",
        tips="Nub",
    ),
    "valve": Maker(
        ("L", "R"),
        """
        ValveBiped.Bip01_Pelvis - pelvis pelvis
        ValveBiped.Bip01_*_Thigh ValveBiped.Bip01_Pelvis *hip *hip
        ValveBiped.Bip01_*_Calf ValveBiped.Bip01_*_Thigh *knee *knee
        ValveBiped.Bip01_*_Foot ValveBiped.Bip01_*_Calf *ankle *ankle
        ValveBiped.Bip01_*_Toe0 ValveBiped.Bip01_*_Foot *foot *foot
        ValveBiped.Bip01_Spine ValveBiped.Bip01_Pelvis spine1 spine1
        ValveBiped.Bip01_Spine1 ValveBiped.Bip01_Spine spine2 spine2
        ValveBiped.Bip01_Spine2 ValveBiped.Bip01_Spine1 spine3 spine3
        ValveBiped.Bip01_Spine4 ValveBiped.Bip01_Spine2 chest spine3
        ValveBiped.Bip01_Neck1 ValveBiped.Bip01_Spine4 neck neck
        ValveBiped.Bip01_Head1 ValveBiped.Bip01_Neck1 head head
        ValveBiped.forward ValveBiped.Bip01_Head1 left_eye
        ValveBiped.Bip01_*_Clavicle ValveBiped.Bip01_Spine4 *collar *collar
        ValveBiped.Bip01_*_UpperArm ValveBiped.Bip01_*_Clavicle *shoulder *shoulder
        ValveBiped.Bip01_*_Forearm ValveBiped.Bip01_*_UpperArm *elbow *elbow
        ValveBiped.Bip01_*_Hand ValveBiped.Bip01_*_Forearm *wrist *wrist
        ValveBiped.Anim_Attachment_*H ValveBiped.Bip01_*_Hand *wrist>.5>*middle1
        """,
        "ValveBiped.Bip01_*_Finger%#",
        "0 1 2 3 4",
        "_ 1 2",
        hand="ValveBiped.Bip01_*_Hand",
    ),
    "unity": Maker(
        ("Left", "Right"),
        """
        Hips - pelvis pelvis
        Spine Hips spine1 spine1
        Chest Spine spine2 spine2
        UpperChest Chest spine3 spine3
        Neck UpperChest neck neck
        Head Neck head head
        *Eye Head *eye
        Jaw Head head>.3>top
        *Shoulder UpperChest *collar *collar
        *UpperArm *Shoulder *shoulder *shoulder
        *LowerArm *UpperArm *elbow *elbow
        *Hand *LowerArm *wrist *wrist
        *UpperLeg Hips *hip *hip
        *LowerLeg *UpperLeg *knee *knee
        *Foot *LowerLeg *ankle *ankle
        *Toes *Foot *foot *foot
        """,
        "*%#",
        "Thumb Index Middle Ring Little",
        "Proximal Intermediate Distal",
        hand="*Hand",
    ),
    "ready_player_me": Maker(
        ("Left", "Right"),
        """
        Hips - pelvis pelvis
        Spine Hips spine1 spine1
        Spine1 Spine spine2 spine2
        Spine2 Spine1 spine3 spine3
        Neck Spine2 neck neck
        Head Neck head head
        HeadTop_End Head top
        *Eye Head *eye
        *Shoulder Spine2 *collar *collar
        *Arm *Shoulder *shoulder *shoulder
        *ForeArm *Arm *elbow *elbow
        *Hand *ForeArm *wrist *wrist
        *UpLeg Hips *hip *hip
        *Leg *UpLeg *knee *knee
        *Foot *Leg *ankle *ankle
        *ToeBase *Foot *foot *foot
        *Toe_End *ToeBase *toe_end
        """,
        "*Hand%#",
        "Thumb Index Middle Ring Pinky",
        hand="*Hand",
        tips="4",
    ),
    "rokoko": Maker(
        ("Left", "Right"),
        """
        Root - floor
        Hips Root pelvis pelvis
        Spine1 Hips spine1 spine1
        Spine2 Spine1 spine2 spine2
        Spine3 Spine2 spine3 spine3
        Spine4 Spine3 chest spine3
        Neck Spine4 neck neck
        Head Neck head head
        HeadVertex Head top
        *Shoulder Spine4 *collar *collar
        *Arm *Shoulder *shoulder *shoulder
        *ForeArm *Arm *elbow *elbow
        *Hand *ForeArm *wrist *wrist
        *Thigh Hips *hip *hip
        *Shin *Thigh *knee *knee
        *Foot *Shin *ankle *ankle
        *Toe *Foot *foot *foot
        *ToeTip *Toe *toe_end
        """,
    ),
    "lafan": Maker(
        ("Left", "Right"),
        """
        SimulationBone - floor
        Hips SimulationBone pelvis pelvis
        Spine Hips spine1 spine1
        Spine1 Spine spine2 spine2
        Spine2 Spine1 spine3 spine3
        Neck Spine2 neck neck
        Head Neck head head
        *Shoulder Spine2 *collar *collar
        *Arm *Shoulder *shoulder *shoulder
        *ForeArm *Arm *elbow *elbow
        *Hand *ForeArm *wrist *wrist
        *UpLeg Hips *hip *hip
        *Leg *UpLeg *knee *knee
        *Foot *Leg *ankle *ankle
        *Toe *Foot *foot *foot
        """,
    ),
    "bandai_namco": Maker(
        ("_L", "_R"),
        """
        joint_Root - floor
        Hips joint_Root pelvis pelvis
        Spine Hips spine1 spine1
        Chest Spine spine3 spine3
        Neck Chest neck neck
        Head Neck head head
        Shoulder* Chest *collar *collar
        UpperArm* Shoulder* *shoulder *shoulder
        LowerArm* UpperArm* *elbow *elbow
        Hand* LowerArm* *wrist *wrist
        UpperLeg* Hips *hip *hip
        LowerLeg* UpperLeg* *knee *knee
        Foot* LowerLeg* *ankle *ankle
        Toes* Foot* *foot *foot
        """,
    ),
    "chest": Maker(
        ("Left", "Right"),
        """
        Hips - pelvis pelvis
        Chest Hips spine1 spine1
        Chest2 Chest spine2 spine2
        Chest3 Chest2 spine3 spine3
        Chest4 Chest3 chest spine3
        Neck Chest4 neck neck
        Head Neck head head
        *Collar Chest4 *collar *collar
        *Shoulder *Collar *shoulder *shoulder
        *Elbow *Shoulder *elbow *elbow
        *Wrist *Elbow *wrist *wrist
        *Hip Hips *hip *hip
        *Knee *Hip *knee *knee
        *Ankle *Knee *ankle *ankle
        *Toe *Ankle *foot *foot
        """,
        "*Finger%#",
        "0 1 2 3 4",
        "_ 1 2",
        hand="*Wrist",
    ),
    "asf": Maker(
        ("l", "r"),
        """
        root - pelvis pelvis
        lowerback root spine1 spine1
        upperback lowerback spine2 spine2
        thorax upperback spine3 spine3
        lowerneck thorax neck neck
        upperneck lowerneck neck>.5>head neck
        head upperneck head head
        *clavicle thorax *collar *collar
        *humerus *clavicle *shoulder *shoulder
        *radius *humerus *elbow *elbow
        *wrist *radius *wrist *wrist
        *hand *wrist *wrist>.4>*middle1
        *fingers *hand *middle1 *index1
        *thumb *wrist *thumb1 *thumb1
        *hipjoint root pelvis>.1>*hip
        *femur *hipjoint *hip *hip
        *tibia *femur *knee *knee
        *foot *tibia *ankle *ankle
        *toes *foot *foot *foot
        """,
    ),
    "xsens": Maker(
        ("Left", "Right"),
        """
        Reference - floor
        Pelvis Reference pelvis pelvis
        L5 Pelvis spine1 spine1
        L3 L5 spine1>.5>spine2 spine2
        T12 L3 spine2 spine2
        T8 T12 spine3 spine3
        Neck T8 neck neck
        Head Neck head head
        *Shoulder T8 *collar *collar
        *UpperArm *Shoulder *shoulder *shoulder
        *ForeArm *UpperArm *elbow *elbow
        *Hand *ForeArm *wrist *wrist
        *UpperLeg Pelvis *hip *hip
        *LowerLeg *UpperLeg *knee *knee
        *Foot *LowerLeg *ankle *ankle
        *Toe *Foot *foot *foot
        """,
    ),
    "smpl_fbx": Maker(
        ("L", "R"),
        """
        m_avg_root - floor
        m_avg_Pelvis m_avg_root pelvis pelvis
        m_avg_*_Hip m_avg_Pelvis *hip *hip
        m_avg_*_Knee m_avg_*_Hip *knee *knee
        m_avg_*_Ankle m_avg_*_Knee *ankle *ankle
        m_avg_*_Foot m_avg_*_Ankle *foot *foot
        m_avg_Spine1 m_avg_Pelvis spine1 spine1
        m_avg_Spine2 m_avg_Spine1 spine2 spine2
        m_avg_Spine3 m_avg_Spine2 spine3 spine3
        m_avg_Neck m_avg_Spine3 neck neck
        m_avg_Head m_avg_Neck head head
        m_avg_*_Collar m_avg_Spine3 *collar *collar
        m_avg_*_Shoulder m_avg_*_Collar *shoulder *shoulder
        m_avg_*_Elbow m_avg_*_Shoulder *elbow *elbow
        m_avg_*_Wrist m_avg_*_Elbow *wrist *wrist
        m_avg_*_Hand m_avg_*_Wrist *wrist>.8>*middle1
        """,
    ),
    "mmd": Maker(
        ("左", "右"),
        """
        全ての親 - floor
        センター 全ての親 pelvis
        グルーブ センター pelvis
        腰 グルーブ pelvis
        下半身 腰 pelvis>.1>spine1 pelvis
        上半身 腰 spine1 spine1
        上半身2 上半身 spine3 spine3
        首 上半身2 neck neck
        頭 首 head head
        *目 頭 *eye
        *肩 上半身2 *collar *collar
        *腕 *肩 *shoulder *shoulder
        *腕捩 *腕 *shoulder>.5>*elbow *shoulder
        *ひじ *腕捩 *elbow *elbow
        *手捩 *ひじ *elbow>.5>*wrist *elbow
        *手首 *手捩 *wrist *wrist
        *足 下半身 *hip *hip
        *ひざ *足 *knee *knee
        *足首 *ひざ *ankle *ankle
        *つま先 *足首 *foot *foot
        *足ＩＫ 全ての親 *ankle
        *つま先ＩＫ *足ＩＫ *foot
        """,
        "*%#",
        "親指 人指 中指 薬指 小指",
        "１ ２ ３",
        hand="*手首",
    ),
    "german": Maker(
        ("_li", "_re"),
        """
        Wurzel - floor
        Becken Wurzel pelvis pelvis
        Wirbelsaeule1 Becken spine1 spine1
        Wirbelsaeule2 Wirbelsaeule1 spine2 spine2
        Brust Wirbelsaeule2 spine3 spine3
        Hals Brust neck neck
        Kopf Hals head head
        Schulter* Brust *collar *collar
        Oberarm* Schulter* *shoulder *shoulder
        Unterarm* Oberarm* *elbow *elbow
        Hand* Unterarm* *wrist *wrist
        Oberschenkel* Becken *hip *hip
        Unterschenkel* Oberschenkel* *knee *knee
        Fuss* Unterschenkel* *ankle *ankle
        Zehen* Fuss* *foot *foot
        """,
        "%#*",
        "Daumen Zeigefinger Mittelfinger Ringfinger Kleinerfinger",
        hand="Hand*",
    ),
    "spanish": Maker(
        (".izq", ".der"),
        """
        cadera - pelvis pelvis
        columna1 cadera spine1 spine1
        columna2 columna1 spine2 spine2
        pecho columna2 spine3 spine3
        cuello pecho neck neck
        cabeza cuello head head
        hombro* pecho *collar *collar
        brazo* hombro* *shoulder *shoulder
        antebrazo* brazo* *elbow *elbow
        mano* antebrazo* *wrist *wrist
        muslo* cadera *hip *hip
        pantorrilla* muslo* *knee *knee
        pie* pantorrilla* *ankle *ankle
        dedos_pie* pie* *foot *foot
        """,
    ),
    "french": Maker(
        ("_gauche", "_droite"),
        """
        bassin - pelvis pelvis
        colonne_1 bassin spine1 spine1
        colonne_2 colonne_1 spine2 spine2
        torse colonne_2 spine3 spine3
        cou torse neck neck
        tete cou head head
        epaule* torse *collar *collar
        bras* epaule* *shoulder *shoulder
        avant_bras* bras* *elbow *elbow
        main* avant_bras* *wrist *wrist
        cuisse* bassin *hip *hip
        mollet* cuisse* *knee *knee
        pied* mollet* *ankle *ankle
        orteils* pied* *foot *foot
        """,
        "%_#*",
        "pouce index majeur annulaire auriculaire",
        hand="main*",
    ),
    "few_bones": Maker(
        (".L", ".R"),
        """
        body - pelvis pelvis
        torso body spine2 spine2
        head torso neck>.5>head head
        arm* torso *shoulder *shoulder
        elbow* arm* *elbow *elbow
        hand* elbow* *wrist *wrist
        leg* body *hip *hip
        knee* leg* *knee *knee
        foot* knee* *ankle *ankle
        """,
    ),
    "synty": Maker(
        ("_L", "_R"),
        """
        Root - floor
        Hips Root pelvis pelvis
        Spine_01 Hips spine1 spine1
        Spine_02 Spine_01 spine2 spine2
        Spine_03 Spine_02 spine3 spine3
        Neck Spine_03 neck neck
        Head Neck head head
        Eyes Head head>.4>top
        Clavicle* Spine_03 *collar *collar
        Shoulder* Clavicle* *shoulder *shoulder
        Elbow* Shoulder* *elbow *elbow
        Hand* Elbow* *wrist *wrist
        Thumb_01* Hand* *thumb1 *thumb1
        Thumb_02* Thumb_01* *thumb2 *thumb2
        Thumb_03* Thumb_02* *thumb3 *thumb3
        IndexFinger_01* Hand* *index1 *index1
        IndexFinger_02* IndexFinger_01* *index2 *index2
        IndexFinger_03* IndexFinger_02* *index3 *index3
        Finger_01* Hand* *ring1 *middle1
        Finger_02* Finger_01* *ring2 *middle2
        Finger_03* Finger_02* *ring3 *middle3
        UpperLeg* Hips *hip *hip
        LowerLeg* UpperLeg* *knee *knee
        Ankle* LowerLeg* *ankle *ankle
        Ball* Ankle* *foot *foot
        Toes* Ball* *toe_end
        """,
    ),
    "roblox": Maker(
        ("Left", "Right"),
        """
        HumanoidRootNode - pelvis
        LowerTorso HumanoidRootNode pelvis pelvis
        UpperTorso LowerTorso spine2 spine2
        Head UpperTorso neck>.5>head head
        *UpperArm UpperTorso *shoulder *shoulder
        *LowerArm *UpperArm *elbow *elbow
        *Hand *LowerArm *wrist *wrist
        *UpperLeg LowerTorso *hip *hip
        *LowerLeg *UpperLeg *knee *knee
        *Foot *LowerLeg *ankle *ankle
        """,
    ),
    "kaykit": Maker(
        (".l", ".r"),
        """
        root - floor
        hips root pelvis pelvis
        spine hips spine1 spine1
        chest spine spine3 spine3
        head chest neck>.5>head head
        upperarm* chest *shoulder *shoulder
        lowerarm* upperarm* *elbow *elbow
        wrist* lowerarm* *wrist *wrist
        hand* wrist* *wrist>.3>*middle1
        handslot* hand* *wrist>.8>*middle1
        upperleg* hips *hip *hip
        lowerleg* upperleg* *knee *knee
        foot* lowerleg* *ankle *ankle
        toes* foot* *foot *foot
        kneeIK* root *knee
        elbowIK* root *elbow
        handIK* root *wrist
        control-toe-roll* root *foot
        control-heel-roll* control-toe-roll* *heel
        control-foot-roll* control-heel-roll* *foot
        heelIK* control-foot-roll* *ankle
        """,
    ),
    "cats": Maker(
        ("Left", "Right"),
        """
        Hips - pelvis pelvis
        Spine Hips spine1 spine1
        Chest Spine spine3 spine3
        Neck Chest neck neck
        Head Neck head head
        *~eye Head *eye
        *~shoulder Chest *collar *collar
        *~arm *~shoulder *shoulder *shoulder
        *~elbow *~arm *elbow *elbow
        *~wrist *~elbow *wrist *wrist
        *~leg Hips *hip *hip
        *~knee *~leg *knee *knee
        *~ankle *~knee *ankle *ankle
        *~toe *~ankle *foot *foot
        """,
        "%#_*",
        "Thumb IndexFinger MiddleFinger RingFinger LittleFinger",
        hand="*~wrist",
    ),
    "advanced_skeleton": Maker(
        ("_L", "_R"),
        """
        Root_M - pelvis pelvis
        Hip* Root_M *hip *hip
        HipPart1* Hip* *hip>.3>*knee *hip
        HipPart2* HipPart1* *hip>.6>*knee *hip
        Knee* HipPart2* *knee *knee
        Ankle* Knee* *ankle *ankle
        Toes* Ankle* *foot *foot
        ToesEnd* Toes* *toe_end
        Spine1_M Root_M spine1 spine1
        Spine2_M Spine1_M spine2 spine2
        Chest_M Spine2_M spine3 spine3
        Neck_M Chest_M neck neck
        Head_M Neck_M head head
        HeadEnd_M Head_M top
        Jaw_M Head_M head>.3>top
        Eye* Head_M *eye
        Scapula* Chest_M *collar *collar
        Shoulder* Scapula* *shoulder *shoulder
        ShoulderPart1* Shoulder* *shoulder>.3>*elbow *shoulder
        ShoulderPart2* ShoulderPart1* *shoulder>.6>*elbow *shoulder
        Elbow* ShoulderPart2* *elbow *elbow
        ElbowPart1* Elbow* *elbow>.3>*wrist *elbow
        Wrist* ElbowPart1* *wrist *wrist
        """,
        "%Finger#*",
        "Thumb Index Middle Ring Pinky",
        hand="Wrist*",
        tips="4",
    ),
    "feet_apart": Maker(
        (".L", ".R"),
        """
        Bone - floor
        Foot* Bone *ankle *ankle
        Foot*_end Foot* *toe_end
        Body Bone pelvis
        Hips Body pelvis pelvis
        Abdomen Hips spine1 spine1
        Torso Abdomen spine2 spine3
        Neck Torso neck neck
        Head Neck head head
        Head_end Head top
        Shoulder* Torso *collar *collar
        UpperArm* Shoulder* *shoulder *shoulder
        LowerArm* UpperArm* *elbow *elbow
        Palm* LowerArm* *wrist *wrist
        UpperLeg* Hips *hip *hip
        LowerLeg* UpperLeg* *knee *knee
        LowerLeg*_end LowerLeg* *ankle
        """,
        "%#*",
        hand="Palm*",
    ),
    "human_ik": Maker(
        ("Left", "Right"),
        """
        Character1_Reference - floor
        Character1_Hips Character1_Reference pelvis pelvis
        Character1_*UpLeg Character1_Hips *hip *hip
        Character1_*UpLegRoll Character1_*UpLeg *hip>.5>*knee
        Character1_*Leg Character1_*UpLeg *knee *knee
        Character1_*LegRoll Character1_*Leg *knee>.5>*ankle
        Character1_*Foot Character1_*Leg *ankle *ankle
        Character1_*ToeBase Character1_*Foot *foot *foot
        Character1_Spine Character1_Hips spine1 spine1
        Character1_Spine1 Character1_Spine spine2 spine2
        Character1_Spine2 Character1_Spine1 spine3 spine3
        Character1_Neck Character1_Spine2 neck neck
        Character1_Head Character1_Neck head head
        Character1_*Shoulder Character1_Spine2 *collar *collar
        Character1_*Arm Character1_*Shoulder *shoulder *shoulder
        Character1_*ArmRoll Character1_*Arm *shoulder>.5>*elbow
        Character1_*ForeArm Character1_*Arm *elbow *elbow
        Character1_*ForeArmRoll Character1_*ForeArm *elbow>.5>*wrist
        Character1_*Hand Character1_*ForeArm *wrist *wrist
        """,
        "Character1_*Hand%#",
        "Thumb Index Middle Ring Pinky",
        hand="Character1_*Hand",
        palms="Character1_*InHand%",
        tips="4",
    ),
    "max_cat": Maker(
        ("L", "R"),
        """
        CATRig - floor
        CATRigPelvis CATRig pelvis pelvis
        CATRig*Leg1 CATRigPelvis *hip *hip
        CATRig*Leg2 CATRig*Leg1 *knee *knee
        CATRig*LegAnkle CATRig*Leg2 *ankle *ankle
        CATRig*LegDigit11 CATRig*LegAnkle *foot *foot
        CATRigSpine1 CATRigPelvis spine1 spine1
        CATRigSpine2 CATRigSpine1 spine2 spine2
        CATRigRibcage CATRigSpine2 spine3 spine3
        CATRigNeck1 CATRigRibcage neck neck
        CATRigHead CATRigNeck1 head head
        CATRig*ArmCollarbone CATRigRibcage *collar *collar
        CATRig*Arm1 CATRig*ArmCollarbone *shoulder *shoulder
        CATRig*Arm2 CATRig*Arm1 *elbow *elbow
        CATRig*ArmPalm CATRig*Arm2 *wrist *wrist
        """,
        "CATRig*ArmDigit%#",
        "1 2 3 4 5",
        hand="CATRig*ArmPalm",
    ),
    "russian": Maker(
        ("_Л", "_П"),
        """
        Корень - floor
        Таз Корень pelvis pelvis
        Позвоночник1 Таз spine1 spine1
        Позвоночник2 Позвоночник1 spine2 spine2
        Грудь Позвоночник2 spine3 spine3
        Шея Грудь neck neck
        Голова Шея head head
        Ключица* Грудь *collar *collar
        Плечо* Ключица* *shoulder *shoulder
        Предплечье* Плечо* *elbow *elbow
        Кисть* Предплечье* *wrist *wrist
        Бедро* Таз *hip *hip
        Голень* Бедро* *knee *knee
        Стопа* Голень* *ankle *ankle
        Носок* Стопа* *foot *foot
        """,
    ),
    "korean": Maker(
        ("왼쪽_", "오른쪽_"),
        """
        골반 - pelvis pelvis
        척추1 골반 spine1 spine1
        척추2 척추1 spine2 spine2
        가슴 척추2 spine3 spine3
        목 가슴 neck neck
        머리 목 head head
        *쇄골 가슴 *collar *collar
        *위팔 *쇄골 *shoulder *shoulder
        *아래팔 *위팔 *elbow *elbow
        *손 *아래팔 *wrist *wrist
        *허벅지 골반 *hip *hip
        *종아리 *허벅지 *knee *knee
        *발 *종아리 *ankle *ankle
        *발가락 *발 *foot *foot
        """,
    ),
    "chinese": Maker(
        ("左", "右"),
        """
        根 - floor
        骨盆 根 pelvis pelvis
        脊椎1 骨盆 spine1 spine1
        脊椎2 脊椎1 spine2 spine2
        胸部 脊椎2 spine3 spine3
        脖子 胸部 neck neck
        头 脖子 head head
        *锁骨 胸部 *collar *collar
        *上臂 *锁骨 *shoulder *shoulder
        *前臂 *上臂 *elbow *elbow
        *手 *前臂 *wrist *wrist
        *大腿 骨盆 *hip *hip
        *小腿 *大腿 *knee *knee
        *脚 *小腿 *ankle *ankle
        *脚趾 *脚 *foot *foot
        """,
    ),
    "skyrim": Maker(
        ("L", "R"),
        """
        NPC~Root~[Root] - floor
        NPC~COM~[COM~] NPC~Root~[Root] pelvis
        NPC~Pelvis~[Pelv] NPC~COM~[COM~] pelvis pelvis
        NPC~*~Thigh~[*Thg] NPC~Pelvis~[Pelv] *hip *hip
        NPC~*~Calf~[*Clf] NPC~*~Thigh~[*Thg] *knee *knee
        NPC~*~Foot~[*ft~] NPC~*~Calf~[*Clf] *ankle *ankle
        NPC~*~Toe0~[*Toe] NPC~*~Foot~[*ft~] *foot *foot
        NPC~Spine~[Spn0] NPC~COM~[COM~] spine1 spine1
        NPC~Spine1~[Spn1] NPC~Spine~[Spn0] spine2 spine2
        NPC~Spine2~[Spn2] NPC~Spine1~[Spn1] spine3 spine3
        NPC~Neck~[Neck] NPC~Spine2~[Spn2] neck neck
        NPC~Head~[Head] NPC~Neck~[Neck] head head
        NPC~*~Clavicle~[*Clv] NPC~Spine2~[Spn2] *collar *collar
        NPC~*~UpperArm~[*Uar] NPC~*~Clavicle~[*Clv] *shoulder *shoulder
        NPC~*~UpperarmTwist1~[*Ut1] NPC~*~UpperArm~[*Uar] *shoulder>.3>*elbow
        NPC~*~Forearm~[*Lar] NPC~*~UpperArm~[*Uar] *elbow *elbow
        NPC~*~ForearmTwist1~[*Lt1] NPC~*~Forearm~[*Lar] *elbow>.3>*wrist
        NPC~*~Hand~[*Hnd] NPC~*~Forearm~[*Lar] *wrist *wrist
        """,
        "NPC~*~Finger%#~[*F%#]",
        "0 1 2 3 4",
        "0 1 2",
        hand="NPC~*~Hand~[*Hnd]",
    ),
}
