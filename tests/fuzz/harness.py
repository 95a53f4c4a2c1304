"""Starts readers in child processes, gives them files, and notes what is no sentence for a user."""

import multiprocessing
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.fuzz.findings import HANGS, READ, REFUSED, Findings
from tests.fuzz.target import Batch, Target
from tests.fuzz.trial import LAST, Trial, give, name_of

_SILENT = 180.0
"""Seconds without a word from a child, which loads what reads, or looks for a shorter file.

Each file has its own time, but for what no signal ends.
"""

MEGABYTES = 1024
"""That one file may take, above what the reader has before it."""

_BATCH = 2500

_SAID = "said"
"""In the folder of a child: what it printed before the first file."""

_IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where a file costs least, if there is such a place."""


def fuzz(find: Callable[[], Target], count: int, found: Findings, home: Path) -> Iterator[None]:
    """Give files to a target; stops now and then, so that somebody can look at what was found.

    Parameters
    ----------
    find : callable
        Returns the target; called in a child process, too.
    count : int
        Goes on until so many files were given in all.
    found : Findings
        What was found before; is added to.
    home : Path
        Folder of the target: what atheris learned, and for each fault the shortest file that leads
        to it.
    """
    # Each thread of a decoder would have its own, and the room for addresses is limited.
    os.environ["MALLOC_ARENA_MAX"] = "2"
    home.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    while (before := found.tried) < count:
        batch = Batch(min(_BATCH, count - before), found.batches, tuple(found.faults), home)
        ours, theirs = context.Pipe(duplex=False)
        with tempfile.TemporaryDirectory(prefix="fuzz-", dir=_IN_MEMORY) as folder:
            given = (find, batch, Path(folder), theirs)
            child = context.Process(target=_child, args=given, daemon=True)
            child.start()
            theirs.close()
            found.batches += 1
            _listen(ours, child, found, _Keeper(home, find().suffix, Path(folder)))
            if found.tried == before:
                raise RuntimeError(f"No file was tried. {(Path(folder) / _SAID).read_text()}")
        yield


class _Keeper:
    """Keeps the shortest file of each fault.

    Parameters
    ----------
    home : Path
        For these files.
    suffix : str
        Of their names.
    folder : Path
        Where the child leaves the file that it has just begun with.
    """

    def __init__(self, home: Path, suffix: str, folder: Path) -> None:
        self._home, self._suffix, self._last = home, suffix, folder / LAST

    def keep(self, fault: str, data: bytes) -> None:
        name = "".join(each if each.isalnum() else "_" for each in fault)
        path = self._home / f"{name}{self._suffix}"
        if not path.exists() or path.stat().st_size > len(data):
            path.write_bytes(data)

    def has_last(self) -> bool:
        return self._last.exists()

    def keep_last(self, fault: str) -> None:
        if self.has_last():
            self.keep(fault, self._last.read_bytes())


def _listen(pipe: Connection, child: BaseProcess, found: Findings, keeper: _Keeper) -> None:
    """Take in what a child says until it ends."""
    while True:
        try:
            if not pipe.poll(_SILENT):
                found.note(HANGS)
                keeper.keep_last(HANGS)
                child.kill()
                child.join()
                return
            outcome, seconds, memory, data = pipe.recv()
        except EOFError:
            break
        found.slowest, found.memory = max(found.slowest, seconds), max(found.memory, memory)
        found.note(outcome)
        if data is not None:
            keeper.keep(outcome, data)
    child.join()
    if child.exitcode and keeper.has_last():
        fault = f"the process died ({child.exitcode})"
        found.note(fault)
        keeper.keep_last(fault)


def _child(find: Callable[[], Target], batch: Batch, folder: Path, pipe: Connection) -> None:
    _print_to(folder / _SAID)
    target = find()
    with target.engine.loading():  # what is needed, before memory is counted
        samples = target.samples()
        for sample in samples:
            with suppress(Exception):
                give(target, target.engine.pack(sample), folder)

    def tell(outcome: str, seconds: float, memory: float, data: bytes) -> None:
        fault = outcome not in (READ, REFUSED)
        pipe.send((outcome, seconds, memory, data if fault else None))

    trial = Trial(target, folder, tell)
    _print_to(Path(os.devnull))  # decoders and libFuzzer speak of every file
    before = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (before + MEGABYTES * 2**20,) * 2)
    try:
        target.engine.run(samples, trial, batch)
    except Exception as error:  # of its own
        tell(f"the engine fails: {name_of(error)}", 0.0, 0.0, b"")
    pipe.close()


def _print_to(path: Path) -> None:
    to = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
    os.dup2(to, 1)
    os.dup2(to, 2)
    os.close(to)
