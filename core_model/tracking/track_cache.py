"""Keep what was tracked in a clip, so that nobody is tracked twice for one capture."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from core_model.detection.qualities import BEST
from core_model.storage.atomic import replaced_when_complete
from core_model.storage.npz import NpzError, names_in_npz, read_npz, write_npz
from core_model.tracking.appearance import Appearance
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.line_segments import LineLook
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Track

_MOST_BYTES = 2 * 2**30
_ARRAYS = ("frames", "landmarks", "bbox", "presence")
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_LOOKS = ("sums", "weights", "ground")


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
        arrays |= {f"{name}_{index}": getattr(track.looks, name) for name in _LOOKS}
        arrays[f"score_{index}"] = track.score
    if tracked.looks:
        arrays |= {f"hands_{name}": each for name, each in tracked.looks.to_arrays().items()}
    still, matches = np.empty((0, 2)), tracked.background
    arrays |= {
        "match_time": [match.time for match in matches],
        "match_key": [match.key for match in matches],
        "match_corners": [match.corners for match in matches],
        "match_agreed": [match.agreed for match in matches],
        "match_count": [-1 if match.before is None else len(match.before) for match in matches],
        "match_before": np.concatenate(
            [still, *(match.before for match in matches if match.moved)]
        ),
        "match_after": np.concatenate([still, *(match.after for match in matches if match.moved)]),
        "cuts": tracked.cuts,
        "edges_time": [look.time for look in tracked.edges],
        "edges_shown": np.array([look.shown or _NOWHERE for look in tracked.edges]).reshape(-1, 4),
        "edges_count": [len(look.ends) for look in tracked.edges],
        "edges_ends": np.concatenate(
            [still, *(look.ends.reshape(-1, 2) for look in tracked.edges)]
        ),
    }
    with replaced_when_complete(path) as temporary:
        write_npz(temporary, arrays)


def load_tracks(path: Path, part: dict[str, Any]) -> TrackingResult | None:
    """Read what `save_tracks` wrote.

    None when they are missing, damaged or not about this `part` of the clip.
    """
    try:
        names = names_in_npz(path)
        arrays = read_npz(path, names, _MOST_BYTES)
    except (OSError, NpzError):
        return None
    try:
        if json.loads(str(arrays["part"])) != part:
            return None
        return _result(arrays)
    # A damaged file can go wrong in any way that its numbers can be misread.
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        return None


def _result(arrays: dict[str, np.ndarray]) -> TrackingResult:
    """Return what the arrays hold; an error of any kind where they do not fit each other."""
    times = _of_shape(arrays["times"], None)
    tracks = []
    for index in range(int(arrays["count"])):
        frames, *others = (arrays[f"{name}_{index}"] for name in _ARRAYS)
        count = len(_of_shape(frames, None))
        ordered = count and frames.dtype.kind == "i" and (np.diff(frames) > 0).all()
        if not ordered or frames[0] < 0 or frames[-1] >= len(times):
            raise ValueError("frames that are not in the clip")
        shapes = [(count, 33, 3), (count, 4), (count,)]
        parts = [_of_shape(each, *shape) for each, shape in zip(others, shapes, strict=True)]
        nothing = Appearance()
        looks = Appearance(
            _of_shape(arrays[f"sums_{index}"], *nothing.sums.shape),
            _of_shape(arrays[f"weights_{index}"], *nothing.weights.shape),
            _of_shape(arrays[f"ground_{index}"], *nothing.ground.shape),
        )
        landmarks, bbox, presence = parts
        score = float(_of_shape(arrays[f"score_{index}"]))
        tracks.append(Track(index + 1, frames, landmarks, bbox, presence, looks, score))
    cuts = _of_shape(arrays["cuts"], None).tolist()
    return TrackingResult(times, tracks, _matches(arrays), _looks(arrays), _edges(arrays), cuts)


def _looks(arrays: dict[str, np.ndarray]) -> HandLooks | None:
    """Return what was seen of hands; a `ValueError` if it is damaged."""
    if "hands_frames" not in arrays:
        return None
    size, frames, rows = (arrays[f"hands_{name}"] for name in ("size", "frames", "rows"))
    return HandLooks.from_arrays(
        _of_shape(size, 2), _of_shape(frames, None), _of_shape(rows, len(frames), None)
    )


def _edges(arrays: dict[str, np.ndarray]) -> list[LineLook]:
    """Return the edges behind the people; a `ValueError` if they are damaged."""
    times = _of_shape(arrays["edges_time"], None)
    counts = _of_shape(arrays["edges_count"], len(times)).astype(int)
    if (counts < 0).any():
        raise ValueError("less than no edges")
    ends = _of_shape(arrays["edges_ends"], 2 * int(counts.sum()), 2).reshape(-1, 2, 2)
    shown = _of_shape(arrays["edges_shown"], len(times), 4)
    parts = np.split(ends, np.cumsum(counts)[:-1]) if len(counts) else []
    return [
        LineLook(float(time), each, tuple(part.tolist()) if part[2] > part[0] else None)
        for time, each, part in zip(times, parts, shown, strict=True)
    ]


def _of_shape(array: np.ndarray, *shape: int | None) -> np.ndarray:
    """Return an array of numbers; a `ValueError` if it is another, or does not have this shape."""
    fits = len(array.shape) == len(shape) and all(
        wanted in (None, found) for wanted, found in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.kind not in "fi" or not np.isfinite(array).all():
        raise ValueError("not the array that was written")
    return array


def _matches(arrays: dict[str, np.ndarray]) -> list[BackgroundMatch]:
    counts = _of_shape(arrays["match_count"], None)
    if not len(counts):
        return []
    ends = np.cumsum(np.maximum(counts, 0))
    points = [
        _of_shape(arrays[f"match_{name}"], int(ends[-1]) if len(ends) else 0, 2)
        for name in ("before", "after")
    ]
    moved = [np.split(each, ends[:-1]) for each in points]
    columns = (
        _of_shape(arrays[f"match_{name}"], None).tolist()
        for name in ("time", "key", "corners", "agreed")
    )
    return [
        BackgroundMatch(
            time, key, None if count < 0 else before, None if count < 0 else after, corners, agreed
        )
        for time, key, corners, agreed, count, before, after in zip(
            *columns, counts, *moved, strict=True
        )
    ]
