"""Detection finds the bones of rigs as other makers name them and hang them together."""

import random
import string
from dataclasses import replace

import numpy as np
import pytest

from bake.retarget.detection.detect import detect, examine
from bake.retarget.detection.figure import find_figure
from bake.retarget.detection.skeleton import whole_skeleton
from bake.retarget.maps.bone_map import BoneMap
from core_model.geometry.rotations import axis_angle_to_matrix
from tests.bake.retarget.makers import MAKERS, maker_rig, renamed, rig_of
from tests.bake.retarget.neighbours import LANGUAGES, NEIGHBOURS
from tests.bake.retarget.strangers import STRANGERS
from tests.bake.retarget.truth import bones_of, share_right, wrong_sides

UNNAMED = MAKERS | STRANGERS | LANGUAGES
ALL = UNNAMED | NEIGHBOURS

PRESETS = {
    "unreal5": "Unreal Manny",
    "daz8": "Daz Genesis 3 and 8",
    "daz9": "Daz Genesis 9",
    "character_creator": "Character Creator",
    "vroid": "VRoid",
    "biped": "3ds Max Biped",
    "valve": "3ds Max Biped",
    "unity": "Unity",
    "ready_player_me": "Ready Player Me",
    "lafan": "LAFAN1",
    "rokoko": "Rokoko",
    "bandai_namco": "Bandai Namco",
    "chest": "LeftShoulder is the upper arm",
    "asf": "Acclaim",
    "xsens": "Xsens",
    "smpl_fbx": "SMPL for Maya",
}

CARRIED = {
    "unreal5": ("root", ""),
    "daz8": ("", "hip"),
    "character_creator": ("RL_BoneRoot", "CC_Base_Hip"),
    "vroid": ("Root", ""),
    "biped": ("", "Bip001"),
    "lafan": ("SimulationBone", ""),
    "unity": ("", ""),
    "mmd": ("全ての親", "腰"),
}
"""Bones that carry the body: root, and mover."""


@pytest.mark.parametrize("name", ALL)
def test_all_bones_are_right(name):
    rig, truth = rig_of(name, ALL[name])
    found = examine(rig)
    assert bones_of(found.bone_map) == truth
    assert found.told == ()


def _numbers(bone: str, place: int) -> str:
    return f"n{place * 7919 % 10007}"


def _letters(bone: str, place: int) -> str:
    """Some of them read as a thumb, a left side or the end of a chain."""
    chance = random.Random(f"{bone}{place}")
    return "".join(chance.choices(string.ascii_letters, k=chance.randint(2, 6))) + f"{place}"


def _mixed(bone: str, place: int) -> str:
    """The letters of a name in another order, but where each of them is a word."""
    if not bone.isascii():
        return _numbers(bone, place)
    return "".join(random.Random(bone).sample(bone, len(bone))) + f"{place}"


@pytest.mark.parametrize("nonsense", [_numbers, _letters, _mixed])
@pytest.mark.parametrize("name", UNNAMED)
def test_names_that_say_nothing_leave_geometry(name, nonsense):
    rig, truth = renamed(*rig_of(name, ALL[name]), nonsense)
    turned = np.eye(4)
    turned[:3, :3] = 0.03 * axis_angle_to_matrix(np.array([len(name), 1.0, -0.5]))
    found = detect(replace(rig, to_world=turned))
    assert share_right(found, truth) >= 0.9
    assert wrong_sides(found, truth) == []


@pytest.mark.parametrize("name", MAKERS)
def test_names_tell_without_a_preset(name):
    """Makers whom no preset knows use the same words."""
    rig, truth = maker_rig(name)
    figure = find_figure(whole_skeleton(rig), name)
    found = BoneMap(name, figure.joints)
    assert share_right(found, truth) >= 0.9
    assert wrong_sides(found, truth) == []


@pytest.mark.parametrize(("name", "preset"), PRESETS.items())
def test_the_preset_of_the_maker_is_chosen(name, preset):
    assert preset in detect(maker_rig(name)[0]).name


@pytest.mark.parametrize(("name", "carried"), CARRIED.items())
def test_what_carries_the_body_is_known(name, carried):
    found = detect(maker_rig(name)[0])
    assert (found.root, found.mover) == carried


@pytest.mark.parametrize(
    "spelled",
    [
        lambda bone, place: f"hero:{bone}",
        lambda bone, place: f"{bone}_{place:02d}",
        lambda bone, place: bone.replace(" ", "_").replace(".", "_"),
        lambda bone, place: bone.upper(),
    ],
)
@pytest.mark.parametrize("name", ["ready_player_me", "biped", "unreal5", "daz9", "spanish"])
def test_exporters_may_spell_names_otherwise(name, spelled):
    rig, truth = renamed(*maker_rig(name), spelled)
    assert bones_of(detect(rig)) == truth


@pytest.mark.parametrize("name", ["bandai_namco", "lafan"])
def test_a_known_rig_without_any_pose_is_known_by_its_names(name):
    """Some motion files lay all bones along one axis, mirrored on the right."""
    rig, truth = maker_rig(name)
    laid: list = []
    for bone in rig.bones:
        rest = np.eye(4)
        if bone.parent >= 0:
            parent = laid[bone.parent].head
            length = np.linalg.norm(bone.head - rig.bones[bone.parent].head)
            way = -1 if bone.name.endswith("_R") or bone.name.startswith("Right") else 1
            rest[:3, 3] = parent + [way * length, 0, 0]
        laid.append(replace(bone, rest=rest, tail=rest[:3, 3] + [0.05, 0, 0]))
    found = detect(replace(rig, bones=tuple(laid)))
    assert bones_of(found) == truth


def test_a_rig_that_faces_the_other_way_keeps_its_sides():
    rig, truth = maker_rig("ready_player_me")
    turned = np.diag([-1.0, -1.0, 1.0, 1.0])
    assert bones_of(detect(replace(rig, to_world=turned))) == truth


def test_longer_backs_and_necks_share_the_turn():
    """Two bones more in the back and one in the neck than the preset of these names has."""
    rig, truth = maker_rig("ready_player_me")
    bones = list(rig.bones)
    for above, new in (("Spine1", "SpineA"), ("Spine2", "SpineB"), ("Head", "NeckA")):
        place = next(index for index, bone in enumerate(bones) if bone.name == above)
        parent = bones[bones[place].parent]
        rest = np.eye(4)
        rest[:3, 3] = 0.5 * (bones[place].head + parent.head)
        added = replace(bones[place], name=new, rest=rest, tail=bones[place].head)
        shifted = [replace(bone, parent=bone.parent + (bone.parent >= place)) for bone in bones]
        bones = [
            *shifted[:place],
            added,
            replace(shifted[place], parent=place),
            *shifted[place + 1 :],
        ]
    found = bones_of(detect(replace(rig, bones=tuple(bones))))
    assert [found[joint] for joint in ("spine1", "spine2", "spine3", "neck")] == [
        ("Spine", "SpineA"),
        ("Spine1",),
        ("SpineB", "Spine2"),
        ("Neck", "NeckA"),
    ]
    assert {joint: found[joint] for joint in truth if "spine" not in joint and joint != "neck"} == {
        joint: bones for joint, bones in truth.items() if "spine" not in joint and joint != "neck"
    }
