"""Pictures as videos: H.264 in an MP4 file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from core_model.storage.atomic import replaced_when_complete


@contextmanager
def video_writer(path: Path, frame_rate: int, crf: int) -> Iterator[Callable[[np.ndarray], None]]:
    """Give a function that adds a picture (H, W, 3) uint8 RGB, with even sides, to a video.

    Parameters
    ----------
    path : Path
    frame_rate : int
    crf : int
        Constant rate factor of x264: higher is smaller and worse.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced_when_complete(path) as temporary, av.open(str(temporary), "w") as container:
        options = {"crf": str(crf), "preset": "slow", "threads": "1"}
        stream = container.add_stream("libx264", rate=frame_rate, options=options)
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, frame_rate)

        def add(picture: np.ndarray) -> None:
            stream.height, stream.width = picture.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))

        yield add
        container.mux(stream.encode(None))


def write_video(path: Path, pictures: Iterable[np.ndarray], frame_rate: int, crf: int) -> None:
    """Write pictures (H, W, 3) uint8 RGB as a video, as `video_writer` does.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with video_writer(path, frame_rate, crf) as add:
        for picture in pictures:
            add(picture)
