import json
import subprocess
import sys

import pytest

_FREES = """
import json
import numpy as np
from core_model.engine.memory import give_back, hold_little

def resident():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))

hold_little()
np.ones(6 * 2**20, np.uint8)
pictures, small, before = [], [], resident()
for _ in range(10):
    pictures.append(np.ones(6 * 2**20, np.uint8))
    small.append(np.ones(200_000, np.uint8))
del pictures
after_pictures = resident() - before
pieces = [np.ones(2**20, np.uint8) for _ in range(60)]
small.append(np.ones(200_000, np.uint8))
del pieces
give_back()
print(json.dumps([after_pictures, resident() - before]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="others give back what is freed by themselves")
def test_what_is_freed_is_given_back():
    """In a process of its own: what was allocated here before would take part."""
    told = subprocess.run([sys.executable, "-c", _FREES], check=True, capture_output=True).stdout
    pictures, pieces = json.loads(told)
    print(f"{pictures:.0f} MB more after 60 MB of pictures, {pieces:.0f} after 60 MB of pieces")
    assert pictures < 20, "pictures leave holes"
    assert pieces < 20, "what is free is kept"


_ENDS = """
import gc, sys, tempfile, weakref
from core_model.engine.memory import end_at_once

class Cycle:
    def __init__(self):
        self.own = self
    def __del__(self):
        print("taken apart")

gc.disable()
one, other = Cycle(), Cycle()
other.other = one
weakref.finalize(one, print, "told")
del one, other
if sys.argv[1:]:
    end_at_once()
"""


@pytest.mark.parametrize("at_once", [False, True])
def test_a_process_ends_without_a_search_for_what_it_holds(at_once):
    command = [sys.executable, "-c", _ENDS, *["at once"] * at_once]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")
    assert ("taken apart" in told) is not at_once
    assert "told" in told


_LOADS = """
import gc
from core_model.engine.memory import loading

with loading():
    searched = gc.isenabled()
    made = [[] for _ in range(1000)]
print(searched, gc.isenabled(), gc.get_freeze_count() >= 1000)
try:
    with loading():
        import nothing_of_this_name
except ModuleNotFoundError:
    print(gc.isenabled())
"""


def test_what_libraries_make_is_not_searched_for_cycles():
    told = subprocess.run([sys.executable, "-c", _LOADS], check=True, capture_output=True).stdout
    assert told.decode().split() == ["False", "True", "True", "True"]
