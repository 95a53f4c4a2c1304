"""The engine as a process of its own: `python -m core_model.worker JOB.json`, for the add-on.

A job goes in as a file, one JSON object per line comes out on standard output:

    {"engine": "0.1.0", "python": "3.11.9"}                              once, at the start
    {"stage": "people", "done": 12, "total": 150, "rate": 21.5, "left": 6.4}
    {"result": {...}}      or      {"error": "One sentence.", "kind": "clip"}       once, at the end

Everything that anyone else prints goes to standard error. The process ends by itself when the pipe
to its standard input is closed, which happens when its parent dies.
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
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from core_model import __version__
from core_model.errors import (
    AssetError,
    MocapError,
    NoPersonError,
    OutputError,
    TakeError,
    VideoError,
)
from core_model.take.folder import read_summary

_KINDS = {
    VideoError: "clip",
    NoPersonError: "nobody",
    TakeError: "take",
    AssetError: "asset",
    OutputError: "output",
}
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "bad_alloc")
_MEMORY_SENTENCE = (
    "Memory ran out: capture a shorter part of the clip, a smaller clip or fewer people, "
    "or close other programs."
)
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

    def send(self, **message: Any) -> None:
        """Write one message."""
        print(json.dumps(message), file=self._stream, flush=True)

    def progress(self, stage: str, done: int, total: int | None) -> None:
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
        self.send(stage=stage, done=done, total=total, rate=rate, left=left)


def main(arguments: list[str] | None = None) -> int:
    """Do the job of the file that is named, and return the exit code."""
    (job_file,) = sys.argv[1:] if arguments is None else arguments
    reporter = Reporter(_private_stdout())
    _end_with_parent()
    _let_blender_go_first()
    reporter.send(engine=__version__, python=platform.python_version())
    try:
        job = json.loads(Path(job_file).read_text(encoding="utf-8"))
        reporter.send(result=_JOBS[job["kind"]](job, reporter))
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the edge: whatever it is becomes one sentence
        if not isinstance(error, MocapError):
            traceback.print_exc()
        kind, sentence = explained(error)
        reporter.send(error=sentence, kind=kind)
        return error.exit_code if isinstance(error, MocapError) else 1
    return 0


def explained(error: Exception) -> tuple[str, str]:
    """Return the kind of an error, and one sentence with what to do about it."""
    if isinstance(error, MocapError):
        return _KINDS.get(type(error), "options"), str(error)
    text = str(error)
    if isinstance(error, MemoryError) or any(words in text.lower() for words in _OUT_OF_MEMORY):
        return "memory", _MEMORY_SENTENCE
    if isinstance(error, ImportError):
        return "engine", (
            f"The engine is incomplete ({text}): install INT Mocap and what it needs into the "
            "Engine Python, or install the add-on for your system again."
        )
    name = type(error).__name__
    return "crash", f"The engine failed ({name}: {text}); its log tells more."


def _capture(job: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    from core_model.capture import capture

    capture(job["video"], job["folder"], _options(job), reporter.progress)
    summary = read_summary(Path(job["folder"]))
    assert summary  # `capture` leaves one
    return {"folder": job["folder"], "summary": asdict(summary)}


def _find_people(job: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    from core_model.find_people import find_people

    found = find_people(job["video"], job["folder"], _options(job), reporter.progress)
    return {
        "tracks": str(Path(job["folder"]) / "tracks.npz"),
        "people": [vars(person) | {"thumbnail": str(person.thumbnail)} for person in found],
    }


def _check_engine(job: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    from core_model.check_engine import check_engine

    return check_engine(job["options"].get("device", "auto"))


def _options(job: dict[str, Any]) -> Any:
    from core_model.options import CaptureOptions

    given = dict(job["options"])
    for name in ("weights", "body", "tracks"):
        if name in given:
            given[name] = Path(given[name])
    if isinstance(given.get("people"), list):
        given["people"] = tuple(given["people"])
    return CaptureOptions(**given)


_JOBS: dict[str, Callable[[dict[str, Any], Reporter], dict[str, Any]]] = {
    "capture": _capture,
    "find_people": _find_people,
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
