"""Who is where in a benchmark's clip, found once and kept: the slow part of a capture."""

import hashlib
import zipfile
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core_model.capture import Clock, follow_people
from core_model.errors import NoPersonError
from core_model.hands.pipeline import SeenHands, see_hands
from core_model.storage.atomic import replaced_when_complete
from core_model.tracking.background import Look
from core_model.tracking.hand_tracker import HandSights
from core_model.tracking.left_right import exchanged_frames, with_sides_restored
from core_model.tracking.track_cache import clip_part, load_tracks, save_tracks
from core_model.tracking.tracks import Track
from core_model.video.clip import open_video
from train.evaluate.benchmarks import REPOSITORY

TRACK_FOLDER = REPOSITORY / ".cache" / "tracks"
_CODE = REPOSITORY / "core_model"
_SIGHTS = [entry.name for entry in fields(HandSights)]


@dataclass(frozen=True)
class ClipTracks:
    """What the pose networks see in a clip.

    Parameters
    ----------
    times : (T,)
        Seconds of every frame.
    tracks : list of Track
        The most important person first.
    looks : list of Look
        At what lies behind the people.
    hands : SeenHands
    size : (int, int)
        Width and height of the picture, pixels.
    """

    times: np.ndarray
    tracks: list[Track]
    looks: list[Look]
    hands: SeenHands
    size: tuple[int, int]


def tracks_of(video: Path, people: int, folder: Path = TRACK_FOLDER) -> ClipTracks:
    """Follow people in a clip, or read what was found before by the same code.

    Parameters
    ----------
    video : Path
    people : int
        How many, at most.
    folder : Path
        Where it is kept.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    NoPersonError
        When nobody is in it.
    """
    clip = open_video(video)
    part = clip_part(video, None, None, None)
    place = hashlib.sha256(str(video.resolve()).encode()).hexdigest()[:8]
    path = folder / f"{video.stem}_{place}_{_version('people/*.py')}.npz"
    found = load_tracks(path, part)
    if found is None:
        with tqdm(desc=video.stem, unit="frame", leave=False, total=clip.frame_count) as bar:
            found = follow_people(
                clip, lambda stage, done, total: bar.update(done - bar.n), Clock()
            )
        save_tracks(path, part, *found)
    times, tracks, looks = found
    if not tracks:
        raise NoPersonError(f"Nobody was found in {video.name}.")
    tracks = tracks[:people]
    name = f"{path.stem}_{_version('hands/*.py')}_{len(tracks)}_{part['changed']}.npz"
    hands = _load_hands(folder / name, tracks)
    if hands is None:
        hands = see_hands(_with_sides_restored(tracks, times), open_video(video), times)
        _save_hands(folder / name, hands)
    return ClipTracks(times, tracks, looks, hands, (clip.width, clip.height))


def _with_sides_restored(tracks: list[Track], times: np.ndarray) -> list[Track]:
    found = [exchanged_frames(track.landmarks, times[track.frames]) for track in tracks]
    return [
        replace(track, landmarks=with_sides_restored(track.landmarks, frames))
        for track, frames in zip(tracks, found, strict=True)
    ]


def _save_hands(path: Path, hands: SeenHands) -> None:
    arrays = {f"points_{index}": track.landmarks for index, track in enumerate(hands.tracks)}
    for index, sights in enumerate(hands.sights):
        arrays |= {f"{name}_{index}": getattr(sights, name) for name in _SIGHTS}
    with replaced_when_complete(path) as temporary:
        np.savez(temporary, **arrays)


def _load_hands(path: Path, tracks: list[Track]) -> SeenHands | None:
    try:
        with np.load(path) as file:
            return SeenHands(
                [replace(each, landmarks=file[f"points_{i}"]) for i, each in enumerate(tracks)],
                [HandSights(*(file[f"{s}_{i}"] for s in _SIGHTS)) for i in range(len(tracks))],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _version(pattern: str) -> str:
    """Return what changes when the code that finds people, or hands, does."""
    code = hashlib.sha256()
    for path in sorted(_CODE.glob(pattern)):
        code.update(path.read_bytes())
    return code.hexdigest()[:8]
