"""Paths in a .blend: relative to it where Blender wants that said, and where they lie beside it."""

import os
from pathlib import Path

import bpy

FILE_OPTIONS = {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()
"""Options of properties that hold the path of a file; unknown before Blender 4.5."""


def blend_folder() -> Path | None:
    """Return the folder of the .blend, None while it is not saved."""
    return Path(bpy.data.filepath).parent if bpy.data.filepath else None


def portable(path: Path, folder: Path | None) -> str:
    """Return a path as relative to the folder of a .blend if it lies in it."""
    if folder is not None and path.is_relative_to(folder):
        return _relative(path, folder)
    return str(path)


def moved(given: str, old: Path | None, new: Path | None) -> str:
    """Return a path for a .blend that is saved into another folder.

    What was relative stays relative, as Blender does it with its own paths.

    Parameters
    ----------
    given : str
    old, new : Path or None
        Folders of the .blend, None for one that is not saved.
    """
    if old is None or not given.startswith("//"):
        return given
    path = Path(os.path.normpath(bpy.path.abspath(given, start=str(old))))
    return str(path) if new is None else _relative(path, new)


def _relative(path: Path, folder: Path) -> str:
    try:
        return str(bpy.path.relpath(str(path), start=str(folder)))
    except ValueError:  # on another drive
        return str(path)
