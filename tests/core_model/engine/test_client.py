"""The engine's client: what it makes of a worker that works, and of one that does not."""

import os
import sys
import time
from pathlib import Path

import pytest

from core_model.engine.client import Engine, EngineError, Worker, run
from core_model.engine.protocol import Failure, Hello, Result, Step, read_message, write_message
from tests.places import DEMO

HERE = Engine(sys.executable, dict(os.environ))


def _engine(folder: Path, *lines: str) -> Engine:
    """Return an engine that is a script of the shell."""
    if os.name != "posix":
        pytest.skip("made up of a shell script")
    script = folder / "python"
    script.write_text("\n".join(("#!/bin/sh", *lines)))
    script.chmod(0o755)
    return Engine(str(script), dict(os.environ))


def _job(folder, **options):
    return {
        "kind": "capture",
        "video": str(DEMO),
        "folder": str(folder / "out"),
        "options": {"hands": False, "refine": False} | options,
    }


def _failure(engine, folder) -> EngineError:
    with pytest.raises(EngineError) as raised:
        run(_job(folder), engine, folder / "engine.log")
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize(
    "message",
    [
        Hello("0.1.0", "3.11.9"),
        Step("people", 3, None, 12.5, None),
        Result({"folder": "踊り"}),
        Failure("No clip.", "clip"),
    ],
)
def test_a_message_is_a_line_that_is_read_as_it_was_written(message):
    line = write_message(message)
    assert line.isascii() and "\n" not in line
    assert read_message(line + "\n") == message


@pytest.mark.parametrize(
    "line", ["", "hello", "[]", "3", "{}", '{"stage": 1}', '{"error": "x", "y": 1}', "[" * 99_999]
)
def test_what_is_no_message_is_none(line):
    assert read_message(line) is None


def test_a_job_is_done_with_progress_and_its_result_returned(tmp_path):
    steps: list[Step] = []
    job = _job(tmp_path, start=1.0, end=1.4)
    result = run(job, HERE, tmp_path / "engine.log", steps.append)
    assert result["summary"]["people"][0]["file"] == "person_01.npz"
    assert (tmp_path / "out" / "person_01.npz").exists()
    *_, fitted, last = steps
    assert last.stage == "world" and fitted.done == fitted.total


def test_an_error_of_the_engine_is_an_error_here(tmp_path):
    job = _job(tmp_path) | {"video": "/nowhere.mp4"}
    with pytest.raises(EngineError, match="There is no video at /nowhere.mp4") as raised:
        run(job, HERE, tmp_path / "engine.log")
    assert (raised.value.kind, raised.value.exit_code) == ("clip", 1)
    assert list(tmp_path.iterdir()) == [tmp_path / "engine.log"]


def test_what_nobody_foresaw_names_the_log_which_holds_the_traceback(tmp_path):
    log = tmp_path / "engine.log"
    with pytest.raises(EngineError, match=f"the log {log} tells more") as raised:
        run(_job(tmp_path) | {"kind": "stills", "options": {}}, HERE, log)
    assert raised.value.exit_code == 70
    assert "Traceback" in log.read_text()


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        (["echo No module named core_model >&2", "exit 1"], "missing", "has no INT Mocap"),
        (['echo \'{"engine": "9.9"}\'', "exec sleep 60"], "version", "is INT Mocap 9.9"),
        (["kill -KILL $$"], "killed", "memory ran out"),
        (["kill -TERM $$"], "killed", "told to stop"),
        (["echo hello", "exit 0"], "crash", "ended unexpectedly (code 0)"),
        (["echo '{\"stage\": 3'", "exit 3"], "crash", "ended unexpectedly (code 3)"),
        (["printf '\\377\\n{}\\n[[[\\n'", "exit 4"], "crash", "ended unexpectedly (code 4)"),
    ],
)
def test_an_engine_that_does_not_work_is_one_sentence(tmp_path, lines, kind, words):
    error = _failure(_engine(tmp_path, *lines), tmp_path)
    assert error.kind == kind and words in str(error)


def test_a_python_that_is_none_is_one_sentence(tmp_path):
    error = _failure(Engine(str(DEMO), {}), tmp_path)
    assert error.kind == "start" and "cannot be started" in str(error)


@pytest.mark.parametrize("grace", [0.0, 10.0])
def test_ending_a_worker_ends_its_process_and_with_grace_leaves_nothing(tmp_path, grace):
    folder = tmp_path / "scratch"
    folder.mkdir()
    worker = Worker(_job(tmp_path), HERE, folder, tmp_path / "engine.log")
    while not any(isinstance(message, Step) for message in worker.poll(0.1)):
        assert worker.process.poll() is None
    assert list((tmp_path / "out").iterdir())
    worker.end(grace)
    assert worker.process.poll() is not None
    assert (tmp_path / "out").exists() == (grace == 0)
    worker.end()  # once more does no harm


def test_ctrl_c_while_waiting_ends_the_worker(tmp_path):
    seen: list[Step] = []

    def stop(step: Step) -> None:
        seen.append(step)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(_job(tmp_path), HERE, tmp_path / "engine.log", stop)
    assert seen and not (tmp_path / "out").exists()


def test_polling_does_not_wait(tmp_path):
    worker = Worker(_job(tmp_path), _engine(tmp_path, "exec sleep 60"), tmp_path, tmp_path / "log")
    before = time.process_time()
    for _ in range(1000):
        assert worker.poll() == []
    worker.end()
    print(f"polled a thousand times in {1000 * (time.process_time() - before):.0f} ms")
    assert worker.poll(5)[-1] == Failure(
        "The engine was stopped from outside, most often because memory ran out: capture a "
        "shorter part of the clip or close other programs.",
        "killed",
    )
