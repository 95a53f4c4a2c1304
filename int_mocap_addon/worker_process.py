"""The engine's process as seen from Blender: start it, hear from it, end it."""

import atexit
import json
import queue
import subprocess
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

import bpy

from core_model import __version__
from core_model.errors import MocapError, OutputError

from .engine import Engine, EngineError, find_engine
from .storage import log_path
from .tasks import Progress
from .wording import progress_of

_NO_ENGINE = ("No module named core_model", "No module named 'core_model'")


class WorkerProcess:
    """A worker that is under way.

    Parameters
    ----------
    job : dict
        As `core_model.worker` reads it.
    engine : Engine

    Raises
    ------
    EngineError
        When the engine's Python cannot be started.
    OutputError
        When there is no room for the job's files.
    """

    def __init__(self, job: dict[str, Any], engine: Engine) -> None:
        self._engine = engine
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ended = False
        self._log = log_path()
        folder = new_scratch_folder()
        job_file = folder / "job.json"
        try:
            job_file.write_text(json.dumps(job), encoding="utf-8")
            with open(self._log, "wb") as log:
                self.process = _started(engine, job_file, folder, log)
        except OSError as error:
            raise OutputError(f"Cannot write to {folder}: {error.strerror}.") from error
        assert self.process.stdout
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()
        # The pipe's end tells the worker of Blender's; this is quicker.
        atexit.register(self.end)

    def poll(self) -> list[dict[str, Any]]:
        """Return what the worker said since the last time.

        The last message of all holds `result`, or `error` with one sentence.
        """
        messages: list[dict[str, Any]] = []
        while not self._ended and not self._lines.empty():
            line = self._lines.get()
            message = self._last_words() if line is None else json.loads(line)
            if message.get("engine", __version__) != __version__:
                message = {"error": self._other_version(message["engine"]), "kind": "engine"}
            messages.append(message)
            self._ended = "result" in message or "error" in message
        return messages

    def end(self) -> None:
        """End the process, if it has not ended, and wait until it has."""
        atexit.unregister(self.end)
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put(None)

    def _last_words(self) -> dict[str, Any]:
        """Say why the worker ended without a result."""
        code = self.process.wait()
        log = self._log.read_text(encoding="utf-8", errors="replace")
        if any(words in log for words in _NO_ENGINE):
            sentence = (
                f"{self._engine.python} has no INT Mocap: install it there, or choose another "
                "Engine Python in the add-on's preferences."
            )
        elif code in (-9, 137):
            sentence = (
                "The engine was stopped from outside, most often because memory ran out: capture "
                "a shorter part of the clip or close other programs."
            )
        else:
            sentence = f"The engine ended unexpectedly (code {code}); Open Log tells more."
        return {"error": sentence, "kind": "killed"}

    def _other_version(self, version: str) -> str:
        return (
            f"The engine is INT Mocap {version}, the add-on {__version__}: install the same "
            "version into the Engine Python, or clear it in the add-on's preferences."
        )


def run_job(job: dict[str, Any]) -> Generator[Progress, None, dict[str, Any]]:
    """Let the engine do a job, as steps of a task; return its result.

    Raises
    ------
    MocapError
        With the engine's own sentence when it fails.
    """
    worker = WorkerProcess(job, find_engine())
    progress = Progress("Starting the engine")
    try:
        while True:
            for message in worker.poll():
                if "error" in message:
                    raise MocapError(message["error"])
                if "result" in message:
                    return dict(message["result"])
                if "stage" in message:
                    progress = progress_of(message)
            yield progress
    finally:
        worker.end()


def new_scratch_folder() -> Path:
    """Make a folder that Blender takes away when it ends.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    try:
        return Path(tempfile.mkdtemp(prefix="int_mocap-", dir=bpy.app.tempdir or None))
    except OSError as error:
        raise OutputError(
            f"Cannot write to Blender's temporary folder: {error.strerror}."
        ) from error


def _started(engine: Engine, job_file: Path, folder: Path, log: IO[bytes]) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            [engine.python, "-m", "core_model.worker", str(job_file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env=engine.environment,
            encoding="utf-8",
            # Windows only; elsewhere the worker makes itself nice.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except OSError as error:
        raise EngineError(
            f"{engine.python} cannot be started ({error.strerror}): correct Engine Python in the "
            "add-on's preferences."
        ) from error
