"""A first pass over a clip: who is in it, with a small picture of each."""

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from core_model.errors import NoPersonError
from core_model.options import CaptureOptions
from core_model.parts.following import PARTS, WHOLE, Limits, follow_in_parts
from core_model.parts.kept import Kept
from core_model.parts.people import people_of
from core_model.progress import Progress, silent
from core_model.storage.atomic import replaced_when_complete
from core_model.tracking.track_cache import clip_part, save_tracks
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Track
from core_model.video.clip import open_video

THUMBNAIL_SIZE = 192
_MARGIN = 1.1  # of the thumbnail's side to what it shows of a body
_SHOWN = 1.6  # of what it shows of a body to the body's shorter side: more is not recognised


@dataclass(frozen=True)
class FoundPerson:
    """Somebody in the clip.

    Parameters
    ----------
    number : int
        From 1, the most important person first.
    thumbnail : Path
        A square PNG.
    start, end : float
        First and last sight, seconds.
    seen : int
        Frames with a sight.
    """

    number: int
    thumbnail: Path
    start: float
    end: float
    seen: int


@dataclass(frozen=True)
class Found:
    """Who is in a clip.

    Parameters
    ----------
    tracks : Path
        For `CaptureOptions.tracks`.
    people : list of FoundPerson
        The most important first.
    """

    tracks: Path
    people: list[FoundPerson]


@dataclass
class _Sights:
    """What is told of somebody: how often seen and when, and where a picture shows it best."""

    seen: int = 0
    start: float = 0.0
    end: float = 0.0
    importance: float = -1.0
    moment: float = 0.0
    bbox: np.ndarray = field(default_factory=lambda: np.empty(0))
    _counted: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def add(self, track: Track, times: np.ndarray, first: int = 0) -> None:
        """Take in a track of a part of the clip, whose frames begin with `first`."""
        if not self.seen:
            self.start = float(times[track.frames[0]])
        self.end = max(self.end, float(times[track.frames[-1]]))
        frames = first + track.frames
        self.seen += len(np.setdiff1d(frames, self._counted))
        self._counted = frames
        importance = track.presence * track.bbox[:, 2] * track.bbox[:, 3]
        best = int(np.argmax(importance))
        if importance[best] > self.importance:
            self.importance, self.bbox = float(importance[best]), track.bbox[best]
            self.moment = float(times[track.frames[best]])


def find_people(
    video_path: str | Path,
    folder: str | Path,
    options: CaptureOptions = CaptureOptions(),
    progress: Progress = silent,
    limits: tuple[Limits, Limits] = (WHOLE, PARTS),
) -> Found:
    """Follow everybody and leave their tracks and `person_01.png`, ... in `folder`.

    Of `options` the in and out points, the frame rate and the quality count. A capture whose
    `CaptureOptions.tracks` names the saved tracks goes on from there: a file, or for a clip that is
    too long to be held in memory a folder of its parts.

    Parameters
    ----------
    video_path : str or Path
    folder : str or Path
    options : CaptureOptions
    progress : Progress
    limits : tuple of Limits
        Of a clip that is followed in one, and of the parts of one that is not.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    NoPersonError
        When nobody is in it.
    OutputError
        When the folder cannot be written.
    """
    folder = Path(folder)
    video = open_video(video_path, options.start, options.end, options.fps)
    part = clip_part(video_path, options.start, options.end, options.fps, options.quality)
    with Kept(folder / "tracks", part) as kept:
        tracked = follow_in_parts(
            video, options.fps, options.end, options.quality, kept, limits,
            lambda done, total, _: progress("people", done, total),
        )  # fmt: skip
        tracks = folder / "tracks.npz" if tracked else kept.folder
        sights = _sights_in_one(tracked) if tracked else _sights_in_parts(kept)
        if not sights:
            kept.take_away()
            raise NoPersonError(f"Nobody was found in {Path(video_path).name}.")
        if tracked:
            save_tracks(tracks, part, tracked)
    found = []
    for number, each in enumerate(sights, start=1):
        frame = next(iter(open_video(video_path, each.moment, None, options.fps)))
        path = folder / f"person_{number:02d}.png"
        _write_picture(path, cut_out(frame.image, each.bbox))
        found.append(FoundPerson(number, path, each.start, each.end, each.seen))
        progress("thumbnails", number, len(sights))
    return Found(tracks, found)


def _sights_in_one(tracked: TrackingResult) -> list[_Sights]:
    found = []
    for track in tracked.tracks:
        found.append(_Sights())
        found[-1].add(track, tracked.times)
    return found


def _sights_in_parts(kept: Kept) -> list[_Sights]:
    people = people_of(kept)
    found = [_Sights() for _ in people]
    for number, part in enumerate(kept.parts):
        tracked = kept.followed(number)
        for person, sights in zip(people, found, strict=True):
            if number in person.tracks:
                sights.add(tracked.tracks[person.tracks[number]], tracked.times, part.first)
    return found


def cut_out(image: np.ndarray, bbox: np.ndarray) -> np.ndarray:
    """Cut the square around a body out of a picture, black where it leaves the picture.

    Of somebody who stands it is the upper part, from the head on, so that a face can be known.

    Parameters
    ----------
    image : (H, W, 3) uint8
    bbox : (4,)
        Left, top, width, height in pixels.

    Returns
    -------
    (THUMBNAIL_SIZE, THUMBNAIL_SIZE, 3) uint8
    """
    shown = min(bbox[2:].max(), _SHOWN * bbox[2:].min())
    side = _MARGIN * float(shown)
    scale = THUMBNAIL_SIZE / side
    corner = bbox[:2] + bbox[2:] / 2 - side / 2
    if bbox[3] > shown:
        corner[1] = bbox[1] - (side - shown) / 2
    to_thumbnail = np.array([[scale, 0, -scale * corner[0]], [0, scale, -scale * corner[1]]])
    return cv2.warpAffine(
        image, to_thumbnail, (THUMBNAIL_SIZE, THUMBNAIL_SIZE), flags=cv2.INTER_AREA
    )


def _write_picture(path: Path, image: np.ndarray) -> None:
    _, encoded = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    with replaced_when_complete(path) as temporary:
        temporary.write_bytes(encoded.tobytes())
