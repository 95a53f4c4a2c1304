"""Keep what was followed in a clip, so that nobody is followed twice for one capture."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from core_model.storage.atomic import replaced_when_complete
from core_model.tracking.background import Look
from core_model.tracking.follow import Followed
from core_model.tracking.tracks import Track

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


def save_tracks(path: Path, part: dict[str, Any], followed: Followed) -> None:
    """Write what was followed.

    Parameters
    ----------
    path : Path
    part : dict
        From `clip_part`.
    followed : Followed

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    arrays: dict[str, Any] = {"part": json.dumps(part), "times": followed.times}
    arrays["count"] = len(followed.tracks)
    for index, track in enumerate(followed.tracks):
        arrays |= {f"{name}_{index}": getattr(track, name) for name in _ARRAYS}
    still, looks = np.empty((0, 2)), followed.looks
    arrays |= {
        "look_time": [look.time for look in looks],
        "look_key": [look.key for look in looks],
        "look_corners": [look.corners for look in looks],
        "look_count": [-1 if look.before is None else len(look.before) for look in looks],
        "look_before": np.concatenate([still, *(look.before for look in looks if look.moved)]),
        "look_after": np.concatenate([still, *(look.after for look in looks if look.moved)]),
    }
    with replaced_when_complete(path) as temporary:
        np.savez(temporary, **arrays)


def load_tracks(path: Path, part: dict[str, Any]) -> Followed | None:
    """Read what `save_tracks` wrote.

    None when they are missing, damaged or not about this `part` of the clip.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            if json.loads(str(file["part"])) != part:
                return None
            tracks = [
                Track(index + 1, *(file[f"{name}_{index}"] for name in _ARRAYS))
                for index in range(int(file["count"]))
            ]
            return Followed(file["times"], tracks, _looks(file))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _looks(file: Any) -> list[Look]:
    counts = file["look_count"]
    ends = np.cumsum(np.maximum(counts, 0))[:-1]
    moved = [np.split(file[f"look_{name}"], ends) for name in ("before", "after")]
    columns = (file[f"look_{name}"].tolist() for name in ("time", "key", "corners"))
    return [
        Look(time, key, None if count < 0 else before, None if count < 0 else after, corners)
        for time, key, corners, count, before, after in zip(*columns, counts, *moved, strict=True)
    ]
