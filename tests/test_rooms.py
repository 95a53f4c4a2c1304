"""The rooms of the house and who may import whom, as the design lays down."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {"core_model", "bake", "train", "int_mocap_addon"}
HEAVY = {"torch", "scipy", "cv2", "av", "ai_edge_litert", "safetensors", "mediapipe"}
LIGHT_MODULES = {
    "core_model",
    "core_model.body.model",
    "core_model.geometry.camera",
    "core_model.errors",
    "core_model.storage.atomic",
    "core_model.body.fingers",
    "core_model.body.landmarks",
    "core_model.geometry.rotations",
    "core_model.body.skeleton",
    "core_model.body.smpl_files",
    "core_model.take",
    "core_model.storage.unpickling",
}
FORBIDDEN = {
    "core_model": {"bpy", "bake", "train", "int_mocap_addon"},
    "bake": {"train", "int_mocap_addon"} | HEAVY,
    "int_mocap_addon": {"train"} | HEAVY,
    "train": {"int_mocap_addon"},
}
RENDERING = {"train/synthetic/render_scene.py"}


def imports(path):
    """Return every module that a file imports, also inside functions; relative ones stay inside."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module


def files(room):
    return sorted((ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_rooms_do_not_reach_into_each_other(room):
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files(room)
        for module in imports(path)
        if module.split(".")[0] in FORBIDDEN[room]
    ]
    assert not wrong


def test_only_rendering_scripts_of_train_import_bpy():
    wrong = [
        str(path.relative_to(ROOT))
        for path in files("train")
        if "bpy" in {module.split(".")[0] for module in imports(path)}
        and str(path.relative_to(ROOT)) not in RENDERING
    ]
    assert not wrong


@pytest.mark.parametrize("room", ["bake", "int_mocap_addon"])
def test_what_runs_inside_blender_takes_only_light_modules_of_core_model(room):
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files(room)
        for module in imports(path)
        if module.split(".")[0] == "core_model" and module not in LIGHT_MODULES
    ]
    assert not wrong


def test_light_modules_load_numpy_only():
    names = sorted(LIGHT_MODULES & existing_modules())
    code = (
        f"import sys\nfor name in {names!r}: __import__(name)\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def existing_modules():
    found = {"core_model"}
    for path in files("core_model"):
        found.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found
