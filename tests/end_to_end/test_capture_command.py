"""The capture command as a user runs it, on real clips and on bad input."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stderr
from types import SimpleNamespace

import av
import cv2
import numpy as np
import pytest

from core_model.__main__ import main
from core_model.body.model import default_body
from core_model.fit.stature import stature
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.take import Take
from core_model.video.clip import open_video
from tests.places import DEMO
from train.evaluate.benchmarks import demo_clip
from train.evaluate.cli import BASELINE, OURS, score


def capture_alone(*arguments):
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "core_model", *map(str, arguments)], capture_output=True, text=True
    )


def capture(*arguments):
    """Run the command in this process: to start one takes as long as these captures."""
    told = io.StringIO()
    with redirect_stderr(told):
        code = main([str(each) for each in arguments])
    return SimpleNamespace(returncode=code, stderr=told.getvalue())


def write_clip(path, frames=20, size=(320, 240)):
    """Write a clip of coloured noise in which there is nobody."""
    random = np.random.default_rng(0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for _ in range(frames):
            small = random.integers(0, 255, (8, 8, 3), np.uint8)
            image = np.kron(small, np.ones((size[1] // 8, size[0] // 8, 1), np.uint8))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image)))
        container.mux(stream.encode())
    return path


def write_turning_clip(path, degrees, end):
    """Film the demo once more, with a camera that turns in the place of the first one.

    Returns the path and the focal length in pixels.
    """
    camera = Take.load(DEMO.parent / "demo_truth.npz").camera
    assert camera is not None
    focal = camera.focal
    video = open_video(DEMO, None, end, None)
    size = (480, 400)
    before, after = (
        np.array([[focal, 0, width / 2 - 0.5], [0, focal, height / 2 - 0.5], [0, 0, 1]])
        for width, height in ((video.width, video.height), size)
    )
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for frame in video:
            share = np.sin(np.pi * frame.time)
            angles = np.radians(degrees * share * np.array([0.2, 1.0, 0.3]))
            turn = axis_angle_to_matrix(angles)
            plane = after @ turn.T @ np.linalg.inv(before)
            image = cv2.warpPerspective(frame.image, plane, size).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image)))
        container.mux(stream.encode())
    return path, focal


def assert_one_sentence(result, code):
    assert result.returncode == code, result.stderr
    is_one_sentence(result.stderr)


def is_one_sentence(told):
    assert "Traceback" not in told
    said = [line for line in told.splitlines() if line.startswith("Error: ")]
    assert len(said) == 1 and said[0].endswith(".")


@pytest.fixture
def refused(capsys):
    """Return a function that calls the command in this process, and returns what it refuses."""

    def call(*arguments):
        assert main([str(each) for each in arguments]) == 1
        told = capsys.readouterr().err
        is_one_sentence(told)
        return told

    return call


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("takes")
    result = capture_alone(DEMO, "-o", folder, "--start", 1, "--end", 2)
    assert result.returncode == 0, result.stderr
    return folder


def test_capture_writes_one_take_per_person_and_a_summary(captured):
    assert sorted(p.name for p in captured.iterdir()) == ["capture.json", "person_01.npz"]
    take = Take.load(captured / "person_01.npz")
    assert len(take) == 30 and take.frame_valid.all()
    assert take.times[0] == pytest.approx(1.0, abs=0.001)
    assert take.frame_rate == pytest.approx(30, abs=0.01)
    summary = json.loads((captured / "capture.json").read_text())
    assert summary["people"][0]["frames"] == 30
    assert set(summary["stages"]) >= {"decode", "people", "network", "fit"}
    assert take.source["video"] == str(DEMO.resolve())


def test_captured_figure_stands_upright_on_the_floor_where_it_was_seen(captured):
    take = Take.load(captured / "person_01.npz")
    joints = take.joints()
    assert (joints[:, 15, 2] > joints[:, 0, 2] + 0.3).all()
    assert -0.05 < joints[:, [10, 11], 2].min() < 0.1
    assert take.camera is not None
    hips = take.camera.project(take.camera_joints()[:, [1, 2]])
    missed = np.linalg.norm(hips - take.keypoints2d[:, [23, 24], :2], axis=-1)
    assert np.median(missed) < 0.05 * take.bbox[:, 3].mean()


def test_captured_motion_is_nearer_to_the_truth_than_mediapipes_landmarks(captured):
    results = score(demo_clip(), [Take.load(captured / "person_01.npz")])
    assert results[OURS].mpjpe < results[BASELINE].mpjpe
    assert results[OURS].pa_mpjpe < results[BASELINE].pa_mpjpe
    assert results[OURS].acceleration < results[BASELINE].acceleration
    assert results[OURS].frames == 30


def test_capturing_again_replaces_what_the_earlier_capture_names(captured, tmp_path):
    shutil.copytree(captured, tmp_path, dirs_exist_ok=True)
    before = (tmp_path / "person_01.npz").read_bytes()
    (tmp_path / "person_07.npz").write_bytes(b"mine")
    (tmp_path / "person_final.npz").write_bytes(b"mine")
    (tmp_path / "notes.txt").write_text("mine")
    assert capture(DEMO, "-o", tmp_path, "--end", 0.5, "--no-refine").returncode == 0
    names = sorted(p.name for p in tmp_path.iterdir())
    mine = ["notes.txt", "person_07.npz", "person_final.npz"]
    assert names == sorted(["capture.json", "person_01.npz", *mine])
    assert all((tmp_path / name).read_bytes() == b"mine" for name in mine)
    assert (tmp_path / "person_01.npz").read_bytes() != before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
)
def test_a_signal_leaves_the_earlier_capture_as_it_was(captured, tmp_path, number):
    shutil.copytree(captured, tmp_path / "takes")
    command = [sys.executable, "-m", "core_model", DEMO, "-o", tmp_path / "takes"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    said = ""
    while "people:" not in said:
        said += process.stderr.read(1)
    process.send_signal(number)
    said = process.stderr.read()
    assert process.wait(60) == 128 + number
    assert said.endswith("Stopped; nothing half-written is left.\n")
    assert "Traceback" not in said
    for path in captured.iterdir():
        assert (tmp_path / "takes" / path.name).read_bytes() == path.read_bytes()
    assert len(list((tmp_path / "takes").iterdir())) == len(list(captured.iterdir()))


@pytest.mark.parametrize("content", [b"", b"this is no video at all" * 50])
def test_what_is_no_video_is_named(refused, tmp_path, content):
    (tmp_path / "clip.mp4").write_bytes(content)
    assert "clip.mp4" in refused(tmp_path / "clip.mp4", "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_refused_is_one_sentence_in_a_process_of_its_own(tmp_path):
    assert_one_sentence(capture_alone(tmp_path / "none.mp4", "-o", tmp_path / "out"), 1)
    assert not (tmp_path / "out").exists()


def test_a_clip_without_people_ends_with_code_3_and_writes_nothing(tmp_path):
    clip = write_clip(tmp_path / "noise.mp4")
    result = capture(clip, "-o", tmp_path / "a" / "b")
    assert_one_sentence(result, 3)
    assert "Nobody" in result.stderr
    assert not (tmp_path / "a").exists()


def test_of_a_truncated_clip_what_was_decoded_is_kept_with_a_warning(tmp_path):
    with av.open(str(DEMO)) as source, av.open(str(tmp_path / "whole.mkv"), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    whole = (tmp_path / "whole.mkv").read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: int(0.6 * len(whole))])
    quickly = ("--no-refine", "--no-hands", "--quality", "fast")
    result = capture(tmp_path / "cut.mkv", "-o", tmp_path / "out", *quickly)
    assert result.returncode == 0, result.stderr
    assert "Warning: " in result.stderr
    take = Take.load(tmp_path / "out" / "person_01.npz")
    assert 30 < len(take) < 150


def test_a_folder_that_cannot_be_written_is_found_out_before_the_work(refused, tmp_path):
    (tmp_path / "file").write_text("")
    assert "people" not in refused(DEMO, "-o", tmp_path / "file" / "out")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(refused, tmp_path):
    tmp_path.chmod(0o500)
    refused(DEMO, "-o", tmp_path / "out")


@pytest.mark.parametrize(
    "arguments",
    [["--people", "0"], ["--people", "some"], ["--start", "99"], ["--start", "2", "--end", "1"]],
)
def test_options_that_make_no_sense_are_named(refused, tmp_path, arguments):
    refused(DEMO, "-o", tmp_path / "out", *arguments)
    assert not (tmp_path / "out").exists()


def test_a_known_height_sets_the_scale(captured, tmp_path):
    quickly = ("--start", 1, "--end", 2, "--no-hands", "--quality", "fast")
    result = capture(DEMO, "-o", tmp_path, "--height", 1.2, *quickly)
    assert result.returncode == 0, result.stderr
    small, average = (Take.load(folder / "person_01.npz") for folder in (tmp_path, captured))
    assert (small.source["height"], average.source["height"]) == ("given", "assumed")
    body = default_body()
    assert stature(body, small.betas) == pytest.approx(1.2, abs=1e-3)
    ratio = 1.2 / stature(body, average.betas)
    way = [np.ptp(take.joints()[:, 0, 0]) for take in (small, average)]
    assert way[0] / way[1] == pytest.approx(ratio, abs=0.1)


def test_a_height_in_centimetres_is_one_sentence(refused, tmp_path):
    refused(DEMO, "-o", tmp_path / "takes", "--height", 178)


def test_a_turning_camera_is_taken_out_of_the_motion(tmp_path):
    """The same scene, filmed by a camera that stands still and by one that pans and sways."""
    takes = {}
    for name, angle in (("still", 0.0), ("panning", 6.0)):
        clip, focal = write_turning_clip(tmp_path / f"{name}.mp4", angle, end=2.0)
        # Turning and edges tell the focal length; a camera that stands still is told it here.
        told = ("--focal", focal) if name == "still" else ()
        quickly = ("--people", "largest", "--no-hands", "--quality", "fast")
        result = capture(clip, "-o", tmp_path / name, *quickly, *told)
        assert result.returncode == 0, result.stderr
        assert ("Warning: The camera turns" in result.stderr) == (name == "panning")
        takes[name] = Take.load(tmp_path / name / "person_01.npz")
    still, panning = takes["still"], takes["panning"]
    assert (still.source["camera"], panning.source["camera"]) == ("still", "turning")
    assert panning.source["focal"] in ("found", "edges")
    assert panning.camera is not None and panning.camera.focal == pytest.approx(focal, rel=0.05)
    places = [take.joints()[:, 0] for take in (still, panning)]
    assert len(places[0]) == len(places[1])
    steps = [np.linalg.norm(np.diff(place[::10], axis=0), axis=1) for place in places]
    assert np.abs(steps[0] - steps[1]).max() < 0.05
    # Where the person is in the picture, the panning camera of that moment shows.
    hips = panning.camera.project(panning.camera_joints()[:, [1, 2]])
    missed = np.linalg.norm(hips - panning.keypoints2d[:, [23, 24], :2], axis=-1)
    assert np.median(missed) < 0.05 * panning.bbox[:, 3].mean()
