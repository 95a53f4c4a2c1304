"""Score captures and weights against the truth: `python -m train.evaluate pose2sim|demo|cmu`."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core_model.errors import MocapError
from core_model.take import Take
from train.benchmarks import (
    DEFAULT_DATA,
    REPOSITORY,
    BenchmarkClip,
    BenchmarkError,
    demo_clip,
    pose2sim_clips,
)
from train.joint_sets import HIPS
from train.metrics import PoseErrors, pose_errors

BASELINE = "MediaPipe world landmarks"
OURS = "INT Mocap"

_COLUMNS = ("MPJPE", "PA-MPJPE", "PA clip", "in plane", "depth", "accel", "flips", "frames")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, or 1 with one sentence on stderr."""
    options = _parser().parse_args(arguments)
    try:
        if options.benchmark == "cmu":
            print(_held_out_table(options.weights))
            return 0
        clips = pose2sim_clips(options.data) if options.benchmark == "pose2sim" else [demo_clip()]
        results = {}
        for clip in clips:
            if options.takes:
                takes = load_takes(options.takes / clip.name)
            else:
                folder = options.captures / options.benchmark / clip.name
                takes = _captured(clip, folder, options.weights, options.device)
            results[clip.name] = score(clip, takes)
    except MocapError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    print(f"{options.benchmark}: {clips[0].truth.shape[1]} joints, middle of the hips at zero")
    print(table(results))
    return 0


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
        Keys `BASELINE` and `OURS`, in this order.

    Raises
    ------
    BenchmarkError
        When no frame has a pose from both.
    """
    ours = predicted_joints(clip, best_take(clip, takes))
    common = np.isfinite(ours).all((1, 2)) & np.isfinite(clip.baseline).all((1, 2))
    truth = np.where(common[:, None, None], clip.truth, np.nan)
    results = {}
    for method, prediction in ((BASELINE, clip.baseline), (OURS, ours)):
        errors = pose_errors(prediction, truth, HIPS, clip.mirror)
        if errors is None:
            raise BenchmarkError(f"No frame of {clip.video.name} has a pose to compare.")
        results[method] = errors
    return results


def best_take(clip: BenchmarkClip, takes: Sequence[Take]) -> Take:
    """Return the take whose boxes overlap the true person's most, summed over its seen frames."""

    def overlap(take: Take) -> float:
        frames, rows = _matched_frames(clip, take)
        return float(_intersection_over_union(clip.boxes[frames], take.bbox[rows]).sum())

    return max(takes, key=overlap)


def predicted_joints(clip: BenchmarkClip, take: Take) -> np.ndarray:
    """Put a take's joints in the clip's frames.

    Returns
    -------
    (T, J, 3)
        Camera space, metres; NaN in frames where the person was not seen.
    """
    frames, rows = _matched_frames(clip, take)
    joints = np.full(clip.truth.shape, np.nan)
    joints[frames] = take.camera_joints()[rows][:, list(clip.joints)]
    return joints


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


def table(results: dict[str, dict[str, PoseErrors]]) -> str:
    """Lay out the errors of every clip and method, and the mean over clips if there are several.

    Parameters
    ----------
    results : dict
        By clip, then by method.
    """
    lines = [f"{'clip':8}{'':27}" + "".join(f"{name:>10}" for name in _COLUMNS)]
    for clip, methods in results.items():
        lines += [_row(clip, method, astuple(errors)) for method, errors in methods.items()]
    if len(results) > 1:
        for method in next(iter(results.values())):
            values = np.array([astuple(methods[method]) for methods in results.values()])
            total = [*values[:, :-2].mean(axis=0), *values[:, -2:].sum(axis=0)]
            lines.append(_row("mean", method, total))
    lines.append("mm; accel in mm/frame²; flips and frames are counts")
    return "\n".join(lines)


def _row(clip: str, method: str, values: Sequence[float]) -> str:
    numbers = "".join(f"{value:10.1f}" for value in values[:-2])
    return f"{clip:8}{method:27}{numbers}" + "".join(f"{int(value):10d}" for value in values[-2:])


def _held_out_table(weights: Path | None) -> str:
    # Training data is read for this one only.
    from core_model.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
    from train.held_out import COLUMNS, held_out_errors

    errors = held_out_errors(load_weights(weights or DEFAULT_WEIGHTS_PATH))
    lines = [f"{'subject':10}" + "".join(f"{name:>10}" for name in COLUMNS)]
    for subject, values in errors.items():
        lines.append(f"{subject:10}" + "".join(f"{value:10.1f}" for value in values))
    lines.append("mm, mm, degrees (23 local rotations), degrees (root), m/s²; noisy landmarks")
    return "\n".join(lines)


def _captured(clip: BenchmarkClip, folder: Path, weights: Path | None, device: str) -> list[Take]:
    # Captures load the networks, which scoring takes on disk does not need.
    from core_model.capture import CaptureOptions, capture

    options = CaptureOptions(people="largest", device=device)
    if weights:
        options = replace(options, weights=weights)
    with tqdm(desc=clip.name, unit="frame", leave=False) as bar:

        def show(stage: str, done: int, total: int | None) -> None:
            if stage == "people":
                bar.total = total
                bar.update(done - bar.n)

        return capture(clip.video, folder, options, show)


def _matched_frames(clip: BenchmarkClip, take: Take) -> tuple[np.ndarray, np.ndarray]:
    """Return the clip's frames (N,) and the take's rows (N,) that show the same picture."""
    frames = np.rint(take.times * clip.frame_rate).astype(int)
    fits = take.frame_valid & (frames >= 0) & (frames < len(clip.truth))
    rows = np.flatnonzero(fits)
    return frames[rows], rows


def _intersection_over_union(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the overlap (N,), 0 to 1, of boxes (N, 4): x, y, width, height."""
    low = np.maximum(a[:, :2], b[:, :2])
    high = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
    common = np.clip(high - low, 0, None).prod(axis=1)
    union = a[:, 2:].prod(axis=1) + b[:, 2:].prod(axis=1) - common
    return np.asarray(common / np.maximum(union, 1e-9))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate",
        description="Capture benchmark clips, compare with the truth and with MediaPipe, and print "
        "one table; or, with cmu, score the network alone on motion-capture subjects that it was "
        "not trained on.",
    )
    parser.add_argument("benchmark", choices=("pose2sim", "demo", "cmu"))
    parser.add_argument(
        "--data", type=Path, default=DEFAULT_DATA, help="data folder (default: ../shared/data)"
    )
    parser.add_argument(
        "--captures",
        type=Path,
        default=REPOSITORY / "runs" / "evaluate",
        metavar="DIR",
        help="where captures are written (default: runs/evaluate)",
    )
    parser.add_argument(
        "--takes",
        type=Path,
        metavar="DIR",
        help="score captures that are there, DIR/<clip>/person_01.npz, instead of capturing",
    )
    parser.add_argument("--weights", type=Path, help="other weights than those that ship with us")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    return parser


if __name__ == "__main__":
    sys.exit(main())
