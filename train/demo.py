"""The main job from end to end: `python -m train.demo` captures a clip, bakes it and shows it.

Each step runs as the command that a user would type.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from core_model.body.model import default_body
from core_model.engine.command_line import a_path, command
from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete
from core_model.take import Take
from core_model.take.shots import by_shots
from core_model.video.clip import open_video
from train.evaluate.benchmarks import demo_clip
from train.evaluate.cli import load_takes, score
from train.evaluate.stages import cleaned
from train.evaluate.tables import error_table
from train.places import DEMO_FOLDER

COLUMNS = 6
_CELL = 320
"""Pixels of the longer side of each picture on the sheet."""

_MARGIN = 0.12
_GROUND = 225
_LABELS = ("clip", "motion", "both")


@command("python -m train.demo")
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; that of the step that failed, if one did."""
    options = _parser().parse_args(arguments)
    out, stills = options.out, options.out / "stills"
    video = options.video or DEMO_FOLDER / "demo.mp4"
    code = _run("Capture", "core_model", video, "-o", out / "takes")
    if code:
        return code
    takes = load_takes(out / "takes")
    moments = even_moments(takes, COLUMNS)
    code = _run(
        *("Bake", "bake", out / "takes", "-o", out / "demo.blend", "--pictures", stills),
        *("--picture-times", ",".join(f"{moment:.4f}" for moment in moments)),
    )
    if code:
        return code
    frames = frames_at(video, moments)
    window = people_window(takes, frames[0].shape)
    write_sheet(out / "sheet.png", frames, read_stills(stills), window)
    print(f"\n{out / 'demo.blend'}: the motion, to open in Blender")
    print(f"{out / 'sheet.png'}: the clip beside it")
    if options.video is None:
        print("\n14 joints against the truth of the rendered clip, middle of the hips at zero")
        clip, body = demo_clip(), default_body()
        baked = [cleaned(take, body, feet=True) for take in takes]
        print(error_table({"captured": score(clip, takes), "baked": score(clip, baked)}))
    return 0


def even_moments(takes: Sequence[Take], count: int) -> np.ndarray:
    """Return `count` times (seconds), spread over those at which each shot's first is seen."""
    first = [of_shot[0] for of_shot in by_shots(takes).values()]
    seen = np.concatenate(
        [take.times[take.frame_valid] if take.frame_valid.any() else take.times for take in first]
    )
    places = (np.arange(count) + 0.5) / count * len(seen)
    return np.asarray(seen[places.astype(int)])


def frames_at(video: Path, moments: np.ndarray) -> list[np.ndarray]:
    """Return the frames (H, W, 3) uint8 RGB shown at `moments` (N,), seconds, increasing.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    """
    pictures: list[np.ndarray] = []
    image = np.empty(0)
    for frame in open_video(video):
        while len(pictures) < len(moments) and frame.time > moments[len(pictures)] + 1e-4:
            pictures.append(image)
        if len(pictures) == len(moments):
            return pictures
        image = frame.image
    return pictures + [image] * (len(moments) - len(pictures))


def read_stills(folder: Path) -> list[np.ndarray]:
    """Return the pictures (H, W, 4) uint8 RGBA that baking left, in order.

    Raises
    ------
    OutputError
        When one cannot be read.
    """
    pictures = []
    for path in sorted(folder.glob("picture_*.png"))[:COLUMNS]:
        picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if picture is None or picture.shape[-1] != 4:
            raise OutputError(f"{path} is damaged.")
        pictures.append(cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA))
    return pictures


def people_window(takes: Sequence[Take], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return the rows and columns of the picture that everybody stays in, with some margin.

    Parameters
    ----------
    takes : sequence of Take
    shape : (H, W, ...)
        Of the clip's frames.
    """
    boxes = np.concatenate([take.bbox[take.frame_valid] for take in takes])
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    margin = _MARGIN * (high - low).max()
    left, top = np.maximum(low - margin, 0).astype(int)
    right, bottom = np.minimum(high + margin, (shape[1], shape[0])).astype(int)
    return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))


def write_sheet(
    path: Path,
    frames: list[np.ndarray],
    bodies: list[np.ndarray],
    window: tuple[slice, slice],
) -> None:
    """Compose a picture: frames above, the posed body below, and the two over each other.

    Parameters
    ----------
    path : Path
        A PNG.
    frames : list of (H, W, 3) uint8
        RGB.
    bodies : list of (h, w, 4) uint8
        RGBA of the same moments from the same camera, in the proportions of the frames.
    window : (slice, slice)
        Rows and columns of the frames that are shown.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    columns = []
    for frame, body in zip(frames, bodies, strict=True):
        posed = cv2.resize(body, frame.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        clip, posed = (_in_cell(picture[window]) for picture in (frame, posed))
        grounds = (np.full_like(clip, _GROUND), clip // 2 + _GROUND // 4)
        cells = [clip, *(_over(posed, ground) for ground in grounds)]
        columns.append(np.concatenate([_framed(cell) for cell in cells]))
    sheet = np.concatenate(columns, axis=1)
    height = sheet.shape[0] // len(_LABELS)
    for row, label in enumerate(_LABELS):
        place = (10, row * height + 24)
        cv2.putText(sheet, label, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(sheet, label, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255,) * 3, 1, cv2.LINE_AA)
    with replaced_when_complete(path) as temporary:
        if not cv2.imwrite(str(temporary), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR)):
            raise OutputError(f"Cannot write {path}.")


def _in_cell(picture: np.ndarray) -> np.ndarray:
    scale = _CELL / max(picture.shape[:2])
    size = [max(round(side * scale), 1) for side in picture.shape[1::-1]]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def _over(picture: np.ndarray, ground: np.ndarray) -> np.ndarray:
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.asarray((picture[..., :3] * alpha + ground * (1 - alpha)).astype(np.uint8))


def _framed(cell: np.ndarray) -> np.ndarray:
    return np.pad(cell, ((2, 2), (2, 2), (0, 0)), constant_values=255)


def _run(step: str, module: str, *arguments: str | Path) -> int:
    """Run a module as a command, its progress shown; return its exit code."""
    command = [module, *map(str, arguments)]
    print(f"{step}: python -m {' '.join(command)}", flush=True)
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.demo",
        description="Capture a clip, bake it into a .blend, and lay frames beside the result. "
        "Without --video: the project's own clip, scored against its truth.",
    )
    parser.add_argument("--video", type=a_path, help="your own clip")
    parser.add_argument(
        "-o", "--out", type=a_path, default=Path("demo_out"), help="folder (default: demo_out)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
