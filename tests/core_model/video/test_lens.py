"""A clip that says with which lens it was filmed is believed, whatever else is in the file."""

import math
import struct
from pathlib import Path

import numpy as np
import pytest

from core_model.video.clip import open_video
from core_model.video.lens import told_focal
from tests.core_model.video.clips import write_greys
from tests.core_model.video.lenses import box, handler, listed, with_lens

IN_PIXELS = 26 / math.hypot(36, 24) * math.hypot(96, 64)


def track(kind: bytes, *content: bytes) -> bytes:
    return box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", handler(kind)), *content)


def written(path: Path, *in_movie: bytes) -> Path:
    """Write a file without pictures: what a reader of lenses looks at."""
    movie = box(b"moov", box(b"mvhd", bytes(100)), *in_movie)
    path.write_bytes(box(b"ftyp", b"qt  ") + box(b"wide") + box(b"mdat", bytes(999)) + movie)
    return path


@pytest.mark.parametrize("iso", [False, True])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (67, struct.pack(">i", 26)), (21, b"\x1a"), (22, b"\x00\x1a"), (23, struct.pack(">f", 26)),
        (24, struct.pack(">d", 26)), (75, b"\x1a"), (1, b"26"),
    ],
)  # fmt: skip
def test_the_lens_is_read_from_the_track_and_from_the_file(
    tmp_path: Path, kind: int, value: bytes, iso: bool
) -> None:
    lens = listed(kind, value, iso=iso)
    for in_movie in ([track(b"soun"), track(b"vide", lens)], [track(b"vide"), lens]):
        path = written(tmp_path / "phone.mov", *in_movie)
        assert told_focal(path, 96, 64) == pytest.approx(IN_PIXELS)
        assert told_focal(path, 64, 96) == pytest.approx(IN_PIXELS)


def test_what_is_no_lens_of_a_video_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "phone.mov"
    for in_movie in (
        [track(b"vide")],
        [track(b"soun", listed(67, struct.pack(">i", 26)))],
        [track(b"vide", listed(67, struct.pack(">i", 0)))],
        [track(b"vide", listed(23, struct.pack(">f", math.nan)))],
        [track(b"vide", listed(99, b"26"))],
        [track(b"vide", listed(1, b"wide"))],
    ):
        assert told_focal(written(path, *in_movie), 96, 64) is None
    assert told_focal(tmp_path / "gone.mov", 96, 64) is None
    assert told_focal(tmp_path, 96, 64) is None


def test_a_damaged_file_never_raises(tmp_path: Path) -> None:
    lens = listed(67, struct.pack(">i", 26))
    path = written(tmp_path / "phone.mov", track(b"vide", lens), lens)
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    begin = whole.index(b"moov") - 4
    for _ in range(100):
        damaged = bytearray(whole)
        for place in rng.integers(begin, len(whole), 4):
            damaged[place] = rng.choice([0, 1, 255, rng.integers(256)])
        path.write_bytes(damaged[: rng.integers(begin, len(whole) + 1)])
        told = told_focal(path, 96, 64)
        assert told is None or 0 < told < math.inf


def test_a_clip_that_plays_tells_its_lens(tmp_path: Path) -> None:
    path = write_greys(tmp_path / "phone.mov", 5)
    assert open_video(path).told_focal is None
    video = open_video(with_lens(path, 26))
    assert video.told_focal == pytest.approx(IN_PIXELS)
    assert len(list(video)) == 5
