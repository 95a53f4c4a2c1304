"""A worker that has loaded what a solve needs and waits for its job, so that none has to start.

It does one job as any other worker, and ends with whoever started it; without a job it ends by
itself after `IDLE` seconds. Whoever hands a job over writes one line to its standard input:

    {"job": "JOB.json", "log": "..."}
"""

import atexit
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core_model.engine.parent import standard_input_aside

WAIT = "--wait"
"""What such a worker is started with instead of a job's file."""

IDLE = 300.0
"""Seconds."""

_NEARLY = 10.0  # seconds before its end in which nothing is handed over any more


class Spare:
    """A process that waits.

    Parameters
    ----------
    process : Popen
        Just started with `WAIT`.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._until = time.monotonic() + IDLE - _NEARLY
        # The pipe's end tells it of its parent's; this is quicker.
        atexit.register(self.end)

    @property
    def waits(self) -> bool:
        """Whether a job can be handed to it."""
        return time.monotonic() < self._until and self.process.poll() is None

    def hand_over(self, job_file: Path, log: Path) -> bool:
        """Give it a job; return whether it took one, which it does once."""
        line = json.dumps({"job": str(job_file), "log": str(log)})
        assert self.process.stdin
        if not self.waits:
            return False
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except OSError:
            return False
        atexit.unregister(self.end)  # that is whose job it does
        return True

    def end(self) -> None:
        """End the process, if it has not ended, and wait until it has."""
        atexit.unregister(self.end)
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()


def waited_for(prepare: Callable[[], None], seconds: float = IDLE) -> Path | None:
    """Return the file of the job that was handed over; None where none was in time.

    What is written to standard output and error goes to the job's log from then on.

    Parameters
    ----------
    prepare : callable
        Loads what will be needed, meanwhile.
    seconds : float
    """
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    pipe = standard_input_aside()

    def listen() -> None:
        line = b""
        while not line.endswith(b"\n"):
            more = os.read(pipe, 4096)
            if not more:  # nothing is half made
                os._exit(0)
            line += more
        lines.put(line)

    threading.Thread(target=listen, daemon=True).start()
    prepare()
    try:
        told = json.loads(lines.get(timeout=seconds))
    except queue.Empty:
        return None
    os.dup2(pipe, 0)
    os.close(pipe)
    log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
    job_file = Path(told["job"])
    os.chdir(job_file.parent)
    return job_file
