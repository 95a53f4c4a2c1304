"""`python -m bake map` as a user meets it."""

import subprocess
import sys

import bpy
import pytest

from bake.__main__ import run
from bake.retarget.detection.detect import detect
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.map_file import read_map
from bake.scene.rig.armature import editing
from core_model.errors import RigError
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.truth import TRUTH


@pytest.fixture
def character(empty_scene, tmp_path):
    load_rig("mixamo")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero.blend"))
    return tmp_path / "hero.blend"


def test_the_map_is_a_table_and_a_file(character, tmp_path, capsys):
    assert run(["map", str(character), "-o", str(tmp_path / "hero.json")]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("Bone map: Mixamo")
    assert ["left knee", "mixamorig:LeftLeg", "100%"] in [
        [field.strip() for field in line.split("  ") if field.strip()] for line in printed
    ]
    written = read_map(tmp_path / "hero.json")
    assert {joint: each.bones for joint, each in written.joints.items()} == TRUTH["mixamo"]
    assert written == detect(read_rig(bpy.data.objects["mixamo"]))


def test_without_a_file_nothing_is_written(character, tmp_path):
    before = set(tmp_path.iterdir())
    assert run(["map", str(character)]) == 0
    assert set(tmp_path.iterdir()) == before


def test_joints_without_a_bone_and_controls_are_told(empty_scene, tmp_path, capsys):
    load_rig("default")
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero.blend"))
    run(["map", str(tmp_path / "hero.blend")])
    assert "No bone for left foot and right foot." in capsys.readouterr().out


@pytest.mark.shared
def test_controls_of_limbs_are_part_of_the_table(shared, capsys):
    run(["map", str(shared / "data" / "rigs" / "m2m_control_rig.blend")])
    printed = capsys.readouterr().out
    assert "left leg by IK   CTRL_ILLEG_L, POLE_Leg_L" in printed


def test_a_character_without_legs_is_refused_and_nothing_is_written(empty_scene, tmp_path):
    armature = load_rig("mixamo")
    with editing(armature):
        bones = armature.data.edit_bones
        for bone in [bone for bone in bones if bone.name.endswith(("Leg", "Foot", "ToeBase"))]:
            bones.remove(bone)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero.blend"))
    with pytest.raises(RigError, match="its legs are missing"):
        run(["map", str(tmp_path / "hero.blend"), "-o", str(tmp_path / "hero.json")])
    assert not (tmp_path / "hero.json").exists()


def test_a_missing_file_is_one_sentence():
    result = subprocess.run(
        [sys.executable, "-m", "bake", "map", "nowhere.fbx"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 1
    assert result.stderr == "Error: There is no file nowhere.fbx.\n"
