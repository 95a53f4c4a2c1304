"""`blender --command int_mocap batch` in a real Blender: killed in the middle, and begun again."""

import json
import os
import sys

import pytest

from tests.int_mocap_addon.gui.test_window import TOOL, blender
from tests.places import DEMO

pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]

_INSTALL = "blender --command extension install-file -r user_default --enable {zip}"
_PREFERENCES = """
import bpy
addon = bpy.context.preferences.addons["bl_ext.user_default.int_mocap"]
addon.preferences.engine_python = {engine!r}
bpy.ops.wm.save_userpref()
"""
_BATCH = "blender --command int_mocap batch --list {list} -o {results} --workers 1"


def test_a_batch_is_done_by_blender_itself_and_goes_on(tmp_path, archive):
    if not TOOL.is_file():
        pytest.skip(f"A real Blender needs {TOOL}, which is not there.")
    assert blender("install", tmp_path).returncode == 0
    results = tmp_path / "results"
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(DEMO.read_bytes()[:2000])
    options = {"quality": "fast", "hands": False}
    rows = [{"clip": str(DEMO), "end": 0.3} | options, {"clip": str(broken)}]
    clips = tmp_path / "shots.json"
    clips.write_text(json.dumps(rows))
    settings = tmp_path / "settings.py"
    settings.write_text(_PREFERENCES.format(engine=sys.executable))
    script = tmp_path / "batch.sh"
    command = _BATCH.format(list=clips, results=results)
    script.write_text(
        f"set -e\n{_INSTALL.format(zip=archive)}\n"
        f"blender -b --python {settings}\n"
        # Killed as soon as the first takes are there, before they are baked.
        f"setsid {command} & batch=$!\n"
        f"until [ -e {results}/demo/capture.json ]; do kill -0 $batch; sleep 0.1; done\n"
        "kill -KILL $batch; wait $batch || true\n"
        f"{command}; code=$?\n"
        f"echo $code > {tmp_path}/code\n".replace("; code=$?", " && code=0 || code=$?")
    )
    told = blender("shell", tmp_path, script)
    assert (tmp_path / "code").read_text().strip() == "1", told
    report = json.loads((results / "report.json").read_text())
    assert {each["name"]: each["state"] for each in report["clips"]} == {
        "demo": "done",
        "broken": "failed",
    }
    assert (results / "demo.blend").stat().st_size > 50_000
    assert not list(results.rglob(".*")), os.listdir(results)
