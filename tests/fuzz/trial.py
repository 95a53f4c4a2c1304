"""One file given to a reader, and what became of it."""

import resource
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from core_model.errors import MocapError
from tests.fuzz.findings import HANGS, READ, REFUSED
from tests.fuzz.target import Target

SECONDS = 10.0
"""A reader that takes longer for one file hangs."""

LAST = "last"
"""In the folder of a trial: the file that was tried last."""

Tell = Callable[[str, float, float, bytes], None]


class Trial:
    """Gives files to the reader of a target, each for `SECONDS` at most.

    Parameters
    ----------
    target : Target
    folder : Path
        For the files.
    tell : callable
        Told of each file what became of it (`Findings.note`), the seconds it took, the megabytes
        that the process had at most, and the file.
    """

    def __init__(self, target: Target, folder: Path, tell: Tell) -> None:
        self._target, self._folder, self._tell = target, folder, tell
        signal.signal(signal.SIGALRM, _late)

    def __call__(self, data: bytes) -> Exception | None:
        """Give one file; return the error that is no sentence for a user, if there is one."""
        (self._folder / LAST).write_bytes(data)
        fault = None
        began = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            outcome = give(self._target, data, self._folder)
        except _LateError:
            outcome = HANGS
        except Exception as error:
            fault, outcome = error, name_of(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        seconds = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self._tell(outcome, seconds, memory, data)
        return fault


def give(target: Target, data: bytes, folder: Path) -> str:
    """Give one file to a reader: `READ` or `REFUSED`; raises what is neither."""
    own = Path(tempfile.mkdtemp(dir=folder))
    try:
        path = own / f"file{target.suffix}"
        path.write_bytes(data)
        target.read(path)
        return READ
    except (MocapError, MemoryError):  # the latter is a sentence, too: engine.failures
        return REFUSED
    finally:
        shutil.rmtree(own, ignore_errors=True)


class _LateError(BaseException):
    """The time of a file is over."""


def _late(*_: object) -> None:
    raise _LateError


def name_of(error: Exception) -> str:
    """Return what a fault is called: its kind, and where it was raised."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
