"""A copy of a clip that Blender plays, for files that it cannot play or plays out of step."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete
from core_model.video.clip import Video

NAME = "int_mocap_background.mkv"
"""Of the copy, in the folder of a capture."""

_CLOCK = Fraction(1, 1000)
"""Seconds; that of an .mkv file, to which Blender rounds the time of a frame that it looks for."""
_QUALITY = {"crf": "20", "preset": "veryfast"}
_KEYFRAME_EVERY = 15  # pictures, so that moving through the scene stays quick


def write_blender_copy(
    video: Video,
    times: np.ndarray,
    path: Path,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> None:
    """Write the part of a clip between its points as capture read it.

    Upright, every picture at its own time since the first.

    Parameters
    ----------
    video : Video
    times : (T,)
        Seconds of its pictures.
    path : Path
        An .mkv file, replaced once the copy is complete.
    progress : callable
        Is told how many pictures are done, and of how many (None when not known).

    Raises
    ------
    OutputError
        When it cannot be written.
    VideoError
        When the clip cannot be read.
    """
    with replaced_when_complete(path) as temporary:
        try:
            with av.open(str(temporary), "w") as container:
                stream = container.add_stream("libx264", rate=_rate(times), options=_QUALITY)
                assert isinstance(stream, VideoStream)
                stream.width, stream.height = video.width, video.height
                # Colours at half the size need sides of an even number of pixels.
                is_even = video.width % 2 == 0 and video.height % 2 == 0
                stream.pix_fmt = "yuv420p" if is_even else "yuv444p"
                stream.codec_context.time_base = _CLOCK
                stream.codec_context.gop_size = _KEYFRAME_EVERY
                for done, frame in enumerate(video, start=1):
                    picture = av.VideoFrame.from_ndarray(frame.image, format="rgb24")
                    picture.pts = round((frame.time - float(times[0])) / _CLOCK)
                    picture.time_base = _CLOCK
                    container.mux(stream.encode(picture))
                    progress(done, video.frame_count)
                container.mux(stream.encode(None))
        except (av.FFmpegError, ValueError) as error:
            raise OutputError(f"Cannot write {path}: {error}.") from error


def _rate(times: np.ndarray) -> Fraction:
    """Return the pictures per second of a clip (T,), holds left out: a usual rate if one is near.

    What a file says of its rate is often a guess, and Blender believes it.
    """
    steps = np.diff(times)
    if len(steps) == 0:
        return Fraction(30)
    ordinary = steps[steps < 1.5 * np.median(steps)]
    rate = 1 / float(ordinary.mean())
    for usual in (Fraction(round(rate)), Fraction(1000 * round(rate * 1.001), 1001)):
        # Times in whole milliseconds tell it no better than that.
        if abs(float(usual) / rate - 1) < 0.001 / ordinary.sum():
            return usual
    return Fraction(rate).limit_denominator(1000)
