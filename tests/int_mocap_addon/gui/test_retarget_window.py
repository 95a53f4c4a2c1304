"""The panel Retarget in a real Blender window (`make test-gui`)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.int_mocap_addon.gui.test_window import (
    HERE,
    TOOL,
    blender,
    keep_pictures,
    long_take,
)

pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def notes(tmp_path_factory, archive, rigify) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder: Path = tmp_path_factory.mktemp("gui")
    long_take(folder / "long.npz")
    plan = {"rig": str(rigify), "name": "rig", "long_take": str(folder / "long.npz")}
    (folder / "plan.json").write_text(json.dumps(plan))
    installed = blender("install", folder)
    assert installed.returncode == 0, installed.stderr[-3000:]
    blender("shell", folder, HERE / "session.sh", folder, archive, HERE / "scenario_retarget.py")
    log = "\n".join(path.read_text() for path in sorted(folder.glob("*.log")))
    assert (folder / "notes.json").exists(), log[-3000:]
    found: dict[str, Any] = json.loads((folder / "notes.json").read_text())
    assert found["outcome"] == "done", f"{found['outcome']}\n{log[-3000:]}"
    assert "Traceback" not in log, log[-3000:]
    keep_pictures(folder)
    return found


def test_a_control_rig_is_known(notes):
    assert "Rigify" in notes["map"]


def test_5000_frames_get_onto_it(notes, capsys):
    with capsys.disabled():
        print(f"\nretargeted in {notes['seconds']} s, ticks: {notes['ticks']}")
    assert notes["frames"] == [1, 5000] and notes["said"].startswith("Retargeted 1 motion")


def test_it_is_one_step_to_undo(notes):
    assert notes["undone"]
