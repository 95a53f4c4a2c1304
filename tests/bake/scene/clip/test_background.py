"""The clip behind the camera shows the picture that the motion was captured from."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.scene.clip.background import add_background, fit_background
from bake.scene.clip.camera_match import create_camera
from tests.bake.motions import filmed_from_the_front


@pytest.fixture
def picture_folder(tmp_path):
    image = bpy.data.images.new("frame", 64, 36)
    image.file_format = "PNG"
    for number in range(1, 6):
        image.save(filepath=str(tmp_path / "frames" / f"{number:04d}.png"))
    return tmp_path / "frames"


def test_an_in_point_starts_the_background_there(empty_scene, picture_folder):
    placed = create_camera("shot", filmed_from_the_front(), empty_scene.collection)
    timeline = Timeline(FrameRate(30, 1.0), start=2.0)
    warnings = add_background(placed, picture_folder, timeline, np.array([64, 36]))
    data: Any = placed.data
    background = data.background_images[0]
    assert data.show_background_images and warnings == []
    assert (background.clip.frame_start, background.clip.frame_offset) == (1, 60)


def test_a_background_of_another_size_is_told(empty_scene, picture_folder):
    placed = create_camera("shot", filmed_from_the_front(), empty_scene.collection)
    warnings = add_background(
        placed, picture_folder, Timeline(FrameRate(30, 1.0)), np.array([36, 64])
    )
    assert len(warnings) == 1 and "64 x 36" in warnings[0]


def test_what_is_no_clip_is_told(empty_scene, tmp_path):
    placed = create_camera("shot", filmed_from_the_front(), empty_scene.collection)
    (tmp_path / "empty").mkdir()
    warnings = add_background(
        placed, tmp_path / "empty", Timeline(FrameRate(30, 1.0)), np.array([36, 64])
    )
    assert len(warnings) == 1 and "no background" in warnings[0]


def _added(folder: Path, size: tuple[int, int] = (64, 36), fps: int = 30, **stored: Any) -> Any:
    placed = create_camera("shot", filmed_from_the_front(), bpy.data.scenes[0].collection)
    timeline = Timeline(FrameRate(fps, 1.0))
    warnings = add_background(placed, folder, timeline, np.array(size), stored)
    data: Any = placed.data
    return (data.background_images[0] if data.background_images else None), warnings


@pytest.mark.parametrize("stray", ["._0001.png", ".DS_Store", "capture.json", "0.txt", "0.png/x"])
def test_other_files_beside_the_pictures_are_no_pictures(empty_scene, picture_folder, stray):
    (picture_folder / stray).parent.mkdir(exist_ok=True)
    (picture_folder / stray).write_bytes(b"no picture")
    background, warnings = _added(picture_folder)
    assert Path(background.clip.filepath).name == "0001.png" and warnings == []
    assert (background.clip.frame_duration, background.clip.frame_offset) == (5, 0)


def test_missing_pictures_leave_the_others_in_step_and_are_told(empty_scene, picture_folder):
    (picture_folder / "0003.png").unlink()
    _, warnings = _added(picture_folder)
    assert len(warnings) == 1 and "1 pictures are missing" in warnings[0]


def test_pictures_that_blender_counts_otherwise_are_told(empty_scene, picture_folder):
    for path in sorted(picture_folder.iterdir()):
        path.rename(path.with_name(f"{path.stem}_v2.png"))
    _, warnings = _added(picture_folder)
    assert len(warnings) == 1 and "out of step" in warnings[0]


def test_pictures_of_another_rate_than_the_scenes_are_shown_at_their_moments(
    empty_scene, picture_folder
):
    assert _added(picture_folder, rate=30.0)[0].clip.animation_data is None
    background, warnings = _added(picture_folder, fps=60, rate=30.0)
    assert warnings == []
    shown = []
    for frame in (1, 2, 3, 5, 9):
        empty_scene.frame_set(frame)
        shown.append(frame - 1 + background.clip.frame_offset)
    assert shown == [0, 1, 1, 2, 4], "the nearest, the later one in the middle between two"
    driver: Any = background.clip.animation_data.drivers[0].driver
    assert driver.is_simple_expression, "files open without a warning about scripts"


@pytest.mark.parametrize(
    ("scene_size", "method"),
    [((640, 360), "FIT"), ((1920, 800), "CROP"), ((500, 500), "FIT"), ((1080, 1920), "FIT")],
)
def test_a_clip_is_as_wide_as_the_cameras_picture(empty_scene, picture_folder, scene_size, method):
    """The lens fits the clip's width; what is higher than the scene's picture goes beyond it."""
    background, _ = _added(picture_folder)
    camera = empty_scene.objects[0]
    render = empty_scene.render
    render.resolution_x, render.resolution_y = scene_size
    fit_background(empty_scene, camera)
    assert background.frame_method == method
    background.frame_method = "STRETCH"
    fit_background(empty_scene, camera)
    assert background.frame_method == "STRETCH", "the user's choice"


@pytest.mark.parametrize(
    "stored", [{"lead": "x"}, {"lead": float("nan")}, {"turned": 7}, {"rate": []}]
)
def test_nonsense_in_a_take_does_no_harm(empty_scene, picture_folder, stored):
    background, warnings = _added(picture_folder, **stored)
    assert background.clip.frame_offset == 0 and warnings == []


def test_a_photo_is_behind_the_camera(empty_scene, picture_folder):
    background, warnings = _added(picture_folder / "0001.png")
    assert background is not None and warnings == []
