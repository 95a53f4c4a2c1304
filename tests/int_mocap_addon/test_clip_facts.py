"""What the panel says of a clip, read by Blender itself."""

from pathlib import Path
from typing import Any

import bpy
import pytest

from int_mocap_addon import tasks
from int_mocap_addon.tasks import Outcome, Progress, Steps
from tests.int_mocap_addon.conftest import contents
from tests.places import DEMO


def _says_something() -> Steps:
    yield Progress("Working")
    return Outcome("INFO", ("Done.",))


def _said() -> None:
    task = tasks.start("Capture", _says_something())
    while not task.poll():
        pass


def test_length_size_and_rate_are_known_at_once_and_nothing_stays_in_the_file(addon: Any):
    capture: Any = bpy.context.scene.int_mocap.capture
    before = contents()
    capture.clip = str(DEMO)
    facts = capture.of_clip
    assert (facts.frames, facts.width, facts.height) == (150, 854, 480)
    assert facts.rate == pytest.approx(30, abs=0.01) and facts.seconds == pytest.approx(5, abs=0.1)
    assert contents() == before
    capture.clip = ""
    assert (facts.frames, facts.rate, facts.picture) == (0, 0.0, "")


def test_what_cannot_be_read_is_not_known(addon: Any, tmp_path: Path):
    capture: Any = bpy.context.scene.int_mocap.capture
    (tmp_path / "text.mp4").write_text("no clip")
    for clip in (tmp_path / "text.mp4", tmp_path / "nowhere.mp4", tmp_path):
        capture.clip = str(clip)
        assert capture.of_clip.seconds == 0 and capture.of_clip.frames == 0


def test_a_folder_of_pictures_has_as_many_frames_as_pictures(addon: Any, tmp_path: Path):
    for number in range(3):
        image: Any = bpy.data.images.new("picture", 160, 90)
        image.save(filepath=str(tmp_path / f"{number}.png"))
        bpy.data.images.remove(image)
    (tmp_path / "notes.txt").write_text("no picture")
    before = contents()
    capture: Any = bpy.context.scene.int_mocap.capture
    capture.clip = str(tmp_path)
    assert capture.of_clip.frames == 3 and capture.of_clip.width == 160
    assert capture.of_clip.picture.endswith("0.png")
    assert contents() == before


def test_in_and_out_are_seconds_and_frames_of_the_clip(addon: Any):
    capture: Any = bpy.context.scene.int_mocap.capture
    capture.clip = str(DEMO)
    assert capture.start == 0 and capture.end == pytest.approx(5, abs=0.1), "all of it"
    capture.use_range = True
    capture.start_frame, capture.end_frame = 30, 45
    assert capture.start == pytest.approx(1.0, abs=0.01)
    assert capture.end == pytest.approx(1.5, abs=0.01)
    capture.end = 2.0
    assert (capture.start_frame, capture.end_frame) == (30, 60)


def test_another_clip_or_take_makes_what_was_said_stale(walk: Any):
    settings: Any = bpy.context.scene.int_mocap
    _said()
    settings.capture.clip = ""
    assert tasks.last_outcome() is None
    _said()
    settings.active_take = 0
    assert tasks.last_outcome() is None


def test_the_browser_opens_where_the_last_clip_was(addon: Any):
    from int_mocap_addon.preferences import clips_folder

    assert bpy.ops.int_mocap.open_clip(filepath=str(DEMO)) == {"FINISHED"}
    assert Path(clips_folder()) == DEMO.parent
    assert bpy.context.preferences.is_dirty, "Blender keeps it for the next session"
