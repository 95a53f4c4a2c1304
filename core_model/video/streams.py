"""What a video file says of its streams, and how far that is believed."""

from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from core_model.video.upright import Orientation

_LEAST_BYTES = 8  # a picture, on average: a length that leaves less is a mistake of the clock


def main_stream(container: InputContainer) -> VideoStream | None:
    """Return the stream that players show: FFmpeg's choice, but no picture of the cover."""
    moving = [stream for stream in container.streams.video if not _is_cover(stream)]
    best = container.streams.best("video")
    return next((stream for stream in moving if stream == best), moving[0] if moving else None)


def has_decoder(stream: VideoStream) -> bool:
    """Tell whether a stream can be decoded here at all."""
    return getattr(stream, "codec_context", None) is not None


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def plays_in_blender_itself(container: InputContainer, stream: VideoStream) -> bool:
    """Tell whether Blender, which takes the first stream, knows how long it is."""
    lasts = stream.duration is not None or container.duration is not None or stream.frames > 0
    return lasts and stream == container.streams.video[0]


def duration_of(container: InputContainer, stream: VideoStream, size: int) -> float | None:
    """Return seconds from what the file says, None when it does not or `size` bytes belie it."""
    duration = None
    if stream.duration is not None and stream.time_base is not None:
        duration = float(stream.duration * stream.time_base)
    # The sound may be longer than the picture, so the whole file's length tells only without it.
    elif container.duration is not None and len(container.streams) == 1:
        duration = container.duration / av.time_base
    rate = float(stream.average_rate or 0)
    return None if duration and duration * rate * _LEAST_BYTES > size else duration


def stored_of(lead: float, orientation: Orientation) -> dict[str, Any]:
    """Return how a file differs from what is shown of it: `Video.stored`."""
    turned = [name for name, is_so in vars(orientation).items() if is_so]
    return ({"lead": round(lead, 6)} if lead else {}) | ({"turned": turned} if turned else {})


def sound_start_of(container: InputContainer, zero: Fraction) -> float | None:
    """Return the seconds after the first picture at which the sound begins, None without sound."""
    for stream in container.streams.audio:
        if stream.time_base is not None:
            return float((stream.start_time or 0) * stream.time_base - zero)
    return None
