"""Feeds damaged files to a reader in child processes, and finds what is no sentence for a user."""

import multiprocessing
import os
import random
import resource
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from core_model.errors import MocapError
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS

SECONDS = 10.0
"""A reader that takes longer for one file hangs."""

MEGABYTES = 1024
"""That one file may take, above what the reader has before it."""

_CHUNK = 500


@dataclass
class Findings:
    """What became of the files of a target.

    Parameters
    ----------
    read, refused : int
        Files that were read after all, and that were refused with a sentence.
    faults : dict
        What else happened, with the seeds of the files that did it.
    slowest : float
        Seconds of the slowest file.
    memory : float
        Megabytes that a process had at most.
    upto : int
        The first seed that was not tried.
    """

    read: int = 0
    refused: int = 0
    faults: dict[str, list[int]] = field(default_factory=dict)
    slowest: float = 0.0
    memory: float = 0.0
    upto: int = 0


def make_file(name: str, seed: int) -> bytes:
    """Return the damaged file of a seed."""
    samples = TARGETS[name].samples()
    return _made(samples, seed)


def fuzz(name: str, last: int, found: Findings) -> Iterator[None]:
    """Feed files to a target; stops now and then, so that somebody can look at what was found.

    Parameters
    ----------
    name : str
        Of a target.
    last : int
        Seed of the file after the last.
    found : Findings
        What was found before; goes on from there, and is added to.
    """
    # Each thread of a decoder would have its own, and the room for addresses is limited.
    os.environ["MALLOC_ARENA_MAX"] = "2"
    context = multiprocessing.get_context("spawn")
    while found.upto < last:
        ours, theirs = context.Pipe(duplex=False)
        end = min(found.upto + _CHUNK, last)
        child = context.Process(target=_child, args=(name, found.upto, end, theirs), daemon=True)
        child.start()
        theirs.close()
        found.upto = _listen(ours, child, found.upto, found)
        yield


def _listen(
    pipe: Connection, child: multiprocessing.process.BaseProcess, seed: int, found: Findings
) -> int:
    """Take in what a child says until it ends; return the seed to go on with."""
    begun = False
    while True:
        try:
            # Loading what reads takes long; after that each file has its own time.
            if not pipe.poll(2 * SECONDS if begun else 120.0):
                _note(found, "hangs", seed)
                child.kill()
                child.join()
                return seed + 1
            done, fault, seconds, memory = pipe.recv()
        except EOFError:
            break
        begun = True
        found.slowest, found.memory = max(found.slowest, seconds), max(found.memory, memory)
        if fault == "read":
            found.read += 1
        elif fault == "refused":
            found.refused += 1
        else:
            _note(found, fault, done)
        seed = done + 1
    child.join()
    if not begun:
        raise RuntimeError("The reader's own files cannot be made; the traceback is above.")
    if child.exitcode:
        _note(found, f"the process died ({child.exitcode})", seed)
        return seed + 1
    return seed


def _note(found: Findings, fault: str, seed: int) -> None:
    found.faults.setdefault(fault, []).append(seed)


def _child(name: str, first: int, last: int, pipe: Connection) -> None:
    target = TARGETS[name]
    samples = target.samples()
    for sample in samples:  # loads what is needed, before memory is counted
        with suppress(Exception):
            _read(name, sample)
    _hush()
    before = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (before + MEGABYTES * 2**20,) * 2)
    signal.signal(signal.SIGALRM, _late)
    for seed in range(first, last):
        data = _made(samples, seed)
        began = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            _read(name, data)
            fault = "read"
        except (MocapError, MemoryError):  # the latter is a sentence, too: engine.failures
            fault = "refused"
        except _LateError:
            fault = "hangs"
        except BaseException as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            fault = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        pipe.send((seed, fault, time.perf_counter() - began, memory))
    pipe.close()


def _hush() -> None:
    """Leave out what decoders say of damage; in the process that reads, not in that which tells."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


class _LateError(BaseException):
    """The time of a file is over."""


def _late(*_: object) -> None:
    raise _LateError


def _read(name: str, data: bytes) -> None:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        path = folder / f"file{TARGETS[name].suffix}"
        path.write_bytes(data)
        TARGETS[name].read(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(samples: list[bytes], seed: int) -> bytes:
    chance = random.Random(seed)
    return mutated(chance.choice(samples), samples, chance)


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()
