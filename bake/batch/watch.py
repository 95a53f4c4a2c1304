"""Clips that come into a folder: which of them are complete."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

Look = tuple[int, int, int]
"""What changes when somebody writes to a file or puts another in its place."""


class Settling:
    """Remembers when files were last seen to change.

    A file that is still copied grows, or is given its name once it is complete; either way it is
    left alone until nothing has happened to it for a while.

    Parameters
    ----------
    seconds : float
        Without any change after which a file is complete.
    now : callable
        Returns seconds; a clock that is never set.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now = seconds, now
        self._seen: dict[Path, tuple[Look, float]] = {}

    def settled(self, paths: Iterable[Path]) -> list[Path]:
        """Return those that have not changed for long enough since they were first asked about."""
        found = []
        now = self._now()
        for path in paths:
            with suppress(OSError):
                known = path.stat()
                look = (known.st_size, known.st_mtime_ns, known.st_ino)
                before = self._seen.get(path)
                if before is None or before[0] != look:
                    self._seen[path] = look, now
                elif now - before[1] >= self._seconds:
                    found.append(path)
        return found
