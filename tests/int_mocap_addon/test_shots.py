"""Takes of a clip that was cut: every shot has its camera, and the scene changes between them."""

from typing import Any

import bpy
import pytest

from core_model.take.writing import save_takes, scratch_folder
from tests.bake.motions import filmed_from_the_front, walking
from tests.int_mocap_addon.conftest import contents


@pytest.fixture
def shots(mocap: Any, tmp_path: Any) -> Any:
    """Return the listed takes of two people in a first shot and one in a second, not baked yet."""
    folder, clip = tmp_path / "film", str(tmp_path / "film.mp4")
    takes = []
    for number, start in ((1, 0.0), (1, 0.0), (2, 1.0)):
        camera = filmed_from_the_front()
        camera.to_world[1, 3] -= number
        take = walking(30, camera=camera)
        take.times = take.times + start
        take.source = {"video": clip, "shot": {"number": number, "start": start, "end": start + 1}}
        takes.append(take)
    with scratch_folder(folder) as scratch:
        save_takes(folder, scratch, takes, {"video": clip}, [])
    files = [{"name": f"person_{number:02d}.npz"} for number in (1, 2, 3)]
    bpy.ops.int_mocap.load_takes(directory=str(folder), files=files)
    return mocap.takes


def test_every_shot_gets_one_camera_and_the_scene_changes_between_them(mocap, shots) -> None:
    bpy.ops.int_mocap.bake(all_takes=True)
    scene: Any = bpy.context.scene
    names = [each.camera.name for each in shots]
    assert names == ["film_camera_01", "film_camera_01", "film_camera_02"]
    assert contents()["collections"] == ["film"]
    shown = []
    for frame in (1, 30, 31, 60):
        scene.frame_set(frame)
        shown.append(scene.camera.name[-2:])
    assert shown == ["01", "01", "02", "02"]


def test_baking_again_adds_nothing(mocap, shots) -> None:
    bpy.ops.int_mocap.bake(all_takes=True)
    before = contents()
    mocap.active_take = 2
    bpy.ops.int_mocap.bake()
    bpy.ops.int_mocap.bake(all_takes=True)
    assert contents() == before
    assert [each.frame for each in bpy.context.scene.timeline_markers if each.camera] == [1, 31]


def test_a_shot_that_is_baked_later_comes_in(mocap, shots) -> None:
    mocap.active_take = 0
    bpy.ops.int_mocap.bake()
    markers: Any = bpy.context.scene.timeline_markers
    assert not [each for each in markers if each.camera]
    mocap.active_take = 2
    bpy.ops.int_mocap.bake()
    assert [(each.frame, each.camera.name[-2:]) for each in markers if each.camera] == [
        (1, "01"),
        (31, "02"),
    ]
