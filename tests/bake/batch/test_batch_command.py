"""A batch as a studio runs it: what can be done is done, the rest explained, nothing done twice."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from core_model.take import Take
from tests.places import DEMO, ROOT


def command(*arguments):
    return [sys.executable, "-m", "bake.batch", *map(str, arguments)]


def batch(*arguments):
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        cwd=arguments[arguments.index("-o") + 1].parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Return a list with two short parts of the demo, and one clip that is damaged."""
    folder = tmp_path_factory.mktemp("clips")
    (folder / "broken.mp4").write_bytes(DEMO.read_bytes()[:2000])
    rows = [
        {"clip": str(DEMO), "end": 0.3, "quality": "fast", "hands": False},
        {"clip": str(DEMO), "start": 1.0, "end": 1.3, "quality": "fast", "hands": False},
        {"clip": "broken.mp4"},
    ]
    path = folder / "shots.json"
    path.write_text(json.dumps(rows))
    return path


def result(folder):
    return {
        each["name"]: each for each in json.loads((folder / "report.json").read_text())["clips"]
    }


def test_a_batch_that_is_killed_goes_on_and_does_nothing_twice(clips, tmp_path):
    folder = tmp_path / "results"
    running = subprocess.Popen(
        command("--list", clips, "-o", folder, "--workers", 1),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    first = folder / "demo" / "capture.json"
    while not first.exists() and running.poll() is None:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert first.exists() and not (folder / "report.json").exists()

    done = batch("--list", clips, "-o", folder, "--workers", 2)
    assert done.returncode == 1, done.stderr
    assert "2 of 3 clips are done" in done.stdout
    told = result(folder)
    assert {name: each["state"] for name, each in told.items()} == {
        "broken": "failed",
        "demo": "done",
        "demo_demo": "done",
    }
    assert "broken.mp4" in told["broken"]["sentence"]
    for name in ("demo", "demo_demo"):
        assert (folder / f"{name}.blend").exists()
        assert len(Take.load(folder / name / "person_01.npz")) == 9
        assert len(told[name]["pictures"]) == 4
        assert all((folder / each).exists() for pair in told[name]["pictures"] for each in pair)
        log = (folder / told[name]["log"]).read_text()
        for words in ("INT Mocap", "torch", '"quality": "fast"', "device: ", "fit: ", "bake: "):
            assert words in log
    page = (folder / "report.html").read_text()
    assert page.count("<article") == 3 and "demo_demo/picture_04.png" in page

    stamps = {path: path.stat().st_mtime_ns for path in folder.glob("*.blend")}
    again = batch("--list", clips, "-o", folder)
    assert again.returncode == 1 and "2 of 3" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.blend")} == stamps
    assert not list(folder.rglob(".*"))


def test_what_would_be_done_is_only_told(clips, tmp_path):
    told = batch("--list", clips, "-o", tmp_path / "results", "--dry-run")
    assert told.returncode == 0
    assert told.stdout.count("to do") == 3
    assert not list((tmp_path / "results").glob("*.blend"))


def test_wrong_words_are_refused_before_anything_is_done(tmp_path):
    for arguments in (("--bake", "smoth=heavy"), ("--workers", "0"), ("--bake", "smooth")):
        refused = batch(*arguments, str(DEMO), "-o", tmp_path / "results")
        assert refused.returncode == 2
        assert not (tmp_path / "results").exists()
    assert batch("gone.mp4", "-o", tmp_path / "results").returncode == 1
    (tmp_path / "empty").mkdir()
    assert batch(tmp_path / "empty", "-o", tmp_path / "results").returncode == 1


def test_a_clip_that_comes_is_done_and_ctrl_c_ends_the_watch(tmp_path):
    incoming, folder = tmp_path / "incoming", tmp_path / "results"
    incoming.mkdir()
    watching = subprocess.Popen(
        command(incoming, "-o", folder, "--watch"),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets programs in the background ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert watching.stderr and "Waiting" in watching.stderr.readline()
    (incoming / "broken.mp4").write_bytes(DEMO.read_bytes()[:2000])
    while not (folder / "report.json").exists() and watching.poll() is None:
        time.sleep(0.05)
    watching.send_signal(signal.SIGINT)
    _, told = watching.communicate()
    assert watching.returncode == 130
    assert "goes on where it was" in told
    assert result(folder)["broken"]["state"] == "failed"
