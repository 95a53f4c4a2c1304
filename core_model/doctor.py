"""Is everything here that a capture needs, and does it work: `python -m core_model doctor`."""

import argparse
import hashlib
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from core_model import __version__
from core_model.assets import ASSETS
from core_model.assets.fetch_pose_models import COMMITTED
from core_model.engine.failures import explained
from core_model.engine.logs import logs_folder, newest_log
from core_model.engine.versions import ENGINE_PARTS, NOT_INSTALLED, versions_of
from core_model.errors import AssetError, MocapError

_FOR_BAKING = "bpy"
_GIBIBYTE = 1 << 30
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    name : str
    fine : bool
    sentence : str
        What was found, or what is wrong and what to do.
    """

    name: str
    fine: bool
    sentence: str


@dataclass
class Report:
    """What the doctor found; no path in it tells who the user is.

    Parameters
    ----------
    versions : dict
        Of the program, Python, libraries and Blender's module.
    system, python : str
        The operating system, and where Python is.
    memory : str
    device : str
        What would calculate; empty where that cannot be told.
    checks : list of Check
    logs, newest_log : str
        Where the command lines keep logs; the last of them, or empty.
    """

    versions: dict[str, str]
    system: str
    python: str
    memory: str
    device: str = ""
    checks: list[Check] = field(default_factory=list)
    logs: str = ""
    newest_log: str = ""

    @property
    def fine(self) -> bool:
        """Whether a capture would work."""
        return all(check.fine for check in self.checks)


def examine(device: str = "auto") -> Report:
    """Look at everything; whatever is wrong is in the report."""
    report = Report(_versions(), platform.platform(), _short(sys.executable), _memory())

    def look(name: str, at: Callable[[], str]) -> None:
        try:
            report.checks.append(Check(name, True, at()))
        except Exception as error:  # each of them is a finding
            report.checks.append(Check(name, False, _short(explained(error)[1])))

    def infer() -> str:
        from core_model.check_engine import check_engine

        found = check_engine(device)
        report.device = found["device"]
        return (
            f"one inference took {found['seconds']:.2f} s on the {found['device']}; landmarks are "
            f"{found['landmarks_off']:.2f} pixels and joints {found['rotations_off']:.2f} degrees "
            "from what is expected"
        )

    look("libraries", lambda: _libraries(report.versions))
    for name, sha256 in _hashes(look).items():
        look(name, partial(_whole, ASSETS / name, sha256))
    look("inference", infer)
    folder = logs_folder()
    newest = newest_log(folder)
    report.logs, report.newest_log = _short(str(folder)), _short(str(newest or ""))
    return report


def doctor_command(arguments: list[str]) -> int:
    """Print the report; return 0 when all is well, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m core_model doctor",
        description="Look whether everything is here that a capture needs, and whether it works; "
        "put what this prints into reports of errors.",
        epilog="exit codes: 0 all is well, 1 something is wrong, 2 wrong usage",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    given = parser.parse_args(arguments)
    report = examine(given.device)
    if given.json:
        print(json.dumps(asdict(report) | {"fine": report.fine}, indent=2))
    else:
        print("\n".join(_lines(report)))
    return 0 if report.fine else 1


def _lines(report: Report) -> list[str]:
    versions = ", ".join(f"{name} {each}" for name, each in report.versions.items())
    checks = [
        f"{'fine' if check.fine else 'WRONG':6} {check.name}: {check.sentence}"
        for check in report.checks
    ]
    return [
        versions,
        f"system: {report.system}; Python: {report.python}; memory: {report.memory}",
        f"device: {report.device or 'unknown'}",
        *checks,
        f"logs of the command lines: {report.newest_log or f'none yet, in {report.logs}'}",
        "logs of the add-on: Open Log in its preferences",
    ]


def _versions() -> dict[str, str]:
    own = {"INT Mocap": __version__, "Python": platform.python_version()}
    return own | versions_of((*ENGINE_PARTS, _FOR_BAKING))


def _libraries(versions: dict[str, str]) -> str:
    missing = [name for name in ENGINE_PARTS if versions[name] == NOT_INSTALLED]
    if missing:
        raise MocapError(f"Not installed: {', '.join(missing)}; install INT Mocap again.")
    baking = "" if versions[_FOR_BAKING] != NOT_INSTALLED else "; only baking needs bpy"
    return f"all that a capture needs is installed{baking}"


def _hashes(look: Callable[[str, Callable[[], str]], None]) -> dict[str, str]:
    """Return the hashes of the files that belong here; a finding, if nobody knows them."""
    path = ASSETS / "weights" / "check.json"
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["sha256"]
        return found
    except (OSError, ValueError, LookupError, TypeError):
        look("files", lambda: _whole(path, ""))
        return {}


def _whole(path: Path, sha256: str) -> str:
    if not path.is_file():
        raise AssetError(f"{path} is missing: {_remedy(path)}.")
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise AssetError(
            f"{path} is damaged or not the one of this version ({path.stat().st_size:,} bytes): "
            f"{_remedy(path)}."
        )
    return "whole"


def _remedy(path: Path) -> str:
    if path.parent.name == "pose" and path.name not in COMMITTED:
        return "delete it and run python -m core_model.assets.fetch_pose_models"
    return "install INT Mocap again"


def _memory() -> str:
    """Return how much memory there is, in words; of a container, what it may use."""
    if not hasattr(os, "sysconf"):
        return "unknown"
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        most = min(most, int(_CGROUP_LIMIT.read_text()))
    except (OSError, ValueError):  # no container, or one without a limit
        pass
    return f"{most / _GIBIBYTE:.1f} GiB"


def _short(text: str) -> str:
    """Put ~ for the user's folder."""
    home = os.path.expanduser("~")
    return text.replace(home, "~") if len(home) > 1 else text
