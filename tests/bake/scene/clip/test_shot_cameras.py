"""The cameras of a clip that was cut change as the clip does."""

from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from bake.motion.resample import FrameRate, Timeline
from bake.scene.clip.clip_camera import remove_camera
from bake.scene.clip.shot import put_shot
from bake.scene.clip.shot_cameras import change_cameras
from core_model.take import Take
from tests.bake.motions import filmed_from_the_front, walking

TIMELINE = Timeline(FrameRate(30, 1.0), 0.5, 1)


def _takes() -> list[Take]:
    """Return takes of shots 1, 2 and 4, each seen by a camera a metre further away."""
    takes = []
    for index, (number, start) in enumerate(((1, 0.0), (2, 1.02), (4, 3.0))):
        camera = filmed_from_the_front()
        to_world = camera.to_world.copy()
        to_world[1, 3] -= index
        take = walking(20, camera=replace(camera, to_world=to_world))
        take.times = take.times + start + 0.5 * (number == 1)
        take.source = {"shot": {"number": number, "start": start, "end": start + 0.7}}
        takes.append(take)
    return takes


def _put(scene: bpy.types.Scene, takes: list[Take]) -> None:
    put_shot(scene, "clip", None, takes, TIMELINE, scene.collection, 0.0)


def test_each_shot_is_seen_through_its_camera(empty_scene) -> None:
    scene: Any = empty_scene
    _put(scene, _takes()[::-1])
    names = [f"clip_camera_{number:02d}" for number in (1, 2, 4)]
    assert sorted(each.name for each in scene.objects) == names
    shown = []
    for frame in (1, 15, 16, 17, 75, 76, 90):  # 1.02 s lies between frames 16 and 17
        scene.frame_set(frame)
        shown.append(names.index(scene.camera.name))
    assert shown == [0, 0, 0, 1, 1, 2, 2]
    places = [scene.objects[name].matrix_world.translation.y for name in names]
    np.testing.assert_allclose(np.diff(places), -1, atol=1e-5)


def test_one_shot_alone_needs_no_markers(empty_scene) -> None:
    _put(empty_scene, _takes()[1:2])
    assert empty_scene.camera.name == "clip_camera_02"
    assert not len(empty_scene.timeline_markers)


def test_again_nothing_is_there_twice_and_what_is_of_the_user_stays(empty_scene) -> None:
    scene: Any = empty_scene
    _put(scene, _takes())
    own = scene.timeline_markers.new("mine", frame=5)
    own.camera = scene.objects["clip_camera_02"]
    cameras = {number: scene.objects[f"clip_camera_{number:02d}"] for number in (1, 2, 4)}
    change_cameras(scene, cameras, {1: 0.0, 2: 1.5, 4: 3.0}, TIMELINE)
    found = sorted((each.frame, each.name) for each in scene.timeline_markers)
    assert found == [(1, "shot 1"), (5, "mine"), (31, "shot 2"), (76, "shot 4")]
    remove_camera(cameras[4])
    assert sorted(each.name for each in scene.timeline_markers) == ["mine", "shot 1", "shot 2"]


def test_a_camera_of_the_user_goes_on_showing_the_scene(empty_scene) -> None:
    scene: Any = empty_scene
    own = bpy.data.objects.new("mine", bpy.data.cameras.new("mine"))
    scene.collection.objects.link(own)
    scene.camera = own
    _put(scene, _takes())
    scene.frame_set(40)
    assert scene.camera == own and not len(scene.timeline_markers)
