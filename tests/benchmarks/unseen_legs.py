"""What becomes of people whose legs are out of the picture.

`python -m tests.benchmarks.unseen_legs [CLIP ...]`. Rendered clips are cut off above the knees, as
people film who talk or stand at a desk, captured and baked. Nobody can know such legs; but they
should stand still or go as slowly as legs do, and the upper body should stay where the picture
shows it.
"""

import argparse
from fractions import Fraction

import numpy as np
import torch

from core_model.body.skeleton import JOINT_INDEX
from core_model.network.checkpoints import load_weights
from core_model.options import CaptureOptions
from core_model.take import Take
from core_model.video.clip import open_video
from tests.benchmarks.filmed_otherwise import seen_in
from train.evaluate.metrics import pa_mpjpe
from train.evaluate.stages import FEET, WORLD, run_stages, work_on_video
from train.places import REPOSITORY, WITHHELD_FOLDER
from train.rendering.video_writing import write_video

_DOWN = 0.6  # of the way from hips to knees
_CRF = 14
_UPPER = [
    JOINT_INDEX[name]
    for name in ("pelvis", "spine3", "neck", "head", "left_hip", "right_hip")
    + tuple(
        f"{side}_{part}" for side in ("left", "right") for part in ("shoulder", "elbow", "wrist")
    )
]
_FEET = [JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]]


def main() -> None:
    """Cut, capture, bake and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = "box_front", "jacks", "laugh_low", "reach_near", "sit_side", "traffic_back"
    parser.add_argument("clips", nargs="*", default=names, help="of the withheld set")
    parser.add_argument("--quality", default="best")
    given = parser.parse_args()
    print(
        "clip            upper PA mm   moved %, median, worst   fastest foot m/s, captured, baked"
    )
    for name in given.clips:
        _tell(name, given.quality)


def _tell(name: str, quality: str) -> None:
    truth = Take.load(WITHHELD_FOLDER / f"{name}_01.npz")
    video = open_video(WITHHELD_FOLDER / f"{name}.mp4")
    assert truth.camera is not None
    heights = truth.camera.project(truth.camera_joints())[..., 1]
    hips, knees = (
        heights[:, [JOINT_INDEX[f"{side}_{part}"] for side in ("left", "right")]]
        for part in ("hip", "knee")
    )
    cut = int(np.median(hips + _DOWN * (knees - hips))) // 2 * 2
    home = REPOSITORY / ".cache" / "unseen_legs"
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{name}.mp4"
    write_video(path, (frame.image[:cut] for frame in video), Fraction(30), _CRF)
    options, device = CaptureOptions(quality=quality), torch.device("cpu")
    work = work_on_video(path, load_weights(), device, options)
    stages = run_stages(work, (WORLD, FEET))
    captured, baked = stages[WORLD][0], stages[FEET][0]
    rows = np.abs(baked.times[:, None] - truth.times).argmin(axis=1)
    there = baked.frame_valid
    off = pa_mpjpe(
        *(
            joints[:, _UPPER]
            for joints in (baked.camera_joints()[there], truth.camera_joints()[rows[there]])
        )
    )
    before, after = (seen_in(take, work.times).pixels[:, _UPPER] for take in (captured, baked))
    tall = np.median(np.ptp(heights, axis=1))
    moved = 100 * np.linalg.norm(after - before, axis=-1).mean(axis=1) / tall
    speeds = [_fastest(take) for take in (captured, baked)]
    print(
        f"{name:<16}{off.mean():>11.0f}{np.nanmedian(moved):>16.1f}{np.nanmax(moved):>8.1f}"
        f"{speeds[0]:>29.1f}{speeds[1]:>8.1f}",
        flush=True,
    )


def _fastest(take: Take) -> float:
    steps = np.linalg.norm(np.diff(take.joints()[:, _FEET], axis=0), axis=-1).max(axis=1)
    both = take.frame_valid[1:] & take.frame_valid[:-1]
    return float((steps / np.diff(take.times))[both].max())


if __name__ == "__main__":
    main()
