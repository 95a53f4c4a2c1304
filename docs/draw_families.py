"""Draw `pictures/family_*.png`: a take on a rig of each family, in real windows.

`python docs/draw_families.py TAKE rigify=FILE mixamo=FILE unreal=FILE godot=FILE [--frame N]` with
files of characters, as --retarget takes them. Blender and Godot are those of the tool beside the
repository, `../shared/tools/real_blender.sh`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TOOL = ROOT.parent / "shared" / "tools" / "real_blender.sh"
SESSION = ROOT / "tests" / "int_mocap_addon" / "gui" / "session.sh"
_WIDTH = 560  # pixels
_SEEN = (slice(190, 790), slice(340, 1200))
"""Rows and columns of Blender's window that show the figures."""

_FPS = 30


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("take", type=Path)
    parser.add_argument("characters", nargs="+", help="FAMILY=FILE")
    parser.add_argument("--frame", type=int, default=113)
    given = parser.parse_args()
    characters = dict(each.split("=", 1) for each in given.characters)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _bake(given.take, "-o", folder / "own.blend")
        blender = [family for family in characters if family != "godot"]
        for family in blender:
            to = ("-o", folder / f"{family}.blend")
            _bake(given.take, "--retarget", characters[family], *to)
        plan = {"families": blender, "frame": given.frame}
        (folder / "plan.json").write_text(json.dumps(plan))
        _run(sys.executable, "build_addon.py", "--torch", "none", "-o", folder)
        archive = next(folder.glob("*.zip"))
        _run(TOOL, "shell", "5.2", SESSION, folder, archive, HERE / "families_scenario.py")
        for family in blender:
            _keep(folder / f"{family}.png", family, _SEEN)
        if "godot" in characters:
            _godot(folder, given.take, characters["godot"], (given.frame - 1) / _FPS)


def _godot(folder: Path, take: Path, character: str, seconds: float) -> None:
    project = folder / "godot"
    project.mkdir()
    to = ("--root", "bone", "--preset", "godot", "-o", project / "character.glb")
    _bake(take, "--retarget", character, *to)
    (project / "project.godot").write_text(
        'config_version=5\n[rendering]\nrenderer/rendering_method="gl_compatibility"\n'
    )
    shutil.copyfile(HERE / "godot_picture.gd", project / "godot_picture.gd")
    _run(TOOL, "shell", "5.2", HERE / "godot_picture.sh", project, seconds)
    _keep(project / "picture.png", "godot", (slice(None), slice(None)))


def _bake(*arguments: object) -> None:
    _run(sys.executable, "-m", "bake", *arguments)


def _run(*command: object) -> None:
    environment = os.environ | {"BLENDER_USER_RESOURCES": tempfile.mkdtemp()}
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=environment)


def _keep(path: Path, family: str, seen: tuple[slice, slice]) -> None:
    """Cut a picture out and keep it among those of the documentation."""
    image = cv2.imread(str(path))[seen]
    scale = _WIDTH / image.shape[1]
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    kept = HERE / "pictures" / f"family_{family}.png"
    cv2.imwrite(str(kept), image, [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    main()
