"""Who may import whom: every import of the code against the rules in `pyproject.toml`."""

import graphlib
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

import grimp
import pytest

from tests.places import ROOT

RULES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["rooms"]
PACKAGES = ("core_model", "bake", "train", "int_mocap_addon")
FLAT = {"core_model": 10, "bake": 5, "train": 6}
"""Modules that may stand beside the rooms, `__init__` and `__main__` not counted."""

LONGEST = 300  # lines, without a reason in the module's first lines


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Return every import between modules, those inside functions and conditions too."""
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def broken(graph: grimp.ImportGraph) -> list[str]:
    """Return every import that is against the rules, as a sentence."""
    return [*_upwards(graph), *_forbidden(graph), *_heavy_in_blender(graph), *_bpy_in_train(graph)]


def room_of(module: str) -> str:
    """Return the room of a module inside its package; of the package itself its own name."""
    return (module.split(".") + [module])[1]


def imports(graph: grimp.ImportGraph, package: str) -> Iterator[tuple[str, str]]:
    """Give every import of a package: who, and whom."""
    for module in sorted(each for each in graph.modules if each.split(".")[0] == package):
        for other in sorted(graph.find_modules_directly_imported_by(module)):
            yield module, other


def _upwards(graph: grimp.ImportGraph) -> Iterator[str]:
    for package, layers in RULES["layers"].items():
        place = {room: number for number, room in enumerate([package, *layers])}
        for module, other in imports(graph, package):
            if other.split(".")[0] != package:
                continue
            rooms = room_of(module), room_of(other)
            for name, room in zip((module, other), rooms, strict=True):
                if room not in place:
                    yield f"{name} is in no room of pyproject.toml"
            if place.get(rooms[0], 0) < place.get(rooms[1], 0):
                yield f"{module} imports {other}, which stands above it"


def _forbidden(graph: grimp.ImportGraph) -> Iterator[str]:
    for room, others in RULES["never"].items():
        for other in others:
            if other not in graph.modules:
                continue
            for chain in graph.find_shortest_chains(room, other, as_packages=True):
                yield " imports ".join(chain)


def _heavy_in_blender(graph: grimp.ImportGraph) -> Iterator[str]:
    light = {*RULES["only"]["blender"], "core_model"}
    for package in ("bake", "int_mocap_addon"):
        for module, other in imports(graph, package):
            if other.split(".")[0] == "core_model" and room_of(other) not in light:
                yield f"{module} imports {other}, which Blender may not load"


def _bpy_in_train(graph: grimp.ImportGraph) -> Iterator[str]:
    for module, other in imports(graph, "train"):
        if other == "bpy" and room_of(module) not in RULES["only"]["bpy_in_train"]:
            yield f"{module} imports bpy"


def test_every_import_keeps_to_the_rules(graph: grimp.ImportGraph) -> None:
    assert broken(graph) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("core_model.geometry.camera", "core_model.body.skeleton"),
        ("core_model.tracking.tracker", "core_model.world.gravity"),
        ("core_model.network.config", "bpy"),
        ("core_model.take", "train.trainer"),
        ("bake.motion.smoothing", "bpy"),
        ("bake.feet.stance", "bake.scene.rig.armature"),
        ("bake.scene.rig.armature", "core_model.pipeline.stages"),
        ("bake.cleaning", "torch"),
        ("core_model.body.skeleton", "torch"),
        ("int_mocap_addon.tasks", "core_model.worker"),
        ("int_mocap_addon.tasks", "train.config"),
        ("train.databases.asf_amc", "train.trainer"),
        ("train.losses.pose_losses", "int_mocap_addon.tasks"),
        ("train.trainer", "bpy"),
    ],
)
def test_an_import_against_the_rules_is_found(
    graph: grimp.ImportGraph, importer: str, imported: str
) -> None:
    changed = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    changed.add_import(importer=importer, imported=imported)
    assert any(imported in sentence for sentence in broken(changed))


def test_a_module_in_no_room_is_found(graph: grimp.ImportGraph) -> None:
    changed = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    changed.add_module("core_model.utilities.things")
    changed.add_import(importer="core_model.utilities.things", imported="core_model.errors")
    assert any("core_model.utilities.things is in no room" in each for each in broken(changed))


def test_a_module_that_is_imported_from_its_package_is_seen(tmp_path: Any) -> None:
    """`from core_model import pipeline` in a light module, and inside a function at that."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=lambda _, names: set(_not_code(names))
        )
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=lambda _, names: _deep(names))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with open(tmp_path / "core_model" / "body" / "skeleton.py", "a", encoding="utf-8") as file:
        file.write("\n\ndef late():\n    from core_model import pipeline\n    return pipeline\n")
    test = "tests/test_rooms.py::test_every_import_keeps_to_the_rules"
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert "core_model.body.skeleton imports core_model.pipeline" in result.stdout


def _not_code(names: list[str]) -> Iterator[str]:
    yield from (name for name in names if "." in name and not name.endswith(".py"))
    yield "__pycache__"


def _deep(names: list[str]) -> set[str]:
    return set(names) - {"__init__.py", "conftest.py", "places.py", "test_rooms.py"}


def test_no_module_imports_itself_through_others(graph: grimp.ImportGraph) -> None:
    ours = {module for module in graph.modules if module.split(".")[0] in PACKAGES}
    edges = {module: graph.find_modules_directly_imported_by(module) & ours for module in ours}
    graphlib.TopologicalSorter(edges).prepare()
    edges["core_model.errors"] = {"core_model.pipeline.stages"}
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(edges).prepare()


@pytest.mark.parametrize("package", FLAT)
def test_few_modules_stand_beside_the_rooms(package: str) -> None:
    flat = [path.stem for path in (ROOT / package).glob("*.py") if not path.stem.startswith("__")]
    assert len(flat) <= FLAT[package], flat


def test_a_long_module_says_why() -> None:
    long = {}
    for package in (*PACKAGES, "addon_build"):
        for path in (ROOT / package).rglob("*.py"):
            lines = path.read_text(encoding="utf-8").splitlines()
            if len(lines) > LONGEST and "lines because" not in " ".join(lines[:12]):
                long[str(path.relative_to(ROOT))] = len(lines)
    assert not long


def test_what_blender_loads_of_core_model_loads_numpy_only(graph: grimp.ImportGraph) -> None:
    light = [
        module
        for module in sorted(graph.modules)
        if module.startswith("core_model.") and room_of(module) in RULES["only"]["blender"]
    ]
    heavy = {*RULES["never"]["bake"], *RULES["never"]["core_model"]}
    code = f"import sys, {', '.join(light)}; print(sorted({heavy!r} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert len(light) > 15
    assert result.stdout.strip() == "[]"
