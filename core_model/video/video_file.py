"""A video file decoded by FFmpeg: timestamps, upright pictures, damage survived."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.format import Flags
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from core_model.errors import VideoError
from core_model.video.lens import told_focal
from core_model.video.picture_clock import LONGEST_HOLD, PictureClock
from core_model.video.streams import (
    duration_of,
    has_decoder,
    main_stream,
    plays_in_blender_itself,
    sound_start_of,
    stored_of,
)
from core_model.video.upright import fitted, is_of_shape, orientation_of, upright

DEFAULT_RATE = 30.0
_TEXT_FORMATS = {"tty", "bin", "xbin", "adf", "idf"}  # FFmpeg draws any text file as a video
_FEW_PICTURES = 24  # more than a decoder ever keeps back to bring pictures in order
_NO_CLOCK = cast(int, Flags.no_timestamps.value)
_JOINED_FREELY = cast(int, Flags.ts_discont.value)


class VideoFile:
    """A file that FFmpeg decodes.

    Parameters
    ----------
    path : Path
        Absolute, so that FFmpeg takes no part of a name for a protocol.
    frame_rate : float, optional
        Of a file without timestamps; what stands in the stream if not given.

    Raises
    ------
    VideoError
        When the file is no video or holds no picture that can be read.
    """

    def __init__(self, path: Path, frame_rate: float | None = None) -> None:
        self.path = path
        self.warnings: list[str] = []
        self._steady: bool | None = None
        container, stream = self._open()
        with container:
            # A raw stream has no clock: FFmpeg makes one up that is wrong more often than right.
            self._has_clock = not container.format.flags & _NO_CLOCK
            rate = stream.average_rate if self._has_clock else None
            rate = rate or stream.guessed_rate
            self.frame_rate = float(rate) if rate and rate > 0 else DEFAULT_RATE
            if not self._has_clock:
                self.frame_rate = frame_rate or self.frame_rate
            self._rate_ignored = frame_rate is not None and self._has_clock
            self.plays_in_blender = self._has_clock and plays_in_blender_itself(container, stream)
            self.duration = duration_of(container, stream, path.stat().st_size)
            picture = next(self._decoded(container, stream), None)
            if picture is None:
                raise VideoError(f"{path.name} holds no picture that can be read.")
            # Once for the file: a picture asked for its side data is kept alive by it until
            # Python's collector of cycles comes round, and with it some megabytes.
            self._orientation = orientation_of(picture)
            self.height, self.width = self._upright(picture, stream).shape[:2]
            self.told_focal = told_focal(path, self.width, self.height)
            self._as_decoded = (
                self._has_clock
                and stream.codec_context.has_b_frames
                and self._stamps_are_in_disorder()
            )
            # The first picture counts as zero, whatever the clock of the recording said.
            self._zero = self._stamp(picture, stream) or Fraction(0)
            if self._as_decoded:
                self.plays_in_blender = False
            lead = self._lead(stream) if self._has_clock and not self._as_decoded else 0.0
            if self.duration is not None:
                self.duration -= lead
            self.stored = stored_of(lead, self._orientation)
            self.sound_start = sound_start_of(container, self._zero) if self._has_clock else None

    def frames(self, start: float) -> Iterator[tuple[float, np.ndarray]]:
        """Yield seconds since the first picture and RGB picture (H, W, 3), from `start` on."""
        self.warnings.clear()
        if self._rate_ignored:
            self._warn(f"{self.path.name} has its own times; the given frame rate was not used.")
        last = None
        step = Fraction(1 / self.frame_rate).limit_denominator(100_000)
        clock = PictureClock(self._zero, step, self._warn_of_jump)
        container, stream, pictures = self._pictures_before(start)
        with container:
            for picture in pictures:
                time = clock.time_of(self._stamp(picture, stream))
                if time is None:
                    continue
                last = float(time)
                # Pictures before the in point are decoded because later ones need them.
                if last < start:
                    continue
                try:
                    image = self._upright(picture, stream)
                except VideoError:
                    self._warn(self._damaged)
                    continue
                yield last, self._fitted(image)
        self._warn_of_loss(last, clock)

    def ends_before(self, start: float) -> bool:
        """Tell whether nothing is left from `start` on, as far as the file knows its length."""
        if self.duration is None or start < self.duration:
            return False
        return self._clock_is_steady()

    def _stamp(self, picture: VideoFrame, stream: VideoStream) -> Fraction | None:
        """Return when a picture is shown on the file's clock, seconds; None if it does not tell."""
        time_base = picture.time_base or stream.time_base
        stamp = picture.dts if self._as_decoded else picture.pts
        if not self._has_clock or stamp is None or time_base is None:
            return None
        return stamp * time_base

    def _stamps_are_in_disorder(self) -> bool:
        """Tell whether a file only knows when its pictures are decoded, as AVI and its like do.

        Pictures come from the decoder in the order in which they are shown.
        """
        container, stream = self._open()
        with container:
            packets = islice(self._packets(container, stream), _FEW_PICTURES)
            if not _increase(packet.pts for packet in packets):
                return False  # times of showing, or packets would be in order
        container, stream = self._open()
        with container:
            pictures = islice(self._decoded(container, stream), _FEW_PICTURES)
            return not _increase(picture.pts for picture in pictures)

    def _upright(self, picture: VideoFrame, stream: VideoStream) -> np.ndarray:
        try:
            return upright(picture, stream.sample_aspect_ratio, self._orientation)
        except (av.BlockingIOError, MemoryError) as error:  # no room for threads, or for a picture
            raise MemoryError(str(error)) from error
        except av.FFmpegError as error:
            raise VideoError(
                f"{self.path.name} is damaged: its pictures have no colours."
            ) from error

    def _lead(self, stream: VideoStream) -> float:
        """Return the seconds of a file before its first picture that can be decoded."""
        if stream.start_time is None or stream.time_base is None:
            return 0.0
        return max(float(self._zero - stream.start_time * stream.time_base), 0.0)

    def _fitted(self, image: np.ndarray) -> np.ndarray:
        """Bring a picture to the size of the first."""
        if not is_of_shape(image, self.width, self.height):
            self.plays_in_blender = False
            self._warn(
                f"The picture of {self.path.name} changes its shape from {self.width} x "
                f"{self.height} to {image.shape[1]} x {image.shape[0]}; it got bars from there on."
            )
        return fitted(image, self.width, self.height)

    def _warn_of_loss(self, last: float | None, clock: PictureClock) -> None:
        if clock.left_out:
            self._warn(
                f"Pictures of {self.path.name} that have no moment of their own were left out: "
                f"{clock.left_out}."
            )
        if clock.joined:
            self.plays_in_blender = False
        # What the file says of its length means nothing once its clock has jumped.
        if last is None or self.duration is None or clock.joined:
            return
        if self.duration - last > max(2.5 / self.frame_rate, 0.02 * self.duration):
            self._warn(
                f"{self.path.name} ends early: {last:.2f} of {self.duration:.2f} s can be read."
            )

    def _warn_of_jump(self, where: str) -> None:
        self._warn(f"The timestamps of {self.path.name} jump {where}; the parts were joined.")

    def _pictures_before(
        self, start: float
    ) -> tuple[InputContainer, VideoStream, Iterator[VideoFrame]]:
        """Open the file for reading at a picture that is not after `start`."""
        container, stream = self._open()
        if start > 0 and stream.time_base and self._has_clock and self._clock_is_steady():
            with suppress(av.FFmpegError):
                # One second early: some indices point behind the picture that was asked for.
                target = int((Fraction(start) - 1 + self._zero) / stream.time_base)
                container.seek(target, stream=stream)
                pictures = self._decoded(container, stream)
                first = next(pictures, None)
                stamp = None if first is None else self._stamp(first, stream)
                if first is not None and stamp is not None and stamp - self._zero <= start:
                    return container, stream, chain([first], pictures)
            # It cannot be sought in: read it from the front.
            container.close()
            container, stream = self._open()
        return container, stream, self._decoded(container, stream)

    def _clock_is_steady(self) -> bool:
        """Tell whether the clock never jumps; where it does, an in point is no place in the file.

        Only recordings of broadcasts and their like are looked through, which may be joined freely.
        """
        if self._steady is None:
            container, stream = self._open()
            with container:
                self._steady = not container.format.flags & _JOINED_FREELY or _is_steady(
                    float(packet.dts * packet.time_base)
                    for packet in self._packets(container, stream)
                    if packet.dts is not None and packet.time_base is not None
                )
        return self._steady

    @property
    def _damaged(self) -> str:
        return f"Parts of {self.path.name} are damaged and were left out."

    def _packets(self, container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
        """Yield what the file holds of a stream, up to where it is damaged beyond reading on."""
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.FFmpegError, EOFError):
                self._warn(self._damaged)
                return
            yield packet

    def _decoded(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        for packet in self._packets(container, stream):
            try:
                pictures = packet.decode()
            except EOFError:
                return
            except av.FFmpegError:
                self._warn(self._damaged)
                continue
            for picture in pictures:
                if isinstance(picture, VideoFrame):
                    yield picture

    def _open(self) -> tuple[InputContainer, VideoStream]:
        try:
            container = av.open(str(self.path))
        except PermissionError as error:
            raise VideoError(f"{self.path} may not be read: permission denied.") from error
        except (av.FFmpegError, OSError, ValueError) as error:
            if self.path.stat().st_size == 0:
                raise VideoError(f"{self.path.name} is an empty file.") from error
            raise VideoError(f"{self.path.name} is not a video that can be read.") from error
        stream = main_stream(container)
        if stream is None or container.format.name in _TEXT_FORMATS:
            container.close()
            raise VideoError(f"{self.path.name} is not a video: it holds no moving picture.")
        if not has_decoder(stream):  # which must not even be tried: PyAV would crash
            container.close()
            raise VideoError(
                f"{self.path.name} is in a format that cannot be decoded here, or damaged: convert "
                "it to H.264 and capture that."
            )
        stream.thread_type = "AUTO"
        return container, stream

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _increase(stamps: Iterable[int | None]) -> bool:
    known = [stamp for stamp in stamps if stamp is not None]
    return all(after > before for before, after in pairwise(known))


def _is_steady(seconds: Iterable[float]) -> bool:
    return all(0 <= after - before <= LONGEST_HOLD for before, after in pairwise(seconds))
