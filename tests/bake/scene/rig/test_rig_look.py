"""Bones are sorted, coloured and locked as an animator expects."""

from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.root_path import ROOT
from bake.scene.rig.bone_shapes import show_shapes
from bake.scene.rig.rig_look import RigStyle, show_colours
from core_model.body.fingers import FINGER_JOINT_NAMES
from core_model.body.skeleton import JOINT_NAMES, MIRROR
from tests.bake.motions import walking
from tests.bake.written import written


def _with_fingers(scene: bpy.types.Scene, **options: Any) -> Any:
    take = walking(frames=20)
    take.poses_hands = 0.3 * np.sin(take.times[:, None] + np.arange(90))
    return written(take, scene, **options).armature


def test_every_bone_is_in_its_part_and_on_its_side(empty_scene):
    data = _with_fingers(empty_scene, with_body=False).data
    members = {each.name: {bone.name for bone in each.bones} for each in data.collections}
    assert list(members) == ["Root", "Torso", "Arms", "Legs", "Fingers", "Left", "Right"]
    assert members["Root"] == {ROOT} and members["Fingers"] == set(FINGER_JOINT_NAMES)
    parts = [members[name] for name in ("Root", "Torso", "Arms", "Legs", "Fingers")]
    assert sum(map(len, parts)) == len(data.bones) == len(set.union(*parts))
    for side in ("Left", "Right"):
        begin = side.lower()
        assert members[side] == {b.name for b in data.bones if b.name.startswith(f"{begin}_")}
    assert {"left_collar", "left_hand"} <= members["Arms"]
    assert {"pelvis", "neck", "head"} <= members["Torso"]
    assert {"right_hip", "right_foot"} <= members["Legs"]


def test_hiding_a_part_hides_it_and_soloing_a_side_shows_it_alone(empty_scene):
    data = _with_fingers(empty_scene, with_body=False).data

    def shown() -> set[str]:
        return {
            bone.name
            for bone in data.bones
            if any(each.is_visible_effectively for each in bone.collections)
        }

    assert len(shown()) == len(data.bones)
    data.collections["Arms"].is_visible = False
    assert "left_elbow" not in shown() and "left_knee" in shown()
    data.collections["Left"].is_solo = True
    assert shown() == {bone.name for bone in data.bones if bone.name.startswith("left_")}


def test_the_sides_have_colours_of_their_own(empty_scene):
    armature = _with_fingers(empty_scene, with_body=False)
    bones = armature.data.bones
    assert {bone.color.palette for bone in bones} == {"CUSTOM"}
    colour = {bone.name: tuple(bone.color.custom.normal) for bone in bones}
    for joint, name in enumerate(JOINT_NAMES):
        other = JOINT_NAMES[MIRROR[joint]]
        assert (colour[name] == colour[other]) == (name == other)
    sides = [{colour[name] for name in colour if name.startswith(s)} for s in ("left_", "right_")]
    assert [len(each) for each in sides] == [1, 1]
    assert len({colour["spine1"], colour["left_hip"], colour["right_hip"], colour[ROOT]}) == 4
    show_colours(armature, False)
    assert {bone.color.palette for bone in bones} == {"DEFAULT"}


def test_only_root_and_pelvis_can_be_moved_and_nothing_scaled(empty_scene):
    armature = _with_fingers(empty_scene, with_body=False)
    for bone in armature.pose.bones:
        assert tuple(bone.lock_scale) == (True,) * 3
        assert tuple(bone.lock_location) == (bone.name not in (ROOT, "pelvis"),) * 3
        assert not any(bone.lock_rotation) and not bone.lock_rotation_w
    assert [bone.name for bone in armature.data.bones if not bone.use_deform] == [ROOT]


@pytest.mark.parametrize("metre", [1.0, 0.01])
def test_bones_are_thinner_than_the_limbs(empty_scene, metre):
    empty_scene.unit_settings.scale_length = metre
    for bone in _with_fingers(empty_scene, with_body=False).data.bones:
        assert 0.02 < bone.bbone_x / bone.length < 0.2 and bone.bbone_x == bone.bbone_z


def test_shapes_are_made_once_and_are_in_no_scene(empty_scene):
    first = _with_fingers(empty_scene, with_body=False, style=RigStyle(shapes=True))
    second = _with_fingers(empty_scene, with_body=False, style=RigStyle(shapes=True), name="two")
    shapes = {bone.custom_shape for each in (first, second) for bone in each.pose.bones}
    assert len(shapes) == 2 and None not in shapes
    assert {thing.name for thing in empty_scene.objects} == {first.name, second.name}
    assert not any(shape.users_collection for shape in shapes)
    assert all(bone.use_custom_shape_bone_size for bone in first.pose.bones)


@pytest.mark.parametrize("metre", [1.0, 0.01])
def test_shapes_are_as_wide_as_limbs_and_mirror_each_other(empty_scene, metre):
    empty_scene.unit_settings.scale_length = metre
    armature = _with_fingers(empty_scene, with_body=False, style=RigStyle(shapes=True))
    width = {
        bone.name: bone.custom_shape_scale_xyz.x * bone.length * metre
        for bone in armature.pose.bones
    }
    assert 0.4 > width["pelvis"] > width["right_knee"] > width["right_index1"] > 0.005
    for joint, name in enumerate(JOINT_NAMES):
        assert width[name] == pytest.approx(width[JOINT_NAMES[MIRROR[joint]]], rel=1e-4)


def test_shapes_of_the_users_stay(empty_scene):
    armature = _with_fingers(empty_scene, with_body=False)
    mine = bpy.data.objects.new("mine", bpy.data.meshes.new("mine"))
    armature.pose.bones["head"].custom_shape = mine
    show_shapes(armature, True)
    show_shapes(armature, False)
    shapes = {bone.name: bone.custom_shape for bone in armature.pose.bones if bone.custom_shape}
    assert shapes == {"head": mine}
