"""What a batch understands on a command line, of this project's or of Blender's."""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from bake.batch.cluster import ray_cluster
from bake.batch.jobs import (
    BAKE_OPTIONS,
    CAPTURE_OPTIONS,
    ClipJob,
    formats_of,
    jobs_of,
    read_value,
)
from bake.batch.journal import DONE, FAILED, Entry, Journal
from bake.batch.machine import workers_that_fit
from bake.batch.one_clip import DoClip, Tools, do_clip
from bake.batch.progress import display
from bake.batch.report import HTML_NAME, write_report
from bake.batch.run import BatchOptions, plan, run_batch
from bake.batch.watch import Settling
from core_model.engine.capture_arguments import add_capture_options, given_options
from core_model.engine.client import Engine
from core_model.engine.command_line import a_number, a_path, a_whole_number
from core_model.errors import MocapError

_SETTLED = 5.0  # seconds without change after which a clip is complete
_LOOK_AGAIN = 1.0  # seconds

_EXAMPLES = """\
examples:
  Every clip in a folder and below it, into a folder of results:
    {program} shoot_day_1 -o results

  Two clips at once, only one person each, heavily smoothed:
    {program} "takes/*.mp4" -o results --workers 2 --people largest --bake smooth=heavy

  On your own character, as FBX for Unreal:
    {program} shoot_day_1 -o results --bake retarget=hero.blend --bake root_motion=bone
      --bake preset=unreal --formats blend,fbx

  Clips with options of their own, from a list:
    {program} --list shots.csv -o results
  where shots.csv is
    clip,people,in,out,height,smooth
    dance.mp4,2,0.5,12,1.74,default
    walk.mov,largest,,,,heavy

A list may also be JSON: a list of objects with the same names. The columns are clip, formats,
{capture} (as a capture has them) and
{bake} (as a bake has them).

The folder of results holds NAME.blend and NAME/ (the takes) for every clip, logs, the journal and a
report (report.html, report.json). Stop it whenever you like, in whatever way: the same command goes
on where it was, and does nothing twice.

exit codes: 0 all clips are done, 1 some are not, 2 none is, or wrong usage,
  130 stopped with Ctrl-C, 143 by SIGTERM, 129 by SIGHUP
"""


@dataclass(frozen=True)
class Surroundings:
    """Where a batch runs.

    Parameters
    ----------
    program : str
        As it is called.
    engine : Engine
    bake : tuple of str
        The command that bakes.
    """

    program: str
    engine: Engine
    bake: tuple[str, ...]


def run(arguments: Sequence[str], surroundings: Surroundings) -> int:
    """Do what the arguments say; return the exit code.

    Raises
    ------
    MocapError
        When nothing can be begun.
    SystemExit
        When the arguments are wrong, or only ask for help.
    """
    given = _parser(surroundings.program).parse_args(arguments)
    folder = given.output.absolute()  # the engine works in another folder
    capture = {
        name: value for name, value in given_options(given).items() if name in CAPTURE_OPTIONS
    }
    find_jobs = partial(
        jobs_of, given.inputs, given.list, capture, dict(given.bake), formats_of(given.formats)
    )
    jobs = find_jobs()
    if not jobs and not given.watch:
        raise MocapError("There is no clip among what was given.")
    options = BatchOptions(
        workers=given.workers or workers_that_fit(given.device != "cpu"),
        attempts=given.attempts,
        seconds=60 * given.minutes,
        force=given.force,
        retry_failed=given.retry_failed,
    )
    tools = Tools(surroundings.engine, surroundings.bake)
    journal = Journal(folder)
    try:
        if given.dry_run:
            return _tell_plan(*plan(journal, jobs, folder, options))
        with _place(given, folder, options) as (options, do):
            work = partial(_work, journal, folder=folder, tools=tools, do=do)
            if given.watch:
                _watch(journal, find_jobs, folder, work, options)
            return _tell_end(journal, work(jobs, options), folder)
    finally:
        try:
            write_report(folder, journal.entries())
        finally:
            journal.close()


@contextmanager
def _place(
    given: argparse.Namespace, folder: Path, options: BatchOptions
) -> Iterator[tuple[BatchOptions, DoClip]]:
    """Give what does the clips, and so many workers as there is room for: here, or on a cluster."""
    if not given.cluster:
        yield options, do_clip
        return
    with ray_cluster(given.cluster, folder) as cluster:
        yield replace(options, workers=given.workers or cluster.workers), cluster.do_clip


