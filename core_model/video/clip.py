"""Pictures of a clip as a stream, with the clip's own timestamps, upright as it is shown.

Anything that FFmpeg opens, or a folder of pictures. Only a few frames are in memory at a time.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from core_model.errors import VideoError
from core_model.video.picture_folder import PictureFolder
from core_model.video.video_file import DEFAULT_RATE, VideoFile

_JUST_AFTER = 1e-3  # seconds; more than `_SLACK`
_SLACK = 5e-4  # seconds; in and out points are typed by people, with few decimals


@dataclass(frozen=True)
class Frame:
    """One picture of a clip.

    Parameters
    ----------
    time : float
        Seconds since the first picture of the clip (not of the part that was asked for).
    image : (H, W, 3) uint8
        RGB, upright, square pixels.
    """

    time: float
    image: np.ndarray


class _Source(Protocol):
    """What a video file and a folder of pictures have in common."""

    width: int
    height: int
    frame_rate: float
    duration: float | None
    warnings: list[str]
    stored: dict[str, Any]
    sound_start: float | None
    told_focal: float | None
    plays_in_blender: bool

    def frames(self, start: float) -> Iterator[tuple[float, np.ndarray]]: ...

    def ends_before(self, start: float) -> bool: ...


class Video:
    """A clip, or a part of it, that yields its frames when iterated; as often as wanted.

    Attributes
    ----------
    path : Path
        Absolute, with the name that the user gave, also where it is a link.
    width, height : int
        Of the upright picture in pixels.
    frame_rate : float
        Average frames per second; the timestamps of the frames are what counts.
    duration : float or None
        Of the whole clip in seconds, None when the file does not tell.
    frame_count : int or None
        About how many frames lie between the in and out points, None when unknown.
    stored : dict
        How the file differs from what is shown of it, for players that know less: seconds that it
        begins before the first picture ("lead"), what makes a picture upright ("turned": any of
        "transposed", "flip_x", "flip_y", in this order), the "rate" of a folder of pictures.
    sound_start : float or None
        Seconds at which the first sound begins; below 0 before the first picture, None without any.
    told_focal : float or None
        Focal length in pixels as the file itself says, None when it does not.
    warnings : list of str
        What was wrong with the clip, one sentence each; complete once all frames were read.
    """

    def __init__(
        self, path: Path, source: _Source, start: float, end: float, fps: float | None
    ) -> None:
        self.path, self._fps = path, fps
        self.width, self.height = source.width, source.height
        self.frame_rate, self.duration = source.frame_rate, source.duration
        self.stored, self.sound_start = source.stored, source.sound_start
        self.told_focal = source.told_focal
        self._source, self._start, self._end = source, start, end

    @property
    def warnings(self) -> list[str]:
        """What was wrong with the clip so far."""
        return self._source.warnings

    @property
    def plays_in_blender(self) -> bool:
        """Whether Blender shows the same pictures at the same times; known once all were read."""
        return self._source.plays_in_blender

    @property
    def frame_count(self) -> int | None:
        """Estimate of the number of frames between the in and out points."""
        end = self._end if self.duration is None else min(self._end, self.duration)
        return None if math.isinf(end) else max(round((end - self._start) * self.frame_rate), 1)

    def since(self, moment: float) -> "Video":
        """Open the clip anew, from a moment on; `warnings` here stay as they are.

        Parameters
        ----------
        moment : float
            Seconds, not before the in point.

        Raises
        ------
        VideoError
            When it cannot be opened any more, or nothing is left.
        """
        end = None if math.isinf(self._end) else self._end
        return open_video(self.path, moment, end, self._fps)

    def between(self, first: float, last: float) -> "Video":
        """Open the clip anew, from the frame at one moment to that at another, both included.

        Parameters
        ----------
        first, last : float
            Seconds, of frames of the clip.

        Raises
        ------
        VideoError
            When it cannot be opened any more.
        """
        return open_video(self.path, first, last + _JUST_AFTER, self._fps)

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames in order, their times strictly increasing.

        Raises
        ------
        VideoError
            When there is no picture between the in and out points, or pictures differ in size.
        """
        empty = True
        for time, image in self._source.frames(max(self._start - _SLACK, 0)):
            if time >= self._end - _SLACK:
                break
            empty = False
            yield Frame(time, image)
        if empty:
            raise VideoError(
                f"{self.path.name} has no picture between the in point at {self._start:g} s and "
                f"the out point at {self._end:g} s."
            )


def open_video(
    path: str | Path,
    start: float | None = None,
    end: float | None = None,
    fps: float | None = None,
) -> Video:
    """Open a video file or a folder of pictures.

    Parameters
    ----------
    path : str or Path
        A video, an animated GIF, a picture, or a folder of pictures taken in natural order.
    start, end : float, optional
        In and out points in seconds since the first picture; frames with start <= time < end.
    fps : float, optional
        Frames per second of a folder of pictures (30 if not given) and of a raw video stream (what
        stands in it if not given); other videos have timestamps.

    Raises
    ------
    VideoError
        When there is nothing at `path`, it is no video, or the points leave nothing.
    """
    path = _absolute(Path(path))
    first, last = start or 0.0, math.inf if end is None else end
    if not (math.isfinite(first) and first >= 0):
        raise VideoError(f"The in point must be 0 or more seconds, not {first:g}.")
    if not last > first:
        raise VideoError(f"The out point ({last:g} s) must lie after the in point ({first:g} s).")
    if fps is not None and not 0 < fps < math.inf:
        raise VideoError(f"The frame rate must be more than 0, not {fps:g}.")
    if not path.exists():
        raise VideoError(f"There is no video at {path}.")
    source: _Source
    source = PictureFolder(path, fps or DEFAULT_RATE) if path.is_dir() else VideoFile(path, fps)
    if first > 0 and source.ends_before(first):
        raise VideoError(
            f"{path.name} is {source.duration:.2f} s long: nothing is left after the in point "
            f"at {first:g} s."
        )
    return Video(path, source, first, last, fps)


def _absolute(path: Path) -> Path:
    return path.resolve() if path.name in ("", "..") else path.parent.resolve() / path.name
