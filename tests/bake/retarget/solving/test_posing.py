"""Bones that hang on constrained ones go where Blender lets them go."""

import bpy
import numpy as np
import pytest
from mathutils import Matrix

from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.rest_pose import rest_pose
from core_model.geometry.rotations import nearest_rotation
from tests.bake.retarget.rigs import build_rig

ROWS = [
    ["base", "", (0, 0, 0), (0, 0.3, 0.1), 0.2],
    ["lead", "base", (0.1, 0, 0.5), (0.2, 0.1, 0.9), 0.7],
    ["other", "base", (-0.4, 0.1, 0.2), (-0.5, 0.3, 0.6), -0.4],
    ["held", "base", (0.3, 0.2, 1.0), (0.3, 0.5, 1.2), 1.1],
    ["child", "held", (0.3, 0.6, 1.2), (0.5, 0.9, 1.3), 0.1],
]


def constrained(kind, **options):
    armature = build_rig("rig", ROWS)
    constraint = armature.pose.bones["held"].constraints.new(kind)
    if kind == "ARMATURE":
        for bone, weight in (("lead", 1.0), ("other", 0.0)):
            target = constraint.targets.new()
            target.target, target.subtarget, target.weight = armature, bone, weight
    else:
        constraint.target, constraint.subtarget = armature, "lead"
    for name, value in options.items():
        setattr(constraint, name, value)
    return armature


def update():
    layer = bpy.context.view_layer
    assert layer
    layer.update()


LOCAL = {"owner_space": "LOCAL", "target_space": "LOCAL"}
CASES = [
    ("COPY_ROTATION", {}),
    ("COPY_ROTATION", {"influence": 0.4}),
    ("COPY_ROTATION", {"influence": 0.4, **LOCAL}),
    ("COPY_ROTATION", {"mix_mode": "BEFORE", **LOCAL}),
    ("COPY_ROTATION", {"mix_mode": "AFTER"}),
    ("COPY_ROTATION", {"mix_mode": "ADD", **LOCAL}),
    ("COPY_ROTATION", {"use_y": False, **LOCAL}),
    ("COPY_ROTATION", {"invert_x": True, "use_z": False, **LOCAL}),
    ("COPY_ROTATION", {"owner_space": "POSE", "target_space": "POSE"}),
    ("COPY_TRANSFORMS", {}),
    ("COPY_TRANSFORMS", {"influence": 0.5, **LOCAL}),
    ("COPY_LOCATION", {"head_tail": 1.0}),
    ("COPY_LOCATION", {"influence": 0.3, "use_x": False}),
    ("DAMPED_TRACK", {"track_axis": "TRACK_NEGATIVE_Z"}),
    ("DAMPED_TRACK", {"head_tail": 0.5, "influence": 0.6}),
    ("ARMATURE", {}),
]


@pytest.mark.parametrize(("kind", "options"), CASES)
def test_a_bone_below_a_constrained_one_goes_where_blender_has_it(empty_scene, kind, options):
    armature = constrained(kind, **options)
    random = np.random.default_rng(4)
    for name in ("base", "lead", "other", "held"):
        posed = armature.pose.bones[name]
        posed.rotation_mode = "QUATERNION"
        turn = random.normal(size=4) + [2, 0, 0, 0]
        posed.rotation_quaternion = turn / np.linalg.norm(turn)
    armature.pose.bones["base"].location = (0.1, 0.2, -0.3)
    update()
    rig = read_rig(armature)
    posing = Posing(rig, rest_pose(rig), 1)
    for name in ("held", "child"):
        bone = rig.place_of()[name]
        matrix = np.array(armature.pose.bones[name].matrix)
        expected = nearest_rotation(matrix[:3, :3])
        state = posing.state(bone)
        assert np.allclose(state.turn[0] @ posing.rest.axes[bone], expected, atol=2e-3), name
        assert np.allclose(state.head[0], matrix[:3, 3], atol=2e-3), name


@pytest.mark.parametrize("inherits", [True, False])
@pytest.mark.parametrize("local", [True, False])
def test_a_bone_gets_where_it_is_told_to_be(empty_scene, inherits, local):
    armature = build_rig("rig", ROWS)
    armature.matrix_world = [
        [0, -0.02, 0, 1], [0.02, 0, 0, 2], [0, 0, 0.02, 3], [0, 0, 0, 1]
    ]  # fmt: skip
    bone = armature.data.bones["child"]
    bone.use_inherit_rotation, bone.use_local_location = inherits, local
    held = armature.pose.bones["held"]
    held.rotation_mode, held.rotation_euler = "XYZ", (0.5, -0.3, 0.9)
    update()
    rig = read_rig(armature)
    posing = Posing(rig, rest_pose(rig), 1)
    place = rig.place_of()["child"]
    turn = nearest_rotation(np.random.default_rng(2).normal(size=(1, 3, 3)))
    posing.turns[place], posing.heads[place] = turn, np.array([[0.3, -0.2, 0.8]])
    child = armature.pose.bones["child"]
    child.rotation_mode = "QUATERNION"
    child.rotation_quaternion = Matrix(posing.basis(place)[0]).to_quaternion()
    child.location = posing.location(place)[0]
    update()
    matrix = np.array(armature.matrix_world @ child.matrix)
    assert np.allclose(matrix[:3, 3], [0.3, -0.2, 0.8], atol=1e-4)
    expected = turn[0] @ posing.rest.axes[place]
    assert np.allclose(nearest_rotation(matrix[:3, :3]), expected, atol=1e-4)
