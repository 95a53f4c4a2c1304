"""Presets on rigs whose makers spell the same names in another way."""

from dataclasses import replace

import numpy as np
import pytest

from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.known_maps import load_preset
from bake.retarget.maps.preset_fit import fit_preset
from bake.retarget.rig import Bone, Rig
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.truth import TRUTH


@pytest.mark.parametrize(
    ("rig", "preset"),
    [
        ("mixamo", "mixamo"),
        ("game_engine", "unreal"),
        pytest.param("m2m_sample", "unreal", marks=pytest.mark.shared),
        pytest.param("m2m_zombie", "unreal", marks=pytest.mark.shared),
    ],
)
def test_a_preset_finds_all_bones_of_its_rig(empty_scene, rig, preset):
    fitted = fit_preset(load_preset(preset), read_rig(load_rig(rig)))
    assert {joint: each.bones for joint, each in fitted.joints.items()} == TRUTH[rig]


@pytest.mark.parametrize(
    "spelled",
    [
        lambda name: f"mixamorig:{name}",
        lambda name: f"mixamorig12:{name}",
        lambda name: f"Beta:Geo:{name}",
        lambda name: f"mixamorig_{name}",
        lambda name: f"mixamorig{name}",
        lambda name: f"Armature_{name}",
        lambda name: name.upper(),
        lambda name: name,
    ],
)
def test_prefixes_namespaces_and_capitals_may_differ(spelled):
    preset = load_preset("mixamo")
    rig = _rig(spelled(bone) for each in preset.joints.values() for bone in each.bones)
    fitted = fit_preset(preset, rig)
    for joint, each in preset.joints.items():
        assert fitted.joints[joint].bones == tuple(map(spelled, each.bones))


def test_running_numbers_of_exporters_are_passed_over():
    preset = load_preset("mixamo")
    bones = [bone for each in preset.joints.values() for bone in each.bones]
    spelled = {bone: f"mixamorig:{bone}_{number:02d}" for number, bone in enumerate(bones)}
    fitted = fit_preset(preset, _rig(["_rootJoint", *spelled.values()]))
    assert fitted.joints["left_index2"].bones == (spelled["LeftHandIndex2"],)
    assert len(fitted.joints) == len(preset.joints)


def test_bones_that_are_missing_are_left_out():
    fitted = fit_preset(load_preset("unreal5"), _rig(["pelvis", "spine_01", "spine_04", "hand_l"]))
    assert {joint: each.bones for joint, each in fitted.joints.items()} == {
        "pelvis": ("pelvis",),
        "spine1": ("spine_01",),
        "spine3": ("spine_04",),
        "left_wrist": ("hand_l",),
    }
    assert fitted.root == ""


def test_what_could_be_two_bones_is_left_out():
    fitted = fit_preset(load_preset("unreal"), _rig(["pelvis", "Hand-L", "HAND.l"]))
    assert set(fitted.joints) == {"pelvis"}


def test_locks_and_shares_of_twist_stay():
    preset = load_preset("unreal")
    arm = replace(preset.joints["left_shoulder"], twist=0.5, locked=True)
    edited = replace(preset, joints={**preset.joints, "left_shoulder": arm})
    fitted = fit_preset(edited, _rig(["upperarm_l"]))
    assert fitted.joints["left_shoulder"] == arm


def _rig(names):
    return Rig("rig", tuple(Bone(name, -1, np.eye(4), np.ones(3)) for name in names))
