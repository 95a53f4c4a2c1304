"""How many clips this machine can do at once."""

import os
import subprocess
from contextlib import suppress

_CORES_EACH = 2
"""A capture keeps so many busy; the fit alone one."""

_BYTES_EACH = 2 * 2**30
"""Memory of a capture, with room for Blender after it."""

_CARD_BYTES_EACH = 2 * 2**30
"""Memory of a graphics card for a capture: CUDA itself takes a quarter of it."""

_CARD_MEMORY = ("nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits", "--id=0")
"""Tells the free MiB of the card that captures use."""


def workers_that_fit(on_card: bool = True) -> int:
    """Return how many clips to do at once: by cores that this process may use, and by memory.

    Parameters
    ----------
    on_card : bool
        Whether captures use a graphics card where there is one.
    """
    limits = [_usable_cores() // _CORES_EACH]
    if memory := free_memory():
        limits.append(memory // _BYTES_EACH)
    if on_card and (memory := free_card_memory()):
        limits.append(memory // _CARD_BYTES_EACH)
    return max(1, min(limits))


def free_card_memory() -> int:
    """Return the bytes that are free on the graphics card; 0 where there is none, or unknown."""
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        told = subprocess.run(_CARD_MEMORY, check=True, capture_output=True, text=True, timeout=10)
        return int(told.stdout) * 2**20
    return 0


def free_memory() -> int:
    """Return the bytes that are free, of the container where there is a limit; 0 where unknown."""
    known = []
    with suppress(OSError, ValueError):
        with open("/proc/meminfo", encoding="ascii") as file:
            facts = dict(line.split(":", 1) for line in file)
        known.append(int(facts["MemAvailable"].split()[0]) * 1024)
    with suppress(OSError, ValueError, KeyError):
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
            most = int(file.read())
        with open("/sys/fs/cgroup/memory.current", encoding="ascii") as file:
            known.append(max(most - int(file.read()), 0))
    return min(known, default=0)


def _usable_cores() -> int:
    with suppress(AttributeError):  # Linux only
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
