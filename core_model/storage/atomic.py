"""Writing files so that a crash or a full disk never leaves half of one."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core_model.errors import OutputError

_LEAST_LEFT = 2**16  # bytes


@contextmanager
def replaced_when_complete(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it over `path` if the block succeeds.

    The temporary file has the suffix of `path`, since many writers choose a format by it. Nothing
    else of its name is in it: that may be as long as a name can be, or in bytes that not every
    writer takes.

    Raises
    ------
    OutputError
        When the folder cannot be written or the disk is full.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise OutputError(f"Cannot write to {path.parent}: {error.strerror}.") from error
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        put_in_place(temporary, path)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def put_in_place(made: Path, path: Path) -> None:
    """Rename a file that is complete, so that not even a power cut leaves a part of it there.

    What it holds is on the disk before the name is: many file systems write names first.

    Parameters
    ----------
    made : Path
        On the same file system.
    path : Path
        What is there is replaced.

    Raises
    ------
    OSError
        When the disk is full, or fails.
    """
    descriptor = os.open(made, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    made.replace(path)
    if os.name == "posix":  # Windows has no folders that can be opened, and needs none
        with suppress(OSError):  # some network drives cannot
            descriptor = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def refuse_full_disk(path: Path) -> None:
    """Make sure that there was room for a file that others wrote: not all of them count.

    Parameters
    ----------
    path : Path
        That was written just now.

    Raises
    ------
    OSError
        When there is no room beside it any more, so that the end of it may be missing.
    """
    if shutil.disk_usage(path.parent).free < _LEAST_LEFT:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def folder_made(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; take away again what was made and is left empty.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    made: list[Path] = []
    try:
        try:
            made += [path for path in (folder, *folder.parents) if not path.exists()]
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"Cannot write to the folder {folder}: {error.strerror}.") from error
        yield
    finally:
        for path in made:
            with suppress(OSError):  # one that is not empty, or gone already
                path.rmdir()


def check_writable(path: Path) -> None:
    """Find out before long work whether a file can be written; nothing is left of the trial.

    Raises
    ------
    OutputError
        When it cannot.
    """
    try:
        is_folder = path.is_dir()
        with folder_made(path.parent), tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}.") from error
    if is_folder:
        raise OutputError(f"{path} is a folder, not a file.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
