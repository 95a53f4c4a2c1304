"""`blender --command int_mocap`, as Blender calls it: in a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.bake.motions import walking
from tests.int_mocap_addon.conftest import DEMO, MODULE
from tests.places import ROOT

_CALL = f"""
import bpy, sys
bpy.ops.preferences.addon_enable(module={MODULE!r})
bpy.context.preferences.addons[{MODULE!r}].preferences.engine_python = sys.executable
from int_mocap_addon import command_line
sys.exit(command_line._run(sys.argv[1:]))
"""


def _call(resources: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _CALL, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"BLENDER_USER_RESOURCES": str(resources)},
        timeout=120,
    )


def test_a_clip_becomes_a_blend(tmp_path):
    output, takes = tmp_path / "out.blend", tmp_path / "takes"
    result = _call(
        tmp_path,
        *("capture", DEMO, "-o", output, "--takes", takes, "--start", 1, "--end", 1.4),
        *("--no-refine", "--smooth", "light", "--root", "ground", "--no-body"),
    )
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in takes.iterdir()) == ["capture.json", "person_01.npz"]
    bpy.ops.wm.open_mainfile(filepath=str(output))
    assert [action.name for action in bpy.data.actions] == ["demo_person_01"]
    assert not bpy.data.meshes


def test_takes_become_a_blend(tmp_path):
    walking().save(tmp_path / "walk.npz")
    output = tmp_path / "out.blend"
    result = _call(tmp_path, "bake", tmp_path / "walk.npz", "-o", output, "--fps", 24)
    assert result.returncode == 0, result.stderr
    bpy.ops.wm.open_mainfile(filepath=str(output))
    assert bpy.data.scenes[0].render.fps == 24 and len(bpy.data.actions) == 1


def test_exit_codes_tell_what_was_wrong(tmp_path):
    output = tmp_path / "out.blend"
    missing = _call(tmp_path, "capture", "/nowhere.mp4", "-o", output)
    assert missing.returncode == 1 and "Error: There is no video at" in missing.stderr
    assert _call(tmp_path, "capture", DEMO).returncode == 2
    assert _call(tmp_path, "bake", tmp_path / "none.npz", "-o", output).returncode == 1
    helped = _call(tmp_path, "--help")
    assert helped.returncode == 0 and "exit codes" in helped.stdout
    assert not output.exists()


@pytest.mark.parametrize(
    ("options", "words", "code"),
    [
        (["--smooth", "strong"], "invalid choice: 'strong'", 2),
        (["--feet", "left"], "invalid choice: 'left'", 2),
        (["--root", ""], "invalid choice: ''", 2),
        (["--colour", "red"], "unrecognized arguments: --colour red", 2),
        (["--height", "nan"], "'nan' is no number", 2),
        (["-o", ""], "the name is empty", 2),
        (["-o", "{tmp}/out.txt"], "must end in .blend", 1),
        (["-o", "{tmp}/file/out.blend"], "Cannot write to", 1),
        (["-o", "{tmp}/folder.blend"], "is a folder", 1),
        (["-o", "{tmp}/" + 300 * "x" + ".blend"], "File name too long", 1),
        (["--body", "{tmp}/file"], "file", 1),
    ],
)
def test_everything_is_checked_before_the_work(
    addon, tmp_path, monkeypatch, capsys, options, words, code
):
    from int_mocap_addon import headless

    started = []
    monkeypatch.setattr(headless, "find_engine", lambda: started.append("engine"))
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.blend").mkdir()
    given = [option.replace("{tmp}", str(tmp_path)) for option in options]
    output = tmp_path / "a" / "out.blend"
    assert headless.run(["capture", str(DEMO), "-o", str(output), *given]) == code
    said = capsys.readouterr().err
    assert words in said and "Traceback" not in said, said
    assert not started
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder.blend"]


def test_what_was_captured_is_kept_when_it_cannot_be_baked(addon, tmp_path, monkeypatch, capsys):
    from core_model.errors import OutputError
    from int_mocap_addon import headless

    def failing(arguments: list[str]) -> int:
        raise OutputError("The disk is full.")

    monkeypatch.setattr(headless, "bake", failing)
    (tmp_path / "out_takes").mkdir()
    options = ("--start", "1", "--end", "1.4", "--no-refine", "--no-hands")
    assert headless.run(["capture", str(DEMO), "-o", str(tmp_path / "out.blend"), *options]) == 1
    said = capsys.readouterr().err
    kept = tmp_path / "out_takes2"
    assert "Error: The disk is full." in said and f"kept in {kept};" in said
    assert sorted(path.name for path in kept.iterdir()) == ["capture.json", "person_01.npz"]
    monkeypatch.undo()
    assert headless.run(["bake", str(kept), "-o", str(tmp_path / "out.blend"), "--no-body"]) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.long)]
)
def test_a_signal_ends_the_engine_too_and_leaves_nothing(tmp_path, number):
    output = tmp_path / "out.blend"
    process: Any = subprocess.Popen(
        [sys.executable, "-c", _CALL, "capture", str(DEMO), "-o", str(output)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"BLENDER_USER_RESOURCES": str(tmp_path / "blender")},
    )
    seen = ""
    while "Following people" not in seen:
        seen += process.stderr.read(1)
    (engine,) = _children(process.pid)
    process.send_signal(number)
    said = process.stderr.read()
    assert process.wait(60) == 128 + number, seen + said
    assert said.strip().endswith("Stopped.") and "Traceback" not in said
    assert not Path(f"/proc/{engine}").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["blender"]


def _children(parent: int) -> list[int]:
    """Return the processes that were started by one, on Linux."""
    tasks = Path(f"/proc/{parent}/task").glob("*/children")
    found = [int(child) for task in tasks for child in task.read_text().split()]
    if not found:
        pytest.skip("this system does not tell who started whom")
    return found
