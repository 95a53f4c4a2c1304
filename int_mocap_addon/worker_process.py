"""The engine's process as a task of Blender's: its files, its log, its words for the panel."""

import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import bpy

from core_model.engine.client import Engine, EngineError, Worker
from core_model.engine.forecast import Forecast
from core_model.engine.logs import new_log
from core_model.engine.protocol import Failure, Job, Result, Step
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
        super().__init__(job, engine, new_scratch_folder(), new_log(log_folder()))


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
