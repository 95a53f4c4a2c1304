"""Keep what was tracked in a clip, so that nobody is tracked twice for one capture."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from core_model.detection.landmarker import BEST
from core_model.storage.atomic import replaced_when_complete
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Track

_ARRAYS = ("frames", "landmarks", "world_landmarks", "bbox", "presence")


def clip_part(
    path: str | Path,
    start: float | None,
    end: float | None,
    fps: float | None,
    quality: str = BEST,
) -> dict[str, Any]:
    """Say which part of which clip is meant, and how well it is looked at.

    The form changes when the clip does.
    """
    about = Path(path).stat()
    return {
        "path": str(Path(path).resolve()),
        "bytes": about.st_size,
        "changed": about.st_mtime_ns,
        "start": start or 0.0,
        "end": end,
        "fps": fps,
        "quality": quality,
    }


def save_tracks(path: Path, part: dict[str, Any], tracked: TrackingResult) -> None:
    """Write what was tracked.

    Parameters
    ----------
    path : Path
    part : dict
        From `clip_part`.
    tracked : TrackingResult

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    arrays: dict[str, Any] = {"part": json.dumps(part), "times": tracked.times}
    arrays["count"] = len(tracked.tracks)
    for index, track in enumerate(tracked.tracks):
        arrays |= {f"{name}_{index}": getattr(track, name) for name in _ARRAYS}
    still, matches = np.empty((0, 2)), tracked.background
    arrays |= {
        "match_time": [match.time for match in matches],
        "match_key": [match.key for match in matches],
        "match_corners": [match.corners for match in matches],
        "match_count": [-1 if match.before is None else len(match.before) for match in matches],
        "match_before": np.concatenate(
            [still, *(match.before for match in matches if match.moved)]
        ),
        "match_after": np.concatenate([still, *(match.after for match in matches if match.moved)]),
    }
    with replaced_when_complete(path) as temporary:
        np.savez(temporary, **arrays)


def load_tracks(path: Path, part: dict[str, Any]) -> TrackingResult | None:
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
            return TrackingResult(file["times"], tracks, _matches(file))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _matches(file: Any) -> list[BackgroundMatch]:
    counts = file["match_count"]
    ends = np.cumsum(np.maximum(counts, 0))[:-1]
    moved = [np.split(file[f"match_{name}"], ends) for name in ("before", "after")]
    columns = (file[f"match_{name}"].tolist() for name in ("time", "key", "corners"))
    return [
        BackgroundMatch(
            time, key, None if count < 0 else before, None if count < 0 else after, corners
        )
        for time, key, corners, count, before, after in zip(*columns, counts, *moved, strict=True)
    ]
