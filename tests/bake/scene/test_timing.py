"""Names and timing of a scene."""

import pytest

from bake.motion.resample import FrameRate, Timeline
from bake.scene.timing import fit_timing, object_name


def test_names_tell_clip_and_person():
    assert object_name("street", "person_02") == "street_person_02"
    assert object_name("walk_poses", "walk_poses") == "walk_poses"


@pytest.mark.parametrize("clip", ["x" * 200, "\N{CAT FACE}" * 80])
def test_long_clip_names_leave_room_for_the_person(clip):
    name = object_name(clip, "person_02")
    assert name.endswith("_person_02") and len(f"{name}_body".encode()) <= 63


def test_the_scene_gets_rate_and_range(empty_scene):
    fit_timing(empty_scene, Timeline(FrameRate(30, 1.001)), 240)
    assert empty_scene.render.fps / empty_scene.render.fps_base == pytest.approx(29.97003)
    assert (empty_scene.frame_start, empty_scene.frame_end) == (1, 240)
    assert empty_scene.frame_current == 1
