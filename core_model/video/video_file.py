"""A video file decoded by FFmpeg: timestamps, upright pictures, damage survived."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.buffer import Buffer
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core_model.errors import VideoError

DEFAULT_RATE = 30.0
_TEXT_FORMATS = {"tty", "bin", "xbin", "adf", "idf"}  # FFmpeg draws any text file as a video


class VideoFile:
    """A file that FFmpeg decodes.

    Raises
    ------
    VideoError
        When the file is no video or holds no picture that can be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []
        container, stream = self._open()
        with container:
            rate = stream.average_rate or stream.guessed_rate
            self.frame_rate = float(rate) if rate and rate > 0 else DEFAULT_RATE
            self.duration = _duration(container, stream)
            picture = next(self._decoded(container, stream), None)
            if picture is None:
                raise VideoError(f"{path.name} holds no picture that can be read.")
            # The first picture counts as zero, whatever the clock of the recording said.
            self._zero = _timestamp(picture, stream) or Fraction(0)
            # Once for the file: a picture asked for its side data is kept alive by it until
            # Python's collector of cycles comes round, and with it some megabytes.
            self._orientation = _orientation(picture)
            self.height, self.width = _upright(picture, stream, self._orientation).shape[:2]

    def frames(self, start: float) -> Iterator[tuple[float, np.ndarray]]:
        """Yield seconds since the first picture and RGB picture (H, W, 3), from `start` on."""
        self.warnings.clear()
        last = None
        container, stream, pictures = self._pictures_before(start)
        with container:
            for time, picture in self._with_times(pictures, stream):
                last = time
                # Pictures before the in point are decoded because later ones need them.
                if time < start:
                    continue
                image = _upright(picture, stream, self._orientation)
                if image.shape[:2] != (self.height, self.width):
                    size = (self.width, self.height)
                    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
                yield time, image
        if last is not None and self.duration is not None:
            if self.duration - last > max(2.5 / self.frame_rate, 0.02 * self.duration):
                self._warn(
                    f"{self.path.name} ends early: {last:.2f} of {self.duration:.2f} s can be read."
                )

    def _pictures_before(
        self, start: float
    ) -> tuple[InputContainer, VideoStream, Iterator[VideoFrame]]:
        """Open the file for reading at a picture that is not after `start`."""
        container, stream = self._open()
        if start > 0 and stream.time_base:
            with suppress(av.FFmpegError):
                # One second early: some indices point behind the picture that was asked for.
                target = int((Fraction(start) - 1 + self._zero) / stream.time_base)
                container.seek(target, stream=stream)
                pictures = self._decoded(container, stream)
                first = next(pictures, None)
                time = None if first is None else _timestamp(first, stream)
                if first is not None and time is not None and time - self._zero <= start:
                    return container, stream, chain([first], pictures)
            # It cannot be sought in: read it from the front.
            container.close()
            container, stream = self._open()
        return container, stream, self._decoded(container, stream)

    def _with_times(
        self, pictures: Iterator[VideoFrame], stream: VideoStream
    ) -> Iterator[tuple[float, VideoFrame]]:
        shift = Fraction(0)
        previous: Fraction | None = None
        step = Fraction(1 / self.frame_rate).limit_denominator(100_000)
        for picture in pictures:
            stamp = _timestamp(picture, stream)
            if stamp is None:
                time = Fraction(0) if previous is None else previous + step
            else:
                time = stamp - self._zero + shift
                if previous is not None and time < previous - 1:
                    # Recordings put together from parts start their clock anew.
                    shift += previous + step - time
                    time = previous + step
                    self._warn(f"The timestamps of {self.path.name} jump back; they were joined.")
            previous = time if previous is None else max(time, previous)
            yield float(time), picture

    def _decoded(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        damaged = f"Parts of {self.path.name} are damaged and were left out."
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.FFmpegError, EOFError):
                self._warn(damaged)
                return
            try:
                pictures = packet.decode()
            except EOFError:
                return
            except av.FFmpegError:
                self._warn(damaged)
                continue
            for picture in pictures:
                if isinstance(picture, VideoFrame):
                    yield picture

    def _open(self) -> tuple[InputContainer, VideoStream]:
        try:
            container = av.open(str(self.path.resolve()))
        except PermissionError as error:
            raise VideoError(f"{self.path} may not be read: permission denied.") from error
        except (av.FFmpegError, OSError, ValueError) as error:
            if self.path.stat().st_size == 0:
                raise VideoError(f"{self.path.name} is an empty file.") from error
            raise VideoError(f"{self.path.name} is not a video that can be read.") from error
        streams = [s for s in container.streams.video if not _is_cover(s)]
        if not streams or container.format.name in _TEXT_FORMATS:
            container.close()
            raise VideoError(f"{self.path.name} is not a video: it holds no moving picture.")
        streams[0].thread_type = "AUTO"
        return container, streams[0]

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def _timestamp(picture: VideoFrame, stream: VideoStream) -> Fraction | None:
    time_base = picture.time_base or stream.time_base
    return None if picture.pts is None or time_base is None else picture.pts * time_base


def _duration(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    # The sound may be longer than the picture, so the whole file's length tells only without it.
    if container.duration is not None and len(container.streams) == 1:
        return container.duration / av.time_base
    return None


def _orientation(picture: VideoFrame) -> tuple[bool, bool, bool]:
    """Return whether a picture is to be transposed, then flipped sideways, then upside down."""
    # A mapping of every kind of side data; PyAV's own annotation knows only one of them.
    matrix = cast(Mapping[str, Buffer], picture.side_data).get("DISPLAYMATRIX")
    if matrix is None:
        return False, False, False
    # x' = a x + c y, y' = b x + d y; only quarter turns and mirrors are in use.
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5]
    if abs(b) > abs(a):
        return True, bool(c < 0), bool(b < 0)
    return False, bool(a < 0), bool(d < 0)


def _upright(
    picture: VideoFrame, stream: VideoStream, orientation: tuple[bool, bool, bool]
) -> np.ndarray:
    """Return RGB (H, W, 3) as a player shows it: pixels made square, turned and mirrored."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width = max(round(picture.width * aspect), 1)
    image: np.ndarray = picture.reformat(width=width, format="rgb24").to_ndarray()
    transposed, flip_x, flip_y = orientation
    if transposed:
        image = cv2.transpose(image)
    if flip_x or flip_y:
        image = cv2.flip(image, -1 if flip_x and flip_y else 1 if flip_x else 0)
    return image
