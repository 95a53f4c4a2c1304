"""Curves as an animator finds them."""

import bpy
import numpy as np

from bake.scene.animation.action import baked_action, write_curves
from core_model.body.skeleton import JOINT_NAMES
from tests.bake.conftest import curves_of
from tests.bake.motions import tumbling
from tests.bake.written import written


def _animated(scene: bpy.types.Scene):
    cube = bpy.data.objects.new("cube", None)
    scene.collection.objects.link(cube)
    return cube


def test_keys_play_back_as_written(empty_scene):
    cube = _animated(empty_scene)
    frames = np.array([1, 2, 3, 10])
    values = np.array([[0, 1, 2], [1, 1, 2], [2, 1, 2], [5, 5, 5]], dtype=float)
    action, holder = baked_action("moves", cube)
    last = np.array([False, False, True, True])
    write_curves(holder, "location", "Moves", frames, values, last)
    for frame, value in zip(frames, values, strict=True):
        empty_scene.frame_set(int(frame))
        assert np.allclose(cube.matrix_world.translation, value)
    empty_scene.frame_set(2, subframe=0.5)
    assert np.allclose(cube.matrix_world.translation, [1.5, 1, 2])
    empty_scene.frame_set(9)
    assert np.allclose(cube.matrix_world.translation, values[2]), "holds through a gap"
    curve = holder.fcurves[0]
    assert curve.group.name == "Moves"
    points = curve.keyframe_points
    assert {point.interpolation for point in points} == {"LINEAR"}
    assert not curve.select and not any(point.select_control_point for point in points)
    assert [point.co.x for point in points] == [1, 2, 3, 9, 10]
    assert np.allclose([point.handle_left.x for point in points], [1, 2, 3, 9, 10], atol=4)
    assert cube.animation_data.action == action


def test_an_action_still_moves_its_object_after_renaming_it(empty_scene):
    cube = _animated(empty_scene)
    _, holder = baked_action("moves", cube)
    write_curves(holder, "location", "Moves", np.array([1]), np.ones((1, 3)), np.array([True]))
    cube.name = "another"
    empty_scene.frame_set(1)
    assert np.allclose(cube.matrix_world.translation, 1)


def test_every_bone_has_its_group_and_quaternions_never_flip(empty_scene):
    take = tumbling(frames=120)
    person = written(take, empty_scene, with_body=False)
    bag = curves_of(person.armature)
    assert {group.name for group in bag.groups} == {*JOINT_NAMES, "Mocap"}
    colours = {group.name.split("_")[0]: group.color_set for group in bag.groups}
    assert len({colours["left"], colours["right"], colours["head"]}) == 3
    assert len(bag.fcurves) == 24 * 4 + 3 + 2
    for name in JOINT_NAMES:
        keys = np.empty((4, 120, 2))
        for index in range(4):
            curve = bag.fcurves.find(f'pose.bones["{name}"].rotation_quaternion', index=index)
            flat = np.empty(240)
            curve.keyframe_points.foreach_get("co", flat)
            keys[index] = flat.reshape(120, 2)
        assert np.allclose(keys[0, :, 0], np.arange(1, 121))
        values = keys[..., 1].T
        assert np.allclose(np.linalg.norm(values, axis=1), 1, atol=1e-6)
        assert ((values[1:] * values[:-1]).sum(axis=1) > 0.5).all()
