"""Builds the Blender extension as a zip: `python build_addon.py --help` explains how."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from addon_build import manifest as manifests
from addon_build.archive import write_zip
from addon_build.blender_checks import generate_index, validate
from addon_build.errors import BuildError
from addon_build.extension import addon_files
from addon_build.known_wheels import read_known, refuse_unknown
from addon_build.project_wheel import build_project_wheel
from addon_build.target import PLATFORMS, PYTHONS, Target, this_machine
from addon_build.third_party import (
    WheelChoice,
    download_wheels,
    hashed_requirements,
    project_requirements,
    read_pins,
)
from core_model import __version__
from core_model.assets.fetch_pose_models import fetch_pose_models
from core_model.engine.command_line import a_path, command

ROOT = Path(__file__).resolve().parent

_EXAMPLES = """the two kinds of zip:
  slim (--torch none)        small and for every Blender from 4.2 on; capturing runs in a Python
                             outside Blender, which the preferences name as Engine Python. Make one:
                               python -m venv engine
                               engine/bin/pip install dist/int_mocap-*-py3-none-any.whl
  complete (--torch cpu, cuda)  everything inside; for one system and one Python of Blender,
                             from Blender 4.5 on, whose numpy is new enough for scipy

which Python a Blender has:
  4.2 to 5.0: 3.11          5.1 and later: 3.13          a Linux distribution's own Blender: 3.14

examples:
  python build_addon.py --torch none -o dist
  python build_addon.py --torch cpu --platform windows-x64 --python 3.13 -o dist
  python build_addon.py --torch cpu --offline wheels/ -o dist      no network: wheels from a folder
  python build_addon.py --torch none --repository /srv/blender     a studio's own repository

a repository is a folder that any web server can serve: add its index.json in Blender under
Preferences, Get Extensions, Repositories, and updates come from there. The same zip again is the
same byte for byte. Exit codes: 0 built, 1 refused (one sentence says why), 2 wrong usage, 70 an
error in the program itself (its log is named), 130 stopped with Ctrl-C, 143 by SIGTERM"""


@command("python build_addon.py")
def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.torch == "none":
        if options.platform or options.python or options.offline:
            parser.error(
                "the slim zip is pure Python and fits every platform and Python: leave --platform, "
                "--python and --offline out, or bundle PyTorch with --torch cpu"
            )
        target = None
    else:
        here = this_machine()
        target = Target(options.platform or here.platform, options.python or here.python)
    folder = options.repository or options.output
    archive = build(target, options.torch, options.offline, folder)
    if options.repository:
        print(f"\nwrote {generate_index(folder)}")
    print(f"wrote {archive}")
    return 0


def build(target: Target | None, torch: str, offline: Path | None, folder: Path) -> Path:
    """Build one zip in `folder`, with the project's wheel beside it, and list what is in it.

    Parameters
    ----------
    target : Target, optional
        The Blender whose wheels are bundled; None makes the slim zip.
    torch : "cpu", "cuda" or "none"
        The kind of PyTorch to bundle.
    offline : Path, optional
        Folder of wheels to use instead of the network.
    folder : Path
        Where the zip goes.

    Raises
    ------
    BuildError
        When something is missing, or the zip would not be accepted by Blender or by ourselves.
    """
    manifest = _checked_manifest()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        fetch_pose_models()
        others: list[Path] = []
        name = f"{manifest['id']}-{manifest['version']}"
        if target:
            choice = WheelChoice(
                target, torch, read_pins(ROOT / "constraints.txt", target), offline
            )
            requirements = project_requirements(ROOT / "pyproject.toml")
            others = download_wheels(requirements, choice, work / "wheels")
            refuse_unknown(others, read_known())
            manifest = manifests.for_target(manifest, target)
            name += f"-{target.label}-{torch}"
        own = build_project_wheel(ROOT, work / "project")
        wheels = [own, *others]
        contents: dict[str, Path | bytes] = dict(addon_files(ROOT))
        contents |= {f"wheels/{wheel.name}": wheel for wheel in wheels}
        contents["wheels/requirements.txt"] = hashed_requirements(wheels).encode()
        manifest["wheels"] = [f"./wheels/{wheel.name}" for wheel in sorted(wheels)]
        contents[manifests.NAME] = manifests.written(manifest).encode()
        archive = work / f"{name}.zip"
        write_zip(archive, contents)
        _refuse_faults(manifest)
        validate(archive)
        _list(contents)
        return _placed(archive, own, folder)


def _checked_manifest() -> manifests.Manifest:
    manifest = manifests.read_manifest(ROOT / manifests.NAME)
    _refuse_faults(manifest)
    return manifest


def _refuse_faults(manifest: manifests.Manifest) -> None:
    if found := manifests.faults(manifest, __version__):
        raise BuildError(f"{manifests.NAME}: {' '.join(found)}")


def _list(contents: Mapping[str, Path | bytes]) -> None:
    total = 0
    for name in sorted(contents):
        content = contents[name]
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        total += size
        print(f"{size:>12,}  {name}")
    print(f"{total:>12,}  bytes in {len(contents)} files")


def _placed(archive: Path, project_wheel: Path, folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project_wheel, folder / project_wheel.name)
        return Path(shutil.copyfile(archive, folder / archive.name))
    except OSError as error:
        raise BuildError(f"Cannot write to {folder}: {error.strerror}.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python build_addon.py",
        description="Build the Blender extension: a zip to install from Blender's preferences.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--torch",
        choices=("cpu", "cuda", "none"),
        default="none",
        help="the PyTorch inside: for processors, for NVIDIA cards too, or none (default: none)",
    )
    parser.add_argument(
        "--platform", choices=PLATFORMS, help="system of the Blender (default: this machine's)"
    )
    parser.add_argument(
        "--python", choices=PYTHONS, help="Python of the Blender (default: the running one)"
    )
    parser.add_argument(
        "--offline", type=a_path, metavar="WHEELDIR", help="take wheels from here, not the network"
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "-o", "--output", type=a_path, default=Path("dist"), help="folder (default: dist)"
    )
    place.add_argument(
        "--repository",
        type=a_path,
        metavar="DIR",
        help="put the zip into a self-hosted extension repository and write its index.json",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
