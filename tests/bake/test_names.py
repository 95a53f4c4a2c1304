"""Files and clips of every name are baked, whatever the pipe can say."""

import os
import subprocess
import sys

import bpy
import pytest

from tests.bake.motions import filmed_from_the_front, walking


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
@pytest.mark.parametrize("name", ["踊り", "caf\udce9", "x" * 240])
def test_every_name_is_baked(tmp_path, name):
    take = walking(frames=10, camera=filmed_from_the_front())
    take.source = {"video": str(tmp_path / f"{name}.mp4")}
    (tmp_path / name).mkdir()
    take.save(tmp_path / name / "person_01.npz")
    output = tmp_path / f"{name}.blend"
    result = subprocess.run(
        [sys.executable, "-m", "bake", tmp_path / name, "-o", output],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    bpy.ops.wm.open_mainfile(filepath=str(output))
    assert len(bpy.data.actions) == 1 and len(bpy.data.collections) == 1
