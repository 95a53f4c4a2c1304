"""The engine as a process of its own: `python -m core_model.worker JOB.json`.

With `--wait` it loads what a solve needs and waits for its job (`core_model.engine.spare`).

What goes in and comes out is told by `core_model.engine.protocol`. Everything that anyone else
prints goes to standard error. The process ends by itself when the pipe to its standard input is
closed, which happens when its parent dies, and as Ctrl-C does when it is told to (SIGTERM, SIGHUP).
"""

import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from core_model import __version__
from core_model.engine.command_line import CTRL_C
from core_model.engine.failures import exit_code, explained
from core_model.engine.memory import end_at_once, hold_little, loading
from core_model.engine.parent import end_with_parent
from core_model.engine.protocol import (
    Failure,
    Hello,
    Job,
    Message,
    Result,
    Step,
    read_job,
    write_message,
)
from core_model.engine.signals import stopped_by_signals
from core_model.engine.spare import WAIT, waited_for
from core_model.engine.versions import ENGINE_PARTS, versions_of
from core_model.errors import MocapError
from core_model.progress import NOTHING
from core_model.take.folder import CaptureSummary, read_summary

_REPORT_EVERY = 0.1  # seconds
_NICENESS = 10


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
    (told,) = sys.argv[1:] if arguments is None else arguments
    reporter = Reporter(_private_stdout())
    _let_blender_go_first()
    hold_little()
    end_at_once()
    job_file = waited_for(_load_solving) if told == WAIT else Path(told)
    if job_file is None:
        return 0
    end_with_parent()
    with stopped_by_signals() as received:
        try:
            reporter.send(Hello(__version__, platform.python_version()))
            job = read_job(job_file)
            _log_beginning(job)
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
    with loading():
        from core_model.capture import capture
        from core_model.network.devices import choose_device
        from core_model.options import CaptureOptions

    options = CaptureOptions.of(job["options"])
    _log(f"device: {choose_device(options.device)}")
    capture(job["video"], job["folder"], options, reporter.progress)
    summary = read_summary(Path(job["folder"]))
    assert summary  # `capture` leaves one
    _log_end(summary)
    return {"folder": job["folder"], "summary": asdict(summary)}


def _log_beginning(job: Job) -> None:
    """Write to the log what a report of an error needs: versions, system, the job."""
    versions = ", ".join(f"{name} {each}" for name, each in versions_of(ENGINE_PARTS).items())
    _log(f"INT Mocap {__version__}, Python {platform.python_version()}, {versions}")
    _log(f"{platform.platform()}, {os.cpu_count()} cores")
    _log(f"job: {json.dumps(job)}")


def _log_end(summary: CaptureSummary) -> None:
    """Write to the log how long each stage took, and what was warned of."""
    for stage, seconds in summary.stages.items():
        _log(f"{stage}: {seconds:.2f} s")
    for warning in summary.warnings:
        _log(f"warning: {warning}")
    _log(f"people: {len(summary.people)}")


def _log(line: str) -> None:
    print(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z} {line}", file=sys.stderr, flush=True)


def _find_people(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.find_people import find_people
    from core_model.options import CaptureOptions

    options = CaptureOptions.of(job["options"])
    found = find_people(job["video"], job["folder"], options, reporter.progress)
    return {
        "tracks": str(found.tracks),
        "people": [vars(person) | {"thumbnail": str(person.thumbnail)} for person in found.people],
    }


def _stills(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.stills import save_stills

    options = job["options"]
    paths = save_stills(job["video"], job["folder"], options["times"], options.get("fps"))
    return {"pictures": [str(path) for path in paths]}


def _load_solving() -> None:
    # Only to be there: what it loads, PyTorch most of all, is most of a short solve.
    with loading():
        import core_model.solving.solve_takes  # noqa: F401


def _solve(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.options import CaptureOptions
    from core_model.solving.solve_takes import solve_takes

    folder = Path(job["folder"])
    solve_takes(
        Path(job["takes"]),
        Path(job["corrections"]),
        folder,
        CaptureOptions.of(job["options"]),
        reporter.progress,
    )
    summary = read_summary(folder)
    assert summary  # `solve_takes` leaves one
    _log_end(summary)
    return {"folder": job["folder"], "summary": asdict(summary)}


def _check_engine(job: Job, reporter: Reporter) -> dict[str, Any]:
    from core_model.check_engine import check_engine

    return check_engine(job["options"].get("device", "auto"))


_JOBS: dict[str, Callable[[Job, Reporter], dict[str, Any]]] = {
    "capture": _capture,
    "find_people": _find_people,
    "stills": _stills,
    "solve": _solve,
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


if __name__ == "__main__":
    sys.exit(main())
