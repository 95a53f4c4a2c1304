"""A root bone carries the whole figure, and changes nothing of where it is."""

from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.motion.root_path import ROOT, ROOT_BONES, root_path
from bake.scene.animation.curves import Keying
from bake.scene.animation.motion import motion_of
from bake.scene.body_mesh import COLOURS
from bake.scene.rig.rig_look import RigStyle
from bake.scene.writer import Figure, write_person
from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from tests.bake.conftest import curves_of
from tests.bake.motions import tumbling, walking
from tests.bake.written import EXACT, written

TENTH_OF_A_MILLIMETRE = 1e-4


def _heads(armature: Any, frame: int) -> np.ndarray:
    bpy.data.scenes[0].frame_set(frame)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([posed.matrix_world @ posed.pose.bones[name].head for name in JOINT_NAMES])


def _root(armature: Any, frame: int) -> np.ndarray:
    """Where the root bone is (4, 4) in the world."""
    bpy.data.scenes[0].frame_set(frame)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array(posed.matrix_world @ posed.pose.bones[ROOT].matrix)


def _write(figure: Figure, take: Take, root: str, keying: Keying = EXACT) -> Figure:
    scene = bpy.data.scenes[0]
    motion = motion_of(
        take, Timeline(FrameRate(30, 1.0), 0.0), "none", root_motion="free", feet="never"
    )
    figure, warnings = write_person(
        scene,
        figure,
        "dancer",
        motion,
        scene.collection,
        colour=COLOURS[0],
        style=RigStyle(root),
        keying=keying,
    )
    assert warnings == []
    return figure


def turning_walk() -> Take:
    """A walk along a quarter of a circle to the left."""
    take = walking(frames=90)
    angle = np.linspace(0, np.pi / 2, len(take))
    turn = axis_angle_to_matrix(angle[:, None] * np.array([0, 0, 1.0]))
    poses = take.poses.reshape(-1, 24, 3)
    poses[:, 0] = matrix_to_axis_angle(turn @ axis_angle_to_matrix(poses[:, 0]))
    take.trans[:, :2] = 2 * np.stack((np.cos(angle), np.sin(angle)), axis=1)
    take.poses = poses.reshape(-1, 72)
    return take


@pytest.mark.parametrize("root", ROOT_BONES)
@pytest.mark.parametrize("make", [tumbling, turning_walk])
def test_the_motion_is_the_same_with_every_root(empty_scene, make, root):
    take = make()
    person = written(take, empty_scene, with_body=False, style=RigStyle(root))
    assert (ROOT in person.armature.data.bones) == (root != "none")
    for frame, expected in zip(person.keys.frames, take.joints(), strict=True):
        error = np.linalg.norm(_heads(person.armature, int(frame)) - expected, axis=1)
        assert error.max() < TENTH_OF_A_MILLIMETRE


def test_few_keys_keep_their_bound_below_a_root_that_follows(empty_scene):
    take = turning_walk()
    figure = _write(Figure(), take, "hips", Keying())
    armature: Any = figure.armature
    keyed = {c.data_path: len(c.keyframe_points) for c in curves_of(armature).fcurves}
    assert keyed[f'pose.bones["{ROOT}"].location'] < 30
    expected = take.joints()
    for frame in range(1, 91):
        error = np.linalg.norm(_heads(armature, frame) - expected[frame - 1], axis=1)
        assert error.max() < 0.002 + TENTH_OF_A_MILLIMETRE


@pytest.mark.parametrize("root", ["origin", "hips"])
def test_moving_the_root_bone_moves_everything(empty_scene, root):
    person = written(walking(), empty_scene, with_body=False, style=RigStyle(root))
    bone = person.armature.pose.bones[ROOT]
    before, place = _heads(person.armature, 20), _root(person.armature, 20)
    for curve in [c for c in curves_of(person.armature).fcurves if ROOT in c.data_path]:
        curve.mute = True
    bone.location, bone.rotation_quaternion = (3, 1, 0), (np.sqrt(0.5), 0, 0, np.sqrt(0.5))
    moved = _root(person.armature, 20) @ np.linalg.inv(place)
    expected = before @ moved[:3, :3].T + moved[:3, 3]
    assert np.abs(expected - before).max() > 1
    assert np.allclose(_heads(person.armature, 20), expected, atol=TENTH_OF_A_MILLIMETRE)


def test_the_root_at_the_origin_has_no_keys_and_the_axes_of_the_world(empty_scene):
    person = written(walking(), empty_scene, with_body=False)
    assert not any(ROOT in curve.data_path for curve in curves_of(person.armature).fcurves)
    assert np.allclose(_root(person.armature, 30), np.eye(4), atol=1e-6)


