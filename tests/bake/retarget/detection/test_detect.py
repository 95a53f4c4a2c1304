"""Detection finds the bones of every rig, whatever its rest pose, axes, names and object."""

import numpy as np
import pytest
from mathutils import Matrix

from bake.retarget.detection.detect import detect, examine
from bake.retarget.in_blender.rigs import read_rig
from tests.bake.retarget.rig_variants import (
    REST_POSES,
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
from tests.bake.retarget.truth import TRUTH, bones_of, renamed_truth, share_right, wrong_sides

SOME_RIGS = ("mixamo", "cmu_mb", "default", "metarig", "ours")


def test_all_bones_are_right_on_every_rig(any_rig):
    name, armature = any_rig
    found = examine(read_rig(armature))
    assert bones_of(found.bone_map) == TRUTH[name]
    assert found.told == ()


@pytest.mark.once
def test_names_that_say_nothing_leave_geometry(any_rig):
    name, armature = any_rig
    truth = renamed_truth(TRUTH[name], name_at_random(armature))
    found = detect(read_rig(armature))
    assert share_right(found, truth) >= 0.9
    assert wrong_sides(found, truth) == []


@pytest.mark.once
def test_certainty_tells_of_every_joint_and_less_without_names(any_rig):
    name, armature = any_rig
    named = detect(read_rig(armature))
    assert set(named.certainty) == set(named.joints)
    assert min(named.certainty.values()) >= 0.7, "all of them are right"
    name_at_random(armature)
    unnamed = detect(read_rig(armature))
    assert np.mean(list(unnamed.certainty.values())) < np.mean(list(named.certainty.values())) - 0.1


@pytest.mark.once
@pytest.mark.parametrize("pose", REST_POSES)
@pytest.mark.parametrize("name", SOME_RIGS)
def test_the_rest_pose_does_not_matter(empty_scene, name, pose):
    armature = load_rig(name)
    put_arms(armature, TRUTH[name], pose)
    assert bones_of(detect(read_rig(armature))) == TRUTH[name]
    truth = renamed_truth(TRUTH[name], name_at_random(armature))
    found = detect(read_rig(armature))
    assert share_right(found, truth) >= 0.9
    assert wrong_sides(found, truth) == []


def _lie_down(armature):
    move_object(armature, Matrix.Rotation(np.pi / 2, 4, "X"))


@pytest.mark.once
@pytest.mark.parametrize(
    "change",
    [
        roll_at_random,
        set_modes,
        add_odd_leaves,
        lambda armature: scale_object(armature, 0.01),
        lambda armature: scale_object(armature, 100),
        lambda armature: turn_object(armature, "X", 90),
        lambda armature: turn_object(armature, "Z", 90),
        lambda armature: move_object(armature, Matrix.Scale(0.01, 4)),
        lambda armature: move_object(armature, Matrix.Scale(100, 4)),
        lambda armature: move_object(armature, Matrix.Rotation(np.pi / 2, 4, "Z")),
        lambda armature: move_object(armature, Matrix.Rotation(2, 4, (1.0, 2.0, 3.0))),
        _lie_down,
    ],
)
@pytest.mark.parametrize("name", SOME_RIGS)
def test_axes_and_object_do_not_matter(empty_scene, name, change):
    armature = load_rig(name)
    change(armature)
    assert bones_of(detect(read_rig(armature))) == TRUTH[name]
    truth = renamed_truth(TRUTH[name], name_at_random(armature))
    found = detect(read_rig(armature))
    assert share_right(found, truth) >= 0.9
    assert wrong_sides(found, truth) == []
