"""The engine as a process of its own: `python -m core_model.worker JOB.json`.

What goes in and comes out is told by `core_model.engine.protocol`. Everything that anyone else
prints goes to standard error. The process ends by itself when the pipe to its standard input is
closed, which happens when its parent dies, and as Ctrl-C does when it is told to (SIGTERM, SIGHUP).
"""

import _thread
import json
import os
import platform
import stat
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from core_model import __version__
from core_model.engine.command_line import CTRL_C
from core_model.engine.failures import exit_code, explained
from core_model.engine.protocol import (
    Failure,
    Hello,
    Job,
    Message,
    Result,
    Step,
    write_message,
)
from core_model.engine.signals import stopped_by_signals
from core_model.errors import MocapError
from core_model.progress import NOTHING
from core_model.take.folder import read_summary

_REPORT_EVERY = 0.1  # seconds
_NICENESS = 10
_GRACE = 0.8  # seconds from the parent's death until this process ends whatever it is doing


class Reporter:
    """Writes messages as lines of JSON, and progress not too often.

    Parameters
    ----------
    stream : text file
        Where the messages go.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stage = ""
        self._since = self._last = 0.0

    def send(self, message: Message) -> None:
        """Write one message."""
        print(write_message(message), file=self._stream, flush=True)

    def progress(
        self, stage: str, done: int, total: int | None, ahead: Mapping[str, int] = NOTHING
    ) -> None:
        """Report a stage with its rate per second and the seconds left; fits `Progress`."""
        now = time.perf_counter()
        if stage != self._stage:
            self._stage, self._since, self._last = stage, now, 0.0
        if now - self._last < _REPORT_EVERY and done != total:
            return
        self._last = now
        # The first step of a stage starts its clock, so it is no measure of speed.
        passed = now - self._since
        rate = (done - 1) / passed if done > 1 and passed > 0 else None
        left = max(total - done, 0) / rate if rate and total else None
        cpu = round(time.process_time(), 2)
        self.send(Step(stage, done, total, rate, left, dict(ahead), cpu))


def main(arguments: list[str] | None = None) -> int:
    """Do the job of the file that is named, and return the exit code."""
    (job_file,) = sys.argv[1:] if arguments is None else arguments
    reporter = Reporter(_private_stdout())
    _end_with_parent()
    _let_blender_go_first()
    with stopped_by_signals() as received:
        try:
            reporter.send(Hello(__version__, platform.python_version()))
            job = json.loads(Path(job_file).read_text(encoding="utf-8"))
            reporter.send(Result(_JOBS[job["kind"]](job, reporter)))
        except (KeyboardInterrupt, BrokenPipeError):  # the pipe: nobody listens any more
            return received.exit_code or CTRL_C
        except Exception as error:  # the edge: whatever it is becomes one sentence
            if not isinstance(error, MocapError):
                traceback.print_exc()
            kind, sentence = explained(error)
            reporter.send(Failure(sentence, kind))
            return exit_code(kind)
    return 0


def _capture(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.capture import capture
    from core_model.options import CaptureOptions

    options = CaptureOptions.of(job["options"])
    capture(job["video"], job["folder"], options, reporter.progress)
    summary = read_summary(Path(job["folder"]))
    assert summary  # `capture` leaves one
    return {"folder": job["folder"], "summary": asdict(summary)}


def _find_people(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.find_people import find_people
    from core_model.options import CaptureOptions

    options = CaptureOptions.of(job["options"])
    found = find_people(job["video"], job["folder"], options, reporter.progress)
    return {
        "tracks": str(Path(job["folder"]) / "tracks.npz"),
        "people": [vars(person) | {"thumbnail": str(person.thumbnail)} for person in found],
    }


def _stills(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.stills import save_stills

    options = job["options"]
    paths = save_stills(job["video"], job["folder"], options["times"], options.get("fps"))
    return {"pictures": [str(path) for path in paths]}


def _check_engine(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.check_engine import check_engine

    return check_engine(job["options"].get("device", "auto"))


_JOBS: dict[str, Callable[[Job, Reporter], dict[str, Any]]] = {
    "capture": _capture,
    "find_people": _find_people,
    "stills": _stills,
    "check_engine": _check_engine,
}


def _private_stdout() -> TextIO:
    """Keep the standard output for messages; what libraries print goes to standard error."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return private


def _let_blender_go_first() -> None:
    """Take a low priority, so that Blender is drawn in time on a machine with few cores."""
    if hasattr(os, "nice"):  # on Windows whoever starts the process says so
        os.nice(_NICENESS)


def _end_with_parent() -> None:
    """End when the pipe to the standard input is closed; nothing is done if it is no pipe."""
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return
    pipe = os.dup(0)
    # On Windows whoever asks about a pipe that is being read waits for it; libraries do ask.
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)

    def watch() -> None:
        while os.read(pipe, 1024):
            pass
        _thread.interrupt_main()  # lets half-made files be taken away
        time.sleep(_GRACE)
        os._exit(130)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
