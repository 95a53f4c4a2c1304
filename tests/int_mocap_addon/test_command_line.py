"""`blender --command int_mocap`, as Blender calls it: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import bpy

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
