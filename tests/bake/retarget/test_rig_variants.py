"""Variants of a rig change what they say, and nothing else."""

import numpy as np
import pytest
from mathutils import Matrix

from bake.retarget.in_blender.rigs import read_rig
from tests.bake.retarget.rig_variants import (
    MODES,
    add_odd_leaves,
    move_object,
    name_at_random,
    put_arms,
    roll_at_random,
    scale_object,
    set_modes,
    turn_object,
)
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.truth import TRUTH, renamed_truth


@pytest.mark.parametrize(("pose", "level"), [("T", 0.0), ("A", -(0.5**0.5)), ("down", -0.985)])
@pytest.mark.parametrize("name", ["game_engine", "mixamo", "metarig"])
def test_arms_get_the_rest_pose_that_is_wanted(empty_scene, name, pose, level):
    armature, truth = load_rig(name), TRUTH[name]
    before = read_rig(armature)
    put_arms(armature, truth, pose)
    rig, places = read_rig(armature), before.place_of()
    heads = rig.world_heads()
    for side in ("left", "right"):
        shoulder, wrist = (places[truth[f"{side}_{joint}"][0]] for joint in ("shoulder", "wrist"))
        arm = heads[wrist] - heads[shoulder]
        assert arm[2] / np.linalg.norm(arm) == pytest.approx(level, abs=1e-3)
    was, now = (
        np.linalg.norm(each.world_tails() - each.world_heads(), axis=1) for each in (before, rig)
    )
    assert np.allclose(was, now, atol=1e-5)


@pytest.mark.parametrize("scale", [0.01, 100])
def test_a_scaled_object_looks_the_same(empty_scene, scale):
    armature = load_rig("metarig")
    before = read_rig(armature).world_heads()
    scale_object(armature, scale)
    rig = read_rig(armature)
    assert np.allclose(rig.world_heads(), before, atol=1e-4)
    assert np.linalg.norm(rig.to_world[:3, 0]) == pytest.approx(scale)


@pytest.mark.parametrize("axis", ["X", "Z"])
def test_a_turned_object_looks_the_same(empty_scene, axis):
    armature = load_rig("metarig")
    before = read_rig(armature)
    turn_object(armature, axis, 90)
    rig = read_rig(armature)
    assert np.allclose(rig.world_heads(), before.world_heads(), atol=1e-5)
    assert not np.allclose(rig.to_world, before.to_world)


def test_a_moved_object_takes_its_bones_along(empty_scene):
    armature = load_rig("mixamo")
    before = read_rig(armature).world_heads()
    move_object(armature, Matrix.Translation((0, 0, 2)))
    assert np.allclose(read_rig(armature).world_heads(), before + [0, 0, 2])


def test_rolls_leave_bones_where_they_are(empty_scene):
    armature = load_rig("mixamo")
    before = read_rig(armature)
    roll_at_random(armature)
    rig = read_rig(armature)
    assert np.allclose(rig.world_tails(), before.world_tails(), atol=1e-6)
    assert not np.allclose(rig.bones[3].rest, before.bones[3].rest, atol=0.1)


def test_every_rotation_mode_is_there(empty_scene):
    armature = load_rig("mixamo")
    set_modes(armature)
    assert {bone.mode for bone in read_rig(armature).bones} == set(MODES)


def test_odd_leaves_hang_where_nothing_hung(empty_scene):
    armature = load_rig("mixamo")
    before = len(armature.data.bones)
    add_odd_leaves(armature)
    rig = read_rig(armature)
    leaves = set(range(len(rig.bones))) - set(rig.parents)
    assert len(rig.bones) - before == len(leaves)
    assert all(np.linalg.norm(rig.bones[i].tail - rig.bones[i].head) < 2e-5 for i in leaves)


def test_nonsense_names_are_known_to_the_truth(empty_scene):
    armature = load_rig("mixamo")
    before = set(read_rig(armature).names)
    renamed = name_at_random(armature)
    names = set(read_rig(armature).names)
    assert not names & before
    truth = renamed_truth(TRUTH["mixamo"], renamed)
    assert {bone for bones in truth.values() for bone in bones} <= names
