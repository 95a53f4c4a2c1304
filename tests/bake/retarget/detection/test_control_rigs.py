"""Control rigs: controls are mapped, and never what constraints turn."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bake.retarget.detection.control_rig import is_control_rig, is_turned
from bake.retarget.detection.detect import detect
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import LimbControls, Setting
from bake.retarget.rig import Bone, Constraint, Rig
from tests.bake.retarget.makers import maker_rig
from tests.bake.retarget.rig_variants import name_at_random
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.truth import Truth, bones_of

LIMBS = {
    f"{side}_{limb}": tuple(f"{side}_{part}" for part in parts)
    for side in ("left", "right")
    for limb, parts in (
        ("arm", ("shoulder", "elbow", "wrist")),
        ("leg", ("hip", "knee", "ankle")),
    )
}

CLOUDRIG = {
    "pelvis": "FK-Hips",
    "spine1": "FK-Spine",
    "spine2": "FK-RibCage",
    "spine3": "FK-Chest",
    "neck": "FK-Neck",
    "head": "FK-Head",
    "collar": "FK-Clavicle.*",
    "shoulder": "FK-UpperArm.*",
    "elbow": "FK-Forearm.*",
    "wrist": "FK-Wrist.*",
    "hip": "FK-Thigh.*",
    "knee": "FK-Knee.*",
    "ankle": "FK-Foot.*",
    "foot": "FK-Toes.*",
}
AUTO_RIG_PRO = {
    "pelvis": "c_root.x",
    "spine1": "c_spine_01.x",
    "spine2": "c_spine_02.x",
    "spine3": "c_spine_03.x",
    "neck": "c_neck.x",
    "head": "c_head.x",
    "collar": "c_shoulder.*",
    "shoulder": "c_arm_fk.*",
    "elbow": "c_forearm_fk.*",
    "wrist": "c_hand_fk.*",
    "hip": "c_thigh_fk.*",
    "knee": "c_leg_fk.*",
    "ankle": "c_foot_fk.*",
    "foot": "c_toes_fk.*",
}


def by_table(table: dict[str, str], left: str, right: str) -> Callable[[str], str]:
    """Return a function from joints to the names of a table."""

    def name(joint: str) -> str:
        side, _, part = joint.partition("_")
        if part in table:
            return table[part].replace("*", {"left": left, "right": right}[side])
        return table.get(joint, f"c_{joint}")

    return name


def controlled(
    fk: Callable[[str], str],
    ik: Callable[[str, str], str],
    switch: Callable[[str], tuple[str, str]],
) -> tuple[Rig, Truth, dict[str, LimbControls]]:
    """Return a control rig, its FK controls by joint, and its IK controls without switches.

    Every bone in the skin copies its FK control; limbs copy a chain with IK as well, by how a
    driver has it.

    Parameters
    ----------
    fk : callable
        From a joint to the name of its control.
    ik : callable
        From a limb and "control" or "pole" to a name.
    switch : callable
        From a limb to the bone and property that switch it.
    """
    skin, truth = maker_rig("spanish")
    bones = [replace(bone, deform=True) for bone in skin.bones]
    place = {bone.name: number for number, bone in enumerate(bones)}

    def add(name: str, parent: str, like: Bone, **fields) -> None:
        place[name] = len(bones)
        above = place[parent] if parent else -1
        made = Bone(name, above, like.rest, like.tail, deform=False, **fields)
        bones.append(made)

    add("traffic", "", bones[0], control=True)
    bones[-1] = replace(bones[-1], rest=np.eye(4), tail=np.array([0, 0.5, 0]))
    joint_of = {each[0]: joint for joint, each in truth.items()}
    for bone in skin.bones:
        above = skin.bones[bone.parent].name if bone.parent >= 0 else ""
        parent = fk(joint_of[above]) if above else "traffic"
        add(fk(joint_of[bone.name]), parent, bone, control=True)
        _copy(bones, place[bone.name], fk(joint_of[bone.name]))
    limbs = {}
    for limb, joints in LIMBS.items():
        own = [skin.bones[place[truth[joint][0]]] for joint in joints]
        above = fk(joint_of[skin.bones[own[0].parent].name])
        control, pole = ik(limb, "control"), ik(limb, "pole")
        add(control, "traffic", own[2], control=True)
        add(pole, "traffic", own[1], control=True)
        ahead = np.array([0, 0.4 if "arm" in limb else -0.4, 0])
        bones[-1] = _moved(bones[-1], ahead)
        add(f"MCH-{limb}-1", above, own[0])
        goal = Constraint("IK", control, pole, 2)
        add(f"MCH-{limb}-2", f"MCH-{limb}-1", own[1], constraints=(goal,))
        for bone, source in zip(own, (f"MCH-{limb}-1", f"MCH-{limb}-2", control), strict=True):
            _copy(bones, place[bone.name], source, driven=True)
        holder, name = switch(limb)
        if holder not in place:
            add(holder, "traffic", own[0], control=True)
        number = place[holder]
        bones[number] = replace(
            bones[number], properties={**bones[number].properties, name: 1.0, "ik_stretch": 0.0}
        )
        limbs[limb] = LimbControls(control, pole)
    return Rig("hero", tuple(bones)), {joint: (fk(joint),) for joint in truth}, limbs


def test_the_controls_of_an_unknown_control_rig_are_found():
    rig, truth, limbs = controlled(
        lambda joint: f"ctrl_{joint}",
        lambda limb, what: f"ctrl_ik_{limb}_{what}",
        lambda limb: ("settings", f"ik_{limb}"),
    )
    found = detect(rig)
    assert bones_of(found) == truth
    assert found.root == "traffic"
    for limb, controls in limbs.items():
        assert found.limbs[limb] == replace(
            controls,
            to_ik=(Setting("settings", f"ik_{limb}", 1.0),),
            to_fk=(Setting("settings", f"ik_{limb}", 0.0),),
        )


def test_controls_whose_names_say_nothing_are_found_by_what_they_move():
    rig, truth, limbs = controlled(
        lambda joint: f"n{hash_of(joint)}",
        lambda limb, what: f"n{hash_of(limb + what)}",
        lambda limb: ("n1", f"n_{hash_of(limb)}"),
    )
    skin = {bone.name: f"s{number}" for number, bone in enumerate(rig.bones) if bone.deform}

    def other(constraint: Constraint) -> Constraint:
        return replace(constraint, target=skin.get(constraint.target, constraint.target))

    bones = tuple(
        replace(
            bone,
            name=skin.get(bone.name, bone.name),
            constraints=tuple(map(other, bone.constraints)),
        )
        for bone in rig.bones
    )
    found = detect(replace(rig, bones=bones))
    assert bones_of(found) == truth
    assert {limb: (each.control, each.pole) for limb, each in found.limbs.items()} == {
        limb: (each.control, each.pole) for limb, each in limbs.items()
    }


def test_cloudrig_is_known_and_its_switches_are_found():
    side = {"left": ".L", "right": ".R"}
    rig, truth, limbs = controlled(
        by_table(CLOUDRIG, "L", "R"),
        lambda limb, what: (
            {
                ("arm", "control"): "IK-Wrist",
                ("arm", "pole"): "POLE-UpperArm",
                ("leg", "control"): "IK-Foot",
                ("leg", "pole"): "POLE-Thigh",
            }[limb.split("_")[1], what]
            + side[limb.split("_")[0]]
        ),
        lambda limb: (
            "Properties",
            f"ik_{limb.split('_')[0]}_{'upperarm' if 'arm' in limb else 'thigh'}",
        ),
    )
    found = detect(rig)
    assert found.name == "CloudRig"
    assert bones_of(found) == truth
    assert (found.limbs["left_leg"].control, found.limbs["left_leg"].pole) == (
        "IK-Foot.L",
        "POLE-Thigh.L",
    )
    assert found.limbs["right_arm"].to_ik == (Setting("Properties", "ik_right_upperarm", 1.0),)
    assert found.limbs["right_arm"].to_fk == (Setting("Properties", "ik_right_upperarm", 0.0),)


def test_auto_rig_pro_is_known_with_its_switches():
    side = {"left": ".l", "right": ".r"}
    rig, truth, limbs = controlled(
        by_table(AUTO_RIG_PRO, "l", "r"),
        lambda limb, what: (
            {
                ("arm", "control"): "c_hand_ik",
                ("arm", "pole"): "c_arms_pole",
                ("leg", "control"): "c_foot_ik",
                ("leg", "pole"): "c_leg_pole",
            }[limb.split("_")[1], what]
            + side[limb.split("_")[0]]
        ),
        lambda limb: (
            f"c_{'hand' if 'arm' in limb else 'foot'}_ik{side[limb.split('_')[0]]}",
            "ik_fk_switch",
        ),
    )
    found = detect(rig)
    assert found.name == "Auto-Rig Pro"
    assert bones_of(found) == truth
    assert found.limbs["left_arm"] == LimbControls(
        "c_hand_ik.l",
        "c_arms_pole.l",
        "",
        (Setting("c_hand_ik.l", "ik_fk_switch", 0.0),),
        (Setting("c_hand_ik.l", "ik_fk_switch", 1.0),),
    )


@pytest.mark.parametrize("copied", [False, True])
def test_bones_that_bend_by_ik_alone_are_mapped_with_their_goals(copied):
    """The rig of many a tutorial: bones in the skin, two goals and two poles for each side.

    Hands and feet may turn with the goals; then those are what is keyed.
    """
    rig, truth = maker_rig("spanish")
    bones = list(rig.bones)
    places = rig.place_of()
    for limb, joints in LIMBS.items():
        knee, ankle = (places[truth[joint][0]] for joint in joints[1:])
        for name, like in ((f"{limb} goal", ankle), (f"{limb} pole", knee)):
            bones.append(replace(bones[like], name=name, parent=-1, deform=False, constraints=()))
        goal = Constraint("IK", f"{limb} goal", f"{limb} pole", 2)
        bones[knee] = replace(bones[knee], constraints=(goal,))
        if copied:
            turn = Constraint("COPY_ROTATION", f"{limb} goal")
            bones[ankle] = replace(bones[ankle], constraints=(turn,))
            truth = {**truth, joints[2]: (f"{limb} goal",)}
    found = detect(replace(rig, bones=tuple(bones)))
    assert bones_of(found) == truth
    assert found.limbs == {limb: LimbControls(f"{limb} goal", f"{limb} pole") for limb in LIMBS}


@pytest.mark.parametrize("name", ["rigify", pytest.param("m2m_control", marks=pytest.mark.shared)])
def test_no_bone_that_constraints_turn_is_mapped(empty_scene, name):
    armature = load_rig(name)
    for _ in range(2):
        rig = read_rig(armature)
        assert is_control_rig(rig)
        places = rig.place_of()
        found = detect(rig)
        assert len(found.bones()) >= 40
        for bone in found.bones():
            assert not is_turned(rig.bones[places[bone]])
            assert not rig.bones[places[bone]].deform
        name_at_random(armature)


@pytest.mark.shared
def test_limbs_of_a_real_control_rig_have_goals_and_poles(empty_scene):
    found = detect(read_rig(load_rig("m2m_control")))
    assert {limb: (each.control, each.pole) for limb, each in found.limbs.items()} == {
        "left_arm": ("CTRL_Arm_L", "POLEARM_L"),
        "right_arm": ("CTRL_Arm_R", "POLEARM_R"),
        "left_leg": ("CTRL_ILLEG_L", "POLE_Leg_L"),
        "right_leg": ("CTRL_ILLEG_R", "POLE_Leg_R"),
    }
    assert found.root == "DRV_root"


def test_plain_rigs_are_no_control_rigs(empty_scene):
    assert not is_control_rig(read_rig(load_rig("metarig")))


def hash_of(text: str) -> int:
    """Return a number for a text that is the same in every process."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(text)) % 99991


def _copy(bones: list[Bone], place: int, target: str, driven: bool = False) -> None:
    constraint = Constraint("COPY_TRANSFORMS", target, driven=driven)
    bones[place] = replace(bones[place], constraints=(*bones[place].constraints, constraint))


def _moved(bone: Bone, way: np.ndarray) -> Bone:
    rest = bone.rest.copy()
    rest[:3, 3] += way
    return replace(bone, rest=rest, tail=bone.tail + way)
