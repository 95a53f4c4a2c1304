"""Blender's bones and skin stand where our own kinematics says, at every frame."""

from dataclasses import replace

import bpy
import numpy as np
import pytest

from bake.scene.body_mesh import skin
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_NAMES, MIRROR
from tests.bake.conftest import curves_of
from tests.bake.motions import tumbling, walking
from tests.bake.written import written

TENTH_OF_A_MILLIMETRE = 1e-4


@pytest.mark.parametrize("take", [tumbling(), tumbling(seed=2), walking()])
def test_bone_heads_are_the_joints_of_forward_kinematics(empty_scene, take):
    person = written(take, empty_scene, with_body=False)
    worst = 0.0
    for frame, expected in zip(person.keys.frames, take.joints(), strict=True):
        empty_scene.frame_set(int(frame))
        evaluated = person.armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        heads = np.array(
            [evaluated.matrix_world @ evaluated.pose.bones[name].head for name in JOINT_NAMES]
        )
        worst = max(worst, np.linalg.norm(heads - expected, axis=1).max())
    assert worst < TENTH_OF_A_MILLIMETRE


def test_skin_is_that_of_our_own_skinning(empty_scene):
    take, body = tumbling(frames=12), default_body()
    person = written(take, empty_scene)
    assert person.body is not None
    _, weights = skin(body, with_fingers=False)
    expected = (
        replace(body, weights=weights).pose(take.rotations(), take.betas) + take.trans[:, None]
    )
    worst = 0.0
    for frame, vertices in zip(person.keys.frames, expected, strict=True):
        empty_scene.frame_set(int(frame))
        evaluated = person.body.evaluated_get(bpy.context.evaluated_depsgraph_get())
        mesh = evaluated.to_mesh()
        found = np.empty(3 * len(mesh.vertices))
        mesh.vertices.foreach_get("co", found)
        evaluated.to_mesh_clear()
        worst = max(worst, np.linalg.norm(found.reshape(-1, 3) - vertices, axis=1).max())
    assert worst < TENTH_OF_A_MILLIMETRE


def test_the_skin_for_engines_is_that_of_the_body_to_half_a_centimetre(empty_scene):
    take, body = walking(), default_body()
    _, weights = skin(body, with_fingers=False)
    assert (weights > 0).sum(axis=1).max() == 4 and np.allclose(weights.sum(axis=1), 1, atol=1e-5)
    engines = replace(body, weights=weights).pose(take.rotations(), take.betas)
    error = np.linalg.norm(engines - body.pose(take.rotations(), take.betas), axis=-1)
    assert error.max() < 0.005 and np.percentile(error, 99) < 1e-3


def test_objects_stay_at_the_origin_and_the_pelvis_bone_travels(empty_scene):
    person = written(walking(), empty_scene)
    for made in (person.armature, person.body):
        assert np.allclose(made.matrix_world, np.eye(4))
    curves = curves_of(person.armature).fcurves
    located = {curve.data_path for curve in curves if "location" in curve.data_path}
    assert located == {'pose.bones["pelvis"].location'}


def test_rest_pose_faces_the_front_view_with_its_soles_on_the_floor(empty_scene):
    person = written(walking(), empty_scene)
    heights = [vertex.co.z for vertex in person.body.data.vertices]
    assert abs(min(heights)) < 1e-6 and max(heights) > 1.5
    bones = person.armature.data.bones
    assert bones["left_wrist"].head_local.x > 0.5 > bones["right_wrist"].head_local.x
    assert bones["left_foot"].tail_local.y < bones["left_ankle"].head_local.y


def test_left_and_right_bones_mirror_each_other(empty_scene):
    person = written(walking(), empty_scene, with_body=False)
    mirror = np.diag([-1.0, 1.0, 1.0])
    for joint, name in enumerate(JOINT_NAMES):
        bone = np.array(person.armature.data.bones[name].matrix_local.to_3x3())
        other = person.armature.data.bones[JOINT_NAMES[MIRROR[joint]]].matrix_local.to_3x3()
        # The body itself is only nearly symmetric.
        assert np.abs(mirror @ bone @ mirror - np.array(other)).max() < 0.02, name


def test_elbows_bend_forward_about_their_x_axis(empty_scene):
    person = written(walking(), empty_scene, with_body=False)
    for side in ("left", "right"):
        axes = np.array(person.armature.data.bones[f"{side}_elbow"].matrix_local.to_3x3())
        forearm, hinge = axes[:, 1], axes[:, 0]
        assert np.cross(hinge, forearm)[1] < -0.9


def test_scene_is_left_as_it_was_found(empty_scene):
    mesh = bpy.data.objects.new("prop", bpy.data.meshes.new("prop"))
    empty_scene.collection.objects.link(mesh)
    layer = empty_scene.view_layers[0]
    layer.objects.active = mesh
    mesh.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    person = written(walking(), empty_scene, with_body=False)
    assert layer.objects.active == mesh and mesh.mode == "EDIT"
    assert mesh.select_get() and not person.armature.select_get()
