"""Without a window: `blender --command int_mocap capture CLIP -o OUT.blend`, and `... bake`."""

import argparse
import shutil
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import bpy

from bake.__main__ import check_output
from bake.__main__ import run as bake
from bake.command.cleanup_arguments import add_cleanup_arguments
from core_model.body.model import load_body
from core_model.engine.capture_arguments import add_capture_arguments, given_options
from core_model.engine.client import run as run_engine
from core_model.engine.command_line import a_path, command
from core_model.engine.forecast import CAPTURE, Forecast
from core_model.engine.logs import new_log
from core_model.engine.protocol import Step
from core_model.take.elsewhere import computer_of

from .engine import find_engine
from .export.second_blender import VERB, run_copy
from .names import COMMAND
from .storage import log_folder
from .wording import progress_of, time_left

PROGRAM = f"blender --command {COMMAND}"

_HELP = f"""usage: {PROGRAM} capture CLIP -o OUT.blend [options]
       {PROGRAM} bake TAKES ... -o OUT.blend [options]
       {PROGRAM} batch CLIPS ... -o FOLDER [options]

  capture   capture a video and bake the takes; options of `python -m core_model`, and:
              --takes DIR   keep the takes in this folder
              --smooth, --root, --feet, --root-bone, --keys, --in, --out and more   as for bake
  bake      bake captures, takes, AMASS files or results of other systems; options of
              `python -m bake`
  batch     capture and bake many clips, each in a process of its own; goes on where it was

exit codes: 0 done, 1 something is wrong (one sentence says what), 2 wrong usage,
  3 nobody was found in the clip, 70 an error in the program itself (its log is named),
  130 stopped with Ctrl-C, 143 by SIGTERM, 129 by SIGHUP; nothing half-written is left"""

_BAKE_OPTIONS = (
    "smooth",
    "root",
    "root_bone",
    "feet",
    "keys",
    "angle_tolerance",
    "distance_tolerance",
    "rotation",
    "body",
)

_SHOW_EVERY = 5.0
"""Seconds between lines of progress where they do not replace each other."""


def run(arguments: list[str]) -> int:
    """Run the command with its arguments and return the exit code."""
    try:
        return _run(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0


@command(PROGRAM, logs=log_folder)
def _run(arguments: list[str]) -> int:
    task = arguments[0] if arguments else ""
    if task == "capture":
        return _capture(arguments[1:])
    if task == "bake":
        return bake(arguments[1:])
    if task == "batch":
        return _batch(arguments[1:])
    if task == VERB:
        return run_copy(Path(arguments[1]))
    wanted = task in ("-h", "--help")
    print(_HELP, file=sys.stdout if wanted else sys.stderr)
    return 0 if wanted else 2


def _batch(arguments: list[str]) -> int:
    from bake.batch.command import Surroundings
    from bake.batch.command import run as run_batch

    bake_command = (bpy.app.binary_path, "--command", COMMAND, "bake")
    return run_batch(arguments, Surroundings(f"{PROGRAM} batch", find_engine(), bake_command))


def _capture(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    # All that baking could find wrong after the capture is found before it.
    check_output(given.output)
    if given.body:
        load_body(given.body)
    takes = given.takes.absolute() if given.takes else _unused_folder(given.output)
    summary = _captured(given, takes)
    for warning in summary["warnings"]:
        print(f"Warning: {warning}", file=sys.stderr)
    try:
        bake([str(takes), "-o", str(given.output), *_bake_options(given)])
    except BaseException:
        print(
            f"What was captured is kept in {takes}; to bake it: {PROGRAM} bake {takes} "
            f"-o {given.output}",
            file=sys.stderr,
        )
        raise
    if not given.takes:
        shutil.rmtree(takes, ignore_errors=True)
    return 0


def _captured(given: argparse.Namespace, takes: Path) -> dict[str, Any]:
    """Let the engine capture into a folder, and return what `capture.json` says there."""
    job = {
        "kind": "capture",
        "video": str(given.video.absolute()),
        "folder": str(takes),
        "options": given_options(given),
    }
    log, progress = new_log(log_folder()), _Progress()
    try:
        summary: dict[str, Any] = run_engine(job, find_engine(), log, progress.show)["summary"]
    except BaseException:
        # An engine that was killed had no time to take away what was half made.
        if not given.takes:
            shutil.rmtree(takes, ignore_errors=True)
        raise
    finally:
        progress.end()
    return summary


class _Progress:
    """The progress of the engine on standard error: one line that changes, or one now and then."""

    def __init__(self) -> None:
        self._in_place = sys.stderr.isatty()
        self._forecast = Forecast(CAPTURE, time.monotonic())
        self._stage, self._width, self._next = "", 0, 0.0

    def show(self, step: Step) -> None:
        """Show how far the capture has come."""
        now = time.monotonic()
        self._forecast.hear(step, now)
        progress = progress_of(step.stage, self._forecast.at(now))
        left = "" if progress.left is None else f" · {time_left(progress.left)}"
        text = f"{progress.text} · {progress.fraction:.0%}{left}"
        if self._in_place:
            print(f"\r{text:{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)
        elif step.stage != self._stage or step.done == step.total or now >= self._next:
            print(text, file=sys.stderr, flush=True)
            self._next = now + _SHOW_EVERY
        self._stage = step.stage

    def end(self) -> None:
        """Go on in a new line."""
        if self._width:
            print(file=sys.stderr)


def _unused_folder(output: Path) -> Path:
    """Return a folder beside the result that does not exist, for takes until they are baked."""
    beside = output.absolute().with_suffix("")
    names = (f"{beside.name}_takes{number if number > 1 else ''}" for number in count(1))
    return next(path for name in names if not (path := beside.with_name(name)).exists())


def _bake_options(given: argparse.Namespace) -> list[str]:
    options = [
        f"--{name.replace('_', '-')}={value}"
        for name in _BAKE_OPTIONS
        if (value := getattr(given, name)) is not None
    ]
    if given.trim_start is not None:
        options.append(f"--in={given.trim_start}")
    if given.trim_end is not None:
        options.append(f"--out={given.trim_end}")
    if computer := computer_of(given.video.absolute()):
        options.append(f"--clips-from={computer}")
    return options if given.with_body else [*options, "--no-body"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} capture",
        description="Capture a video and bake the takes into a new Blender file.",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        type=a_path,
        metavar="OUT.blend",
        help="the file to write",
    )
    parser.add_argument(
        "--takes",
        type=a_path,
        metavar="DIR",
        help="keep the takes in this folder (default: only if they cannot be baked, beside OUT)",
    )
    add_capture_arguments(parser)
    add_cleanup_arguments(parser)
    return parser
