"""What a process holds of memory that it does not use any more: little, hours after its start too.

The GNU C library keeps what was freed for what comes next, in as many heaps as there are threads,
and the more of it the larger the blocks were that it has seen freed: a clip's pictures and what a
network calculates with then leave holes in each other's heaps. Other systems' libraries give large
blocks back by themselves.
"""

import atexit
import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of `mallopt`, from malloc.h
_ALONE = 4 * 2**20
"""Bytes from which on a block is mapped alone, and gone once it is freed: a picture of Full HD has
6 MB, what the keypoint network and the fit calculate with less."""

_HELD = 16 * 2**20
"""Bytes that may be free at the end of a heap."""

_HEAPS = 2
"""One of the main thread and one of all others, which come and go with every stage."""


def hold_little() -> None:
    """Let this process keep little of what it frees, from now on; for the start of a program."""
    library = _gnu_library()
    if library:
        library.mallopt(_MMAP_THRESHOLD, _ALONE)
        library.mallopt(_TRIM_THRESHOLD, _HELD)
        library.mallopt(_ARENA_MAX, _HEAPS)


def give_back() -> None:
    """Give back to the system what is free now; for the end of something large."""
    library = _gnu_library()
    if library:
        library.malloc_trim(0)


def end_at_once() -> None:
    """Let this process end without a search for cycles in all that it holds; for its start.

    Of a process that has loaded PyTorch that search takes half a second, and the system takes all
    of its memory back in any case. Functions for the end (`atexit`, `weakref.finalize`) are called.
    """
    atexit.register(gc.freeze)


@contextmanager
def loading() -> Iterator[None]:
    """Load libraries without looking for cycles in what they make, now or later.

    There are hardly any, and with PyTorch the search takes a sixth of a second.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _gnu_library() -> ctypes.CDLL | None:
    """Return the C library of this process, None if it is another than GNU's."""
    if sys.platform != "linux":
        return None
    with suppress(OSError):
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):  # no other library has it
            return library
    return None
