"""Files whose clock, streams or sizes are odd give all their pictures, each at its time."""

import os
import struct
import subprocess
import sys
import zlib
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from core_model.errors import VideoError
from core_model.video.clip import open_video
from core_model.video.video_file import VideoFile
from tests.core_model.video.clips import (
    cut_between_keyframes,
    joined,
    number_of,
    read,
    together,
    write_greys,
)
from tests.places import ROOT


def at_rate(count: int, rate: float = 30) -> object:
    return pytest.approx([index / rate for index in range(count)], abs=1e-6)


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_an_avi_with_b_frames_gives_every_picture_in_order(tmp_path, start):
    path = write_greys(tmp_path / "camera.avi")
    with av.open(str(path)) as container:
        stamps = [frame.pts for frame in container.decode(video=0)]
    assert stamps != sorted(stamps, key=lambda stamp: stamp or 0), "the file tells no times"
    video = open_video(path, start)
    shown, times = read(video)
    assert shown == list(range(round(30 * start), 60)) and video.warnings == []
    assert times == pytest.approx([index / 30 for index in shown], abs=1e-6)


@pytest.mark.parametrize("begin", [0.0, 1800.0])
@pytest.mark.parametrize("start", [0.0, 1.5])
def test_parts_whose_clock_jumps_are_joined_with_a_warning(tmp_path, begin, start):
    first = write_greys(tmp_path / "1.ts", 30, begin=20.0)
    second = write_greys(tmp_path / "2.ts", 30, begin=begin, first=30)
    video = open_video(joined(tmp_path / "tape.ts", first, second), start)
    shown, times = read(video)
    assert shown == list(range(round(30 * start), 60))
    assert times == pytest.approx([index / 30 for index in shown], abs=1e-6)
    assert len(video.warnings) == 1
    assert ("jump ahead" if begin else "jump back") in video.warnings[0]


def test_a_clock_that_restarts_a_little_earlier_loses_one_picture_at_most(tmp_path):
    first = write_greys(tmp_path / "1.ts", 30)
    second = write_greys(tmp_path / "2.ts", 30, begin=0.8, first=30)
    video = open_video(joined(tmp_path / "tape.ts", first, second))
    shown, times = read(video)
    assert len(shown) >= 59 and shown == sorted(shown) and shown[-1] == 59
    assert times == pytest.approx([index / 30 for index in shown], abs=1e-6)
    assert any("jump back" in warning for warning in video.warnings)
    assert any("left out: 1." in warning for warning in video.warnings)


def test_a_picture_that_is_shown_for_long_is_no_jump(tmp_path):
    path = tmp_path / "slides.mkv"
    write_greys(path, 4, rate=Fraction(1, 8))
    video = open_video(path)
    shown, times = read(video)
    assert shown == [0, 1, 2, 3] and times == pytest.approx([0, 8, 16, 24]) and not video.warnings


@pytest.mark.parametrize("rate", [Fraction(30), Fraction(24000, 1001)])
@pytest.mark.parametrize(("suffix", "codec"), [("h264", "libx264"), ("m2v", "mpeg2video")])
def test_a_raw_stream_runs_at_the_rate_that_stands_in_it(tmp_path, suffix, codec, rate):
    path = write_greys(tmp_path / f"raw.{suffix}", 40, rate=rate, codec=codec)
    video = open_video(path)
    assert video.frame_rate == pytest.approx(float(rate))
    assert read(video)[1] == at_rate(40, float(rate))


def test_a_given_rate_counts_for_files_without_times_and_is_refused_aloud_by_others(tmp_path):
    raw = open_video(write_greys(tmp_path / "raw.h264", 40), fps=50)
    assert read(raw)[1] == at_rate(40, 50) and raw.warnings == []
    assert [frame.time for frame in open_video(raw.path, 0.5, fps=50)][0] == pytest.approx(0.5)
    timed = open_video(write_greys(tmp_path / "timed.mp4", 40), fps=50)
    assert read(timed)[1] == at_rate(40)
    assert len(timed.warnings) == 1 and "given frame rate" in timed.warnings[0]


def test_of_two_streams_the_moving_one_is_read(tmp_path):
    still = write_greys(tmp_path / "still.mkv", 1, Fraction(1), (32, 24), codec="mjpeg")
    moving = write_greys(tmp_path / "moving.mp4", 30)
    video = open_video(together(tmp_path / "two.mkv", still, moving))
    assert (video.width, video.height) == (96, 64)
    assert read(video)[1] == pytest.approx([index / 30 for index in range(30)], abs=1e-3)


def test_a_picture_of_another_shape_keeps_its_proportions(tmp_path):
    wide = write_greys(tmp_path / "1.ts", 20)
    narrow = write_greys(tmp_path / "2.ts", 20, size=(48, 64), begin=20 / 30, first=20)
    video = open_video(joined(tmp_path / "call.ts", wide, narrow))
    frames = list(video)
    assert {frame.image.shape for frame in frames} == {(64, 96, 3)}
    columns = frames[-1].image.mean(axis=(0, 2))
    assert (columns[:22] < 10).all() and (columns[-22:] < 10).all()
    # The greys of number 39, each half as wide as the narrow picture.
    assert np.ptp(columns[27:45]) < 5 and columns[36] == pytest.approx(30 + 3 * 22, abs=4)
    assert np.ptp(columns[51:69]) < 5 and columns[60] == pytest.approx(30 + 9 * 22, abs=4)
    assert any("48 x 64" in warning for warning in video.warnings)


