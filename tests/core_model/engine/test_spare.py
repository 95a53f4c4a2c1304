"""A worker that waits for its job."""

import os
import subprocess
import sys

import pytest

from core_model.engine.client import Engine, Worker, start_spare
from core_model.engine.protocol import Failure, Hello, Message
from core_model.engine.spare import Spare

HERE = Engine(sys.executable, dict(os.environ))


def _python(*words: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *words], stdin=pipe, stdout=pipe, text=True)


def _job(folder):
    return {"kind": "solve", "takes": str(folder), "corrections": "none", "folder": "x"}


def test_a_job_is_done_by_the_worker_that_waits_which_ends_with_it(tmp_path):
    spare, log = start_spare(HERE), tmp_path / "engine.log"
    worker = Worker(_job(tmp_path) | {"options": {}}, HERE, tmp_path, log, spare)
    assert worker.process is spare.process
    said: list[Message] = []
    while not said or not isinstance(said[-1], Failure):
        said += worker.poll(0.1)
    assert isinstance(said[0], Hello) and "none" in said[-1].error
    assert worker.process.wait(30) != 0
    assert "job: " in log.read_text()
    worker.end()


def test_one_that_waits_no_longer_takes_no_job_and_another_is_started(tmp_path):
    gone = Spare(_python("-c", ""))
    gone.process.wait(30)
    assert not gone.waits and not gone.hand_over(tmp_path / "job.json", tmp_path / "log")
    worker = Worker(_job(tmp_path) | {"options": {}}, HERE, tmp_path, tmp_path / "log", gone)
    assert worker.process is not gone.process
    worker.end()
    gone.end()


@pytest.mark.parametrize("asked_to_end", [True, False])
def test_without_a_job_it_ends_with_its_parent_and_by_itself(asked_to_end):
    seconds = 60 if asked_to_end else 0.1
    process = _python(
        *("-c", f"import core_model.engine.spare as s; print(s.waited_for(int, {seconds}))")
    )
    assert process.stdin and process.stdout
    if asked_to_end:
        process.stdin.close()
    assert process.stdout.read() == ("" if asked_to_end else "None\n")
    assert process.wait(30) == 0
