"""Pictures and sound as videos: H.264 and AAC in an MP4 file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer

from core_model.storage.atomic import replaced_when_complete

_AUDIO_BITS = 96_000  # a second
_BLOCK = 1024
"""Samples that AAC packs together."""


@dataclass(frozen=True)
class Sound:
    """What is heard from the first picture on.

    Parameters
    ----------
    samples : (N,) float
        -1 to 1.
    rate : int
        Samples a second.
    """

    samples: np.ndarray
    rate: int


@contextmanager
def video_writer(
    path: Path, frame_rate: Fraction | int, crf: int, sound: Sound | None = None
) -> Iterator[Callable[[np.ndarray], None]]:
    """Give a function that adds a picture (H, W, 3) uint8 RGB, with even sides, to a video.

    Parameters
    ----------
    path : Path
    frame_rate : Fraction or int
    crf : int
        Constant rate factor of x264: higher is smaller and worse.
    sound : Sound or None

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced_when_complete(path) as temporary, av.open(str(temporary), "w") as container:
        options = {"crf": str(crf), "preset": "slow", "threads": "1"}
        stream = container.add_stream("libx264", rate=frame_rate, options=options)
        stream.pix_fmt, stream.time_base = "yuv420p", 1 / Fraction(frame_rate)
        heard = _sound_stream(container, sound) if sound else None

        def add(picture: np.ndarray) -> None:
            stream.height, stream.width = picture.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))

        yield add
        container.mux(stream.encode(None))
        if heard and sound:
            _add_sound(container, heard, sound)


def _sound_stream(container: OutputContainer, sound: Sound) -> AudioStream:
    stream = container.add_stream("aac", rate=sound.rate, layout="mono")
    stream.bit_rate = _AUDIO_BITS
    return stream


def _add_sound(container: OutputContainer, stream: AudioStream, sound: Sound) -> None:
    samples = sound.samples.astype(np.float32)[None]
    for first in range(0, samples.shape[1], _BLOCK):
        frame = av.AudioFrame.from_ndarray(samples[:, first : first + _BLOCK], "fltp", "mono")
        frame.sample_rate, frame.pts = sound.rate, first
        frame.time_base = Fraction(1, sound.rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def write_video(
    path: Path,
    pictures: Iterable[np.ndarray],
    frame_rate: Fraction | int,
    crf: int,
    sound: Sound | None = None,
) -> None:
    """Write pictures (H, W, 3) uint8 RGB as a video, as `video_writer` does.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with video_writer(path, frame_rate, crf, sound) as add:
        for picture in pictures:
            add(picture)
