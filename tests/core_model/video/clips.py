"""Clips of odd kinds, made with PyAV: two greys tell the tens and units of a picture's number."""

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from core_model.video.clip import Video

_STEP = 22  # levels from one digit to the next, far more than coding may change


def write_greys(
    path: Path,
    count: int = 60,
    rate: Fraction = Fraction(30),
    size: tuple[int, int] = (96, 64),
    begin: float = 0.0,
    codec: str = "libx264",
    first: int = 0,
    options: dict[str, str] | None = None,
) -> Path:
    """Write greys with B-frames and a keyframe every 15 pictures; the clock begins at `begin` s."""
    coding = {"bf": "3", "g": "15", "crf": "1"} if codec == "libx264" else {}
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=rate, options=coding)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = 1 / rate
        for index in range(first, first + count):
            image = np.full((size[1], size[0], 3), _level(index // 10), np.uint8)
            image[:, size[0] // 2 :] = _level(index % 10)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = index - first + round(begin * rate), 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def together(path: Path, *parts: Path) -> Path:
    """Put the streams of files into one file, in that order."""
    with ExitStack() as stack:
        output = stack.enter_context(av.open(str(path), "w"))
        inputs = [stack.enter_context(av.open(str(part))) for part in parts]
        streams = [output.add_stream_from_template(each.streams.video[0]) for each in inputs]
        for each, stream in zip(inputs, streams, strict=True):
            for packet in each.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    output.mux(packet)
    return path


def joined(path: Path, *parts: Path) -> Path:
    """Put files one behind the other, as `cat` does."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def cut_between_keyframes(path: Path) -> Path:
    """Write a recording of a broadcast of 60 pictures without its first keyframe."""
    whole = write_greys(path.with_name("whole.ts"), 60).read_bytes()
    packets = [whole[at : at + 188] for at in range(0, len(whole), 188)]
    # Packets 0 to 2 are tables; what follows up to the second picture is taken away.
    begins = [n for n, p in enumerate(packets) if p[1] & 0x40 and p[1:3] == packets[3][1:3]]
    path.write_bytes(b"".join(packets[:3] + packets[begins[1] :]))
    return path


def read(video: Video) -> tuple[list[int], list[float]]:
    """Return which greys a clip shows, and when."""
    frames = list(video)
    return [number_of(frame.image) for frame in frames], [frame.time for frame in frames]


def number_of(image: np.ndarray) -> int:
    """Return which picture (H, W, 3), 0 to 255, this is."""
    height, width = image.shape[:2]
    tens, units = (image[height // 2, round(at * width)].mean() for at in (0.4, 0.6))
    return 10 * round((tens - _level(0)) / _STEP) + round((units - _level(0)) / _STEP)


def _level(digit: int) -> int:
    return 30 + _STEP * digit
