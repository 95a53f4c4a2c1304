"""A picture of what several cameras saw at the same moments, the true joints drawn over it."""

from pathlib import Path

import cv2
import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import PARENTS
from core_model.storage.atomic import replaced_when_complete
from core_model.take import Take
from core_model.video.clip import open_video
from train.rendering.filmed_views import FilmedView, read_views

_MOMENTS = 2
_HEIGHT = 168
_LINE = ((255, 230, 60), (80, 255, 255))
"""Colours of the first and the second person's bones."""


def write_view_sheet(folder: Path, path: Path) -> None:
    """Lay the views of every performance side by side, at two moments.

    Parameters
    ----------
    folder : Path
        With clips and their truth.
    path : Path
        Of the picture.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    rows = []
    for about in sorted(folder.glob("[!.]*.json")):
        views, _ = read_views(about)
        takes = [Take.load(each) for each in sorted(folder.glob(f"{about.stem}_??.npz"))]
        rows.append(_row(views, takes))
    width = max(row.shape[1] for row in rows)
    sheet = np.concatenate(
        [np.pad(row, ((0, 3), (0, width - row.shape[1]), (0, 0))) for row in rows]
    )
    with replaced_when_complete(path) as temporary:
        cv2.imwrite(str(temporary), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


def _row(views: list[FilmedView], takes: list[Take]) -> np.ndarray:
    """Draw moments that all views saw: the nearest picture of each, as high as the others."""
    times = [view.times() for view in views]
    first, last = max(each[0] for each in times), min(each[-1] for each in times)
    moments = np.linspace(first, last, _MOMENTS + 2)[1:-1]
    cells: list[list[np.ndarray]] = [[] for _ in moments]
    for view, taken in zip(views, times, strict=True):
        pictures = [frame.image for frame in open_video(view.video)]
        seen = [view.seen(take, default_body()) for take in takes]
        for row, moment in zip(cells, moments, strict=True):
            index = int(np.abs(taken - moment).argmin())
            drawn = pictures[index].copy()
            for person, take in enumerate(seen):
                points = view.camera.project(take.camera_joints()[index])
                _draw(drawn, points, _LINE[person % len(_LINE)])
            wide = round(_HEIGHT * drawn.shape[1] / drawn.shape[0])
            small = cv2.resize(drawn, (wide, _HEIGHT), interpolation=cv2.INTER_AREA)
            words = f"{view.video.stem}  {taken[index]:.3f} s"
            for colour, thick in ((0, 3), (255, 1)):
                place = (6, 16)
                font = cv2.FONT_HERSHEY_SIMPLEX
                cv2.putText(small, words, place, font, 0.4, (colour,) * 3, thick)
            row.append(small)
    return np.concatenate([cell for row in cells for cell in row], axis=1)


def _draw(picture: np.ndarray, points: np.ndarray, colour: tuple[int, int, int]) -> None:
    pixels = np.round(points).astype(int)
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            ends = (tuple(map(int, pixels[parent])), tuple(map(int, pixels[joint])))
            cv2.line(picture, *ends, colour, 1, cv2.LINE_AA)
