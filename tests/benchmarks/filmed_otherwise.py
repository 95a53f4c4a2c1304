"""Whether a clip mirrored, half as large, backwards, dark or shaken gives the same motion.

`python -m tests.benchmarks.filmed_otherwise [CLIP ...] [--ways WAY ...]`. Of these clips nobody
measured the truth, but where captures of one performance differ, one of them is wrong: sides that
are exchanged, people who are found too late, or never.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d

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

_CRF, _POOR_CRF = 14, 38
_MOST_APART = 0.5  # of a figure's height: who is further off is somebody else
_PARTNERS = [
    JOINT_NAMES.index(
        name.replace("left", "*").replace("right", "left").replace("*", "right"),
    )
    for name in JOINT_NAMES
]
_DARK, _NOISE = 0.25, 4.0  # of the light; grey levels of 256
_CUT = 1.12  # by how much a hand's picture is enlarged
_SWAY, _ROLL, _SWAY_SECONDS = 0.012, 0.5, 0.25  # of the width and degrees, RMS; up to twice that

Pictures = list[np.ndarray]


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


@dataclass(frozen=True)
class Way:
    """How a clip is filmed otherwise.

    Parameters
    ----------
    change : callable
        From the pictures of the clip, and how many they are a second, to those filmed otherwise.
    back : callable
        From somebody in these, the pictures as they were, and how many they are a second, to where
        that person is without it.
    every : int
        Of so many pictures one is kept.
    crf : int
        How poorly H.264 compresses.
    """

    change: Callable[[Pictures, float], Pictures] = lambda pictures, rate: pictures
    back: Callable[[Seen, Pictures, float], Seen] = lambda seen, pictures, rate: seen
    every: int = 1
    crf: int = _CRF


def _half(pictures: Pictures, rate: float) -> Pictures:
    height, width = pictures[0].shape[:2]
    size = width // 4 * 2, height // 4 * 2
    return [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in pictures]


def _unmirrored(seen: Seen, pictures: Pictures, rate: float) -> Seen:
    width = pictures[0].shape[1]
    return Seen(
        seen.joints[:, _PARTNERS] * [-1, 1, 1], seen.pixels[:, _PARTNERS] * [-1, 1] + [width, 0]
    )


def _spread(seen: Seen, every: int, count: int) -> Seen:
    """Return somebody of every so many pictures in all of them, so many."""
    joints, pixels = (
        np.full((count, *each.shape[1:]), np.nan) for each in (seen.joints, seen.pixels)
    )
    joints[::every], pixels[::every] = seen.joints, seen.pixels
    return Seen(joints, pixels)


def _darkened(pictures: Pictures, rate: float) -> Pictures:
    random = np.random.default_rng(0)
    return [
        np.clip(_DARK * each + random.normal(0, _NOISE, each.shape), 0, 255).astype(np.uint8)
        for each in pictures
    ]


def _hand(pictures: Pictures, rate: float) -> np.ndarray:
    """Return how a swaying hand moves the pixels of every picture (T, 2, 3)."""
    random = np.random.default_rng(3)

    def sway(seconds: float) -> np.ndarray:
        noise = random.standard_normal(len(pictures) + 400)
        curve = gaussian_filter1d(noise, seconds * rate)[200:-200]
        return np.asarray((curve / curve.std()).clip(-2, 2))

    height, width = pictures[0].shape[:2]
    aside, up, roll = sway(_SWAY_SECONDS), sway(_SWAY_SECONDS), sway(2 * _SWAY_SECONDS)
    moves = np.array(
        [cv2.getRotationMatrix2D((width / 2, height / 2), -_ROLL * angle, _CUT) for angle in roll]
    )
    moves[..., 2] += _SWAY * width * np.stack((aside, up), axis=1)
    return moves


def _held(pictures: Pictures, rate: float) -> Pictures:
    height, width = pictures[0].shape[:2]
    edge = cv2.BORDER_REPLICATE
    return [
        cv2.warpAffine(each, move, (width, height), borderMode=edge)
        for each, move in zip(pictures, _hand(pictures, rate), strict=True)
    ]


def _put_down(seen: Seen, pictures: Pictures, rate: float) -> Seen:
    back = np.array([cv2.invertAffineTransform(move) for move in _hand(pictures, rate)])
    pixels = np.einsum("tij,tkj->tki", back[..., :2], seen.pixels) + back[:, None, :, 2]
    return Seen(seen.joints, pixels)


WAYS = {
    "mirrored": Way(
        lambda pictures, rate: [np.ascontiguousarray(each[:, ::-1]) for each in pictures],
        _unmirrored,
    ),
    "half as large": Way(_half, lambda seen, pictures, rate: Seen(seen.joints, 2 * seen.pixels)),
    "backwards": Way(
        lambda pictures, rate: pictures[::-1],
        lambda seen, pictures, rate: Seen(seen.joints[::-1], seen.pixels[::-1]),
    ),
    "every second picture": Way(every=2),
    "dark": Way(_darkened),
    "poorly compressed": Way(crf=_POOR_CRF),
    "in a swaying hand": Way(_held, _put_down),
}


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
    plain = _filmed(home / "as_it_is.mp4", pictures, rate, _CRF)
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
