"""Score captures and weights against the truth: `python -m train.evaluate rendered`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median

from core_model.engine.command_line import a_path, command
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.network.devices import choose_device
from core_model.take import Take
from train.evaluate import as_filmed, protocol_command, same, zoomed
from train.evaluate.aligned import AlignedMotion, align, best_take
from train.evaluate.benchmarks import (
    BenchmarkClip,
    BenchmarkError,
    demo_clip,
    pose2sim_clips,
    rendered_clips,
)
from train.evaluate.confidence_curve import confidence_table, judge, together
from train.evaluate.knees import knee_table, straight_knees
from train.evaluate.metrics import PoseErrors
from train.evaluate.protocol import JOINT_SETS
from train.evaluate.scores import (
    UNITS,
    Row,
    baseline_row,
    compared_frames,
    motion_row,
    truth_row,
)
from train.evaluate.shared_options import add_quality, add_weights
from train.evaluate.smoothing_table import knee_line, smoothing_table
from train.evaluate.stages import FEET, GUARD, ON_A_FLOOR, ROWS, SMOOTH, WORLD, run_stages, work_on
from train.evaluate.tables import (
    FLOOR_UNITS,
    HELD_OUT_UNITS,
    error_table,
    mean_table,
    pose_table,
    rotation_table,
    row_table,
)
from train.places import DEFAULT_DATA, REPOSITORY, WITHHELD_FOLDER

BASELINE = "MediaPipe world landmarks"
OURS = "INT Mocap"
TRUTH = "(the truth itself)"

_CLIPS: dict[str, Callable[[Path], list[BenchmarkClip]]] = {
    "rendered": lambda data: rendered_clips(),
    "withheld": lambda data: rendered_clips(WITHHELD_FOLDER),
    "pose2sim": pose2sim_clips,
    "demo": lambda data: [demo_clip()],
}

_OTHERS: dict[str, Callable[[Sequence[str]], int]] = {
    "same": same.main,
    "record": same.record_main,
    "zoom": zoomed.main,
    "filmed": as_filmed.main,
}


@command("python -m train.evaluate")
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] and arguments[0] in _OTHERS:
        return _OTHERS[arguments[0]](arguments[1:])
    if arguments[:1] and arguments[0] in JOINT_SETS:
        return protocol_command.main(arguments)
    options = _parser().parse_args(arguments)
    tables = {"cmu": _held_out_table, "floor": _floor_table, "knees": _knee_table}
    if options.benchmark in tables:
        print(tables[options.benchmark](options))
        return 0
    if options.benchmark == "views":
        _views_tables(options)
        return 0
    clips = _CLIPS[options.benchmark](options.data)
    if options.clips:
        clips = [clip for clip in clips if clip.name in options.clips]
        if not clips:
            raise BenchmarkError(f"{options.benchmark} has no clip of these names.")
    if options.confidence:
        print(f"{options.benchmark}: error of a joint and the end of its bone")
        weights = options.weights or DEFAULT_WEIGHTS_PATH
        print(confidence_table(together(judge(clips, weights, options.quality))))
        return 0
    print(f"{options.benchmark}: {clips[0].truth.shape[1]} joints, middle of the hips at zero")
    if options.takes:
        captured = {clip.name: load_takes(options.takes / clip.name) for clip in clips}
        print(error_table({clip.name: score(clip, captured[clip.name]) for clip in clips}))
    else:
        _print_stages(clips, options)
    return 0


def _print_stages(clips: list[BenchmarkClip], options: argparse.Namespace) -> None:
    """Run the pipeline on every clip and print its rows; those of each stage if wanted."""
    device = choose_device(options.device)
    network = load_weights(options.weights or DEFAULT_WEIGHTS_PATH).to(device)
    wanted = ROWS if options.stages else (WORLD, FEET)
    motions: dict[str, dict[str, AlignedMotion]] = {}
    done: dict[Path, dict[str, list[Take]]] = {}
    for clip in clips:
        if clip.video not in done:
            done[clip.video] = run_stages(work_on(clip, network, device, options.quality), wanted)
        motions[clip.name] = {
            stage: align(clip, best_take(clip, takes)) for stage, takes in done[clip.video].items()
        }
    rows = {clip.name: rows_of(clip, motions[clip.name]) for clip in clips}
    print(row_table(rows, each=not options.stages))
    print(UNITS)
    if options.stages:
        last = {clip: {FEET: found[FEET]} for clip, found in rows.items()}
        print(f"\neach clip as it is baked\n{row_table(last, each=True)}")
        print(f"grounding, foot lock: {knee_line(motions, SMOOTH, FEET)}")
        print("\nPA-MPJPE of each clip, mm")
        print(pose_table(rows))
        if any(clip.take is not None for clip in clips):
            print("\nrotation error of each joint, degrees, mean of the clips")
            print(rotation_table(rows))
            print("\nsmoothing: jitter mm/frame³, PA-MPJPE mm, fastest wrist m/s")
            print(smoothing_table(clips, motions, GUARD, WORLD, SMOOTH))


def rows_of(clip: BenchmarkClip, motions: dict[str, AlignedMotion]) -> dict[str, Row | None]:
    """Score MediaPipe and every method on the frames that all of them have.

    Parameters
    ----------
    clip : BenchmarkClip
    motions : dict of str to AlignedMotion
        By the name of the method; those of `ON_A_FLOOR` have a floor.

    Returns
    -------
    dict of str to Row
        `TRUTH`, `BASELINE` and the methods; None where there is nothing to score.

    Raises
    ------
    BenchmarkError
        When no frame has a pose from all.
    """
    frames = compared_frames(clip, list(motions.values()))
    rows: dict[str, Row | None] = {
        TRUTH: truth_row(clip, frames),
        BASELINE: baseline_row(clip, frames),
    }
    for name, motion in motions.items():
        rows[name] = motion_row(clip, motion, frames, floor=name in ON_A_FLOOR)
    return rows


def score(clip: BenchmarkClip, takes: Sequence[Take]) -> dict[str, PoseErrors]:
    """Compare MediaPipe and our takes with the truth, on the frames where both have a pose.

    Parameters
    ----------
    clip : BenchmarkClip
    takes : sequence of Take
        Everyone who was captured; the one who covers the true person best is scored.

    Returns
    -------
    dict of str to PoseErrors
        Keys `BASELINE` and `OURS`, in this order; `OURS` alone where MediaPipe saw nobody.

    Raises
    ------
    BenchmarkError
        When no frame has a pose from both.
    """
    rows = rows_of(clip, {OURS: align(clip, best_take(clip, takes))})
    return {name: row.pose for name in (BASELINE, OURS) if (row := rows[name]) is not None}


def load_takes(folder: Path) -> list[Take]:
    """Read everyone of a capture folder.

    Raises
    ------
    BenchmarkError
        When there is no take.
    TakeError
        When one is damaged.
    """
    paths = sorted(folder.glob("person_*.npz"))
    if not paths:
        raise BenchmarkError(f"There is no take (person_01.npz ...) in {folder}.")
    return [Take.load(path) for path in paths]


def _held_out_table(options: argparse.Namespace) -> str:
    # Training data is read for this one only.
    from train.evaluate import held_out

    network = load_weights(options.weights or DEFAULT_WEIGHTS_PATH)
    measure = held_out.stage_errors if options.stages else held_out.held_out_errors
    found = measure(network, options.data, REPOSITORY / ".cache", straight=options.straight)
    return mean_table("subject", found, held_out.COLUMNS, HELD_OUT_UNITS)


def _floor_table(options: argparse.Namespace) -> str:
    # Training data is read for this one too.
    from train.databases.motion_library import load_motion_library
    from train.evaluate import floor_work

    library = load_motion_library([options.data / "motion"], REPOSITORY / ".cache")
    network = load_weights(options.weights or DEFAULT_WEIGHTS_PATH)
    found = floor_work.floor_errors(library, network)
    return mean_table("motion", found, floor_work.COLUMNS, FLOOR_UNITS)


def _knee_table(options: argparse.Namespace) -> str:
    device = choose_device(options.device)
    network = load_weights(options.weights or DEFAULT_WEIGHTS_PATH).to(device)
    return knee_table(straight_knees(network, options.data, device, quality=options.quality))


def _views_tables(options: argparse.Namespace) -> None:
    """Print captures from several views, first of the Pose2Sim man, then of rendered people."""
    from train.evaluate import several_views
    from train.evaluate.view_clips import view_clips
    from train.places import VIEWS_FOLDER, WITHHELD_VIEWS_FOLDER

    device = choose_device(options.device)
    network = load_weights(options.weights or DEFAULT_WEIGHTS_PATH).to(device)
    every = view_clips(WITHHELD_VIEWS_FOLDER if options.withheld else VIEWS_FOLDER)
    filmed = [clip for clip in every if not options.clips or clip.name in options.clips]
    tables = [several_views.rendered_rows(filmed, network, device, options.told)]
    if not options.clips and not options.told and not options.withheld:
        tables.insert(0, several_views.pose2sim_rows(network, device, options.data))
    for rows in tables:
        found = {}
        for name, row in rows:
            found[name] = row.values()
            print(f"{name}: {', '.join(f'{value:.1f}' for value in row.values())}", flush=True)
        columns = list(zip(*found.values(), strict=True))
        for name, middle in (("mean", fmean), ("median", median)):
            found[name] = [middle(column) for column in columns]
        print(mean_table("clips", found, several_views.COLUMNS, several_views.UNITS))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate",
        description="Capture benchmark clips, compare with the truth and with MediaPipe, and print "
        "one table; or, with floor, do so with made-up landmarks of people who lie and crawl; or, "
        "with cmu, score the network on noisy landmarks of motion-capture subjects "
        "that it was not trained on; or, with knees, measure the legs of people in real clips who "
        "stand straight; or, with views, capture performances that several cameras filmed. "
        "withheld is a second rendered set, which hardly anything was chosen by: look "
        "at it only in the end. What the pose networks see is kept in .cache/tracks, so that a "
        "second run takes seconds.",
        epilog="To show that a change leaves results as they were: `record DIR` captures and bakes "
        "a fixed set of clips, `same BEFORE AFTER` compares two such folders; `zoom` captures "
        "clips that are zoomed, `filmed` tells of real clips whether people stay where they are "
        "seen; each has its --help. "
        f"{', '.join(JOINT_SETS)}: the image network by its paper's protocol; see 3dpw --help.",
    )
    parser.add_argument("benchmark", choices=(*_CLIPS, "views", "floor", "cmu", "knees"))
    parser.add_argument(
        "--stages", action="store_true", help="switch the pipeline's stages on one after the other"
    )
    parser.add_argument(
        "--confidence", action="store_true", help="print errors against confidence instead"
    )
    text = "cmu: with the truth's knees, elbows and speeds put right as training has them"
    parser.add_argument("--straight", action="store_true", help=text)
    parser.add_argument(
        "--told",
        nargs="+",
        choices=("focal", "height"),
        default=(),
        help="views: rendered ones with focal lengths, the first person's height, or both given",
    )
    parser.add_argument("--withheld", action="store_true", help="views: the second rendered set")
    parser.add_argument("--clips", nargs="+", metavar="NAME", help="only these clips")
    parser.add_argument(
        "--data", type=a_path, default=DEFAULT_DATA, help="data folder (default: ../shared/data)"
    )
    parser.add_argument(
        "--takes",
        type=a_path,
        metavar="DIR",
        help="score captures that are there, DIR/<clip>/person_01.npz, instead of capturing",
    )
    add_weights(parser)
    add_quality(parser)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    return parser
