"""The add-on in a real Blender window, pressed by simulated events (`make test-gui`)."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import build_addon
from core_model.take import Take

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TOOL = ROOT.parent / "shared" / "tools" / "real_blender.sh"
VERSION = os.environ.get("BLENDER_VERSION", "5.2")
CLIP = ROOT / "tests" / "end_to_end" / "demo" / "demo.mp4"
PICTURES = ROOT / "docs" / "pictures"
SECONDS = 1.5
LONG_TAKE_FRAMES = 5000

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def notes(tmp_path_factory) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder = tmp_path_factory.mktemp("gui")
    archive = build_addon.build(None, "none", None, folder)
    long_take(folder / "long.npz")
    plan = {
        "engine": sys.executable,
        "clip": str(CLIP),
        "seconds": SECONDS,
        "takes": str(folder / "takes"),
        "long_take": str(folder / "long.npz"),
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    subprocess.run([TOOL, "install", VERSION], check=True, capture_output=True)
    command = [TOOL, "shell", VERSION, HERE / "session.sh", folder, archive, HERE / "scenario.py"]
    resources = {"BLENDER_USER_RESOURCES": str(folder / "resources")}
    subprocess.run(command, cwd=ROOT, env=os.environ | resources, check=False, timeout=400)
    log = "\n".join(path.read_text() for path in sorted(folder.glob("*.log")))
    assert (folder / "notes.json").exists(), log[-3000:]
    found = json.loads((folder / "notes.json").read_text())
    assert found["outcome"] == "done", f"{found['outcome']}\n{log[-3000:]}"
    keep_pictures(folder)
    return found


def long_take(path: Path) -> None:
    """Write a take that is long enough to make a careless baking freeze Blender."""
    times = np.arange(LONG_TAKE_FRAMES) / 30
    poses = 0.5 * np.sin(times[:, None] * 3 + np.arange(72))
    poses[:, :3] = [np.pi / 2, 0, 0]
    trans = np.stack([np.sin(times / 3), np.cos(times / 3), np.full_like(times, 0.9)], axis=1)
    Take(poses=poses, trans=trans, betas=np.zeros(10), times=times).save(path)


def keep_pictures(folder: Path) -> None:
    """Copy the screenshots to the README's pictures, if the caller asks for new ones."""
    if os.environ.get("INT_MOCAP_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for picture in folder.glob("*.png"):
            shutil.copyfile(picture, PICTURES / f"blender_{picture.name}")


def test_cancel_ends_the_capture_within_a_second(notes):
    assert notes["cancel_seconds"] < 1.0


def test_the_second_capture_is_baked(notes):
    assert notes["said"].startswith("Captured 1 person")


def test_blender_stays_awake_while_capturing(notes, capsys):
    with capsys.disabled():
        print(f"\nidle, ticks: {notes['idle']}")
        print(f"capturing {notes['capture_seconds']} s, ticks: {notes['capturing']}")
    assert notes["capturing"]["longest_ms"] < 200


def test_blender_stays_awake_while_baking_5000_frames(notes, capsys):
    with capsys.disabled():
        print(f"\nbaking {notes['bake_seconds']} s, ticks: {notes['baking']}")
    assert notes["baked_frames"] == [1, LONG_TAKE_FRAMES]
    assert notes["baking"]["longest_ms"] < 500
