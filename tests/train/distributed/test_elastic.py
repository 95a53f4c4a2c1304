"""A worker that is lost in the middle does not end the run: the others go on from what was kept."""

import os
import signal
import subprocess
import time

import pytest

from tests.places import ROOT
from tests.train.distributed.together import LAUNCHERS, MAY_JOIN, ONE_THREAD, elastic_command_lines

STEPS, TOGETHER = 400, 10


def progress(folder):
    """Return what each process wrote: (step, size, weight) of each of its steps."""
    return {
        tuple(map(int, path.stem.split("_"))): [
            tuple(map(float, line.split())) for line in path.read_text().splitlines()
        ]
        for path in folder.glob("*.txt")
    }


def pairs(found):
    """Return who has done some steps together."""
    return [who for who, rows in found.items() if sum(row[1] == 2 for row in rows) >= TOGETHER]


class Run:
    """An elastic run on two machines, as it were."""

    def __init__(self, launcher, folder):
        self.launcher, self.folder, self.said = launcher, folder, folder / "said.log"
        module = ("-m", "tests.train.distributed.survives", str(folder), str(STEPS))
        self.lines = elastic_command_lines(launcher, folder, *module)
        self.started = []

    def start(self):
        """Start another launcher: torchrun has one on each machine."""
        environment = os.environ | ONE_THREAD | MAY_JOIN | {"PYTHONPATH": str(ROOT)}
        with open(self.said, "ab") as log:
            self.started.append(
                subprocess.Popen(
                    self.lines[len(self.started)], env=environment, cwd=ROOT, stdout=log, stderr=log
                )
            )

    def wait_for(self, come):
        """Return the progress when it is as far as wanted, however long that takes."""
        while not come(found := progress(self.folder)):
            assert self.started[0].poll() is None, self.said.read_text()[-3000:]
            time.sleep(0.1)
        return found

    def end(self):
        """Wait for a normal end; return all that was written."""
        code = self.started[0].wait()
        assert code == 0, self.said.read_text()[-3000:]
        return [row for each in progress(self.folder).values() for row in each]


@pytest.fixture
def run(launcher, tmp_path):
    """Return an elastic run that is ended whatever happens."""
    made = Run(launcher, tmp_path)
    yield made
    for process in made.started:
        process.kill()


@pytest.mark.processes
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_worker_that_is_killed_does_not_end_the_run(launcher, run):
    for _ in run.lines:
        run.start()
    # The second machine may have come when the first had already begun.
    both = pairs(run.wait_for(lambda found: len(pairs(found)) == 2))
    # Of torchrun with its launcher, as when a machine goes off; not the one that they meet at.
    lost = max(both, key=lambda each: each[0] == run.started[-1].pid)
    if launcher == "torchrun":
        os.kill(lost[0], signal.SIGKILL)
    os.kill(lost[1], signal.SIGKILL)
    rows = run.end()
    last = [row for row in rows if row[0] == STEPS]
    assert last == [(STEPS, 1.0, pytest.approx(1))]
    # Whoever ended it did not begin anew.
    alone = [row[0] for row in rows if row[1] == 1 and row[0] > TOGETHER]
    assert STEPS in alone and 1 not in alone


@pytest.mark.processes
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_worker_that_comes_later_joins_the_run(launcher, run):
    if launcher == "horovod":
        (run.folder / "hosts").write_text("localhost:1\n")
    run.start()
    run.wait_for(lambda found: sum(map(len, found.values())) >= 20)
    if launcher == "horovod":
        (run.folder / "hosts").write_text("localhost:1\n127.0.0.1:1\n")
    else:
        run.start()
    rows = run.end()
    assert [row[1] for row in rows if row[0] == 5] == [1.0]
    # Both end it, from where the first was.
    assert [row[1:] for row in rows if row[0] == STEPS] == [(2.0, pytest.approx(1))] * 2
