"""The presets: pure data that fits together."""

import json
from pathlib import Path

import pytest

import bake.retarget
from bake.retarget.human import BODY_JOINTS
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import SCHEMA, VERSION
from bake.retarget.maps.known_maps import find_map, load_preset, preset_names
from bake.retarget.maps.map_file import map_text, write_map
from bake.retarget.maps.preset_fit import fit_preset
from core_model.errors import RigError
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.truth import TRUTH

FOLDER = Path(bake.retarget.__file__).parent / "presets"
ESSENTIAL = [
    joint for joint in BODY_JOINTS if joint.endswith(("hip", "knee", "ankle", "elbow", "wrist"))
]


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_written_as_maps_are_written(name):
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert text == map_text(load_preset(name))
    data = json.loads(text)
    assert (data["schema"], data["version"]) == (SCHEMA, VERSION)


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_has_both_sides_and_all_limbs(name):
    preset = load_preset(name)
    assert set(ESSENTIAL) <= set(preset.joints)
    for joint in preset.joints:
        other = (
            joint.replace("left", "right") if "left" in joint else joint.replace("right", "left")
        )
        assert other in preset.joints
        assert len(preset.joints[other].bones) == len(preset.joints[joint].bones)


def test_no_two_presets_have_one_name():
    shown = [load_preset(name).name for name in preset_names()]
    assert len(set(shown)) == len(shown) >= 25


def test_rigify_goes_by_controls_and_knows_its_switches(empty_scene):
    rig = read_rig(load_rig("rigify"))
    fitted = fit_preset(load_preset("rigify"), rig)
    assert {joint: each.bones for joint, each in fitted.joints.items()} == TRUTH["rigify"]
    assert not any(bone.startswith(("DEF-", "ORG-", "MCH-")) for bone in fitted.bones())
    assert (fitted.mover, fitted.root) == ("torso", "root")
    properties = {bone.name: bone.properties for bone in rig.bones}
    for limb, (hold, pole) in {
        "left_arm": ("hand_ik.L", "upper_arm_ik_target.L"),
        "right_leg": ("foot_ik.R", "thigh_ik_target.R"),
    }.items():
        controls = fitted.limbs[limb]
        assert (controls.control, controls.pole) == (hold, pole)
        for setting in (*controls.to_ik, *controls.to_fk):
            assert setting.property in properties[setting.bone]
        assert controls.to_ik[0].value != controls.to_fk[0].value
    assert len(fitted.settings) == 2


def test_a_map_is_found_by_name_or_file(tmp_path):
    assert find_map("mixamo") == load_preset("mixamo")
    write_map(load_preset("unreal"), tmp_path / "mine.json")
    assert find_map(str(tmp_path / "mine.json")) == load_preset("unreal")
    with pytest.raises(RigError, match="There is no bone map mixxamo: there is .*mixamo"):
        find_map("mixxamo")
    with pytest.raises(RigError, match="mine2.json cannot be read"):
        find_map(str(tmp_path / "mine2.json"))
