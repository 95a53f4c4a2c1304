"""The zip in Blenders of several versions: installed, used through a real capture, removed.

Each Blender runs in a process of its own with an empty folder for user files; what it saw comes
back as JSON (`install_session.py`).
"""

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import build_addon
from tests.places import ROOT

SESSION = Path(__file__).with_name("install_session.py")
CLIP = ROOT / "tests" / "end_to_end" / "demo" / "demo.mp4"
COME_WITH_BLENDER = (
    "bpy", "numpy", "numpy.libs", "requests", "urllib3", "certifi", "charset_normalizer", "idna",
    "zstandard",
)  # fmt: skip


@dataclass(frozen=True)
class Blender:
    """One version of Blender, as a Python with its bpy module."""

    version: str
    python: Path


BLENDERS = [
    Blender("4.5", Path(sys.executable)),
    *(
        Blender(version, ROOT / f".venv-{version}" / "bin" / "python")
        for version in ("4.2", "5.0", "5.2")
    ),
]


@pytest.fixture(scope="module")
def slim(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("slim")
    return build_addon.build(None, "none", None, folder)


def play(python: Path, archive: Path, engine: str, folder: Path) -> tuple[dict[str, Any], str]:
    """Go through the session in one Blender; return what it saw, and what it said."""
    resources, takes = folder / "resources", folder / "takes"
    resources.mkdir()
    plan = {"zip": str(archive), "engine": engine, "clip": str(CLIP), "takes": str(takes)}
    (folder / "plan.json").write_text(json.dumps(plan))
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
    }
    result = subprocess.run(
        [python, SESSION, folder / "plan.json"],
        cwd=folder,
        env=environment | {"BLENDER_USER_RESOURCES": str(resources)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    said = result.stdout + result.stderr
    lines = [line for line in said.splitlines() if line.startswith("SEEN ")]
    assert result.returncode == 0 and lines, said[-3000:]
    return json.loads(lines[0].removeprefix("SEEN ")), said


def check(seen: dict[str, Any], said: str) -> None:
    """Hold what a Blender saw against what every installation must be."""
    assert seen["result"] == ["FINISHED"] and seen["enabled"]
    assert seen["own_core_model"], "core_model does not come from the zip"
    assert not seen["torch_loaded"] and not seen["torch_in_blender"]
    print(f"registered in {seen['register_seconds']} s")
    assert "The engine works on the" in said
    assert seen["captured"] == seen["baked"] == ["FINISHED"]
    assert seen["takes"] == 1 and seen["actions"] == [[1.0, 15.0]] and seen["moved"] == [True]
    assert seen["new_actions"] == 0
    assert seen["after"] == seen["before"]
    assert seen["left"] == []


@pytest.mark.parametrize("blender", BLENDERS, ids=lambda blender: blender.version)
def test_the_slim_zip_installs_captures_and_leaves_nothing(blender, slim, tmp_path):
    if not blender.python.exists():
        pytest.skip(f"Blender {blender.version} is not set up: make test-all-blenders does it")
    seen, said = play(blender.python, slim, sys.executable, tmp_path)
    assert seen["version"].startswith(blender.version)
    check(seen, said)


@pytest.mark.bundle
def test_the_complete_zip_captures_with_nothing_but_blenders_own_python(tmp_path):
    target = build_addon.Target("linux-x64", "3.11")
    archive = build_addon.build(target, "cpu", None, tmp_path / "dist")
    seen, said = play(bare_blender(tmp_path / "bare"), archive, "", tmp_path)
    check(seen, said)


def bare_blender(folder: Path) -> Path:
    """Make a Python that has what comes with Blender, and nothing else of this environment."""
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    (bare,) = folder.glob("lib/python*/site-packages")
    for name in COME_WITH_BLENDER:
        (bare / name).symlink_to(Path(sysconfig.get_path("platlib"), name))
    python = folder / "bin" / "python"
    probe = "import importlib.util as u; print(u.find_spec('torch'), u.find_spec('core_model'))"
    found = subprocess.check_output([python, "-c", probe], cwd=folder, text=True)
    assert found.split() == ["None", "None"]
    return python
