"""What the pose networks see in a benchmark's clip, found once and kept: the slow part."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from core_model.detection.qualities import BEST
from core_model.hands.pipeline import ObservedHands, observe_hands
from core_model.storage.atomic import replaced_when_complete
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.hand_tracker import HandObservations
from core_model.tracking.track_cache import clip_part, load_tracks, save_tracks
from core_model.tracking.track_people import TrackingResult, track_people
from core_model.tracking.tracks import Track
from core_model.video.clip import Frame, open_video
from train.places import REPOSITORY

TRACK_FOLDER = REPOSITORY / ".cache" / "tracks"
_ROOMS = ("geometry", "body", "storage", "video", "detection", "tracking", "hands")
"""Of `core_model`: all that people and hands are found with."""

_LIBRARIES = ("numpy", "scipy", "opencv-python-headless", "av", "ai-edge-litert")
_SIGHTS = [entry.name for entry in fields(HandObservations)]


def tracked_in(
    video: Path,
    folder: Path = TRACK_FOLDER,
    start: float | None = None,
    end: float | None = None,
    quality: str = BEST,
) -> TrackingResult:
    """Follow people in a clip, or read what was found before by the same code and models.

    Parameters
    ----------
    video : Path
    folder : Path
        Where it is kept.
    start, end : float, optional
        Of the part of it, seconds.
    quality : str
        One of `core_model.detection.qualities.MODELS`.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    """
    part = clip_part(video, start, end, None, quality)
    about = str(video.resolve()) + ("" if start is end is None else f" {start} {end}")
    place = hashlib.sha256(about.encode()).hexdigest()[:8]
    path = folder / f"{video.stem}_{place}_{quality}_{made_by()}.npz"
    found = load_tracks(path, part)
    if found is None:
        clip = open_video(video, start, end)
        with tqdm(desc=video.stem, unit="frame", leave=False, total=clip.frame_count) as bar:
            found = track_people(
                clip, lambda done, total, _: bar.update(done - bar.n), quality=quality
            )
        save_tracks(path, part, found)
    return found


@dataclass(frozen=True)
class RememberedHands:
    """Looks for hands as `observe_hands` does, once for the same tracks in the same clip.

    Parameters
    ----------
    video : Path
    folder : Path
        Where it is kept.
    """

    video: Path
    folder: Path = TRACK_FOLDER

    def __call__(
        self,
        tracks: Sequence[Track],
        frames: Iterable[Frame],
        times: np.ndarray,
        progress: Callable[[int, int], None] = lambda done, total: None,
        looks: HandLooks | None = None,
        quality: str = BEST,
    ) -> ObservedHands:
        """Return what was seen before, or look now; the parameters are those of `observe_hands`."""
        asked = hashlib.sha256(repr((clip_part(self.video, None, None, None), quality)).encode())
        for track in tracks:
            for value in (track.frames, track.landmarks, track.bbox, track.presence):
                asked.update(np.ascontiguousarray(value).tobytes())
        name = f"{self.video.stem}_hands_{asked.hexdigest()[:16]}_{made_by()}.npz"
        seen = _load_hands(self.folder / name, tracks)
        if seen is None:
            seen = observe_hands(tracks, frames, times, progress, looks, quality)
            _save_hands(self.folder / name, seen)
        return seen


def made_by(root: Path = REPOSITORY / "core_model") -> str:
    """Return what changes when anything does that people and hands are found with.

    Code, models, the body on which hands are placed, and the libraries' versions.

    Parameters
    ----------
    root : Path
        The folder `core_model`.
    """
    about = hashlib.sha256(repr([version(name) for name in _LIBRARIES]).encode())
    used = [path for room in _ROOMS for path in (root / room).rglob("*.py")]
    used += [
        *(root / "assets" / "pose").glob("*.tflite"),
        *(root / "assets" / "body").glob("*.npz"),
    ]
    for path in sorted(used):
        about.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return about.hexdigest()[:12]


def _save_hands(path: Path, hands: ObservedHands) -> None:
    arrays: dict[str, Any] = {f"points_{i}": each.landmarks for i, each in enumerate(hands.tracks)}
    for index, sights in enumerate(hands.sights):
        arrays |= {f"{name}_{index}": getattr(sights, name) for name in _SIGHTS}
    with replaced_when_complete(path) as temporary:
        np.savez(temporary, **arrays)


def _load_hands(path: Path, tracks: Sequence[Track]) -> ObservedHands | None:
    try:
        with np.load(path) as file:
            return ObservedHands(
                [replace(each, landmarks=file[f"points_{i}"]) for i, each in enumerate(tracks)],
                [
                    HandObservations(*(file[f"{s}_{i}"] for s in _SIGHTS))
                    for i in range(len(tracks))
                ],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
