"""Export a character for every program, and let a real Godot and other readers read the files.

`python -m tests.benchmarks.engines [--readers PYTHON] [--node FOLDER]`: PYTHON has `ufbx` and
`usd-core`; FOLDER has the packages that read_gltf.mjs names. Godot is had through the tool beside
the repository, `../shared/tools/real_blender.sh`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import tests.bake.conftest  # noqa: F401 - Blender with settings of nobody

import bpy  # isort: skip
import numpy as np  # isort: skip

from bake.export.export import export
from bake.retarget.in_blender.actions import put_strips
from bake.retarget.settings import RetargetSettings
from tests.bake.export.reading_back import heads
from tests.bake.export.test_rigs import bones_of, read, rig_that_turns
from tests.places import SHARED

HERE = Path(__file__).parent
TOOL = SHARED / "tools" / "real_blender.sh"
RIG, FRAMES = "m2m_sample", range(1, 22, 10)
FILES = (
    ("unreal.fbx", "unreal"),
    ("unity.fbx", "unity"),
    ("godot.fbx", "godot"),
    ("maya.fbx", "maya"),
    ("godot.glb", "godot"),
    ("avatar.vrma", "blender"),
    ("pipeline.usdc", "blender"),
)
STRIPS = ("strips.fbx", "strips.glb")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=Path, help="a Python with ufbx and usd-core")
    parser.add_argument("--node", type=Path, help="a folder with the packages of npm")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = export_files(folder)
        if TOOL.is_file():
            in_godot(folder, expected)
        if given.readers:
            for path in sorted([*folder.glob("*.fbx"), *folder.glob("*.usdc")]):
                print(path.name, _said([given.readers, HERE / "read_file.py", path]))
        if given.node:
            script = given.node / "read_gltf.mjs"
            shutil.copyfile(HERE / "read_gltf.mjs", script)
            paths = sorted([*folder.glob("*.glb"), *folder.glob("*.vrma")])
            for path, line in zip(paths, _said(["node", script, *paths]).splitlines(), strict=True):
                print(path.name, line)
    sys.stdout.flush()
    os._exit(0)  # Blender as a module may hang at its end


def export_files(folder: Path) -> dict[str, Any]:
    """Write all files; return the names of the bones and where they are (B, 3) by frame."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.data.scenes[0].render.fps = 30
    armature = rig_that_turns(RIG)
    names = bones_of(read(armature))
    places = {frame - 1: heads(armature, names, frame) for frame in FRAMES}
    for name, preset in FILES:
        for told in export(folder / name, [armature], preset):
            print(f"{name}: {told}")
    action = armature.animation_data.action
    other = action.copy()
    other.name = "again"
    armature.animation_data.action = None
    put_strips(armature, [action, other], RetargetSettings(blend_in=4, blend_out=4))
    for name in STRIPS:
        export(folder / name, [armature], "godot")
    return {"names": names, "places": places}


def in_godot(folder: Path, expected: dict[str, Any]) -> None:
    """Import the files into Godot and print how far its bones are from Blender's."""
    project = folder / "project"
    project.mkdir()
    (project / "project.godot").write_text("config_version=5\n")
    shutil.copyfile(HERE / "read.gd", project / "read.gd")
    names = sorted(path.name for suffix in (".fbx", ".glb") for path in folder.glob(f"*{suffix}"))
    own = {}
    for name in names:  # Godot makes one resource of a name, whatever the suffix
        own[name] = name.replace(".", "_", 1) + Path(name).suffix
        shutil.copyfile(folder / name, project / own[name])
    command = [TOOL, "shell", "5.2", HERE / "godot.sh", project, *own.values()]
    print("Godot", _said(command, HERE.parents[2]).splitlines()[0])
    found = json.loads((project / "found.json").read_text())
    for name in names:
        seen = found[own[name]]
        columns = [seen["bones"].index(bone) for bone in expected["names"]]
        tops = [bone for bone, up in zip(seen["bones"], seen["parents"], strict=True) if up < 0]
        for title, clip in seen["animations"].items():
            errors = [
                np.abs(np.array(clip["poses"][str(frame)])[columns] - _y_up(places)).max()
                for frame, places in expected["places"].items()
            ]
            print(
                f"{name}: {title}, {clip['seconds']:.3f} s, {1000 * max(errors):.3f} mm off at "
                f"most, {len(seen['bones'])} bones under {tops}, root track {clip['root']}, "
                f"scale {np.round(seen['scale'], 6).tolist()}, {seen['meshes']} meshes"
            )


def _y_up(points: np.ndarray) -> np.ndarray:
    return np.stack((points[:, 0], points[:, 2], -points[:, 1]), axis=1)


def _said(command: list[Any], folder: Path | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=500
    )
    if done.returncode:
        return f"failed: {(done.stderr or done.stdout)[-400:]}"
    return done.stdout.strip()


if __name__ == "__main__":
    main()
