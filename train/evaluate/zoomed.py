"""What a zoom changes: clips are zoomed, captured, and compared with themselves as they were."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from core_model.body.model import default_body
from core_model.network import INTNetwork
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.take import Take
from train.evaluate.aligned import align
from train.evaluate.benchmarks import BenchmarkClip, BenchmarkError, demo_clip, rendered_clips
from train.evaluate.scores import compared_frames, motion_row
from train.evaluate.shared_options import add_weights
from train.evaluate.stages import WORLD, run_stages, work_on
from train.evaluate.tables import mean_table
from train.places import REPOSITORY
from train.rendering.zooming import write_zoomed, zoom_at

COLUMNS = ("zoom", "mean", "MPJPE", "zoomed", "path", "height", "sure")
UNITS = (
    "zoom: by how much the focal length of a frame is wrong, %, the worst, then the mean; MPJPE in "
    "mm without the zoom and with it; path, height: how far the hips are from where they were "
    "without it, over the ground and above it, cm, at most; sure: %"
)
DEFAULT_CLIPS = ("demo", "walk_front", "walk_side", "punch")
FOLDER = REPOSITORY / ".cache" / "zoomed"


def main(arguments: Sequence[str]) -> int:
    """Run `python -m train.evaluate zoom` and return its exit code."""
    options = _parser().parse_args(arguments)
    network = load_weights(options.weights or DEFAULT_WEIGHTS_PATH)
    known = {clip.name: clip for clip in (demo_clip(), *rendered_clips()) if clip.people == 1}
    found = {}
    for name in options.clips:
        if name not in known:
            raise BenchmarkError(f"There is no clip {name} of one person.")
        found[name] = compared(known[name], network, options.most, options.sway)
        print(f"{name}: {', '.join(f'{value:.1f}' for value in found[name])}", flush=True)
    print(mean_table(f"{options.most:g} times", found, COLUMNS, UNITS))
    return 0


def compared(
    clip: BenchmarkClip, network: INTNetwork, most: float, sway: float
) -> tuple[float, ...]:
    """Return how a clip that is zoomed is captured, as `COLUMNS` and `UNITS` say.

    Parameters
    ----------
    clip : BenchmarkClip
    network : INTNetwork
        With keypoint evidence, on the processor.
    most : float
        The longest focal length as a multiple of the first.
    sway : float
        Degrees by which the camera sways.
    """
    still, zoomed = (
        _captured(replace(clip, video=_made(clip.video, factor, sway)), network)
        for factor in (1.0, most)
    )
    found = zoomed.camera_zoom if np.size(zoomed.camera_zoom) else np.ones(len(zoomed))
    wrong = np.abs(found / zoom_at(zoomed.times, most) - 1)
    errors = [_mpjpe(clip, take) for take in (still, zoomed)]
    joints = [take.joints(default_body())[:, 0] for take in (still, zoomed)]
    apart = (joints[1] - joints[1][0]) - (joints[0] - joints[0][0])
    path = np.linalg.norm(apart[:, :2], axis=1).max()
    height = np.abs(joints[1][:, 2] - joints[0][:, 2]).max()
    sure = zoomed.source.get("zoom_confidence", 0.0)
    return (
        *(100 * wrong.max(), 100 * wrong.mean(), *errors),
        *(100 * path, 100 * height, 100 * sure),
    )


def _made(video: Path, most: float, sway: float) -> Path:
    """Return the zoomed clip, made if it is not there; the clip itself where nothing changes."""
    if most == 1 and not sway:
        return video
    path = FOLDER / f"{video.stem}_{most:g}_{sway:g}.mp4"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        write_zoomed(video, path, most, sway)
    return path


def _captured(clip: BenchmarkClip, network: INTNetwork) -> Take:
    (take,) = run_stages(work_on(clip, network, torch.device("cpu")), (WORLD,))[WORLD]
    return take


def _mpjpe(clip: BenchmarkClip, take: Take) -> float:
    motion = align(clip, take)
    return motion_row(clip, motion, compared_frames(clip, [motion]), floor=True).pose.mpjpe


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate zoom",
        description="Zoom rendered clips in and out again by cutting, let a hand hold the camera "
        "if wanted, capture them, and print how far that is from a capture without the zoom.",
    )
    parser.add_argument("--clips", nargs="+", metavar="NAME", default=DEFAULT_CLIPS)
    parser.add_argument(
        "--most", type=float, default=1.6, help="longest focal length, times (default: 1.6)"
    )
    parser.add_argument(
        "--sway", type=float, default=0.0, help="of the hand, degrees (default: a tripod)"
    )
    add_weights(parser)
    return parser
