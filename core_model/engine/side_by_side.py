"""Work of one job on several cores: tasks that do not need each other, each in a thread of its own.

What is calculated in them lets go of Python's lock: networks, PyTorch's and numpy's operations.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")

Share = Callable[[float], None]
"""Is told the share that is done, 0 to 1."""

MOST = 4
"""Threads: each holds the memory of a task."""

_TOLD_EVERY = 0.1  # seconds
_here = threading.local()


@dataclass(frozen=True)
class Task(Generic[T]):
    """Something to do.

    Parameters
    ----------
    size : float
        How long it takes, in whatever unit its neighbours have.
    run : callable
        Does it; is given what to tell its share to, now and then, which ends it where it has to.
    """

    size: float
    run: Callable[[Share], T]


class _Ended(Exception):
    """Ends a task that nobody waits for any more."""


def untold(share: float) -> None:
    """Tell nobody."""


def cores() -> int:
    """Return how many tasks are done at once: by cores, and by `OMP_NUM_THREADS` where it is told.

    The latter is what PyTorch goes by, and how a batch tells each capture its share.
    """
    most = MOST
    with suppress(KeyError, ValueError):
        most = max(1, min(most, int(os.environ["OMP_NUM_THREADS"])))
    if hasattr(os, "sched_getaffinity"):  # what this process may use; Linux only
        return min(len(os.sched_getaffinity(0)), most)
    return min(os.cpu_count() or 1, most)


def side_by_side(tasks: Sequence[Task[T]], tell: Share = untold, most: int = MOST) -> list[T]:
    """Do tasks on as many threads as there are cores; return what they give, in their order.

    Tasks of a task are done one after the other. What goes wrong in one goes wrong here, and ends
    the others.

    Parameters
    ----------
    tasks : sequence of Task
    tell : callable
        Is told the share of all that is done, in this thread.
    most : int
        Threads at most.
    """
    threads = min(cores(), len(tasks), most)
    whole = sum(task.size for task in tasks) or 1.0
    shares = [0.0] * len(tasks)
    ended = threading.Event()

    def done() -> float:
        return sum(task.size * share for task, share in zip(tasks, shares, strict=True)) / whole

    def told(number: int, share: float, alone: bool) -> None:
        if ended.is_set():
            raise _Ended
        shares[number] = share
        if alone:
            tell(done())

    if threads < 2 or getattr(_here, "busy", False):
        return [task.run(partial(told, number, alone=True)) for number, task in enumerate(tasks)]

    def run(number: int) -> T:
        _here.busy = True
        told(number, 0.0, False)
        return tasks[number].run(lambda share: told(number, share, False))

    with ThreadPoolExecutor(threads, "side by side") as pool:
        try:
            futures = [pool.submit(run, number) for number in range(len(tasks))]
            waiting = set(futures)
            while waiting:
                finished, waiting = wait(waiting, _TOLD_EVERY, "FIRST_EXCEPTION")
                for future in finished:
                    future.result()
                tell(done())
            return [future.result() for future in futures]
        finally:
            ended.set()
            pool.shutdown(cancel_futures=True)