def test_the_root_under_the_hips_goes_the_way_of_the_figure(empty_scene):
    take = turning_walk()
    person = written(take, empty_scene, with_body=False, style=RigStyle("hips"))
    angles = np.linspace(0, np.pi / 2, len(take))
    pelvis = take.joints()[:, 0]
    for frame in person.keys.frames.tolist():
        root = _root(person.armature, frame)
        assert abs(root[2, 3]) < 1e-5 and np.allclose(root[:3, 2], (0, 0, 1), atol=1e-5)
        assert np.linalg.norm(root[:2, 3] - pelvis[frame - 1, :2]) < 0.06
        heading = np.arctan2(root[1, 0], root[0, 0])
        # The hips sway by 5 degrees. At the ends there is no telling a sway from a turn.
        bound = 2 if 20 < frame < 70 else 6
        assert abs(heading - angles[frame - 1]) < np.radians(bound), frame


def test_the_heading_stays_while_a_figure_lies_down(empty_scene):
    take = walking(frames=60)
    poses = take.poses.reshape(-1, 24, 3)
    down = axis_angle_to_matrix(np.linspace(0, np.pi / 2, 60)[:, None] * np.array([1.0, 0, 0]))
    poses[:, 0] = matrix_to_axis_angle(down @ axis_angle_to_matrix(poses[:, 0]))
    take.poses = poses.reshape(-1, 72)
    timeline = Timeline(FrameRate(30, 1.0), 0.0)
    motion = motion_of(take, timeline, "none", root_motion="free", feet="never")
    turns = root_path(motion.keys, timeline).turns
    assert np.degrees(2 * np.abs(np.arcsin(turns[:, 3]))).max() < 8, (
        "not the 90 degrees of the fall"
    )


@pytest.mark.parametrize("before", ROOT_BONES)
@pytest.mark.parametrize("after", ROOT_BONES)
def test_baking_again_with_another_root_changes_the_root_only(empty_scene, before, after):
    take = turning_walk()
    figure = _write(Figure(), take, before)
    armature: Any = figure.armature
    armature.hide_viewport = True
    assert _write(figure, take, after) == figure
    assert armature.hide_viewport
    armature.hide_viewport = False
    assert (ROOT in armature.data.bones) == (after != "none")
    keyed = any(f'"{ROOT}"' in curve.data_path for curve in curves_of(armature).fcurves)
    assert keyed == (after == "hips")
    expected = take.joints()
    for frame in (1, 30, 90):
        assert np.allclose(_heads(armature, frame), expected[frame - 1], atol=1e-4)
    if after == "origin":
        assert np.allclose(_root(armature, 90), np.eye(4), atol=1e-6)


def test_a_root_bone_that_the_user_moved_stays(empty_scene):
    figure = _write(Figure(), walking(), "origin")
    armature: Any = figure.armature
    armature.pose.bones[ROOT].location = (1, 2, 0)
    _write(figure, walking(), "none")
    assert tuple(armature.pose.bones[ROOT].location) == (1, 2, 0)


def test_keys_of_the_users_on_the_root_bone_stay(empty_scene):
    figure = _write(Figure(), walking(), "origin")
    armature: Any = figure.armature
    armature.pose.bones[ROOT].keyframe_insert("location", frame=5)
    for root in ("origin", "none"):
        _write(figure, walking(), root)
        paths = {curve.data_path for curve in curves_of(armature).fcurves}
        assert f'pose.bones["{ROOT}"].location' in paths


def test_bones_that_the_user_changed_get_no_root(empty_scene):
    figure = _write(Figure(), walking(), "none")
    armature: Any = figure.armature
    armature.pose.bones["left_foot"].constraints.new("COPY_ROTATION")
    _write(figure, walking(), "hips")
    assert ROOT not in armature.data.bones
    assert np.allclose(_heads(armature, 30), walking().joints()[29], atol=1e-4)


def test_a_figure_that_was_turned_and_applied_gets_a_root_that_fits(empty_scene):
    take = turning_walk()
    figure = _write(Figure(), take, "none")
    armature: Any = figure.armature
    armature.location, armature.rotation_euler = (3, 1, 0), (0, 0, 1)
    armature.scale = (2, 2, 2)
    layer = bpy.context.view_layer
    assert layer
    layer.update()
    place = np.array(armature.matrix_world)
    armature.select_set(True)
    layer.objects.active = armature
    bpy.ops.object.transform_apply()
    _write(figure, take, "hips")
    expected = take.joints()
    for frame in (1, 45, 90):
        joints = expected[frame - 1] @ place[:3, :3].T + place[:3, 3]
        assert np.allclose(_heads(armature, frame), joints, atol=2e-4)
    root, path = _root(armature, 45), place[:3, :3] @ [*expected[44, 0, :2], 0] + place[:3, 3]
    assert np.allclose(root[:3, 3], path, atol=0.06)
