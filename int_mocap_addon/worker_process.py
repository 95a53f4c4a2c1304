"""The engine's process as a task of Blender's: its files, its log, its words for the panel."""

import tempfile
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import bpy

from core_model.engine.client import Engine, EngineError, Worker, start_spare
from core_model.engine.forecast import Forecast
from core_model.engine.logs import new_log
from core_model.engine.protocol import Failure, Job, Result, Step
from core_model.engine.spare import Spare
from core_model.errors import OutputError

from .engine import find_engine
from .storage import log_folder
from .tasks import Progress
from .wording import engine_failure, progress_of


class WorkerProcess(Worker):
    """A worker whose files are in Blender's temporary folder and whose log is with the add-on's.

    Parameters
    ----------
    job : dict
        As `core_model.engine.protocol` describes it.
    engine : Engine

    Raises
    ------
    EngineError
        When the engine's Python cannot be started.
    OutputError
        When there is no room for the job's files.
    """

    def __init__(self, job: Job, engine: Engine) -> None:
        spare = _take_spare(engine, job)
        super().__init__(job, engine, new_scratch_folder(), new_log(log_folder()), spare)


_spare: tuple[Engine, Spare] | None = None


def keep_spare() -> None:
    """Have a worker ready for the next solve; what it loads takes two seconds."""
    global _spare
    drop_spare()
    with suppress(EngineError):  # whoever solves next is told
        engine = find_engine()
        _spare = engine, start_spare(engine)


def drop_spare() -> None:
    """End the worker that is kept ready, if there is one."""
    global _spare
    if _spare:
        _spare[1].end()
    _spare = None


def _take_spare(engine: Engine, job: Job) -> Spare | None:
    """Return the worker that is kept ready, if it fits; what does not only takes memory."""
    global _spare
    if not _spare or _spare[0] != engine or job["kind"] != "solve":
        drop_spare()
        return None
    spare, _spare = _spare[1], None
    return spare


def run_job(
    job: Job, forecast: Forecast | None = None
) -> Generator[Progress, None, dict[str, Any]]:
    """Let the engine do a job, as steps of a task; return its result.

    Parameters
    ----------
    job : dict
    forecast : Forecast, optional
        Goes by `time.monotonic`; without one there is no bar.

    Raises
    ------
    MocapError
        With the engine's own sentence when it fails.
    """
    try:
        worker = WorkerProcess(job, find_engine())
    except EngineError as error:
        raise engine_failure(Failure(str(error), error.kind)) from error
    stage = ""
    try:
        while True:
            for message in worker.poll():
                if isinstance(message, Failure):
                    raise engine_failure(message)
                if isinstance(message, Result):
                    return message.result
                if isinstance(message, Step) and forecast:
                    stage = message.stage
                    forecast.hear(message, time.monotonic())
            if stage and forecast:
                yield progress_of(stage, forecast.at(time.monotonic()))
            else:
                yield Progress("Starting the engine")
    finally:
        # At once: whoever asked for the job takes away what is half made.
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