def _work(
    journal: Journal,
    jobs: Sequence[ClipJob],
    options: BatchOptions,
    folder: Path,
    tools: Tools,
    do: DoClip,
) -> list[str]:
    """Do all that is to be done; return the keys of all clips in the journal."""
    todo, known = plan(journal, jobs, folder, options)
    with display([entry.name for _, entry in todo], len(known)) as shown:
        run_batch(journal, todo, folder, tools, options, shown.tell, threading.Event(), do)
    return [entry.key for _, entry in (*todo, *known)]


def _watch(
    journal: Journal,
    find_jobs: Callable[[], list[ClipJob]],
    folder: Path,
    work: Callable[[Sequence[ClipJob], BatchOptions], list[str]],
    options: BatchOptions,
) -> NoReturn:
    """Do clips as they come, until somebody stops it."""
    settling, settled = Settling(_SETTLED), set[Path]()
    print("Waiting for clips; Ctrl-C ends it.", file=sys.stderr, flush=True)
    while True:
        jobs = find_jobs()
        complete = {*settling.settled(job.clip for job in jobs)}
        if complete - settled:
            work([job for job in jobs if job.clip in complete], options)
            write_report(folder, journal.entries())
            options = replace(options, force=False, retry_failed=False)  # once is enough
        settled = complete
        time.sleep(_LOOK_AGAIN)


def _tell_plan(
    todo: Sequence[tuple[ClipJob, Entry]], known: Sequence[tuple[ClipJob, Entry]]
) -> int:
    for job, entry in known:
        print(f"{entry.name}: {entry.state} before ({job.clip})")
    for job, entry in todo:
        print(f"{entry.name}: to do ({job.clip})")
    return 0


def _tell_end(journal: Journal, keys: Sequence[str], folder: Path) -> int:
    entries = [journal.entry(key) for key in keys]
    done = sum(each.state == DONE for each in entries)
    for each in entries:
        if each.state == FAILED:
            print(f"{each.name}: {each.result.get('sentence', '')}", file=sys.stderr)
    print(f"{done} of {len(entries)} clips are done; {folder / HTML_NAME} shows them.")
    return 0 if done == len(entries) else 1 if done else 2


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Capture and bake many clips without anyone watching.",
        epilog=_EXAMPLES.format(
            program=program, capture=", ".join(CAPTURE_OPTIONS), bake=", ".join(BAKE_OPTIONS)
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("inputs", nargs="*", metavar="IN", help="clips, folders, patterns")
    parser.add_argument(
        "-o", "--output", required=True, type=a_path, metavar="DIR", help="folder of the results"
    )
    parser.add_argument(
        "--list",
        action="append",
        default=[],
        type=a_path,
        metavar="FILE",
        help="a .csv or .json file with clips and options of each; may be given again",
    )
    parser.add_argument(
        "--bake",
        action="append",
        default=[],
        type=_bake_option,
        metavar="NAME=VALUE",
        help="an option of the bake for all clips, for example smooth=heavy; may be given again",
    )
    parser.add_argument(
        "--formats",
        default="blend",
        metavar="ENDINGS",
        help="what is written of each clip: blend, fbx, glb, bvh, usdc and more, with commas "
        "between them (default: %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=_from_one,
        metavar="N",
        help="clips at once (default: what cores and memory allow)",
    )
    parser.add_argument(
        "--attempts",
        type=_from_one,
        default=BatchOptions.attempts,
        metavar="N",
        help="how often a clip is tried whose failure may pass (default: %(default)s)",
    )
    parser.add_argument(
        "--minutes",
        type=a_number,
        default=BatchOptions.seconds / 60,
        metavar="N",
        help="the longest that one clip may take (default: %(default)g)",
    )
    parser.add_argument("--force", action="store_true", help="do again what is done")
    parser.add_argument(
        "--retry-failed", action="store_true", help="try again what failed in an earlier run"
    )
    parser.add_argument(
        "--cluster",
        metavar="auto|ray://HOST:PORT",
        help="do the clips on the machines of a Ray cluster (pip install ray)",
    )
    parser.add_argument(
        "--watch", action="store_true", help="go on for ever, with each clip that comes"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    add_capture_options(parser)
    return parser


def _bake_option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    name = name.strip().replace("-", "_")
    if not equals or name not in BAKE_OPTIONS:
        raise argparse.ArgumentTypeError(f"NAME=VALUE, with a name of {', '.join(BAKE_OPTIONS)}")
    try:
        return name, read_value(name, value.strip(), BAKE_OPTIONS[name], "--bake", Path())
    except MocapError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _from_one(text: str) -> int:
    number = a_whole_number(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return number
