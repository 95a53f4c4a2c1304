"""The engine's process as whoever needs it sees it: start it, hear from it, end it."""

import atexit
import json
import queue
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from core_model import __version__
from core_model.engine.failures import exit_code
from core_model.engine.protocol import (
    Failure,
    Hello,
    Job,
    Message,
    Result,
    Step,
    read_message,
)
from core_model.engine.spare import WAIT, Spare
from core_model.errors import MocapError, OutputError

GRACE = 2.0
"""Seconds that a worker has to take away what it left half made; it needs half of that."""

_NO_ENGINE = ("No module named core_model", "No module named 'core_model'")
_OUT_OF_MEMORY = {-9, 137}
_TOLD_TO_END = {-15, 143, -1, 129, -2, 130}
_TICK = 0.1  # seconds


class EngineError(MocapError):
    """The engine is missing, does not fit or failed.

    Parameters
    ----------
    sentence : str
    kind : str
        One of `core_model.engine.failures`, or "start" (the Python does not run), "missing" (it has
        no INT Mocap), "version" (it has another one), "killed".
    """

    def __init__(self, sentence: str, kind: str = "engine") -> None:
        super().__init__(sentence)
        self.kind = kind
        self.exit_code = exit_code(kind)


@dataclass(frozen=True)
class Engine:
    """A Python with INT Mocap and what it needs.

    Parameters
    ----------
    python : str
    environment : dict
        For its process.
    """

    python: str
    environment: dict[str, str]


class Worker:
    """A worker that is under way.

    Parameters
    ----------
    job : dict
        As `core_model.engine.protocol` describes it.
    engine : Engine
    folder : Path
        For the job's file; whoever gives it takes it away.
    log : Path
        Where all goes that is no message.
    spare : Spare, optional
        Of the same engine: does the job if it still waits.

    Raises
    ------
    EngineError
        When the engine's Python cannot be started.
    OutputError
        When there is no room for the job's file or the log.
    """

    def __init__(
        self, job: Job, engine: Engine, folder: Path, log: Path, spare: Spare | None = None
    ) -> None:
        self.log = log
        self._engine = engine
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ended = False
        job_file = folder / "job.json"
        try:
            job_file.write_text(json.dumps(job), encoding="utf-8")
            with open(log, "ab") as stream:
                if spare and spare.hand_over(job_file, log):
                    self.process = spare.process
                else:
                    self.process = _started(engine, str(job_file), folder, stream)
        except OSError as error:
            raise OutputError(f"Cannot write to {error.filename}: {error.strerror}.") from error
        assert self.process.stdout
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()
        # The pipe's end tells the worker of its parent's; this is quicker.
        atexit.register(self.end)

    def poll(self, wait: float = 0.0) -> list[Message]:
        """Return what the worker said since the last time.

        The last message of all is a `Result` or a `Failure`.

        Parameters
        ----------
        wait : float
            Seconds to wait for it to say something.
        """
        messages: list[Message] = []
        with suppress(queue.Empty):
            while not self._ended:
                line = self._lines.get(block=wait > 0 and not messages, timeout=wait)
                messages += self._understood(line)
        return messages

    def _understood(self, line: str | None) -> list[Message]:
        message = self._last_words() if line is None else read_message(line)
        if isinstance(message, Hello) and message.engine != __version__:
            message = Failure(
                f"The engine is INT Mocap {message.engine}, the add-on or command that uses it "
                f"{__version__}.",
                "version",
            )
        self._ended = isinstance(message, Result | Failure)
        return [message] if message else []

    def end(self, grace: float = 0.0) -> None:
        """End the process, if it has not ended, and wait until it has.

        Parameters
        ----------
        grace : float
            Seconds in which it may take away what it left half made.
        """
        atexit.unregister(self.end)
        if self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(grace)
        self.process.kill()
        self.process.wait()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put(None)

    def _last_words(self) -> Failure:
        """Say why the worker ended without a result."""
        code = self.process.wait()
        with suppress(OSError):
            if any(words in _tail(self.log) for words in _NO_ENGINE):
                return Failure(f"{self._engine.python} has no INT Mocap.", "missing")
        if code in _OUT_OF_MEMORY:
            return Failure(
                "The engine was stopped from outside, most often because memory ran out: capture "
                "a shorter part of the clip or close other programs.",
                "killed",
            )
        if code in _TOLD_TO_END:
            return Failure("The engine was told to stop from outside.", "killed")
        return Failure(f"The engine ended unexpectedly (code {code}).")


def start_spare(engine: Engine) -> Spare:
    """Start a worker that loads what a solve needs, and waits.

    Raises
    ------
    EngineError
        When the engine's Python cannot be started.
    """
    return Spare(_started(engine, WAIT, Path(tempfile.gettempdir()), subprocess.DEVNULL))


def run(
    job: Job,
    engine: Engine,
    log: Path,
    progress: Callable[[Step], None] = lambda step: None,
) -> dict[str, Any]:
    """Let the engine do a job, wait for it, and return its result.

    Whatever ends the waiting, Ctrl-C for example, ends the worker too, after it has taken away what
    was half made.

    Raises
    ------
    EngineError
        With the engine's own sentence when it fails.
    OutputError
        When there is no room for the job's file.
    """
    with scratch_folder() as folder:
        worker = Worker(job, engine, folder, log)
        try:
            while True:
                for message in worker.poll(_TICK):
                    if isinstance(message, Failure):
                        raise EngineError(_with_log(message, log), message.kind)
                    if isinstance(message, Result):
                        return message.result
                    if isinstance(message, Step):
                        progress(message)
        finally:
            worker.end(GRACE)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder for the files of a job.

    Raises
    ------
    OutputError
        When it cannot be made.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="int_mocap-", ignore_cleanup_errors=True)
    except OSError as error:
        raise OutputError(f"Cannot make a temporary folder: {error.strerror}.") from error
    with made as folder:
        yield Path(folder)


def _with_log(failure: Failure, log: Path) -> str:
    if failure.kind != "crash":
        return failure.error
    return f"{failure.error.rstrip('.')}; the log {log} tells more."


def _tail(log: Path, most: int = 20_000) -> str:
    with open(log, "rb") as file:
        file.seek(max(file.seek(0, 2) - most, 0))
        return file.read().decode("utf-8", errors="replace")


def _started(
    engine: Engine, told: str, folder: Path, log: IO[bytes] | int
) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            [engine.python, "-m", "core_model.worker", told],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env=engine.environment,
            encoding="utf-8",
            errors="replace",
            # Windows only; elsewhere the worker makes itself nice.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0)
            | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
        )
    except OSError as error:
        raise EngineError(
            f"{engine.python} cannot be started ({error.strerror}).", "start"
        ) from error
