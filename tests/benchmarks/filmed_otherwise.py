"""Whether a clip mirrored, half as large, backwards, dark, shaken or framed gives the same motion.

`python -m tests.benchmarks.filmed_otherwise [CLIP ...] [--ways WAY ...]`. Of these clips nobody
measured the truth, but where captures of one performance differ, one of them is wrong: sides that
are exchanged, people who are found too late, or never.
"""

import argparse
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch

from core_model.detection.qualities import BEST, MODELS
from core_model.network import INTNetwork
from core_model.network.checkpoints import load_weights
from core_model.options import CaptureOptions
from core_model.take import Take
from core_model.video.clip import open_video
from tests.benchmarks.ways import CRF, WAYS, Pictures, Seen
from tests.places import SHARED
from train.evaluate.stages import FEET, run_stages, work_on_video
from train.places import REPOSITORY
from train.rendering.video_writing import video_writer

_MOST_APART = 0.5  # of a figure's height: who is further off is somebody else


def captured(path: Path, network: INTNetwork, quality: str) -> list[Seen]:
    """Return everybody in a clip, in order of importance; `quality` is one of `MODELS`."""
    options = CaptureOptions(quality=quality)
    work = work_on_video(path, network, torch.device("cpu"), options)
    return [seen_in(take, work.times) for take in run_stages(work, (FEET,))[FEET]]


def seen_in(take: Take, times: np.ndarray) -> Seen:
    """Return somebody at `times` (T,), seconds, as a take shows them."""
    assert take.camera is not None
    found = take.camera_joints()
    pixels = take.camera.through_zoom(take.camera.project(found), take.camera_zoom)
    apart = np.abs(times[:, None] - take.times[None])
    nearest = apart.argmin(axis=1)
    there = (apart.min(axis=1) < 0.5 * np.median(np.diff(times))) & take.frame_valid[nearest]
    return Seen(
        np.where(there[:, None, None], (found - found[:, :1])[nearest], np.nan),
        np.where(there[:, None, None], pixels[nearest], np.nan),
    )


def compared(clip: Path, network: INTNetwork, quality: str, ways: Sequence[str]) -> None:
    """Print a line for everybody in a clip and each of some of `WAYS`."""
    video = open_video(clip)
    rate = Fraction(video.frame_rate).limit_denominator(1001)
    pictures = [frame.image[: video.height // 2 * 2, : video.width // 2 * 2] for frame in video]
    home = REPOSITORY / ".cache" / "filmed_otherwise" / f"{clip.parent.name}_{clip.stem}"
    home.mkdir(parents=True, exist_ok=True)
    plain = _filmed(home / "as_it_is.mp4", pictures, rate, CRF)
    people = captured(plain, network, quality)
    for name in ways:
        way = WAYS[name]
        path = home / f"{name.replace(' ', '_')}.mp4"
        changed = way.change(pictures, float(rate))[:: way.every]
        _filmed(path, changed, rate / way.every, way.crf)
        found = [
            way.back(_spread(each, way.every, len(pictures)), pictures, float(rate))
            for each in captured(path, network, quality)
        ]
        print(f"{clip.parent.name}/{clip.stem}, {name}: {len(people)} and {len(found)} people")
        for number, person in enumerate(people, start=1):
            print(f"    {number}: {_told(person, found)}", flush=True)


def _spread(seen: Seen, every: int, count: int) -> Seen:
    """Return somebody of every so many pictures in all of them, so many."""
    joints, pixels = (
        np.full((count, *each.shape[1:]), np.nan) for each in (seen.joints, seen.pixels)
    )
    joints[::every], pixels[::every] = seen.joints, seen.pixels
    return Seen(joints, pixels)


def _told(person: Seen, found: Sequence[Seen]) -> str:
    pairs = [person.apart(each) for each in found]
    near = [(np.median(aside), *pair) for pair in pairs if (aside := pair[0]).size]
    if not near or min(near, key=lambda each: each[0])[0] > _MOST_APART:
        return "not found"
    _, aside, joints = min(near, key=lambda each: each[0])
    seen = int(np.isfinite(person.pixels).all(axis=(1, 2)).sum())
    return (
        f"{len(aside)} of {seen} frames; in the picture {100 * np.median(aside):.1f} % of the "
        f"height, at most {100 * aside.max():.1f}; joints {np.median(joints):.0f} mm, "
        f"19 of 20 within {np.percentile(joints, 95):.0f}"
    )


def _filmed(path: Path, pictures: Pictures, rate: Fraction, crf: int) -> Path:
    with video_writer(path, rate, crf) as add:
        for picture in pictures:
            add(np.ascontiguousarray(picture))
    return path


def main() -> None:
    """Print how much captures of the same performance differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path, nargs="*", metavar="CLIP", help="(default: all real)")
    parser.add_argument("--quality", choices=tuple(MODELS), default=BEST)
    parser.add_argument("--ways", nargs="+", choices=tuple(WAYS), default=tuple(WAYS))
    options = parser.parse_args()
    real = (SHARED / "data" / "clips").rglob("*")
    clips = options.clips or sorted(p for p in real if p.suffix in (".mp4", ".avi", ".mkv"))
    network = load_weights()
    for clip in clips:
        compared(clip, network, options.quality, options.ways)


if __name__ == "__main__":
    main()
