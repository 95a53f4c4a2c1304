"""The bake room runs inside Blender: it may import only what every Blender ships."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import bake

FOLDER = Path(bake.__file__).parent
LIGHT = {
    "take",
    "skeleton",
    "landmarks",
    "rotations",
    "body",
    "camera",
    "errors",
    "files",
    "fingers",
}
WITHOUT_BLENDER = [
    "track",
    "local_fit",
    "smoothing",
    "resample",
    "contacts",
    "foot_lock",
    "foot_evidence",
    "figure",
    "stance",
    "leg_ik",
    "banded",
    "cleaning",
    "root_motion",
    "pose_bones",
    "headless",
]


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_only_what_blender_ships_is_imported(path):
    allowed = set(sys.stdlib_module_names) | {"numpy", "mathutils", "bpy", "bake", "core_model"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            assert package in allowed, f"{path.name} imports {name}"
            if package == "core_model":
                assert rest in LIGHT, f"{path.name} imports {name}"


def test_the_numbers_work_without_blender():
    """In a fresh process, neither Blender nor anything heavy is loaded by them."""
    modules = ", ".join(f"bake.{name}" for name in WITHOUT_BLENDER)
    heavy = {"bpy", "torch", "scipy", "cv2", "av"}
    code = f"import sys, {modules}; print(sorted({heavy!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result
