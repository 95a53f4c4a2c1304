import subprocess
import sys
from pathlib import Path

import pytest

_A_THREAD_THAT_NEVER_ENDS = """
import sys, threading, time
import bpy
from bake.headless import end
threading.Thread(target=time.sleep, args=(1000,)).start()
print(bpy.app.tempdir, flush=True)
end({code})
"""


@pytest.mark.parametrize("code", [0, 1, 143])
def test_a_process_with_blender_in_it_ends_whatever_its_threads_wait_for(code: int):
    program = _A_THREAD_THAT_NEVER_ENDS.format(code=code)
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == code
    folder = ended.stdout.splitlines()[-1].strip()
    assert folder and not Path(folder).exists()