def test_a_picture_of_another_size_and_the_same_shape_is_scaled(tmp_path):
    large = write_greys(tmp_path / "1.ts", 20)
    small = write_greys(tmp_path / "2.ts", 20, size=(48, 32), begin=20 / 30, first=20)
    video = open_video(joined(tmp_path / "call.ts", large, small))
    images = [frame.image for frame in video]
    assert images[-1].shape == (64, 96, 3) and number_of(images[-1]) == 39
    assert np.ptp(images[-1][:, :44]) < 5 and np.ptp(images[-1][:, 52:]) < 5
    assert not any("shape" in warning for warning in video.warnings)


def test_a_recording_that_begins_between_keyframes_ends_where_it_ends(tmp_path):
    video = open_video(cut_between_keyframes(tmp_path / "cut.ts"))
    shown, times = read(video)
    assert 0 < shown[0] <= 30 and shown[-1] == 59
    assert times == at_rate(len(shown))
    assert not any("ends early" in warning for warning in video.warnings)
    assert video.duration == pytest.approx(len(shown) / 30, abs=0.002)


def test_a_link_keeps_the_name_that_the_user_gave_it(tmp_path):
    store = tmp_path / "store"
    store.mkdir()
    write_greys(store / "3f2a9c77e1.mp4", 3).rename(store / "3f2a9c77e1")
    os.symlink(store / "3f2a9c77e1", tmp_path / "dance.mp4")
    video = open_video(tmp_path / "store" / ".." / "dance.mp4")
    assert video.path == tmp_path.resolve() / "dance.mp4" and len(list(video)) == 3


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (["f_0001", "f_0002", "f_0005"], [0, 1, 4]),
        (["f_10", "f_20", "f_40", "f_50"], [0, 1, 3, 4]),
        (["a", "b", "c"], [0, 1, 2]),
        (["shot2_take1_07", "shot2_take1_08", "shot2_take1_11"], [0, 1, 4]),
        (["20240501_120000", "20240501_120001", "20240502_090000"], [0, 1, 2]),
        (["100", "170", "930"], [0, 1, 2]),
    ],
)
def test_missing_numbers_are_missing_time_where_numbers_count_pictures(tmp_path, names, places):
    for name in names:
        cv2.imwrite(str(tmp_path / f"{name}.png"), np.zeros((8, 8, 3), np.uint8))
    assert [frame.time for frame in open_video(tmp_path, fps=10)] == pytest.approx(
        [place / 10 for place in places]
    )


def test_only_pictures_of_a_folder_are_pictures(tmp_path):
    for number in (1, 2):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "._1.png").write_bytes(b"\0\5\x16\7")
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "capture.json").write_text("{}")
    (tmp_path / "0.png").mkdir()
    video = open_video(tmp_path)
    assert len(list(video)) == 2 and video.warnings == []


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_a_format_that_nobody_here_decodes_is_a_sentence_and_no_crash(tmp_path, ending):
    path = write_greys(tmp_path / f"camera.{ending}", count=4)
    data = path.read_bytes()
    changed = data.replace(b"avc1", b"zzzz").replace(b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/XYZ")
    assert changed != data
    path.write_bytes(changed)
    with pytest.raises(VideoError, match="cannot be decoded here"):
        open_video(path)


def test_a_stream_that_breaks_while_its_packets_are_looked_at_is_read_up_to_there(
    tmp_path, monkeypatch
):
    path = write_greys(tmp_path / "camera.mp4", count=30)
    opened = VideoFile._open

    class Torn:
        def __init__(self, container):
            self._container, self.format, self.streams = container, container.format, []
            self.duration = container.duration
            self.streams = container.streams

        def demux(self, stream):
            yield from list(self._container.demux(stream))[:20]
            raise av.BlockingIOError(11, "Resource temporarily unavailable")

        def __enter__(self):
            return self

        def __exit__(self, *about):
            self._container.close()

    def torn(self):
        container, stream = opened(self)
        return Torn(container), stream

    monkeypatch.setattr(VideoFile, "_open", torn)
    video = open_video(path)
    shown, _ = read(video)
    assert 10 < len(shown) <= 20 and shown == sorted(shown)
    assert any("damaged" in each for each in video.warnings)


def test_a_picture_that_claims_more_pixels_than_any_camera_has_is_a_sentence(tmp_path):
    picture = bytearray(cv2.imencode(".png", np.zeros((32, 32, 3), np.uint8))[1].tobytes())
    picture[16:24] = struct.pack(">II", 2**15, 2**15)  # the size in the head, and its check sum
    picture[29:33] = struct.pack(">I", zlib.crc32(bytes(picture[12:29])))
    (tmp_path / "frame_1.png").write_bytes(picture)
    # In a process of its own: OpenCV is told the limit as it is loaded.
    script = (
        "import sys\n"
        "from core_model.errors import VideoError\n"
        "from core_model.video.clip import open_video\n"
        "try:\n    open_video(sys.argv[1])\n"
        "except VideoError as error:\n    print(error)\n"
        # The peak of this program alone; `resource` counts that of the one which started it, too.
        "facts = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(int(facts['VmHWM'].split()[0]) // 1024)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, cwd=ROOT
    )
    sentence, megabytes = said.stdout.splitlines()
    assert sentence == f"None of the pictures in {tmp_path} can be read."
    assert int(megabytes) < 500, "no room is made for 2^30 pixels"
