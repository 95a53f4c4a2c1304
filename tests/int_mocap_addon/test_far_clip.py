"""A take from somebody else cannot make Blender ask another computer for a file."""

import os
from pathlib import Path
from typing import Any

import bpy
import pytest

from bake.clips import find_clips
from core_model.results.reading import ReadOptions
from tests.bake.motions import filmed_from_the_front, walking

CLIP = r"\\Thief\share\street.mp4"


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """Return a take that names clip and copy on another computer, and a sound."""
    made = walking(camera=filmed_from_the_front())
    made.source = {"video": CLIP, "stored": {"copy": CLIP, "lead": 0.0}}
    path = tmp_path / "person_01.npz"
    made.save(path)
    return path


@pytest.fixture
def looked_for(monkeypatch: Any) -> list[str]:
    """Return a list of all paths of that computer that Python asks the system about."""
    seen: list[str] = []
    for name in ("stat", "lstat", "scandir", "listdir", "open"):
        real = getattr(os, name)

        def spy(path: Any = ".", *rest: Any, real: Any = real, **named: Any) -> Any:
            if "thief" in str(path).lower():
                seen.append(str(path))
            return real(path, *rest, **named)

        monkeypatch.setattr(os, name, spy)
    return seen


def test_the_add_on_asks_before_it_opens_a_clip_on_another_computer(mocap, take, looked_for):
    bpy.ops.int_mocap.load_takes(filepath=str(take))
    item = mocap.takes[0]
    assert item.clip == CLIP and item.asked_first == "thief"
    bpy.ops.int_mocap.bake()
    assert item.armature and item.camera
    assert not looked_for and not bpy.data.movieclips and not bpy.data.sounds
    bpy.ops.int_mocap.open_far_clip()
    assert item.asked_first == ""
    bpy.ops.int_mocap.bake()
    assert looked_for


def test_a_bake_without_a_window_asks_by_an_option(take, looked_for):
    (clip,), warnings = find_clips([take])
    assert clip.video is None
    assert len(warnings) == 1 and "--clips-from thief" in warnings[0]
    assert all("copy" not in each.source["stored"] for each in clip.people.values())
    (clip,), warnings = find_clips([take], ReadOptions(clips_from=("Thief",)))
    assert clip.video == Path(CLIP) and not warnings
    assert not looked_for
