"""Few keys on control rigs: what is measured is what deforms, by whatever it hangs on the keys."""

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
import pytest

from bake.retarget.in_blender.apply import read_target, retarget
from bake.retarget.in_blender.evaluation import pose_steps
from bake.retarget.in_blender.keyed import key_motion
from bake.retarget.keying.stage import stage_of
from bake.retarget.maps.bone_map import BoneMap, JointBones
from bake.retarget.settings import RetargetSettings
from bake.scene.rig.armature import editing
from tests.bake.retarget.conftest import marked
from tests.bake.retarget.played import CAPTURED, human_of, map_of
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.sources import human, true_map

CONTEXT: Any = bpy.context
"""Stubs say that it may have no scene."""


def under_controls(armature: Any, bone_map: BoneMap) -> BoneMap:
    """Let a control turn each mapped bone; controls hang on what follows the bones, not on others.

    So no control is above another one in the hierarchy, as in many control rigs.
    """
    names = [bone for each in bone_map.joints.values() for bone in each.bones]
    parents = {name: armature.data.bones[name].parent for name in names}
    above = {name: parent.name if parent else "" for name, parent in parents.items()}
    with editing(armature):
        bones = armature.data.edit_bones
        for name in names:
            for own, place in ((f"C-{name}", name), (f"P-{name}", above[name] or name)):
                bone = bones.new(own)
                bone.head, bone.tail, bone.roll = (
                    bones[place].head,
                    bones[place].tail,
                    bones[place].roll,
                )
                bone.use_deform = False
            bones[f"C-{name}"].parent = bones[f"P-{name}"]
    for name in names:
        _copy(armature, name, f"C-{name}")
        if above[name]:
            _copy(armature, f"P-{name}", above[name])
    joints = {
        joint: JointBones(tuple(f"C-{bone}" for bone in each.bones))
        for joint, each in bone_map.joints.items()
    }
    return replace(bone_map, joints=joints)


def _copy(armature: Any, bone: str, source: str) -> None:
    constraint = armature.pose.bones[bone].constraints.new("COPY_TRANSFORMS")
    constraint.target, constraint.subtarget = armature, source


def ends(armature: Any, frames: np.ndarray) -> np.ndarray:
    """Return heads and tails of the bones that deform (K, B, 2, 3), as Blender evaluates them."""
    bones = [bone for bone in armature.data.bones if bone.use_deform]
    steps = pose_steps(CONTEXT.scene, armature, [bone.name for bone in bones], frames)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            lengths = np.array([bone.length for bone in bones])[:, None]
            heads = end.value[..., :3, 3]
            return np.stack((heads, heads + lengths * end.value[..., :3, 1]), axis=2)


def test_controls_are_carried_by_what_moves_them_whatever_their_parents_are(empty_scene):
    armature, plain = load_rig("mixamo"), true_map("mixamo")
    settings = RetargetSettings()
    bones = list(plain.bones())
    hips = bones[:1]
    wanted = stage_of(
        read_target(CONTEXT.scene, armature, plain, settings).rig, plain, bones, hips, 30.0, "fk"
    )
    bone_map = under_controls(armature, plain)
    target = read_target(CONTEXT.scene, armature, bone_map, settings)
    controls = [f"C-{bone}" for bone in bones]
    stage = stage_of(target.rig, bone_map, controls, controls[:1], 30.0, "fk")
    assert stage.chain.parents == wanted.chain.parents
    assert max(wanted.chain.parents) > 10
    assert sorted(stage.chain.carriers) == sorted(wanted.chain.carriers)
    assert np.allclose(np.sort(stage.chain.points, 0), np.sort(wanted.chain.points, 0), atol=1e-5)
    assert stage.feet.sum() == wanted.feet.sum() > 3


@pytest.mark.parametrize("name", marked(["m2m_control", "rigify"]))
def test_what_deforms_stays_within_the_tolerance(empty_scene, name):
    """The limbs of the first go by IK: knees go far for the little that feet and hips miss."""
    armature, bone_map = load_rig(name), map_of(name)
    source = human_of(CAPTURED[0], "default")
    frames, settings = source.frames[::4], RetargetSettings()
    target = read_target(CONTEXT.scene, armature, bone_map, settings)
    keys = key_motion(target, source).curves.keys
    assert sum(len(each.frames) for each in keys) < 0.25 * len(keys) * len(source)
    retarget(CONTEXT.scene, [source], armature, bone_map, settings)
    shown = ends(armature, frames)
    retarget(CONTEXT.scene, [source], armature, bone_map, replace(settings, tolerance=None))
    assert np.linalg.norm(shown - ends(armature, frames), axis=-1).max() < 0.002


def test_fewer_keys_on_controls_move_bones_as_far_as_on_the_bones_themselves(empty_scene):
    armature = load_rig("mixamo")
    bone_map = under_controls(armature, true_map("mixamo"))
    source, settings = human(), RetargetSettings()
    retarget(CONTEXT.scene, [source], armature, bone_map, settings)
    shown = ends(armature, source.frames)
    retarget(CONTEXT.scene, [source], armature, bone_map, replace(settings, tolerance=None))
    assert np.linalg.norm(shown - ends(armature, source.frames), axis=-1).max() < 0.002
