"""What a reader and a way to make files for it are to the harness."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Batch:
    """How many files are tried in one process, and which.

    Parameters
    ----------
    count : int
        What shrinks a fault comes on top.
    seed : int
    known : collection of str
        Faults that were found before and need not be shrunk again.
    home : Path
        Folder of the target, for what is worth keeping from batch to batch.
    """

    count: int
    seed: int
    known: Collection[str]
    home: Path


class Engine(Protocol):
    """Makes files that are wrong out of samples that are right."""

    @property
    def name(self) -> str:
        """For the table."""

    def loading(self) -> AbstractContextManager[Any]:
        """Surround the first import of what reads."""

    def pack(self, sample: Any) -> bytes:
        """Return a sample as a file."""

    def run(
        self, samples: Sequence[Any], give: Callable[[bytes], Exception | None], batch: Batch
    ) -> None:
        """Give files to a reader; `give` returns the error that is a fault, if there is one."""


@dataclass(frozen=True)
class Target:
    """A reader.

    Parameters
    ----------
    suffix : str
        Of its files.
    samples : callable
        Returns whole files, or what the engine makes them of.
    read : callable
        Reads a file; it may raise a `MocapError` and nothing else. What it needs is imported there
        and not before: atheris has to see that.
    engine : Engine
    """

    suffix: str
    samples: Callable[[], Sequence[Any]]
    read: Callable[[Path], object]
    engine: Engine
