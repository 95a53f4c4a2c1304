"""Readers of clips: real pictures in the codecs and containers that people shoot and export in."""

import os
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.fuzz.engines.damaged import Damaged
from tests.fuzz.engines.guided import Guided
from tests.fuzz.target import Target

_KINDS = (
    ("libx264", "yuv420p", "mp4"),
    ("libx264", "yuv420p", "ts"),
    ("libx264", "yuv420p", "flv"),
    ("libx264", "yuv420p", "h264"),
    ("libx265", "yuv420p10le", "mp4"),
    ("libvpx", "yuv420p", "webm"),
    ("libvpx-vp9", "yuv420p", "webm"),
    ("libsvtav1", "yuv420p", "mp4"),
    ("mpeg4", "yuv420p", "avi"),
    ("mpeg2video", "yuv420p", "mpg"),
    ("mpeg2video", "yuv420p", "mxf"),
    ("mjpeg", "yuvj420p", "avi"),
    ("prores_ks", "yuv422p10le", "mov"),
    ("wmv2", "yuv420p", "asf"),
    ("flv", "yuv420p", "flv"),
    ("qtrle", "rgb24", "mov"),
    ("ffv1", "yuv420p", "mkv"),
    ("gif", "rgb8", "gif"),
)
_SIZE = (96, 64)
_PICTURES = 8


def _clips() -> list[bytes]:
    os.environ["SVT_LOG"] = "0"  # an encoder that talks
    pictures = list(islice(_pictures(), _PICTURES))
    found = [_encoded(pictures, *kind) for kind in _KINDS]
    return [data for data in found if data]


def _pictures() -> Iterator[np.ndarray]:
    """Yield small pictures of the demo, (64, 96, 3)."""
    from tests.places import DEMO

    with av.open(str(DEMO)) as container:
        for frame in container.decode(video=0):
            yield frame.reformat(*_SIZE, "rgb24").to_ndarray()


def _encoded(pictures: list[np.ndarray], codec: str, format: str, ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{ending}"
        with av.open(str(path), "w") as container:
            stream: Any = container.add_stream(codec, rate=25)
            (stream.width, stream.height), stream.pix_fmt = _SIZE, format
            for picture in pictures:
                frame = av.VideoFrame.from_ndarray(picture, "rgb24")
                container.mux(stream.encode(frame.reformat(format=format)))
            container.mux(stream.encode())
        return path.read_bytes()


def _read_clip(path: Path) -> object:
    from core_model.video.clip import open_video

    # As a capture does: all of it, but of a damaged length no more than it can have.
    return sum(1 for _ in islice(open_video(path), 20 * _PICTURES))


def _read_part(path: Path) -> object:
    from core_model.video.clip import open_video

    return sum(1 for _ in islice(open_video(path, start=0.1, end=0.25), 20 * _PICTURES))


def _stills() -> list[bytes]:
    import cv2

    picture = next(_pictures())
    return [cv2.imencode(ending, picture)[1].tobytes() for ending in (".png", ".jpg", ".webp")]


def _read_still(path: Path) -> object:
    from core_model.video.clip import open_video

    path.rename(path.with_name("frame_0001.png"))
    return sum(1 for _ in open_video(path.parent, fps=25))


def _lenses() -> list[bytes]:
    from tests.core_model.video.lenses import with_lens

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mov"
        path.write_bytes(_encoded(list(islice(_pictures(), 2)), "mpeg4", "yuv420p", "mov"))
        return [with_lens(path, 26).read_bytes()]


def _read_lens(path: Path) -> object:
    from core_model.video.lens import told_focal

    return told_focal(path, *_SIZE)


TARGETS = {
    "lens of a clip, bytes": Target(".mov", _lenses, _read_lens, Guided()),
    "clips": Target(".mp4", _clips, _read_clip, Damaged()),
    "clips, a part": Target(".mp4", _clips, _read_part, Damaged()),
    "folders of pictures": Target(".png", _stills, _read_still, Damaged()),
}
