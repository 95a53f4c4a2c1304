"""What a reader is to the harness."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """A reader.

    Parameters
    ----------
    suffix : str
        Of its files.
    samples : callable
        Returns whole files.
    read : callable
        Reads a file; it may raise a `MocapError` and nothing else.
    """

    suffix: str
    samples: Callable[[], list[bytes]]
    read: Callable[[Path], object]
