"""The panel Export in a real Blender window (`make test-gui`)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bake.export.gltf_motion import GltfMotion
from tests.bake.motions import walking
from tests.bake.scene.test_export import fbx_animations
from tests.int_mocap_addon.gui.test_window import TOOL, play_scenario

pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]

SHORT, LONG = 40, 600  # frames


@pytest.fixture(scope="module")
def notes(tmp_path_factory, archive, rigify) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder: Path = tmp_path_factory.mktemp("export")
    walking(frames=SHORT).save(folder / "walk.npz")
    walking(frames=LONG).save(folder / "march.npz")
    plan = {
        "rig": str(rigify),
        "short_take": str(folder / "walk.npz"),
        "long_take": str(folder / "march.npz"),
        "short_file": str(folder / "walk.glb"),
        "cancelled_file": str(folder / "cancelled.fbx"),
        "long_file": str(folder / "march.fbx"),
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    found = play_scenario("scenario_export.py", folder, archive)
    return found | {"folder": folder}


def test_the_button_is_grey_without_a_figure(notes):
    assert notes["grey"] is False


def test_a_pressed_button_and_a_chosen_name_write_the_file(notes):
    assert notes["said"].startswith("Exported 1 figure into 1 file")
    file = GltfMotion(notes["folder"] / "walk.glb")
    assert [each["name"] for each in file.content["animations"]] == ["walk"]
    assert len(file.times()) == SHORT


def test_a_long_export_lets_the_user_work_and_cancel(notes, capsys):
    with capsys.disabled():
        print(f"\nexported {LONG} frames in {notes['seconds']} s, ticks: {notes['ticks']}")
    assert notes["cancelled"] is False
    assert fbx_animations(notes["folder"] / "march.fbx") == ["march"]
    assert notes["same"]
