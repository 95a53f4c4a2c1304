"""The further cameras of a Take on disk: arrays by number, and what else is known as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.take.stored_fields import camera_of, is_file_name, text_of
from core_model.take.view import MOST_VIEWS, View

VIEWS = "views"
"""Name of the text that tells which there are."""

_ARRAYS = ("times", "keypoints2d", "turns", "zoom", "focal", "center", "size", "to_first")
VIEW_ARRAYS = tuple(
    tuple(f"view{number}_{name}" for name in _ARRAYS) for number in range(1, MOST_VIEWS + 1)
)
"""Names of the arrays of each further camera."""


def arrays_of_views(views: Sequence[View]) -> dict[str, Any]:
    """Return what is stored of further cameras."""
    arrays: dict[str, Any] = {}
    told = []
    for view, names in zip(views, VIEW_ARRAYS, strict=False):
        camera = view.camera
        values = (
            view.times,
            view.keypoints2d.astype(np.float32),
            view.turns,
            view.zoom,
            camera.focal,
            camera.center,
            camera.size,
            camera.to_world,
        )
        arrays |= dict(zip(names, values, strict=True))
        about = {"video": view.video, "offset": view.offset, "rate": view.rate}
        told.append(about | {"about": view.about})
    return arrays | {VIEWS: json.dumps(told)} if told else {}


def views_of(arrays: Mapping[str, np.ndarray]) -> tuple[View, ...]:
    """Return the further cameras of a file.

    Raises
    ------
    TakeError
        When something of one is missing or damaged.
    """
    if VIEWS not in arrays:
        return ()
    try:
        told = json.loads(text_of(arrays, VIEWS))
    except (ValueError, RecursionError) as error:
        raise TakeError("'views' is no list of cameras.") from error
    if not isinstance(told, list) or len(told) > MOST_VIEWS:
        raise TakeError("'views' is no list of cameras.")
    return tuple(
        _view(arrays, names, about) for names, about in zip(VIEW_ARRAYS, told, strict=False)
    )


def _view(arrays: Mapping[str, np.ndarray], names: tuple[str, ...], told: Any) -> View:
    times, keypoints2d, turns, zoom, *camera = names
    missing = [name for name in names if name not in arrays and name != zoom]
    if missing or not isinstance(told, dict) or not is_file_name(told.get("video")):
        raise TakeError(f"A view of it is not complete: {', '.join(missing) or 'no video'}.")
    offset, rate = told.get("offset"), told.get("rate")
    if not (isinstance(offset, (int, float)) and isinstance(rate, (int, float))):
        raise TakeError("The clock of a view is not known.")
    about = told.get("about")
    return View(
        told["video"],
        camera_of(arrays, tuple(camera)),
        arrays[times],
        float(offset),
        float(rate),
        arrays[keypoints2d],
        arrays[turns],
        arrays.get(zoom, np.empty(0)),  # takes of before have none
        about if isinstance(about, dict) else {},
    )
