"""Logs: a file of its own for each job, the oldest taken away."""

import os
import sys
import tempfile
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core_model.errors import OutputError

KEPT = 20
"""So many logs stay in a folder, and those of the last day."""

_DAY = 86_400  # seconds


def logs_folder() -> Path:
    """Return where the command lines keep their logs; it need not exist.

    The place that the system has for such files: `$XDG_STATE_HOME` or `~/.local/state` on Linux,
    `~/Library/Logs` on macOS, `%LOCALAPPDATA%` on Windows.
    """
    try:
        home = Path.home()
    except RuntimeError:  # a process without user, as in some containers
        home = Path(tempfile.gettempdir())
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Logs"
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    return base / "int_mocap" / "logs"


def new_log(folder: Path, name: str = "engine") -> Path:
    """Make an empty log that no other process writes to, and take the oldest ones away.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    name : str
        What the file's name begins with; the moment follows.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            moment = datetime.now().strftime("%Y%m%d-%H%M%S.%f")
            path = folder / f"{name}-{moment}-{os.getpid()}.log"
            with suppress(FileExistsError):
                path.open("x").close()
                break
    except OSError as error:
        raise OutputError(f"Cannot write a log to {folder}: {error.strerror}.") from error
    _tidy(folder)
    return path


def newest_log(folder: Path) -> Path | None:
    """Return the log that was begun last, None when there is none."""
    return next(iter(_newest_first(folder)), None)


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*-*-*-*.log"), key=lambda path: path.stem.split("-", 1)[1])[::-1]


def _tidy(folder: Path) -> None:
    for path in _newest_first(folder)[KEPT:]:
        with suppress(OSError):  # gone already, or open on Windows
            if time.time() - path.stat().st_mtime > _DAY:
                path.unlink()
