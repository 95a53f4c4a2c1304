"""Draw `pictures/characters.png`: a frame of the demo clip, and the motion on other characters.

`python docs/draw_characters.py CHARACTER ...` with files of characters, as --retarget takes them.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
CLIP = ROOT / "tests" / "end_to_end" / "demo" / "demo.mp4"
PICTURE = ROOT / "docs" / "pictures" / "characters.png"
_HEIGHT = 360  # pixels
_BACKGROUND = (240, 240, 240)
_MARGIN = 0.06  # of the height, around a figure


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("characters", nargs="+", type=Path)
    parser.add_argument("--time", type=float, default=1.6, help="seconds in the clip")
    parser.add_argument("--takes", type=Path, help="a capture of the demo, if there is one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        takes = given.takes or folder / "takes"
        if given.takes is None:
            _run("core_model", CLIP, "-o", takes)
        pictures = [_frame(given.time), _posed(takes, folder / "own", given.time)]
        for number, character in enumerate(given.characters):
            to = folder / str(number)
            pictures.append(_posed(takes, to, given.time, "--retarget", character.absolute()))
    cv2.imwrite(str(PICTURE), np.hstack(pictures))


def _run(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", *map(str, arguments)], check=True, cwd=ROOT)


def _frame(time: float) -> np.ndarray:
    video = cv2.VideoCapture(str(CLIP))
    video.set(cv2.CAP_PROP_POS_MSEC, 1000 * time)
    _, image = video.read()
    scale = _HEIGHT / image.shape[0]
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _posed(takes: Path, folder: Path, time: float, *options: object) -> np.ndarray:
    """Return the picture of a figure at a moment, cut to what it shows."""
    to = ("-o", folder.with_suffix(".blend"), "--pictures", folder, "--picture-times", time)
    _run("bake", takes, *options, *to)
    image = cv2.imread(str(folder / "picture_01.png"), cv2.IMREAD_UNCHANGED)
    seen = image[..., 3:] / 255
    rows, columns = (np.flatnonzero(seen[..., 0].any(axis=axis)) for axis in (1, 0))
    pasted = (image[..., :3] * seen + np.array(_BACKGROUND) * (1 - seen)).astype(np.uint8)
    cut = pasted[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    margin = round(_HEIGHT * _MARGIN)
    scale = (_HEIGHT - 2 * margin) / cut.shape[0]
    cut = cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    below = _HEIGHT - cut.shape[0] - margin
    return cv2.copyMakeBorder(
        cut, margin, below, margin, margin, cv2.BORDER_CONSTANT, value=_BACKGROUND
    )


if __name__ == "__main__":
    main()
