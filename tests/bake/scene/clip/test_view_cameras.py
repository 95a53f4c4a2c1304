"""Further cameras of a capture see the figure where their clips do, and play in step."""

from typing import Any

import bpy
import numpy as np
import pytest
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

from bake.motion.resample import FrameRate, Timeline
from bake.scene.clip.camera_match import show_through
from bake.scene.clip.view_cameras import VIEW, put_views
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.take.view import View
from tests.bake.motions import filmed_from_the_front, walking

TIMELINE = Timeline(FrameRate(30, 1.0))


def _view(turning: bool = False, **changed: Any) -> View:
    to_first = np.eye(4)
    to_first[:3, :3] = axis_angle_to_matrix(np.array([0.05, -1.3, 0.02]))
    to_first[:3, 3] = [3.5, 0.2, 3.0]
    camera = Camera(700.0, np.array([180.0, 320.0]), np.array([360, 640]), to_first)
    times = np.arange(30) / 30
    pan = np.linspace(0, 0.3, 30)[:, None] * np.array([0.0, 1.0, 0.1])
    known: dict[str, Any] = {
        "video": "/gone/side.mp4",
        "camera": camera,
        "times": times,
        "offset": 0.0,
        "rate": 1.0,
        "keypoints2d": np.zeros((30, 33, 3)),
        "turns": axis_angle_to_matrix(pan) if turning else np.empty(0),
    }
    return View(**known | changed)


@pytest.mark.parametrize("turning", [False, True])
def test_the_figure_is_seen_where_the_view_saw_it(empty_scene, turning: bool) -> None:
    take = walking(camera=filmed_from_the_front())
    assert take.camera
    view = _view(turning)
    warnings = put_views(empty_scene, take.camera, [view], TIMELINE, empty_scene.collection)
    assert len(warnings) == 1 and "side.mp4" in warnings[0]  # the clip is not there any more
    (placed,) = [each for each in empty_scene.collection.objects if VIEW in each]
    show_through(empty_scene, placed, view.camera.size)
    for index in (0, 14, 29):
        empty_scene.frame_set(index + 1)
        empty_scene.view_layers[0].update()
        joints = take.joints()[index]
        in_first = take.camera.world_to_camera(joints)
        in_view = view.camera.world_to_camera(in_first)
        if turning:
            in_view = in_view @ view.turns[index]
        expected = view.camera.project(in_view)
        seen = np.array([world_to_camera_view(empty_scene, placed, Vector(p)) for p in joints])
        pixels = np.stack((seen[:, 0], 1 - seen[:, 1]), axis=1) * view.camera.size
        assert np.abs(pixels - expected).max() < 0.1


def test_baking_again_keeps_the_cameras(empty_scene) -> None:
    camera = filmed_from_the_front()
    for _ in range(2):
        put_views(empty_scene, camera, [_view(), _view()], TIMELINE, empty_scene.collection)
    assert sorted(each[VIEW] for each in empty_scene.collection.objects) == [1, 2]


def test_a_clip_that_begins_later_is_shown_later(empty_scene, tmp_path) -> None:
    folder = tmp_path / "side"
    image = bpy.data.images.new("frame", 36, 64)
    image.file_format = "PNG"
    for number in range(1, 6):
        image.save(filepath=str(folder / f"{number:04d}.png"))
    view = _view(video=str(folder), offset=0.5, about={"stored": {"rate": 30.0}})
    put_views(empty_scene, filmed_from_the_front(), [view], TIMELINE, empty_scene.collection)
    (placed,) = empty_scene.collection.objects
    data: Any = placed.data
    clip = data.background_images[0].clip
    # Picture n + 1 is shown at the scene's frame n + 16, half a second after the first.
    assert clip.frame_start == 1 and clip.frame_offset == -15
