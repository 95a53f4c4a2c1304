"""What is asked about edits, and how a pose is mended, in a real Blender window."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bake.motions import filmed_from_the_front, walking
from tests.int_mocap_addon.gui.test_window import HERE, TOOL, blender, keep_pictures

pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder = tmp_path_factory.mktemp("edits")
    walking(camera=filmed_from_the_front()).save(folder / "walk.npz")
    assert blender("install", folder).returncode == 0
    blender("shell", folder, HERE / "session.sh", folder, archive, HERE / "scenario_edits.py")
    found: dict[str, Any] = json.loads((folder / "notes.json").read_text())
    assert found["outcome"] == "done", found["outcome"]
    keep_pictures(folder)
    return found


def test_baking_over_edits_is_asked_about_and_one_undo_step(notes):
    assert notes["asked_before_baking"]
    assert notes["kept"] == [["walk"], "walk_edits"]
    assert notes["undone"] == [[], "walk"]


def test_a_pose_is_mended_by_two_buttons_and_one_undo_step(notes):
    assert notes["mode"] == "POSE"
    assert notes["fixes"] == [[30, ["left_elbow"]]]
    assert notes["fixes_undone"] == []


def test_a_take_is_mirrored_by_a_button_that_the_panel_shows(notes):
    assert len(notes["made"]) == 2 and notes["made"][0] == "walk"
