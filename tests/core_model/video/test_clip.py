"""Videos are made here with PyAV, each frame a grey level or a pattern that tells which it is."""

import gc
import struct
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream

from core_model.errors import VideoError
from core_model.video.clip import open_video
from tests.core_model.video.clips import write_greys

WIDTH, HEIGHT = 96, 64


def quadrants() -> np.ndarray:
    """Return a picture with four colours, so that every turn and mirror of it is another."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[: HEIGHT // 2, : WIDTH // 2] = (255, 0, 0)
    image[: HEIGHT // 2, WIDTH // 2 :] = (0, 255, 0)
    image[HEIGHT // 2 :, : WIDTH // 2] = (0, 0, 255)
    image[HEIGHT // 2 :, WIDTH // 2 :] = (255, 255, 255)
    return image


def grey(level: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def write(
    path: Path,
    images: list[np.ndarray],
    milliseconds: list[int] | None = None,
    codec: str = "mpeg4",
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
) -> Path:
    """Write a video; without times 25 frames a second."""
    base = Fraction(1, 25) if milliseconds is None else Fraction(1, 1000)
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pixels
        stream.codec_context.time_base = base
        stream.codec_context.gop_size = 10
        for index, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = milliseconds[index] if milliseconds else index, base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def levels(path: Path, **points: float) -> list[float]:
    return [float(frame.image.mean()) for frame in open_video(path, **points)]


def times(path: Path, **points: float) -> list[float]:
    return [frame.time for frame in open_video(path, **points)]


def test_variable_frame_rate_survives(tmp_path):
    milliseconds = [0, 33, 66, 150, 160, 400, 420, 999, 1500]
    path = write(tmp_path / "vfr.mkv", [grey(20 * i) for i in range(9)], milliseconds)
    assert times(path) == pytest.approx([time / 1000 for time in milliseconds], abs=1e-6)


def test_zero_is_the_first_picture_whatever_the_clock_said(tmp_path):
    path = write(tmp_path / "late.mkv", [grey(90)] * 3, [5000, 5040, 5080])
    assert times(path) == pytest.approx([0, 0.04, 0.08], abs=1e-6)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi", "mov", "webm"])
def test_containers(tmp_path, suffix):
    codec = "libvpx-vp9" if suffix == "webm" else "mpeg4"
    path = write(tmp_path / f"clip.{suffix}", [grey(10 * i) for i in range(20)], codec=codec)
    video = open_video(path)
    assert (video.width, video.height) == (WIDTH, HEIGHT)
    assert video.frame_rate == pytest.approx(25, rel=0.02)
    assert levels(path) == pytest.approx([10 * i for i in range(20)], abs=4)
    assert times(path) == pytest.approx([0.04 * i for i in range(20)], abs=2e-3)


def turn_matrix(clockwise: int) -> tuple[int, ...]:
    """Return what a phone writes into the track header (ISO 14496-12), 16.16 and 2.30 bits."""
    one, unit = 1 << 16, 1 << 30
    a, b = {0: (one, 0), 90: (0, one), 180: (-one, 0), 270: (0, -one)}[clockwise]
    return (a, b, 0, -b, a, 0, 0, 0, unit)


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
def test_rotation_flag_of_a_phone_is_honoured(tmp_path, clockwise):
    path = write(tmp_path / "phone.mp4", [quadrants()] * 3)
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4 + 40
    data[start : start + 36] = struct.pack(">9i", *turn_matrix(clockwise))
    path.write_bytes(data)
    video = open_video(path)
    wanted = np.rot90(quadrants(), -clockwise // 90)
    image = next(iter(video)).image
    assert (video.height, video.width) == image.shape[:2] == wanted.shape[:2]
    assert np.median(np.abs(image.astype(int) - wanted)) < 12


def test_mirrored_picture_is_shown_mirrored(tmp_path):
    path = write(tmp_path / "selfie.mp4", [quadrants()] * 3)
    data = bytearray(path.read_bytes())
    start = data.index(b"tkhd") + 4 + 40
    one = 1 << 16
    data[start : start + 36] = struct.pack(">9i", -one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    image = next(iter(open_video(path))).image
    assert np.median(np.abs(image.astype(int) - quadrants()[:, ::-1])) < 12


def test_animated_gif(tmp_path):
    path = write(tmp_path / "a.gif", [grey(80 * i) for i in range(3)], [0, 100, 200], "gif", "gray")
    assert levels(path) == pytest.approx([0, 80, 160], abs=3)
    assert np.diff(times(path)) == pytest.approx([0.1, 0.1], abs=0.011)


@pytest.mark.parametrize(
    ("codec", "pixels"), [("ffv1", "gray"), ("ffv1", "yuv420p10le"), ("libx265", "yuv420p10le")]
)
def test_gray_and_ten_bits_become_rgb(tmp_path, codec, pixels):
    path = write(tmp_path / "deep.mkv", [grey(120)] * 3, codec=codec, pixels=pixels)
    image = next(iter(open_video(path))).image
    assert image.dtype == np.uint8 and image.shape == (HEIGHT, WIDTH, 3)
    assert image.mean() == pytest.approx(120, abs=3)


def test_odd_size(tmp_path):
    path = write(tmp_path / "odd.mkv", [grey(50, 71, 53)] * 2, codec="ffv1")
    assert next(iter(open_video(path))).image.shape == (53, 71, 3)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "avi"])
def test_in_and_out_points_are_exact(tmp_path, suffix):
    path = write(tmp_path / f"long.{suffix}", [grey(2 * i) for i in range(100)])
    whole = times(path)
    part = times(path, start=1.24, end=2.0)
    assert part == pytest.approx([time for time in whole if 1.239 <= time < 1.999], abs=1e-9)
    assert levels(path, start=1.24, end=1.32) == pytest.approx([62, 64], abs=3)
    assert open_video(path, start=1.24, end=2.0).frame_count == 19


@pytest.mark.parametrize("rate", [Fraction(30), Fraction(24000, 1001)])
def test_a_part_goes_from_one_frame_to_another(tmp_path, rate):
    video = open_video(write_greys(tmp_path / "clip.mp4", 12, rate=rate))
    all_of_it = [frame.time for frame in video]
    for first, last in ((3, 7), (11, 11)):
        part = video.between(all_of_it[first], all_of_it[last])
        assert [frame.time for frame in part] == all_of_it[first : last + 1]


def test_a_clip_can_be_read_twice(tmp_path):
    video = open_video(write(tmp_path / "twice.mp4", [grey(90)] * 5))
    assert [frame.time for frame in video] == [frame.time for frame in video]


def test_truncated_file_gives_what_is_there_and_a_warning(tmp_path):
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(50)]
    path = write(tmp_path / "cut.mp4", images, options={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    video = open_video(path)
    read = list(video)
    assert 20 <= len(read) < 50
    assert any("ends early" in warning or "damaged" in warning for warning in video.warnings)


def test_a_whole_file_has_no_warnings(tmp_path):
    video = open_video(write(tmp_path / "whole.mp4", [grey(9)] * 50))
    assert len(list(video)) == 50
    assert video.warnings == []


def test_folder_of_pictures_in_natural_order(tmp_path):
    for number in (1, 2, 10, 9):
        cv2.imwrite(str(tmp_path / f"shot_{number}.png"), grey(10 * number))
    (tmp_path / "notes.txt").write_text("no picture")
    video = open_video(tmp_path, fps=10)
    assert [frame.image.mean() for frame in video] == [10, 20, 90, 100]
    assert [frame.time for frame in video] == pytest.approx([0, 0.1, 0.8, 0.9])
    assert video.frame_count == 10
    assert times(tmp_path, fps=10, start=0.8) == pytest.approx([0.8, 0.9])
    assert len(video.warnings) == 1 and "6 of 10 numbers are missing" in video.warnings[0]


def test_unreadable_picture_leaves_a_gap_and_a_warning(tmp_path):
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), grey(10))
    (tmp_path / "1.png").write_bytes(b"broken")
    video = open_video(tmp_path)
    assert [frame.time for frame in video] == pytest.approx([0, 2 / 30])
    assert video.warnings == ["1.png cannot be read and was left out."]


def test_pictures_of_different_sizes_are_refused(tmp_path):
    cv2.imwrite(str(tmp_path / "1.png"), grey(10))
    cv2.imwrite(str(tmp_path / "2.png"), grey(10, 32, 32))
    with pytest.raises(VideoError, match=r"2.png has 32 x 32 pixels"):
        list(open_video(tmp_path))


def test_what_is_no_video_is_refused_in_one_sentence(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("This is not a video.\n" * 100)
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(np.random.default_rng(0).bytes(5000))
    empty = tmp_path / "empty.mp4"
    empty.touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in (text, noise, empty, folder, tmp_path / "missing.mp4"):
        with pytest.raises(VideoError) as error:
            open_video(path)
        assert str(error.value).count("\n") == 0


def test_points_that_leave_nothing_are_refused(tmp_path):
    path = write(tmp_path / "short.mp4", [grey(9)] * 10)
    for points in ({"start": 5.0}, {"start": 0.3, "end": 0.2}, {"start": -1.0}):
        with pytest.raises(VideoError):
            open_video(path, **points)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for the memory")
def test_no_picture_outlives_its_turn(tmp_path):
    """Pictures in reference cycles wait for the collector of cycles, megabytes each."""
    path = write(tmp_path / "long.mkv", [grey(i, 640, 480) for i in range(200)])
    video = open_video(path)
    gc.collect()
    gc.disable()
    try:
        resident = []
        for index, _ in enumerate(video):
            if index in (20, 199):
                resident.append(int(Path("/proc/self/statm").read_text().split()[1]))
    finally:
        gc.enable()
    pages_of_a_picture = 640 * 480 * 3 // 4096
    assert resident[1] - resident[0] < 30 * pages_of_a_picture
