"""What the engine's worker and whoever started it say to each other.

A job goes in as a file that holds one JSON object:

    {"kind": "capture", "video": "...", "folder": "...", "options": {...}}
    {"kind": "find_people", "video": "...", "folder": "...", "options": {...}}
    {"kind": "stills", "video": "...", "folder": "...", "options": {"times": [0.5, ...], "fps": 25}}
    {"kind": "solve", "takes": "...", "corrections": "...", "folder": "...", "options": {...}}
    {"kind": "check_engine", "options": {...}}

One message a line comes out on the worker's standard output, a JSON object each:

    {"engine": "0.1.0", "python": "3.11.9"}                              once, at the start
    {"stage": "people", "done": 12, "total": 150, "rate": 21.5, "left": 6.4, "ahead": {"fit": 12}}
    {"result": {...}}      or      {"error": "One sentence.", "kind": "clip"}       once, at the end

Other options are fields of `CaptureOptions`. The pipe to the worker's standard input says nothing
(but to one that waits, `core_model.engine.spare`): that it is closed, which also happens when the
parent dies, ends the worker.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core_model.errors import MocapError

Job = dict[str, Any]
"""What the worker is to do; plain values, its paths absolute."""


_TEXTS_OF_JOBS: dict[str, tuple[str, ...]] = {
    "capture": ("video", "folder"),
    "find_people": ("video", "folder"),
    "stills": ("video", "folder"),
    "solve": ("takes", "corrections", "folder"),
    "check_engine": (),
}


def read_job(path: Path) -> Job:
    """Read the file of a job.

    Raises
    ------
    MocapError
        When it cannot be read, or is no job.
    """
    try:
        job = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MocapError(f"The job {path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise MocapError(f"The job {path} is no JSON.") from error
    kind = job.get("kind") if isinstance(job, dict) else None
    if not isinstance(kind, str) or kind not in _TEXTS_OF_JOBS:
        raise MocapError(f"{path} is no job that this version of INT Mocap knows.")
    if not isinstance(job.get("options"), dict):
        raise MocapError(f"The job {path} has no options.")
    for name in _TEXTS_OF_JOBS[kind]:
        if not isinstance(job.get(name), str) or "\0" in job[name]:
            raise MocapError(f"The job {path} does not say its '{name}'.")
    return job


@dataclass(frozen=True)
class Hello:
    """The first words of a worker.

    Parameters
    ----------
    engine : str
        Version of INT Mocap.
    python : str
        Version of Python.
    """

    engine: str
    python: str = ""


@dataclass(frozen=True)
class Step:
    """How far a stage has come.

    Parameters
    ----------
    stage : str
    done : int
    total : int or None
        None when not known.
    rate : float or None
        Steps per second.
    left : float or None
        Seconds of this stage.
    ahead : dict
        Work that what is done so far makes for later stages, by their names; empty when there is
        nothing new to say. `core_model.engine.forecast` makes seconds of it.
    cpu : float or None
        Seconds of the processor that the worker has had, all its threads together.
    """

    stage: str
    done: int
    total: int | None = None
    rate: float | None = None
    left: float | None = None
    ahead: dict[str, int] = field(default_factory=dict)
    cpu: float | None = None


@dataclass(frozen=True)
class Result:
    """The end of a job that was done."""

    result: dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """The end of a job that was not.

    Parameters
    ----------
    error : str
        One sentence.
    kind : str
        As `core_model.engine.failures` tells them apart.
    """

    error: str
    kind: str = "crash"


Message = Hello | Step | Result | Failure

_FIRST_KEYS: dict[str, type[Hello] | type[Step] | type[Result] | type[Failure]] = {
    "engine": Hello,
    "stage": Step,
    "result": Result,
    "error": Failure,
}


def write_message(message: Message) -> str:
    """Return a message as its line, without the end of the line."""
    return json.dumps(vars(message))


def read_message(line: str) -> Message | None:
    """Return the message of a line; None for what something else printed there."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    kind = next((kind for key, kind in _FIRST_KEYS.items() if key in content), None)
    try:
        return kind(**content) if kind else None
    except TypeError:
        return None
