"""A worker that is lost in the middle does not end the run: the others go on from what was kept."""

import os
import signal
import subprocess
import time

import pytest

from tests.places import ROOT
from tests.train.distributed.together import LAUNCHERS, ONE_THREAD, elastic_command_lines

STEPS = 150


def progress(folder):
    """Return what each process wrote: (step, size, weight) of each of its steps."""
    return {
        tuple(map(int, path.stem.split("_"))): [
            tuple(map(float, line.split())) for line in path.read_text().splitlines()
        ]
        for path in folder.glob("*.txt")
    }


@pytest.mark.processes
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_worker_that_is_killed_does_not_end_the_run(launcher, tmp_path):
    module = ("-m", "tests.train.distributed.survives", str(tmp_path), str(STEPS))
    said = tmp_path / "said.log"
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    with open(said, "wb") as log:
        launched = [
            subprocess.Popen(line, env=environment, cwd=ROOT, stdout=log, stderr=log)
            for line in elastic_command_lines(launcher, tmp_path, *module)
        ]
    try:
        ends = time.monotonic() + 100
        while sum(map(len, progress(tmp_path).values())) < 40:
            assert time.monotonic() < ends and launched[0].poll() is None, said.read_text()[-3000:]
            time.sleep(0.1)
        found = progress(tmp_path)
        assert len(found) == 2 and all(rows[-1][1] == 2 for rows in found.values())
        # Of torchrun with its launcher, as when a machine goes off; not the one that they meet at.
        lost = max(found, key=lambda each: each[0] == launched[-1].pid)
        if launcher == "torchrun":
            os.kill(lost[0], signal.SIGKILL)
        os.kill(lost[1], signal.SIGKILL)
        code = launched[0].wait(timeout=120)
    finally:
        for process in launched:
            process.kill()
    assert code == 0, said.read_text()[-3000:]
    rows = [row for each in progress(tmp_path).values() for row in each]
    assert [row[1] for row in rows if row[0] == STEPS] == [1.0]
    assert rows[-1][2] == pytest.approx(1)
    # What both did up to where the state was kept is not done again.
    assert sum(row[0] == 5 for row in rows) == 2
