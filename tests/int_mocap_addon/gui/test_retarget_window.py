"""A take goes onto a character with three buttons, in a real Blender window."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import build_addon
from tests.bake.motions import filmed_from_the_front, walking
from tests.int_mocap_addon.gui.test_window import HERE, TOOL, blender, keep_pictures

pytestmark = [pytest.mark.gui, pytest.mark.shared, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder = tmp_path_factory.mktemp("retarget")
    archive = build_addon.build(None, "none", None, folder)
    walking(camera=filmed_from_the_front()).save(folder / "walk.npz")
    shutil.copy(shared / "data" / "rigs" / "m2m_male.glb", folder / "character.glb")
    assert blender("install", folder).returncode == 0
    blender("shell", folder, HERE / "session.sh", folder, archive, HERE / "scenario_retarget.py")
    found: dict[str, Any] = json.loads((folder / "notes.json").read_text())
    assert found["outcome"] == "done", found["outcome"]
    keep_pictures(folder)
    return found


def test_a_take_goes_onto_a_character_and_one_undo_takes_it_back(notes):
    assert not notes["without_a_target"]
    assert notes["action"]
    assert notes["undone"] != notes["action"]
