"""Blender's own packaging tool, taken out of the installed bpy module."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from addon_build.errors import BuildError


def validate(archive: Path) -> None:
    """Let Blender judge a finished zip.

    Raises
    ------
    BuildError
        When Blender would refuse it.
    """
    _run("validate", str(archive))


def generate_index(repository: Path) -> Path:
    """Let Blender write the `index.json` of a folder of zips; return its path.

    Raises
    ------
    BuildError
        When Blender cannot, or when two zips of the folder are for the same Blender.
    """
    said = _run("server-generate", "--repo-dir", str(repository))
    if "duplicates" in said:
        raise BuildError(f"{repository} holds two zips for the same Blender. Blender says: {said}")
    return repository / "index.json"


def _run(*arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, str(_tool()), *arguments], capture_output=True, text=True, check=False
    )
    said = " ".join((result.stdout + result.stderr).split())
    if result.returncode != 0 or "FATAL_ERROR" in said:
        raise BuildError(f"Blender's own {arguments[0]} refuses {arguments[-1]}: {said}")
    return said


def _tool() -> Path:
    spec = importlib.util.find_spec("bpy")
    if spec is None or spec.origin is None:
        raise BuildError(
            "The zip cannot be checked: the Python package bpy is not installed. Run make setup."
        )
    found = sorted(Path(spec.origin).parent.glob("*/scripts/addons_core/bl_pkg/cli/blender_ext.py"))
    if not found:
        raise BuildError(f"{Path(spec.origin).parent} does not hold Blender's blender_ext.py.")
    return found[-1]
