"""The list of more cameras: add, order, remove, what it asks the engine for, what it remembers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.errors import MocapError
from core_model.geometry.camera import Camera
from core_model.take.view import View
from tests.bake.motions import filmed_from_the_front, walking


@pytest.fixture
def clips(addon: Any, tmp_path: Path) -> list[str]:
    """Return three files that are there; nobody decodes them here."""
    paths = [tmp_path / f"{name}.mp4" for name in ("front", "side", "back")]
    for path in paths:
        path.write_bytes(b"")
    scene: Any = bpy.context.scene
    scene.int_mocap.capture.clip = str(paths[0])
    return [str(path) for path in paths]


def _settings() -> Any:
    scene: Any = bpy.context.scene
    return scene.int_mocap.capture


def _names() -> list[str]:
    return [Path(item.clip).stem for item in _settings().views]


def test_clips_are_added_moved_and_removed(clips: list[str]) -> None:
    ops: Any = bpy.ops.int_mocap
    assert not ops.remove_view.poll() and not ops.move_view.poll()
    for clip in clips[1:]:
        assert ops.add_view(filepath=clip) == {"FINISHED"}
    assert _names() == ["side", "back"] and _settings().active_view == 1
    assert ops.move_view(direction="UP") == {"FINISHED"}
    assert _names() == ["back", "side"] and _settings().active_view == 0
    assert ops.move_view(direction="UP") == {"CANCELLED"}
    assert ops.remove_view() == {"FINISHED"}
    assert _names() == ["side"]
    with pytest.raises(RuntimeError, match="There is no clip"):
        ops.add_view(filepath="/nowhere/gone.mp4")


def test_the_engine_is_asked_for_all_of_them(clips: list[str]) -> None:
    from int_mocap_addon.capture.request import request_of

    scene: Any = bpy.context.scene
    assert "views" not in request_of(scene).options
    for clip in clips[1:]:
        bpy.ops.int_mocap.add_view(filepath=clip)
    known = _settings().views[1]
    known.use_offset, known.offset, known.focal = True, -1.5, 900.0
    options = request_of(scene).options
    assert options["views"] == clips[1:] and options["offsets"] == [None, -1.5]
    assert options["view_focals"] == [None, 900.0]
    from core_model.options import CaptureOptions

    CaptureOptions.of({name: options[name] for name in ("views", "offsets", "view_focals")}).check()


def test_a_clip_that_is_gone_is_one_sentence(clips: list[str]) -> None:
    from int_mocap_addon.capture.request import request_of

    bpy.ops.int_mocap.add_view(filepath=clips[1])
    Path(clips[1]).unlink()
    scene: Any = bpy.context.scene
    with pytest.raises(MocapError, match="take it off More Cameras"):
        request_of(scene)


def test_what_was_found_is_shown_until_something_changes(clips: list[str]) -> None:
    from int_mocap_addon.capture.more_cameras import remember_answers

    bpy.ops.int_mocap.add_view(filepath=clips[1])
    answer = {"video": clips[1], "offset": 0.25, "sure": 0.5, "told_by": "sound", "missed": 0.1}
    remember_answers(_settings(), [answer, answer | {"video": clips[2]}])
    item = _settings().views[0]
    assert item.told_by == "sound" and abs(item.found - 0.25) < 1e-6
    item.clip = clips[2]
    assert item.told_by == ""


def test_no_offset_is_shown_as_minus_nothing() -> None:
    from int_mocap_addon.capture.more_cameras import _signed

    assert [_signed(number, 2) for number in (-0.001, 0.0, -0.25, 1.5)] == [
        *("+0.00", "+0.00", "-0.25", "+1.50")
    ]


def test_options_that_make_no_sense_are_refused() -> None:
    from core_model.options import CaptureOptions

    for given, words in (
        ({"views": ["b.mp4"] * 9}, "too many"),
        ({"views": ["b.mp4"], "offsets": [1.0, 2.0]}, "one for each"),
        ({"views": ["b.mp4"], "offsets": [float("nan")]}, "number of seconds"),
        ({"view_focals": [900.0]}, "1 focal lengths were given for 0 more cameras"),
        ({"views": ["b.mp4"], "view_focals": [0.5]}, "in pixels"),
    ):
        with pytest.raises(MocapError, match=words):
            CaptureOptions.of(given).check()
    with pytest.raises(MocapError, match="cannot be"):
        CaptureOptions.of({"views": "b.mp4"})


def test_every_camera_of_a_capture_stands_in_the_scene_once(mocap: Any, tmp_path: Path) -> None:
    to_first = np.eye(4)
    to_first[:3, 3] = [2.0, 0.0, 1.0]
    camera = Camera(700.0, np.array([180.0, 320.0]), np.array([360, 640]), to_first)
    seen = np.zeros((30, 33, 3))
    view = View("/gone/side.mp4", camera, np.arange(30) / 30, 0.25, 1.0, seen)
    take = replace(walking(camera=filmed_from_the_front()), views=(view,))
    take.save(tmp_path / "walk.npz")
    assert bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / "walk.npz")) == {"FINISHED"}
    for _ in range(2):
        assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    cameras = [each.name for each in bpy.data.objects if each.type == "CAMERA"]
    assert len(cameras) == 2 and any("side" in name for name in cameras), cameras
    scene: Any = bpy.context.scene
    assert "side" not in scene.camera.name

    from int_mocap_addon.takes.replacing import remove_takes_of_clip

    item = scene.int_mocap.takes[0]
    item.clip = str(tmp_path / "walk.mp4")
    remove_takes_of_clip(scene, tmp_path / "walk.mp4")
    assert not [each for each in bpy.data.objects if each.type == "CAMERA"]
