"""How many clips this machine can do at once."""

import os
from contextlib import suppress

_CORES_EACH = 2
"""A capture keeps so many busy; the fit alone one."""

_BYTES_EACH = 2 * 2**30
"""Memory of a capture, with room for Blender after it."""


def workers_that_fit() -> int:
    """Return how many clips to do at once: by cores that this process may use, and by memory."""
    cores = _usable_cores() // _CORES_EACH
    memory = free_memory()
    return max(1, min(cores, memory // _BYTES_EACH if memory else cores))


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
