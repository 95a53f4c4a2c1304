"""The wheels of other projects: which ones a Blender needs, downloaded by pip, hashed.

pip judges the conditions of requirements ("only on Linux") for the Python that runs it, so the
choice for another system is made here and pip only downloads, one set of names at a time.
"""

import hashlib
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename

from addon_build.errors import BuildError
from addon_build.target import Target

_PYTORCH_INDEX = "https://download.pytorch.org/whl"
_TORCH_BUILDS = {
    ("linux-x64", "cpu"): "+cpu",
    ("linux-x64", "cuda"): "",
    ("windows-x64", "cpu"): "",
    ("windows-x64", "cuda"): "+cu130",
    ("macos-arm64", "cpu"): "",
}
"""The part of PyTorch's version that tells its builds apart; "" is the one on PyPI."""


@dataclass(frozen=True)
class WheelChoice:
    """Which wheels to take.

    Parameters
    ----------
    target : Target
        The Blender that they must fit.
    torch : "cpu" or "cuda"
    pins : dict
        Version by canonical package name.
    offline : Path, optional
        Folder of wheels to use instead of the network.
    """

    target: Target
    torch: str
    pins: dict[str, str]
    offline: Path | None = None


def project_requirements(pyproject: Path) -> list[str]:
    """Return what the project says that it needs."""
    return list(tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["dependencies"])


def read_pins(constraints: Path, target: Target) -> dict[str, str]:
    """Return the version of each package that a constraints file pins for a target."""
    pins: dict[str, str] = {}
    for line in constraints.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(_markers(target)):
            pins[canonicalize_name(requirement.name)] = next(iter(requirement.specifier)).version
    return pins


def download_wheels(requirements: Iterable[str], choice: WheelChoice, folder: Path) -> list[Path]:
    """Download what the requirements need, and what that needs in turn; return sorted paths.

    Raises
    ------
    BuildError
        When a package is not pinned, or has no wheel for the target.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting = [Requirement(text) for text in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    wheels: dict[str, Path] = {}
    while waiting:
        fresh = [
            requirement
            for requirement in waiting
            if canonicalize_name(requirement.name) not in choice.target.left_out
            and _identity(requirement) not in seen
        ]
        seen |= {_identity(requirement) for requirement in fresh}
        missing: dict[str, SpecifierSet] = {}
        for requirement in fresh:
            name = canonicalize_name(requirement.name)
            if name not in wheels:
                missing[name] = missing.get(name, SpecifierSet()) & requirement.specifier
        if missing:
            _pip_download([_pinned(*each, choice) for each in missing.items()], choice, folder)
            wheels = {parse_wheel_filename(path.name)[0]: path for path in folder.glob("*.whl")}
        waiting = [
            needed
            for requirement in fresh
            for needed in _requirements_of(wheels[canonicalize_name(requirement.name)])
            if _applies(needed, requirement.extras, choice.target)
        ]
    for path in wheels.values():
        if not choice.target.takes(path.name):
            raise BuildError(f"Blender would not unpack {path.name} ({choice.target.label}).")
    return sorted(wheels.values())


def hashed_requirements(wheels: Iterable[Path]) -> str:
    """Return a requirements file that lets pip accept exactly these wheels."""
    lines = ["# The wheels beside this file, as `pip install --require-hashes -r` takes them.\n"]
    for path in sorted(wheels):
        name, version, _, _ = parse_wheel_filename(path.name)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{name}=={version} --hash=sha256:{digest}\n")
    return "".join(lines)


def _identity(requirement: Requirement) -> tuple[str, frozenset[str]]:
    return canonicalize_name(requirement.name), frozenset(requirement.extras)


def _markers(target: Target, extra: str = "") -> dict[str, str | set[str]]:
    return {**target.markers, "extra": extra}


def _applies(requirement: Requirement, extras: set[str], target: Target) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate(_markers(target, e)) for e in ("", *extras))


def _requirements_of(wheel: Path) -> list[Requirement]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (
            name
            for name in archive.namelist()
            if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
        )
        metadata = BytesParser().parsebytes(archive.read(name), headersonly=True)
    return [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]


def _pinned(name: str, asked: SpecifierSet, choice: WheelChoice) -> str:
    # A package that names one version, or the builds of one, pins it as well as we could.
    exact = {part.version for part in asked if part.operator == "=="}
    version = choice.pins.get(name) or next(iter(exact), None)
    if version is None:
        raise BuildError(
            f"constraints.txt does not pin {name}, so the zip would be another one tomorrow: "
            "add a line for it."
        )
    if name != "torch":
        return f"{name}=={version}"
    build = _TORCH_BUILDS.get((choice.target.platform, choice.torch))
    if build is None:
        raise BuildError("There is no CUDA for macOS: build with --torch cpu.")
    # Three equals signs compare the text, so that 2.13.0 does not also mean 2.13.0+cpu.
    return f"torch==={version}{build}"


def _pip_download(requirements: list[str], choice: WheelChoice, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--dest", str(folder), *choice.target.pip_options]
    sources: list[list[str]] = [[]]
    if choice.offline:
        sources = [["--no-index", "--find-links", str(choice.offline)]]
    else:
        builds = [text.rpartition("+")[2] for text in requirements if "+" in text]
        sources += [["--extra-index-url", f"{_PYTORCH_INDEX}/{build}"] for build in builds]
    for source in sources:
        result = subprocess.run(
            [*command, *source, *requirements], capture_output=True, text=True, check=False
        )
        if result.returncode == 0:
            return
    errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR")]
    raise BuildError(
        f"pip finds no wheel for {choice.target.label} of one of {', '.join(requirements)}. "
        f"pip says: {' '.join(errors) or result.stderr.strip()}"
    )
