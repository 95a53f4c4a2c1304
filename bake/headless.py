"""Blender as a Python module: loading it, clear words when it cannot be, and keeping it quiet."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from core_model.engine.command_line import command
from core_model.errors import MocapError

_DEBIAN_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libICE.so.6": "libice6",
    "libSM.so.6": "libsm6",
    "libX11.so.6": "libx11-6",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXrender.so.1": "libxrender1",
    "libXxf86vm.so.1": "libxxf86vm1",
    "libxkbcommon.so.0": "libxkbcommon0",
}


class BlenderMissingError(MocapError):
    """Blender's Python module is not installed or cannot be loaded."""


def require_blender() -> None:
    """Load `bpy`.

    Raises
    ------
    BlenderMissingError
        When it is not there; a missing system library is named with its Debian package.
    """
    try:
        import bpy  # noqa: F401
    except ImportError as error:
        raise BlenderMissingError(_advice(str(error))) from error


def silence_stdout() -> None:
    """Send what Blender itself prints on stdout away, for the rest of this process.

    Blender writes to the process's own standard output, past Python; `sys.stdout` still reaches the
    user. For good, since the C library writes its last lines only when the process ends.
    """
    sys.stdout.flush()
    sys.stdout = os.fdopen(os.dup(1), "w", encoding=sys.stdout.encoding, buffering=1)
    _discard(1)


def end(code: int) -> NoReturn:
    """End this process with an exit code, and Blender with it.

    Left to itself a process with Blender's module destroys, as it ends, a condition that a thread
    of its own may still wait for, and glibc waits for that thread for ever (seen with bpy 4.5.15
    after scripts that used an importer or Rigify). Nothing of ours is left to do by then, but the
    folder of temporary files.

    Parameters
    ----------
    code : int
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if "bpy" not in sys.modules:
        sys.exit(code)
    bpy = sys.modules["bpy"]
    if bpy.app.tempdir:
        shutil.rmtree(bpy.app.tempdir, ignore_errors=True)
    os._exit(code)


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Send what anyone prints on stderr away; software OpenGL complains of nothing there."""
    sys.stderr.flush()
    kept = os.dup(2)
    _discard(2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def blender_failed(task: str, error: RuntimeError) -> str:
    """Make one sentence of what an operator of Blender says when it fails.

    Of one that is written in Python it shows where that was, and on the last line what was wrong.
    """
    told = str(error).removeprefix("Error: ")
    if "Traceback (most recent call last)" in told:
        lines = [
            line for line in told.splitlines() if re.match(r"[A-Za-z_.]+(Error|Exception): ", line)
        ]
        told = re.sub(r"^\S+: (\[Errno \d+\] )?", "", lines[-1]) if lines else "an error in Blender"
    reason = " ".join(told.split())
    return f"Blender could not {task}: {reason.rstrip('.')}."


def _discard(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _advice(message: str) -> str:
    missing = re.match(r"(lib\S+): cannot open shared object file", message)
    if missing:
        library = missing[1]
        package = _DEBIAN_PACKAGES.get(library)
        way = f" (Debian and Ubuntu: apt-get install {package})" if package else ""
        return f"Blender's Python module needs the system library {library}: install it{way}."
    if "bpy" in message:
        return "Blender's Python module 'bpy' is not installed: pip install bpy."
    return f"Blender's Python module cannot be loaded: {message}."


@command("python -m bake.headless")
def main() -> int:
    """Say whether Blender's module loads, and return the exit code."""
    require_blender()
    return 0


if __name__ == "__main__":
    end(main())
