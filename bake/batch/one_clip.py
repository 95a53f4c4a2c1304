"""All steps of one clip, each in a process of its own: a crash costs this clip and no other."""

import glob
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

from bake.batch.jobs import ClipJob
from bake.batch.machine import environment_beside
from bake.batch.programs import Limits, StepFailed, bake, capture
from bake.motion.doubtful import doubtful_ranges
from core_model.engine.client import Engine
from core_model.engine.protocol import Step
from core_model.errors import MocapError
from core_model.storage.atomic import put_in_place
from core_model.take import Take
from core_model.take.elsewhere import computer_of
from core_model.take.folder import CaptureSummary, read_summary

PICTURES = 4
"""Moments of each clip that the report shows."""

_MAY_PASS = frozenset({"killed", "died", "crash", "memory", "system", "output"})
"""Kinds of failures for which it is worth trying again."""


DoClip = Callable[[ClipJob, str, Path, "Tools", float, Event, Callable[[Step], None]], "Outcome"]
"""What `do_clip` is, here or on another machine."""


@dataclass(frozen=True)
class Tools:
    """What does the work.

    Parameters
    ----------
    engine : Engine
    bake : tuple of str
        The command that bakes, without its arguments.
    """

    engine: Engine
    bake: tuple[str, ...]

    def beside(self, clips: int) -> "Tools":
        """Return tools that leave to other clips what is theirs of the processor.

        Parameters
        ----------
        clips : int
            That are done at once, this among them.
        """
        environment = environment_beside(self.engine.environment, clips)
        return replace(self, engine=replace(self.engine, environment=environment))


