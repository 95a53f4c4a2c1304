"""Whether a clip mirrored, half as large or backwards gives the same motion.

`python -m tests.benchmarks.filmed_otherwise [CLIP ...]`. Of these clips nobody measured the truth,
but where captures of one performance differ, one of them is wrong: sides that are exchanged, people
who are found too late, or never.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import torch

from core_model.body.skeleton import JOINT_NAMES
from core_model.detection.qualities import BEST, MODELS
from core_model.network import INTNetwork
from core_model.network.checkpoints import load_weights
from core_model.options import CaptureOptions
from core_model.take import Take
from core_model.video.clip import open_video
from tests.places import SHARED
from train.evaluate.stages import FEET, run_stages, work_on_video
from train.places import REPOSITORY
from train.rendering.video_writing import video_writer

_CRF = 14
_MOST_APART = 0.5  # of a figure's height: who is further off is somebody else
_PARTNERS = [
    JOINT_NAMES.index(
        name.replace("left", "*").replace("right", "left").replace("*", "right"),
    )
    for name in JOINT_NAMES
]

Pictures = list[np.ndarray]


def _half(pictures: Pictures) -> Pictures:
    height, width = pictures[0].shape[:2]
    size = width // 4 * 2, height // 4 * 2
    return [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in pictures]


WAYS: dict[str, Callable[[Pictures], Pictures]] = {
    "mirrored": lambda pictures: [np.ascontiguousarray(each[:, ::-1]) for each in pictures],
    "half as large": _half,
    "backwards": lambda pictures: pictures[::-1],
}


@dataclass(frozen=True)
class Seen:
    """Somebody as a bake shows them in a clip of T frames, NaN where they are not seen.

    Parameters
    ----------
    joints : (T, 24, 3)
        From the pelvis, camera space, metres.
    pixels : (T, 24, 2)
        In the clip as it was.
    """

    joints: np.ndarray
    pixels: np.ndarray

    def as_before(self, way: str, width: int) -> "Seen":
        """Return who is seen in a clip filmed in one of `WAYS` as they are without it.

        `width` is that of the clip as it was, pixels.
        """
        joints, pixels = self.joints, self.pixels
        if way == "mirrored":
            joints = joints[:, _PARTNERS] * [-1, 1, 1]
            pixels = pixels[:, _PARTNERS] * [-1, 1] + [width, 0]
        elif way == "half as large":
            pixels = 2 * pixels
        elif way == "backwards":
            joints, pixels = joints[::-1], pixels[::-1]
        return Seen(joints, pixels)

    def apart(self, other: "Seen") -> tuple[np.ndarray, np.ndarray]:
        """Return how far joints are apart on average in frames that show both.

        In the picture, as shares of the height, and from the pelvis, in millimetres; (N,) each.
        """
        both = np.isfinite(self.pixels + other.pixels).all(axis=(1, 2))
        mine, others = self.pixels[both], other.pixels[both]
        tall = np.median(np.ptp(mine[..., 1], axis=1)) if both.any() else 1.0
        aside = np.linalg.norm(mine - others, axis=-1).mean(axis=1) / tall
        joints = 1000 * np.linalg.norm(self.joints[both] - other.joints[both], axis=-1)
        return aside, joints.mean(axis=1)


def captured(path: Path, network: INTNetwork, quality: str) -> list[Seen]:
    """Return everybody in a clip, in order of importance; `quality` is one of `MODELS`."""
    options = CaptureOptions(quality=quality)
    work = work_on_video(path, network, torch.device("cpu"), options)
    return [_seen(take, work.times) for take in run_stages(work, (FEET,))[FEET]]


def _seen(take: Take, times: np.ndarray) -> Seen:
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


def compared(clip: Path, network: INTNetwork, quality: str) -> None:
    """Print a line for everybody in a clip and each of `WAYS`."""
    video = open_video(clip)
    rate = Fraction(video.frame_rate).limit_denominator(1001)
    pictures = [frame.image[: video.height // 2 * 2, : video.width // 2 * 2] for frame in video]
    width = pictures[0].shape[1]
    home = REPOSITORY / ".cache" / "filmed_otherwise" / f"{clip.parent.name}_{clip.stem}"
    home.mkdir(parents=True, exist_ok=True)
    people = captured(_filmed(home / "as_it_is.mp4", pictures, rate), network, quality)
    for way, change in WAYS.items():
        path = _filmed(home / f"{way.split()[0]}.mp4", change(pictures), rate)
        found = [each.as_before(way, width) for each in captured(path, network, quality)]
        print(f"{clip.parent.name}/{clip.stem}, {way}: {len(people)} and {len(found)} people")
        for number, person in enumerate(people, start=1):
            print(f"    {number}: {_told(person, found)}", flush=True)


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


def _filmed(path: Path, pictures: Pictures, rate: Fraction) -> Path:
    with video_writer(path, rate, _CRF) as add:
        for picture in pictures:
            add(np.ascontiguousarray(picture))
    return path


def main() -> None:
    """Print how much captures of the same performance differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path, nargs="*", metavar="CLIP", help="(default: all real)")
    parser.add_argument("--quality", choices=tuple(MODELS), default=BEST)
    options = parser.parse_args()
    real = (SHARED / "data" / "clips").rglob("*")
    clips = options.clips or sorted(p for p in real if p.suffix in (".mp4", ".avi", ".mkv"))
    network = load_weights()
    for clip in clips:
        compared(clip, network, options.quality)


if __name__ == "__main__":
    main()
