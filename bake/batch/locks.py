"""Who is at work in a folder: a lock that the system takes back when its process ends, however."""

import os
import uuid
from contextlib import suppress
from pathlib import Path

from core_model.errors import OutputError
from core_model.storage.locks import lock


class Presence:
    """A locked file in a folder, for as long as this process lives and does not leave.

    Neither a clock nor a number of a process says who is alive, since both may be another's: only
    the lock does.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Raises
    ------
    OutputError
        When nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self.name = uuid.uuid4().hex
        self.path = _path(folder, self.name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = open(self.path, "wb")  # noqa: SIM115 - it stays open
            lock(self._file)
        except OSError as error:
            raise OutputError(f"Cannot write to the folder {folder}: {error.strerror}.") from error

    def leave(self) -> None:
        """Give the lock back."""
        self._file.close()
        with suppress(OSError):
            self.path.unlink()


def is_present(folder: Path, name: str) -> bool:
    """Return whether the process of a `Presence` is still there; a file that it left goes."""
    path = _path(folder, name)
    try:
        with open(path, "r+b") as file:
            lock(file)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    with suppress(OSError):
        os.unlink(path)
    return False


def _path(folder: Path, name: str) -> Path:
    return folder / f".at_work-{name}"
