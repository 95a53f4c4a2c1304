"""The wheels of other projects: which ones a Blender needs, downloaded by pip, hashed.

pip judges the conditions of requirements ("only on Linux") for the Python that runs it, so the
choice for another system is made here and pip only downloads, one set of names at a time.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import unquote

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
    wheels: dict[str, Path] = {}

    def fetch(pinned: list[str]) -> dict[str, list[Requirement]]:
        _pip(["download", "--dest", str(folder)], pinned, choice)
        wheels.update({parse_wheel_filename(path.name)[0]: path for path in folder.glob("*.whl")})
        return {name: _requirements_of(path) for name, path in wheels.items()}

    walk(requirements, choice, fetch)
    for path in wheels.values():
        if not choice.target.takes(path.name):
            raise BuildError(f"Blender would not unpack {path.name} ({choice.target.label}).")
    return sorted(wheels.values())


def look_up_wheels(requirements: Iterable[str], choice: WheelChoice) -> dict[str, str]:
    """Return the SHA-256 of the wheels that `download_wheels` would get, by file name, from pip.

    Raises
    ------
    BuildError
        When a package is not pinned, or has no wheel for the target.
    """
    found: dict[str, str] = {}

    def fetch(pinned: list[str]) -> dict[str, list[Requirement]]:
        asked = ["install", "--dry-run", "--ignore-installed", "--target", "nowhere"]
        needs: dict[str, list[Requirement]] = {}
        for each in json.loads(_pip([*asked, "--report", "-"], pinned, choice))["install"]:
            about, told = each["download_info"], each["metadata"]
            name = unquote(about["url"].rpartition("/")[2])
            found[name] = about["archive_info"]["hashes"]["sha256"]
            needed = map(Requirement, told.get("requires_dist", []))
            needs[canonicalize_name(told["name"])] = list(needed)
        return needs

    walk(requirements, choice, fetch)
    return found


def walk(
    requirements: Iterable[str],
    choice: WheelChoice,
    fetch: Callable[[list[str]], Mapping[str, list[Requirement]]],
) -> None:
    """Fetch what requirements need, and what that needs in turn, as the target's Python would.

    Parameters
    ----------
    requirements : iterable of str
    choice : WheelChoice
    fetch : callable
        Gets packages, pinned as pip wants them; returns what each that it got needs, by name.
    """
    waiting = [Requirement(text) for text in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    needs: dict[str, list[Requirement]] = {}
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
            if name not in needs:
                missing[name] = missing.get(name, SpecifierSet()) & requirement.specifier
        if missing:
            needs |= fetch([_pinned(*each, choice) for each in missing.items()])
        waiting = [
            needed
            for requirement in fresh
            for needed in needs[canonicalize_name(requirement.name)]
            if _applies(needed, requirement.extras, choice.target)
        ]


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


def _pip(verb: list[str], requirements: list[str], choice: WheelChoice) -> str:
    """Let pip do something with packages, but not with what they need; return what it says."""
    command = [sys.executable, "-m", "pip", *verb, "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", *choice.target.pip_options]
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
            return result.stdout
    errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR")]
    raise BuildError(
        f"pip finds no wheel for {choice.target.label} of one of {', '.join(requirements)}. "
        f"pip says: {' '.join(errors) or result.stderr.strip()}"
    )
