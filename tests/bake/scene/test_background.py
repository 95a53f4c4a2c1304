"""The clip behind the camera shows the picture that the motion was captured from."""

from typing import Any

import bpy
import numpy as np
import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.scene.background import add_background
from bake.scene.camera_match import create_camera
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