@dataclass
class Outcome:
    """What became of a clip.

    Parameters
    ----------
    sentence : str
        What was wrong; empty if nothing was.
    kind : str
        Of the failure.
    may_pass : bool
        Whether another attempt may succeed.
    seconds : float
        That the attempt took.
    duration : float
        Of the motion, seconds.
    people : list of dict
        Of each `file`, `seen` (share of the frames), `confidence`, `doubtful` (part, start, end).
    warnings : list of str
    files : list of str
        What was made, relative to the output folder.
    pictures : list of list of str
        Of each moment: the clip, and the result.
    stages : dict
        Seconds of the capture's stages, and of baking.
    log : str
        Path of the log, relative to the output folder.
    """

    sentence: str = ""
    kind: str = ""
    may_pass: bool = False
    seconds: float = 0.0
    duration: float = 0.0
    people: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    pictures: list[list[str]] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    log: str = ""

    def record(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def do_clip(
    job: ClipJob,
    name: str,
    folder: Path,
    tools: Tools,
    seconds: float,
    stopped: Event,
    hear: Callable[[Step], None],
) -> Outcome:
    """Capture a clip, bake it in every format that is wanted, and take pictures for the report.

    Whatever is made appears in the folder only once it is complete.

    Parameters
    ----------
    job : ClipJob
    name : str
        Of what is made.
    folder : Path
        Of the batch.
    tools : Tools
    seconds : float
        The longest that it may take.
    stopped : Event
        Ends it, when set.
    hear : callable
        Is told how far the capture has come, and `Step("bake", 0, None)` when it is baked.

    Raises
    ------
    KeyboardInterrupt
        When it was stopped.
    """
    began = time.monotonic()
    limits = Limits(began + seconds, stopped)
    takes, log = folder / name, folder / "logs" / f"{name}.log"
    outcome = Outcome(log=str(log.relative_to(folder)))
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
        _tidy(takes)
        engine_job = {
            "kind": "capture",
            "video": str(job.clip),
            "folder": str(takes),
            "options": dict(job.capture),
        }
        capture(engine_job, tools.engine, log, limits, hear)
        outcome.files.append(name)
        _describe(outcome, takes)
        hear(Step("bake", 0, None))
        _bake(outcome, job, name, folder, tools, log, limits)
        _stills(outcome, job, takes, tools, log, limits)
    except StepFailed as error:
        outcome.sentence, outcome.kind = str(error), error.kind
    except OSError as error:
        outcome.sentence = f"{error.filename} cannot be written: {error.strerror}."
        outcome.kind = "output"
    outcome.may_pass = outcome.kind in _MAY_PASS
    outcome.pictures = _paired(takes, folder)
    outcome.seconds = time.monotonic() - began
    return outcome


def bake_arguments(options: Mapping[str, Any]) -> list[str]:
    """Return options of a bake as its command line takes them."""
    return [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]


def _describe(outcome: Outcome, takes: Path) -> None:
    """Add what the capture says of itself."""
    try:
        summary = read_summary(takes) or CaptureSummary()
        outcome.people = [_person(takes / each.file) for each in summary.people]
    except MocapError as error:
        raise StepFailed(str(error), "take") from error
    outcome.warnings += summary.warnings
    outcome.stages = dict(summary.stages)
    if summary.people:
        ends = [(each.start, each.end) for each in summary.people]
        outcome.duration = max(end for _, end in ends) - min(start for start, _ in ends)


def _person(path: Path) -> dict[str, Any]:
    take = Take.load(path)
    seen = take.frame_valid
    return {
        "file": path.name,
        "seen": round(float(seen.mean()), 3),
        "confidence": round(float(take.confidence[seen].mean()), 3) if seen.any() else 0.0,
        "doubtful": [
            [each.part, round(each.start, 2), round(each.end, 2)]
            for each in doubtful_ranges(take.times, take.confidence, seen)
        ],
    }


def _bake(
    outcome: Outcome,
    job: ClipJob,
    name: str,
    folder: Path,
    tools: Tools,
    log: Path,
    limits: Limits,
) -> None:
    began = time.monotonic()
    takes = folder / name
    for number, ending in enumerate(job.formats):
        # Made in the clip's own folder, so that what a sudden end leaves half made is found there.
        output = takes / f"{name}.{ending}"
        arguments = [str(takes), "-o", str(output), *bake_arguments(job.bake)]
        if computer := computer_of(job.clip):
            arguments.append(f"--clips-from={computer}")
        if number == 0:
            arguments += ["--pictures", str(takes), "--picture-times", ",".join(_moments(takes))]
        outcome.warnings += bake(tools.bake, arguments, tools.engine.environment, log, limits)
        # Formats that hold only one person make a file of each.
        for made in _made(takes, name, ending):
            put_in_place(made, folder / made.name)
            outcome.files.append(made.name)
    outcome.stages["bake"] = round(time.monotonic() - began, 3)
    outcome.warnings = list(dict.fromkeys(outcome.warnings))


def _made(takes: Path, name: str, ending: str) -> list[Path]:
    """Return the files of a format; the takes are of one, too, and stay where they are."""
    summary = read_summary(takes)
    own = {each.file for each in summary.people} if summary else set[str]()
    found = sorted(takes.glob(f"{glob.escape(name)}*.{glob.escape(ending)}"))
    return [path for path in found if path.name not in own]


def _tidy(takes: Path) -> None:
    """Take away what an attempt that ended suddenly left half made: all that is hidden."""
    for path in takes.glob(".*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _stills(
    outcome: Outcome, job: ClipJob, takes: Path, tools: Tools, log: Path, limits: Limits
) -> None:
    """Take pictures of the clip; the result is none the worse without."""
    options: dict[str, Any] = {"times": [float(each) for each in _moments(takes)]}
    if "fps" in job.capture:
        options["fps"] = job.capture["fps"]
    stills = {"kind": "stills", "video": str(job.clip), "folder": str(takes), "options": options}
    try:
        capture(stills, tools.engine, log, limits, lambda step: None)
    except StepFailed as error:
        outcome.warnings.append(f"The report has no pictures of the clip: {error}")


def _moments(takes: Path) -> list[str]:
    """Return moments spread over the motion, seconds in the clip."""
    summary = read_summary(takes)
    people = summary.people if summary else ()
    first = min((each.start for each in people), default=0.0)
    last = max((each.end for each in people), default=0.0)
    return [f"{first + (last - first) * (i + 0.5) / PICTURES:.3f}" for i in range(PICTURES)]


def _paired(takes: Path, folder: Path) -> list[list[str]]:
    pairs: Sequence[tuple[Path, Path]] = [
        (takes / f"clip_{number:02d}.jpg", takes / f"picture_{number:02d}.png")
        for number in range(1, PICTURES + 1)
    ]
    with suppress(OSError):
        return [
            [str(clip.relative_to(folder)), str(result.relative_to(folder))]
            for clip, result in pairs
            if clip.exists() and result.exists()
        ]
    return []
