"""Locks that the system takes back when their process ends, however it ends."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def lock(file: IO[bytes]) -> None:
        """Lock an open file; an `OSError` if another process has it locked."""
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(file: IO[bytes]) -> None:
        """Lock an open file; an `OSError` if another process has it locked."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process is in such a block with this folder, and keep others out.

    The folder itself is locked, so that no file of a lock is left in it. Windows cannot, nor can
    some network drives; there everyone goes in.
    """
    descriptor = _locked(folder, wait=True)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def is_abandoned(folder: Path) -> bool:
    """Return whether it is known that no process is in an `alone_in` block with a folder."""
    descriptor = _locked(folder, wait=False)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


def _locked(folder: Path, wait: bool) -> int | None:
    """Return the descriptor of a folder that is locked until it is closed; None if it cannot be."""
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # whoever writes there will tell
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
