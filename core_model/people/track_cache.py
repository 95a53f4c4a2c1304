"""Keep what was followed in a clip, so that nobody is followed twice for one capture."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from core_model.files import replaced_when_complete
from core_model.people.tracks import Track

_ARRAYS = ("frames", "landmarks", "world_landmarks", "bbox", "presence")


def clip_part(
    path: str | Path, start: float | None, end: float | None, fps: float | None
) -> dict[str, Any]:
    """Say which part of which clip is meant, in a form that changes when the clip does."""
    about = Path(path).stat()
    return {
        "path": str(Path(path).resolve()),
        "bytes": about.st_size,
        "changed": about.st_mtime_ns,
        "start": start or 0.0,
        "end": end,
        "fps": fps,
    }


def save_tracks(path: Path, part: dict[str, Any], times: np.ndarray, tracks: list[Track]) -> None:
    """Write tracks.

    Parameters
    ----------
    path : Path
    part : dict
        From `clip_part`.
    times : (T,)
        Seconds, of every frame that was read.
    tracks : list of Track

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    arrays: dict[str, Any] = {"part": json.dumps(part), "times": times, "count": len(tracks)}
    for index, track in enumerate(tracks):
        arrays |= {f"{name}_{index}": getattr(track, name) for name in _ARRAYS}
    with replaced_when_complete(path) as temporary:
        np.savez(temporary, **arrays)


def load_tracks(path: Path, part: dict[str, Any]) -> tuple[np.ndarray, list[Track]] | None:
    """Read tracks; None when they are missing, damaged or not about this `part` of the clip."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if json.loads(str(file["part"])) != part:
                return None
            tracks = [
                Track(index + 1, *(file[f"{name}_{index}"] for name in _ARRAYS))
                for index in range(int(file["count"]))
            ]
            return file["times"], tracks
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
