"""The programs that do the steps of a clip: the engine captures, `python -m bake` does the rest."""

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core_model.engine.client import GRACE, Engine, EngineError, Worker, scratch_folder
from core_model.engine.parent import ASKED
from core_model.engine.protocol import Failure, Job, Result, Step
from core_model.errors import MocapError

_TICK = 0.2  # seconds
_LAST_LINES = 12


class StepFailed(MocapError):
    """A step of a clip did not come to its end.

    Parameters
    ----------
    sentence : str
    kind : str
        As `core_model.engine.failures` names them, or "time" and "died".
    """

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True)
class Limits:
    """What ends a step early.

    Parameters
    ----------
    deadline : float
        On `time.monotonic`.
    stopped : threading.Event
        Set when the whole batch is to stop.
    """

    deadline: float
    stopped: threading.Event

    def check(self) -> None:
        """Raise when it is time to end.

        Raises
        ------
        KeyboardInterrupt
            When the batch was stopped.
        StepFailed
            When the time of the clip is over.
        """
        if self.stopped.is_set():
            raise KeyboardInterrupt
        if time.monotonic() > self.deadline:
            raise StepFailed("It took longer than the limit of time for a clip.", "time")


def capture(
    job: Job, engine: Engine, log: Path, limits: Limits, hear: Callable[[Step], None]
) -> dict[str, Any]:
    """Let the engine capture in a process of its own, and return its result.

    Raises
    ------
    StepFailed
        With the engine's sentence, or how it died.
    """
    with scratch_folder() as folder:
        try:
            worker = Worker(job, engine, folder, log)
        except EngineError as error:
            raise StepFailed(str(error), error.kind) from error
        try:
            while True:
                for message in worker.poll(_TICK):
                    if isinstance(message, Failure):
                        sentence = _with_end_of(message.error, message.kind, log)
                        raise StepFailed(sentence, message.kind)
                    if isinstance(message, Result):
                        return message.result
                    if isinstance(message, Step):
                        hear(message)
                limits.check()
        finally:
            worker.end(GRACE)


def bake(
    program: Sequence[str],
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    limits: Limits,
) -> list[str]:
    """Run `python -m bake`, or Blender's own command, and return its warnings.

    Parameters
    ----------
    program : sequence of str
        The command without its arguments.
    arguments : sequence of str
    environment : mapping
        Of the process.
    log : Path
        Where all goes that it prints.
    limits : Limits

    Raises
    ------
    StepFailed
        With its sentence, or how it died.
    """
    began = time.monotonic()
    with open(log, "ab") as stream:
        stream.write(f"bake: {shlex.join([*program, *arguments])}\n".encode(errors="replace"))
        stream.flush()
        begin = stream.tell()
        try:
            process = subprocess.Popen(
                [*program, *arguments],
                stdin=subprocess.PIPE,  # says nothing: its end tells that this process is gone
                stdout=stream,
                stderr=stream,
                env={**environment, ASKED: "1"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            sentence = f"{program[0]} cannot be started ({error.strerror})."
            raise StepFailed(sentence, "start") from error
        try:
            while process.poll() is None:
                limits.check()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_TICK)
        finally:
            _end(process)
    lines = _lines_of(log, begin)
    with open(log, "ab") as stream:
        stream.write(f"bake: {time.monotonic() - began:.2f} s\n".encode())
    if process.returncode == 0:
        return [line.removeprefix("Warning: ") for line in lines if line.startswith("Warning: ")]
    sentence = next((line for line in reversed(lines) if line.startswith("Error: ")), "")
    if sentence:
        raise StepFailed(sentence.removeprefix("Error: "), "bake")
    raise StepFailed(_with_end_of(_death(process.returncode), "died", log), "died")


def own_program() -> list[str]:
    """Return the command of `python -m bake` with the Python that runs."""
    return [sys.executable, "-m", "bake"]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, first kindly, so that it takes away what is half made."""
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        process.kill()
        process.wait()


def _death(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"Blender died of the signal {signal.Signals(-code).name}."
    return f"Blender ended unexpectedly with the exit code {code}."


def _with_end_of(sentence: str, kind: str, log: Path) -> str:
    """Add the last lines of a log to what nobody foresaw."""
    if kind not in ("crash", "died", "killed", "engine"):
        return sentence
    lines = [line for line in _lines_of(log, 0) if line.strip()][-_LAST_LINES:]
    return f"{sentence} The log {log} ends with: {' / '.join(lines)}" if lines else sentence


def _lines_of(log: Path, begin: int) -> list[str]:
    with suppress(OSError), open(log, "rb") as file:
        file.seek(max(begin, os.path.getsize(log) - 100_000))
        return file.read().decode("utf-8", errors="replace").splitlines()
    return []
