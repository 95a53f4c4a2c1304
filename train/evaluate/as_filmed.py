"""Whether people in real clips stay where these show them: captured, and once they are baked.

Of these clips nobody measured the truth, but a figure that a bake moves aside in the picture, that
shoots away as somebody leaves, or that hovers is wrong in any case.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from core_model.detection.qualities import BEST
from core_model.engine.command_line import a_path
from core_model.network import INTNetwork
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.options import CaptureOptions
from core_model.take import Take
from train.evaluate.shared_options import add_quality, add_weights
from train.evaluate.stages import FEET, WORLD, run_stages, work_on_video
from train.evaluate.tables import mean_table
from train.places import DEFAULT_DATA

COLUMNS = ("moved", "at most", "speed", "height")
UNITS = (
    "moved: how far a bake moves the joints in the picture, % of the figure's height there, the "
    "median of the frames and the worst; speed: of the pelvis, m/s, at most; height: of the lowest "
    "joint above the floor, cm, median; all as baked by default"
)
_SMALLEST = 20.0  # pixels of a figure's height: those of less are all edge


def main(arguments: Sequence[str]) -> int:
    """Run `python -m train.evaluate filmed` and return its exit code."""
    options = _parser().parse_args(arguments)
    clips = options.clips or sorted(_real_clips(options.data / "clips"))
    network = load_weights(options.weights or DEFAULT_WEIGHTS_PATH)
    found = {}
    for clip in clips:
        for number, values in enumerate(measured(clip, network, options.quality), start=1):
            name = f"{clip.parent.name[-9:]}/{clip.stem[:10]} {number}"
            found[name] = values
            print(f"{name}: {', '.join(f'{value:.1f}' for value in values)}", flush=True)
    print(mean_table("clip, person", found, COLUMNS, UNITS))
    return 0


def measured(clip: Path, network: INTNetwork, quality: str = BEST) -> list[tuple[float, ...]]:
    """Return values of `COLUMNS` for everybody in a clip.

    Parameters
    ----------
    clip : Path
    network : INTNetwork
        With keypoint evidence, on the processor.
    quality : str
        One of `core_model.detection.qualities.MODELS`.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    """
    options = CaptureOptions(quality=quality)
    work = work_on_video(clip, network, torch.device("cpu"), options)
    takes = run_stages(work, (WORLD, FEET))
    return [moved_by(*each) for each in zip(takes[WORLD], takes[FEET], strict=True)]


def moved_by(captured: Take, baked: Take) -> tuple[float, ...]:
    """Return values of `COLUMNS` for a take and what is baked of it, at its own frame rate."""
    assert captured.camera is not None
    interval = float(np.median(np.diff(captured.times)))
    apart = np.abs(baked.times[None] - captured.times[:, None])
    nearest = apart.argmin(axis=1)
    both = captured.frame_valid & (apart.min(axis=1) < 0.5 * interval)
    seen, left = (
        _pixels(captured, joints[both], both)
        for joints in (captured.camera_joints(), baked.camera_joints()[nearest])
    )
    tall = np.maximum(np.ptp(seen[..., 1], axis=1), _SMALLEST)
    moved = 100 * np.linalg.norm(left - seen, axis=-1).mean(axis=1) / tall
    joints = baked.joints()
    steps = np.diff(baked.times) < 1.5 * interval
    speed = np.linalg.norm(np.diff(joints[:, 0], axis=0), axis=1) / np.diff(baked.times)
    height = 100 * float(np.median(joints[..., 2].min(axis=1)))
    return float(np.median(moved)), float(moved.max()), float((speed * steps).max()), height


def _pixels(take: Take, joints: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return where joints (N, 24, 3) of some frames are seen by the camera as it was turned."""
    assert take.camera is not None
    if np.size(take.camera_turns):
        joints = np.einsum("tij,tkj->tki", np.swapaxes(take.camera_turns[rows], 1, 2), joints)
    return take.camera.project(joints)


def _real_clips(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in (".mp4", ".avi", ".mkv"):
            yield path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate filmed",
        description="Capture and bake everybody in real clips, and tell how far the bake moves "
        "them in the picture, how fast they get and how high they stand.",
    )
    parser.add_argument(
        "clips", type=a_path, nargs="*", metavar="CLIP", help="(default: those of the data folder)"
    )
    parser.add_argument(
        "--data", type=a_path, default=DEFAULT_DATA, help="data folder (default: ../shared/data)"
    )
    add_weights(parser)
    add_quality(parser)
    return parser
