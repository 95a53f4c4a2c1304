"""Where the add-on keeps files: captures beside the .blend, logs with the add-on."""

import itertools
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import bpy

from core_model.errors import OutputError

from .preferences import takes_folder

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def log_folder() -> Path:
    """Return the folder of the engine's logs, which exists; a job has a log of its own."""
    return _own_folder("logs")


def new_capture_folder(clip: Path) -> Path:
    """Make a folder for a new capture of a clip; nobody else ever gets the same one.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    return new_takes_folder(clip.stem)


def new_takes_folder(name: str) -> Path:
    """Make a folder for takes that are called so; nobody else ever gets the same one.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    root = captures_folder()
    name = _UNSAFE.sub("_", name).strip(". ") or "capture"
    for number in itertools.count(1):
        folder = root / (name if number == 1 else f"{name}_{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            if not root.is_dir():
                raise OutputError(f"{root} is a file: choose another Takes Folder.") from None
        except OSError as error:
            raise OutputError(f"Cannot write to {root}: {error.strerror}.") from error
        else:
            return folder
    raise AssertionError("numbers never end")


def missing_folders(folder: Path) -> list[Path]:
    """Return a folder and those around it that are not there yet, the innermost first."""
    return list(itertools.takewhile(lambda each: not each.exists(), (folder, *folder.parents)))


def remove_capture_folder(folder: Path, made: Sequence[Path]) -> None:
    """Take away the folder of a capture that came to nothing, and what was made around it.

    Parameters
    ----------
    folder : Path
    made : sequence of Path
        Folders around it that were made for it, the innermost first; they go if they are empty.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        for each in made:
            each.rmdir()


def captures_folder() -> Path:
    """Return the folder of all captures: the user's, else beside the .blend, else the add-on's.

    A relative one that the user gave is meant from the .blend, or from the add-on's own folder
    while that is not saved.
    """
    chosen = Path(takes_folder() or "takes")
    if not chosen.is_absolute():
        beside = Path(bpy.data.filepath).parent if bpy.data.filepath else _own_folder("captures")
        chosen = beside / chosen
    return Path(os.path.normpath(chosen))


def _own_folder(name: str) -> Path:
    package = __package__ or ""
    if package.startswith("bl_ext."):
        folder = bpy.utils.extension_path_user(package, path=name, create=True)
    else:  # run from the source tree
        folder = bpy.utils.user_resource("DATAFILES", path=f"int_mocap/{name}", create=True)
    if not folder:
        raise OutputError("Blender's folder for user files cannot be written: is the disk full?")
    return Path(folder)
