"""A first pass over a clip: who is in it, with a small picture of each."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core_model.errors import NoPersonError
from core_model.options import CaptureOptions
from core_model.progress import Progress, silent
from core_model.storage.atomic import replaced_when_complete
from core_model.tracking.track_cache import clip_part, save_tracks
from core_model.tracking.track_people import track_people
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


def find_people(
    video_path: str | Path,
    folder: str | Path,
    options: CaptureOptions = CaptureOptions(),
    progress: Progress = silent,
) -> list[FoundPerson]:
    """Follow everybody and leave `tracks.npz` and `person_01.png`, ... in `folder`.

    Of `options` the in and out points, the frame rate and the quality count. A capture whose
    `CaptureOptions.tracks` names the saved tracks goes on from there.

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
    tracked = track_people(
        video, lambda done, total, _: progress("people", done, total), quality=options.quality
    )
    times, tracks = tracked.times, tracked.tracks
    if not tracks:
        raise NoPersonError(f"Nobody was found in {Path(video_path).name}.")
    save_tracks(folder / "tracks.npz", part, tracked)
    found = []
    for number, track in enumerate(tracks, start=1):
        best = int(np.argmax(track.presence * track.bbox[:, 2] * track.bbox[:, 3]))
        moment = float(times[track.frames[best]])
        frame = next(iter(open_video(video_path, moment, None, options.fps)))
        path = folder / f"person_{number:02d}.png"
        _write_picture(path, cut_out(frame.image, track.bbox[best]))
        found.append(_described(number, path, track, times))
        progress("thumbnails", number, len(tracks))
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


def _described(number: int, thumbnail: Path, track: Track, times: np.ndarray) -> FoundPerson:
    first, last = times[track.frames[[0, -1]]]
    return FoundPerson(number, thumbnail, float(first), float(last), len(track.frames))
