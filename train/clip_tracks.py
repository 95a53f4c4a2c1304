"""Who is where in a benchmark's clip, found once and kept: the slow part of a capture."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

import core_model.people
from core_model.capture import Clock, follow_people
from core_model.errors import NoPersonError
from core_model.people.track_cache import clip_part, load_tracks, save_tracks
from core_model.people.tracks import Track
from core_model.video import open_video

TRACK_FOLDER = Path(__file__).parents[1] / ".cache" / "tracks"


@dataclass(frozen=True)
class ClipTracks:
    """What the pose networks see in a clip.

    Parameters
    ----------
    times : (T,)
        Seconds of every frame.
    tracks : list of Track
        The most important person first.
    size : (int, int)
        Width and height of the picture, pixels.
    """

    times: np.ndarray
    tracks: list[Track]
    size: tuple[int, int]


def tracks_of(video: Path, folder: Path = TRACK_FOLDER) -> ClipTracks:
    """Follow everybody in a clip, or read what was found before by the same tracker.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    NoPersonError
        When nobody is in it.
    """
    clip = open_video(video)
    part = clip_part(video, None, None, None)
    key = hashlib.sha256(str(video.resolve()).encode()).hexdigest()[:8]
    path = folder / f"{video.stem}_{key}_{_tracker_version()}.npz"
    kept = load_tracks(path, part)
    if kept is None:
        with tqdm(desc=video.stem, unit="frame", leave=False, total=clip.frame_count) as bar:
            kept = follow_people(clip, lambda stage, done, total: bar.update(done - bar.n), Clock())
        save_tracks(path, part, *kept)
    times, tracks, _ = kept
    if not tracks:
        raise NoPersonError(f"Nobody was found in {video.name}.")
    return ClipTracks(times, tracks, (clip.width, clip.height))


def _tracker_version() -> str:
    """Return what changes when the tracker's code does."""
    code = hashlib.sha256()
    for path in sorted(Path(core_model.people.__path__[0]).glob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()[:8]
