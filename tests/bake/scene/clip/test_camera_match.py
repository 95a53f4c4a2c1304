"""The Blender camera sees every point where the clip's camera saw it."""

import bpy
import numpy as np
import pytest
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

from bake.motion.resample import FrameRate, Timeline
from bake.scene.clip.camera_match import (
    create_camera,
    overview_camera,
    show_through,
)
from bake.scene.clip.camera_turns import turn_camera, turn_keys
from bake.scene.clip.camera_zoom import is_zoomed_by_hand, zoom_camera, zoom_keys
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix
from tests.bake.motions import filmed_from_the_front, walking

TENTH_OF_A_PIXEL = 0.1


def _portrait() -> Camera:
    camera = filmed_from_the_front()
    return Camera(1800.0, np.array([530.0, 990.0]), np.array([1080, 1920]), camera.to_world)


def _pixels(scene: bpy.types.Scene, camera: bpy.types.Object, points: np.ndarray) -> np.ndarray:
    scene.view_layers[0].update()
    seen = np.array([world_to_camera_view(scene, camera, Vector(point)) for point in points])
    size = np.array([scene.render.resolution_x, scene.render.resolution_y])
    return np.stack((seen[:, 0], 1 - seen[:, 1]), axis=1) * size


@pytest.mark.parametrize("camera", [filmed_from_the_front(), _portrait()])
def test_points_fall_onto_the_same_pixels(empty_scene, camera):
    points = walking().joints().reshape(-1, 3)[::7]
    placed = create_camera("shot", camera, empty_scene.collection)
    show_through(empty_scene, placed, camera.size)
    expected = camera.project(camera.world_to_camera(points))
    assert np.abs(_pixels(empty_scene, placed, points) - expected).max() < TENTH_OF_A_PIXEL
    assert empty_scene.camera == placed


def test_the_overview_sees_the_whole_motion(empty_scene):
    joints = walking().joints()
    camera = overview_camera(joints[:, 0])
    placed = create_camera("overview", camera, empty_scene.collection)
    show_through(empty_scene, placed, camera.size)
    pixels = _pixels(empty_scene, placed, joints.reshape(-1, 3))
    assert (pixels > 0).all() and (pixels < camera.size).all()


def test_a_turning_camera_sees_every_frame_where_the_clip_did(empty_scene):
    take = walking(camera=filmed_from_the_front())
    pan = np.linspace(-0.4, 0.5, len(take))
    vectors = pan[:, None] * np.array([0.1, 1.0, 0.05])
    take.camera_turns = axis_angle_to_matrix(vectors)
    assert take.camera is not None
    timeline = Timeline(FrameRate(30, 1.0))
    placed = create_camera("shot", take.camera, empty_scene.collection)
    turns = turn_keys([take], timeline)
    assert turns
    turn_camera(placed, turns)
    show_through(empty_scene, placed, take.camera.size)
    expected = take.camera.project(take.camera_joints())
    for index in (0, 17, len(take) - 1):
        empty_scene.frame_set(index + 1)
        missed = _pixels(empty_scene, placed, take.joints()[index]) - expected[index]
        assert np.abs(missed).max() < TENTH_OF_A_PIXEL


def test_a_zooming_camera_sees_every_frame_where_the_clip_did(empty_scene):
    take = walking(camera=filmed_from_the_front())
    take.camera_zoom = np.linspace(1.0, 1.7, len(take))
    assert take.camera is not None
    placed = create_camera("shot", take.camera, empty_scene.collection)
    zoom = zoom_keys([take], Timeline(FrameRate(30, 1.0)))
    assert zoom
    zoom_camera(placed, take.camera, zoom)
    show_through(empty_scene, placed, take.camera.size)
    expected = take.camera.through_zoom(take.camera.project(take.camera_joints()), take.camera_zoom)
    for index in (0, 17, len(take) - 1):
        empty_scene.frame_set(index + 1)
        missed = _pixels(empty_scene, placed, take.joints()[index]) - expected[index]
        assert np.abs(missed).max() < TENTH_OF_A_PIXEL
    assert placed.data is not None and placed.data.animation_data is not None
    edited = placed.data.animation_data.drivers[0].keyframe_points[3]
    assert not is_zoomed_by_hand(placed)
    edited.co.y += 5
    assert is_zoomed_by_hand(placed)


def test_a_camera_that_stood_still_has_neither_turns_nor_zoom():
    take, timeline = walking(camera=filmed_from_the_front()), Timeline(FrameRate(30, 1.0))
    assert turn_keys([take], timeline) is None and zoom_keys([take], timeline) is None
