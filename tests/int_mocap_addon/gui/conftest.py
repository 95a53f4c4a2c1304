"""What every session in a window needs, made once."""

import subprocess
import sys
from pathlib import Path

import pytest

import build_addon
from tests.places import ROOT

_GENERATE = """
import os, shutil, sys
from tests.bake.retarget.rigs import _generated_file
shutil.copyfile(_generated_file(), sys.argv[-1])
os._exit(0)
"""


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the add-on's small zip."""
    return build_addon.build(None, "none", None, tmp_path_factory.mktemp("zip"))


@pytest.fixture(scope="session")
def rigify(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a generated Rigify rig."""
    rig = tmp_path_factory.mktemp("rig") / "rigify.blend"
    subprocess.run([sys.executable, "-c", _GENERATE, rig], cwd=ROOT, check=True, timeout=300)
    return rig
