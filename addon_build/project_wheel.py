"""The project as one pure-Python wheel: capture, baking and their assets."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from addon_build.archive import source_date
from addon_build.errors import BuildError

PACKAGES = ("core_model", "bake")
_METADATA = ("pyproject.toml", "README.md", "LICENSE")
_ASSETS = Path("core_model/assets")
_PLAIN = {".py", ".md", ".json"}


def build_project_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of the project at `root` in `folder` and return its path.

    Built from a copy that holds the two packages only, so neither training code nor what lies
    about in the working folder gets in.

    Raises
    ------
    BuildError
        When an asset or its licence is missing, or setuptools fails.
    """
    check_assets(root / _ASSETS)
    source = folder / "source"
    source.mkdir(parents=True)
    for name in _METADATA:
        if (root / name).exists():
            _copy(root / name, source / name)
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
        shutil.copytree(root / package, source / package, ignore=ignored, copy_function=_copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--disable-pip-version-check", "--no-build-isolation", "--no-cache-dir"]
    result = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(source)],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(source_date())},
        umask=0o022 if os.name == "posix" else -1,
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        raise BuildError(f"The project's wheel cannot be built: {result.stderr.strip()}")
    if not wheels[0].name.endswith("-py3-none-any.whl"):
        raise BuildError(f"{wheels[0].name} is not pure Python, as the slim zip needs it.")
    return wheels[0]


def check_assets(assets: Path) -> None:
    """Make sure that body, pose models and weights are there, each with origin and licence.

    Raises
    ------
    BuildError
        When one is missing, or no text beside it says where it is from.
    """
    for kind, pattern in (
        ("body", "*.npz"),
        ("pose", "pose_detection.tflite"),
        ("pose", "pose_landmark_full.tflite"),
        ("pose", "pose_landmark_heavy.tflite"),
        ("pose", "hand_landmark_full.tflite"),
        ("weights", "*.safetensors"),
    ):
        if not list((assets / kind).glob(pattern)):
            raise BuildError(f"There is no {pattern} in {assets / kind}; make setup fetches it.")
    for folder in sorted(path for path in assets.iterdir() if path.is_dir()):
        if folder.name == "__pycache__":
            continue
        said = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md")))
        for file in sorted(folder.iterdir()):
            plain = file.suffix in _PLAIN or file.name == "LICENSE"
            if not plain and file.name not in said:
                raise BuildError(f"No .md file in {folder} says where {file.name} is from.")


def _copy(source: str | Path, target: str | Path) -> None:
    shutil.copyfile(source, target)
    # What a wheel records of permissions must not depend on who checked the project out.
    os.chmod(target, 0o644)
