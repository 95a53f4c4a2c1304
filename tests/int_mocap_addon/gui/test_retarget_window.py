"""The panel Retarget in a real Blender window (`make test-gui`)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.int_mocap_addon.gui.test_window import TOOL, long_take, play_scenario

pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def notes(tmp_path_factory, archive, rigify) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder: Path = tmp_path_factory.mktemp("gui")
    long_take(folder / "long.npz")
    plan = {"rig": str(rigify), "name": "rig", "long_take": str(folder / "long.npz")}
    (folder / "plan.json").write_text(json.dumps(plan))
    return play_scenario("scenario_retarget.py", folder, archive)


def test_a_control_rig_is_known(notes):
    assert "Rigify" in notes["map"]


def test_5000_frames_get_onto_it(notes, capsys):
    with capsys.disabled():
        print(f"\nretargeted in {notes['seconds']} s, ticks: {notes['ticks']}")
    assert notes["frames"] == [1, 5000] and notes["said"].startswith("Retargeted 1 motion")


def test_it_is_one_step_to_undo(notes):
    assert notes["undone"]
