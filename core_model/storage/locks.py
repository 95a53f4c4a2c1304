"""Locks that the system takes back when their process ends, however it ends."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


_TAKEN = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}
"""What a system says where another process has a file locked."""


class Claim:
    """A folder that is one's own for as long as wanted: a file in it is locked.

    Unlike `alone_in`, others are not kept waiting, and Windows knows it. Where a network drive
    knows no locks everyone gets what is asked for.

    Parameters
    ----------
    path : Path
        Of the file.
    file : file
        Open, and locked.
    """

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file

    @classmethod
    def of(cls, path: Path) -> "Claim | None":
        """Lock a file, which is made; None while another process, or another claim, has it.

        Raises
        ------
        OSError
            When it cannot be made.
        """
        while True:
            file = open(path, "ab")  # noqa: SIM115 - it stays open
            try:
                lock(file)
            except OSError as error:
                if error.errno in _TAKEN:
                    file.close()
                    return None
            if sys.platform == "win32":  # no file is taken away there that is open
                return cls(path, file)
            # Whoever had it until now may have taken the file away.
            with suppress(OSError):
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    return cls(path, file)
            file.close()

    def give_back(self) -> None:
        """Take the file away, and let others have the folder."""
        try:
            self.path.unlink(missing_ok=True)
            self._file.close()
        except OSError:  # Windows takes no file away that is open
            self._file.close()
            with suppress(OSError):
                self.path.unlink()


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
