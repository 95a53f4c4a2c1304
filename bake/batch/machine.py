"""How many clips this machine can do at once, and what of it is for each."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress

THREADS = "OMP_NUM_THREADS"
"""The variable that tells PyTorch, and a capture, on how many threads to work."""

_BYTES_EACH = 2 * 2**30
"""Memory of a capture, with room for Blender after it."""

_CARD_BYTES_EACH = 2 * 2**30
"""Memory of a graphics card for a capture: CUDA itself takes a quarter of it."""

_CARD_MEMORY = ("nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits", "--id=0")
"""Tells the free MiB of the card that captures use."""


def workers_that_fit(on_card: bool = True) -> int:
    """Return how many clips to do at once: one for each core that memory allows.

    Two clips on a core each take less time than one after the other on both: no thread waits for
    another, and Blender, which bakes on one, leaves no core idle.

    Parameters
    ----------
    on_card : bool
        Whether captures use a graphics card where there is one.
    """
    limits = [_usable_cores()]
    if memory := free_memory():
        limits.append(memory // _BYTES_EACH)
    if on_card and (memory := free_card_memory()):
        limits.append(memory // _CARD_BYTES_EACH)
    return max(1, min(limits))


def environment_beside(environment: Mapping[str, str], clips: int) -> dict[str, str]:
    """Return the environment of the programs of one of several clips that are done at once.

    Parameters
    ----------
    environment : mapping
        In which the number of threads may be told: it is kept.
    clips : int
        That share the cores.
    """
    share = max(1, round(_usable_cores() / max(clips, 1)))
    return {THREADS: str(share), **environment}


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
