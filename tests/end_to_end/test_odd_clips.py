"""A clip that Blender cannot play gets a copy that it can; any other clip none."""

import itertools
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.stream import VideoStream

from core_model.capture import capture
from core_model.options import CaptureOptions
from core_model.video.blender_copy import NAME
from core_model.video.clip import open_video
from tests.places import DEMO


def _few_pictures(path: Path, codec: str, options: dict[str, str]) -> Path:
    """Write the first pictures of the demo clip again."""
    frames = list(itertools.islice(open_video(DEMO), 12))
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=Fraction(30))
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = frames[0].image.shape[:2]
        stream.pix_fmt, stream.bit_rate = "yuv420p", 2_000_000
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "options", "copied"),
    [
        ("call.webm", "libvpx", {"live": "1"}, True),
        ("camera.mp4", "libx264", {}, False),
    ],
)
def test_what_blender_cannot_play_is_copied_beside_the_takes(
    tmp_path, name, codec, options, copied
):
    clip = _few_pictures(tmp_path / name, codec, options)
    takes = capture(clip, tmp_path / "takes", CaptureOptions(hands=False, start=0.1))
    assert len(takes) == 1 and takes[0].source["video"] == str(clip.resolve())
    copy = tmp_path.resolve() / "takes" / NAME
    assert copy.exists() == copied
    assert takes[0].source.get("stored") == ({"copy": str(copy), "lead": -0.1} if copied else None)
    if copied:
        video = open_video(copy)
        times = [frame.time for frame in video]
        assert times == pytest.approx(takes[0].times - takes[0].times[0], abs=1e-3)
        assert video.frame_rate == pytest.approx(30)
