"""Where the add-on keeps files: captures beside the .blend, logs with the add-on."""

import re
from pathlib import Path

import bpy

from core_model.errors import OutputError

from .preferences import takes_folder

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def log_folder() -> Path:
    """Return the folder of the engine's logs, which exists; a job has a log of its own."""
    return _own_folder("logs")


def new_capture_folder(clip: Path) -> Path:
    """Return a folder for a new capture of a clip, which does not exist yet."""
    root = captures_folder()
    name = _UNSAFE.sub("_", clip.stem).strip(". ") or "capture"
    folder, number = root / name, 1
    while folder.exists():
        number += 1
        folder = root / f"{name}_{number}"
    return folder


def captures_folder() -> Path:
    """Return the folder of all captures: the user's, else beside the .blend, else the add-on's."""
    chosen = takes_folder()
    if chosen:
        return Path(chosen)
    if bpy.data.filepath:
        return Path(bpy.data.filepath).parent / "takes"
    return _own_folder("takes")


def _own_folder(name: str) -> Path:
    package = __package__ or ""
    if package.startswith("bl_ext."):
        folder = bpy.utils.extension_path_user(package, path=name, create=True)
    else:  # run from the source tree
        folder = bpy.utils.user_resource("DATAFILES", path=f"int_mocap/{name}", create=True)
    if not folder:
        raise OutputError("Blender's folder for user files cannot be written: is the disk full?")
    return Path(folder)
