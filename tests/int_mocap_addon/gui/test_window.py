"""The add-on in a real Blender window, pressed by simulated events (`make test-gui`)."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core_model.take import Take

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
TOOL = ROOT.parent / "shared" / "tools" / "real_blender.sh"
VERSION = os.environ.get("BLENDER_VERSION", "5.2")
CLIP = ROOT / "tests" / "end_to_end" / "demo" / "demo.mp4"
PICTURES = ROOT / "docs" / "pictures"
SECONDS = 1.5
LONG_TAKE_FRAMES = 5000
PORTRAIT, PORTRAIT_FRAMES = (270, 480), 12

# Blender itself may have to be installed first, which takes minutes.
pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]


@dataclass(frozen=True)
class Played:
    """A session in the window that went well.

    Parameters
    ----------
    folder : Path
        With pictures, logs and the Blender user's files.
    notes : dict
        What the scenario wrote down.
    """

    folder: Path
    notes: dict[str, Any]


def blender(verb: str, folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `real_blender.sh` with the user files in `folder`."""
    if os.environ.get("INT_MOCAP_PICTURES"):
        (folder / "smooth").touch()
    return subprocess.run(
        [TOOL, verb, VERSION, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"BLENDER_USER_RESOURCES": str(folder / "resources")},
        capture_output=True,
        text=True,
        check=False,
        timeout=1000,
    )


def play_scenario(name: str, folder: Path, archive: Path) -> dict[str, Any]:
    """Play a scenario of this folder to its end, without a traceback, and return its notes."""
    installed = blender("install", folder)
    assert installed.returncode == 0, installed.stderr[-3000:]
    blender("shell", folder, HERE / "session.sh", folder, archive, HERE / name)
    log = "\n".join(path.read_text() for path in sorted(folder.glob("*.log")))
    assert (folder / "notes.json").exists(), log[-3000:]
    found: dict[str, Any] = json.loads((folder / "notes.json").read_text())
    assert found["outcome"] == "done", f"{found['outcome']}\n{log[-3000:]}"
    assert "Traceback" not in log, log[-3000:]
    keep_pictures(folder)
    return found


@pytest.fixture(scope="module")
def played(tmp_path_factory, archive) -> Played:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder = tmp_path_factory.mktemp("gui")
    long_take(folder / "long.npz")
    shutil.copyfile(CLIP, folder / CLIP.name)
    portrait_clip(folder / "portrait.mp4")
    plan = {
        "engine": sys.executable,
        "clip": f"//{CLIP.name}",
        "portrait": str(folder / "portrait.mp4"),
        "seconds": SECONDS,
        "takes": str(folder / "takes"),
        "long_take": str(folder / "long.npz"),
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    installed = blender("install", folder)
    assert installed.returncode == 0, installed.stderr[-3000:]
    blender("shell", folder, HERE / "session.sh", folder, archive, HERE / "scenario.py")
    log = "\n".join(path.read_text() for path in sorted(folder.glob("*.log")))
    assert (folder / "notes.json").exists(), log[-3000:]
    notes = json.loads((folder / "notes.json").read_text())
    assert notes["outcome"] == "done", f"{notes['outcome']}\n{log[-3000:]}"
    keep_pictures(folder)
    return Played(folder, notes)


@pytest.fixture
def notes(played) -> dict[str, Any]:
    return played.notes


def portrait_clip(path: Path) -> None:
    """Write a clip of a few frames that is higher than wide: the middle of the demo's pictures."""
    left, width = 330, PORTRAIT[0]
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as written:
        stream = written.add_stream("libx264", rate=30)
        stream.width, stream.height = PORTRAIT
        stream.pix_fmt = "yuv420p"
        frames = islice(source.decode(video=0), PORTRAIT_FRAMES)
        for frame in frames:
            pixels = frame.to_ndarray(format="rgb24")[: PORTRAIT[1], left : left + width]
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            written.mux(stream.encode(picture))
        written.mux(stream.encode())


def long_take(path: Path) -> None:
    """Write a take that is long enough to make a careless baking freeze Blender."""
    times = np.arange(LONG_TAKE_FRAMES) / 30
    poses = 0.5 * np.sin(times[:, None] * 3 + np.arange(72))
    poses[:, :3] = [np.pi / 2, 0, 0]
    trans = np.stack([np.sin(times / 3), np.cos(times / 3), np.full_like(times, 0.9)], axis=1)
    Take(poses=poses, trans=trans, betas=np.zeros(10), times=times).save(path)


def keep_pictures(folder: Path) -> None:
    """Copy the screenshots to the README's pictures, if the caller asks for new ones.

    Those of the preferences show paths of this machine.
    """
    if os.environ.get("INT_MOCAP_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        for picture in folder.glob("*.png"):
            if picture.stem == "preferences":
                continue
            shutil.copyfile(picture, PICTURES / f"blender_{picture.name}")


def test_the_second_capture_is_baked(notes):
    assert notes["said"].startswith("Captured 1 person")


def test_the_figure_is_seen_over_the_clip(notes):
    assert notes["seen"]["active"] and notes["seen"]["through_camera"]
    assert notes["seen"]["overlap"] >= 0.8


def test_a_portrait_clip_is_a_portrait_scene_with_the_figure_over_it(notes):
    assert notes["portrait"]["size"] == list(PORTRAIT)
    assert notes["portrait"]["through_camera"]
    assert notes["portrait"]["overlap"] >= 0.8


def test_blender_asks_before_it_quits_while_capturing(notes):
    assert notes["asks_before_quitting"]


def test_next_doubtful_goes_to_where_a_range_begins(notes):
    assert notes["doubtful_frame"] == 28


def test_blender_stays_awake_while_capturing(notes, capsys):
    with capsys.disabled():
        print(f"\nidle, ticks: {notes['idle']}")
        print(f"cancelled in {notes['cancel_seconds']} s")
        print(f"capturing {notes['capture_seconds']} s, ticks: {notes['capturing']}")
    assert notes["capturing"]["own_longest_ms"] < 100 * notes["capture_seconds"]


def test_blender_stays_awake_while_baking_5000_frames(notes, capsys):
    with capsys.disabled():
        print(f"\nbaking {notes['bake_seconds']} s, ticks: {notes['baking']}")
    assert notes["baked_frames"] == [1, LONG_TAKE_FRAMES]
    assert notes["baking"]["own_longest_ms"] < 330 * notes["bake_seconds"]


def test_the_installed_addon_works_from_the_command_line(played):
    command = ["--command", "int_mocap", "capture"]
    output = played.folder / "from_command_line.blend"
    done = blender("run", played.folder, *command, CLIP, "-o", output, "--end", 0.5)
    assert done.returncode == 0, done.stdout + done.stderr
    assert output.stat().st_size > 100_000
    wheels = played.folder / "resources" / "extensions" / ".local"
    assert list(wheels.rglob("default_body.npz")), "the add-on took its own wheels away"
    refused = blender("run", played.folder, *command, __file__, "-o", output)
    assert refused.returncode == 1 and "not a video" in refused.stderr + refused.stdout
    assert blender("run", played.folder, "--command", "int_mocap").returncode == 2
