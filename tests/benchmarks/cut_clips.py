"""What becomes of people in a clip that was cut from one camera to another.

`python -m tests.benchmarks.cut_clips [PERFORMANCE ...]`. Performances that two cameras filmed are
shown by the first in one half and by the second in the other, as films are cut; what is captured of
either half is compared with its truth.
"""

import argparse
import json
from fractions import Fraction
from pathlib import Path

import numpy as np

from core_model.capture import capture
from core_model.options import CaptureOptions
from core_model.take import Take
from core_model.video.clip import open_video
from train.evaluate.metrics import pa_mpjpe
from train.places import REPOSITORY, VIEWS_FOLDER, WITHHELD_VIEWS_FOLDER
from train.rendering.video_writing import write_video

_RATE, _CRF = 30, 14


def main() -> None:
    """Cut clips together, capture them and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = "kick", "punch", "walk_away", "jacks", "laugh"
    parser.add_argument("performances", nargs="*", default=names, metavar="PERFORMANCE")
    parser.add_argument("--quality", default="fast")
    given = parser.parse_args()
    print("performance       shot 1: frames, PA mm   shot 2: frames, PA mm   takes")
    for name in given.performances:
        _tell(name, given.quality)


def folder_of(name: str) -> Path:
    """Return where the clips of a performance are."""
    known = (VIEWS_FOLDER / f"{name}.json").exists()
    return VIEWS_FOLDER if known else WITHHELD_VIEWS_FOLDER


def cut_together(name: str, path: Path) -> tuple[np.ndarray, int]:
    """Write a clip of both halves of a performance.

    Parameters
    ----------
    name : str
        Of a performance whose first two cameras have pictures of one size.
    path : Path

    Returns
    -------
    moments : (T,)
        Which moment of the performance each picture shows, seconds.
    first : int
        Pictures of the first camera.
    """
    folder = folder_of(name)
    views = json.loads((folder / f"{name}.json").read_text())["views"][:2]
    pictures, moments = [], []
    half = views[0]["frames"] / views[0]["frame_rate"] / 2
    for view, (begin, end) in zip(views, ((-np.inf, half), (half, np.inf)), strict=True):
        for index, frame in enumerate(open_video(folder / view["file"])):
            moment = view["start"] + index / view["frame_rate"]
            if begin <= moment < end:
                pictures.append(frame.image)
                moments.append(moment)
    write_video(path, iter(pictures), Fraction(_RATE), _CRF)
    return np.array(moments), int((np.array(moments) < half).sum())


def _tell(name: str, quality: str) -> None:
    home = REPOSITORY / ".cache" / "cut_clips"
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{name}.mp4"
    moments, first = cut_together(name, path)
    truth = Take.load(folder_of(name) / f"{name}_01.npz")
    takes = capture(path, home / name, CaptureOptions(quality=quality))
    found = np.full((len(moments), 24, 3), np.nan)
    for take in takes:
        rows = np.rint(take.times * _RATE).astype(int)[take.frame_valid]
        found[rows] = take.joints()[take.frame_valid]
    told = truth.joints()[np.abs(truth.times - moments[:, None]).argmin(axis=1)]
    seen = np.isfinite(found).all(axis=(1, 2))
    halves = []
    for own in (np.arange(len(moments)) < first, np.arange(len(moments)) >= first):
        off = pa_mpjpe(found[own & seen], told[own & seen]).mean() if (own & seen).any() else np.nan
        halves.append(f"{(own & seen).sum():>8} of {own.sum():<3}{off:>8.1f}")
    print(f"{name:<17}{halves[0]}   {halves[1]}{len(takes):>11}", flush=True)


if __name__ == "__main__":
    main()
