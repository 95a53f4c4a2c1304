"""Fingers in Blender move as our own kinematics says, and takes without them are as ever."""

from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.root_path import ROOT
from core_model.body.fingers import FINGER_JOINT_NAMES, place_fingers
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES, forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from tests.bake.conftest import curves_of
from tests.bake.motions import tiny_body, tumbling, walking
from tests.bake.written import written

TENTH_OF_A_MILLIMETRE = 1e-4


def with_hands(take: Take, seed: int = 3) -> Take:
    """Fingers that wave about, each its own way."""
    random = np.random.default_rng(seed)
    phase = random.uniform(0, 2 * np.pi, 90)
    take.poses_hands = 0.7 * np.sin(2 * np.pi * 0.8 * take.times[:, None] + phase)
    return take


def evaluated(thing: Any) -> Any:
    return thing.evaluated_get(bpy.context.evaluated_depsgraph_get())


def test_finger_bones_and_skin_are_those_of_our_own_kinematics(empty_scene):
    take, body = with_hands(tumbling(frames=8)), default_body()
    person = written(take, empty_scene)
    assert person.body is not None
    rest = body.rest_joints(take.betas)
    fingers = take.finger_rotations()
    joints, turned = forward_kinematics(take.rotations(), np.broadcast_to(rest, (8, 24, 3)))
    expected, _ = place_fingers(fingers, joints, turned, rest, body.rest_fingers(take.betas)[0])
    skin = body.pose(take.rotations(), take.betas, fingers) + take.trans[:, None]
    # Of more bones than four, Blender's skin leaves out the weakest.
    few = (body.weights > 0).sum(axis=1) <= 4
    for frame in range(8):
        empty_scene.frame_set(int(person.keys.frames[frame]))
        bones = evaluated(person.armature).pose.bones
        heads = np.array([bones[name].head for name in FINGER_JOINT_NAMES])
        error = np.linalg.norm(heads - expected[frame] - take.trans[frame], axis=1)
        assert error.max() < TENTH_OF_A_MILLIMETRE
        shown = evaluated(person.body)
        mesh = shown.to_mesh()
        found = np.empty(3 * len(mesh.vertices))
        mesh.vertices.foreach_get("co", found)
        shown.to_mesh_clear()
        error = np.linalg.norm(found.reshape(-1, 3) - skin[frame], axis=1)
        assert error[few].max() < TENTH_OF_A_MILLIMETRE


def test_a_take_without_hands_has_the_24_bones_and_nothing_else(empty_scene):
    person = written(walking(), empty_scene)
    assert {bone.name for bone in person.armature.data.bones} == {ROOT, *JOINT_NAMES}
    assert [group.name for group in person.body.vertex_groups] == list(JOINT_NAMES)


def test_a_body_without_fingers_takes_no_notice_of_them(empty_scene):
    person = written(with_hands(walking()), empty_scene, body=tiny_body(), with_body=False)
    assert len(person.armature.data.bones) == 1 + len(JOINT_NAMES)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_turn_about_x_bends_a_finger_into_the_palm(empty_scene, side):
    person = written(with_hands(walking(frames=2)), empty_scene, with_body=False)
    bones = person.armature.data.bones
    for name in FINGER_JOINT_NAMES:
        if not name.startswith(side):
            continue
        axes = np.array(bones[name].matrix_local.to_3x3())
        towards = np.cross(axes[:, 0], axes[:, 1])
        # Down from the T-pose; the thumb towards the other fingers.
        outwards = 1 if side == "left" else -1
        assert (outwards * towards[0] > 0.3) if "thumb" in name else (towards[2] < -0.6), name


def test_fingers_hang_on_the_hand_and_end_at_their_tips(empty_scene):
    person = written(with_hands(walking(frames=2)), empty_scene, with_body=False)
    bones = person.armature.data.bones
    assert bones["left_index1"].parent.name == "left_hand"
    assert bones["right_thumb1"].parent.name == "right_wrist"
    assert bones["left_index3"].parent.name == "left_index2"
    assert bones["left_index3"].use_connect and not bones["left_index1"].use_connect
    assert 0.01 < bones["left_index3"].length < 0.04


def test_fingers_are_smoothed_and_keyed_in_the_action_of_the_body(empty_scene):
    take = with_hands(walking())
    assert take.poses_hands is not None
    calm = take.poses_hands.copy()
    take.poses_hands += np.random.default_rng(0).normal(0, 0.1, calm.shape)
    noise = {}
    for profile in ("none", "heavy"):
        person = written(take, empty_scene, profile, with_body=False)
        path = 'pose.bones["left_ring2"].rotation_quaternion'
        curves = [c for c in curves_of(person.armature).fcurves if c.data_path == path]
        assert len(curves) == 4
        values = np.array([[key.co[1] for key in curve.keyframe_points] for curve in curves])
        assert values.shape[1] == len(person.keys.frames)
        noise[profile] = np.diff(values, n=2, axis=1).std()
    assert noise["heavy"] < 0.3 * noise["none"]


def test_hands_of_amass_are_baked(empty_scene, tmp_path):
    take = with_hands(walking(frames=4))
    assert take.poses_hands is not None
    poses = np.concatenate((take.poses[:, :66], take.poses_hands), axis=1)
    path = tmp_path / "amass.npz"
    np.savez(path, poses=poses, trans=take.trans, betas=take.betas, mocap_framerate=30.0)
    person = written(Take.load(path), empty_scene, with_body=False)
    assert len(person.armature.data.bones) == 1 + len(JOINT_NAMES) + len(FINGER_JOINT_NAMES)


def test_pose_is_kept_where_hands_turn_with_their_own_joint(empty_scene):
    """The four fingers follow `left_hand`, as the skin of 24 joints does."""
    take = with_hands(walking(frames=3))
    rotations = take.rotations()
    rotations[:, JOINT_INDEX["left_hand"]] = axis_angle_to_matrix(np.array([0.0, 0.0, -0.5]))
    take.poses = matrix_to_axis_angle(rotations).reshape(3, 72)
    take.poses_hands = np.zeros((3, 90))
    body = default_body()
    with_fingers = body.pose(take.rotations(), take.betas, take.finger_rotations())
    np.testing.assert_allclose(with_fingers, body.pose(take.rotations(), take.betas), atol=1e-9)
