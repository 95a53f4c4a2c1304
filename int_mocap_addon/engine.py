"""Which Python captures, and with what environment: Blender's own, or that of the preferences."""

import importlib.util
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import bpy

from core_model.engine.client import Engine, EngineError

from .preferences import engine_python

_LOOK_AGAIN = 2.0  # seconds


@dataclass(frozen=True)
class _Look:
    chosen: str
    at: float
    problem: str


_looked: _Look | None = None


def find_engine() -> Engine:
    """Return the engine to use; nothing is started.

    Raises
    ------
    EngineError
        When there is none.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {
        "PYTHONNOUSERSITE": "1",
        "PYTHONSAFEPATH": "1",
    }
    chosen = engine_python()
    if chosen:
        if not Path(chosen).is_file():
            raise EngineError(
                f"There is no Python at {chosen}: correct Engine Python in the add-on's "
                "preferences."
            )
        return Engine(chosen, clean)
    if not has_bundled_engine():
        raise EngineError(
            "This add-on came without an engine: install the full one for your system, or set "
            "Engine Python in the add-on's preferences to a Python that has INT Mocap."
        )
    wheels = wheel_folder()
    if wheels.is_dir():
        clean["PYTHONPATH"] = str(wheels)
    return Engine(sys.executable, clean)


def engine_problem() -> str:
    """Return what keeps the engine from being found as a sentence, empty when nothing does.

    Cheap enough for panels: the files are looked for now and then only.
    """
    global _looked
    chosen, now = engine_python(), time.monotonic()
    if _looked is None or _looked.chosen != chosen or now - _looked.at > _LOOK_AGAIN:
        try:
            find_engine()
        except EngineError as error:
            _looked = _Look(chosen, now, str(error))
        else:
            _looked = _Look(chosen, now, "")
    return _looked.problem


def has_bundled_engine() -> bool:
    """Return whether Blender's own Python can capture; looks for the files, loads nothing."""
    return importlib.util.find_spec("torch") is not None


def wheel_folder() -> Path:
    """Return where Blender unpacks the wheels of extensions; it need not exist."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Path(bpy.utils.user_resource("EXTENSIONS"), ".local", "lib", python, "site-packages")
