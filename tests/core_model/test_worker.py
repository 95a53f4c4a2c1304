"""The worker process: what it says, and when it ends."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core_model import __version__
from core_model.errors import OutputError, VideoError
from core_model.worker import Reporter, explained
from tests.places import DEMO

_LONG = partial(pytest.param, marks=pytest.mark.long)
"""Signals are heard in one place of the program; the capture command is told all of them."""


def _started(folder: Path, job: dict[str, Any]) -> "subprocess.Popen[str]":
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    return subprocess.Popen(
        [sys.executable, "-m", "core_model.worker", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _messages(scratch: Path, /, **job: Any) -> list[dict[str, Any]]:
    process = _started(scratch, job)
    assert process.stdout and process.stdin
    messages = [json.loads(line) for line in process.stdout]
    process.stdin.close()
    process.wait(120)
    return messages


def _busy(folder: Path) -> "subprocess.Popen[str]":
    """Return a worker that has begun to follow people."""
    job = {"kind": "capture", "video": str(DEMO), "folder": str(folder / "out"), "options": {}}
    process = _started(folder, job)
    assert process.stdout
    for line in process.stdout:
        if "people" in line:
            return process
    raise AssertionError("it ended at once")


def test_found_people_are_captured_without_following_them_again(tmp_path):
    part = {"start": 1.0, "end": 1.4, "quality": "fast"}
    about = {"video": str(DEMO), "folder": str(tmp_path)}
    found = _messages(tmp_path, kind="find_people", options=part, **about)
    assert found[0]["engine"] == __version__
    assert {message.get("stage") for message in found[1:-1]} == {"people", "thumbnails"}
    (person,) = found[-1]["result"]["people"]
    assert person["number"] == 1 and Path(person["thumbnail"]).is_file()

    options = part | {"tracks": found[-1]["result"]["tracks"], "people": [1], "refine": False}
    about["folder"] = str(tmp_path / "out")
    captured = _messages(tmp_path, kind="capture", options=options, **about)
    assert "people" not in {message.get("stage") for message in captured}
    assert captured[-1]["result"]["summary"]["people"][0]["frames"] == person["seen"] == 12
    again = _messages(tmp_path, kind="capture", options=options | {"end": 1.2}, **about)
    assert "people" in {message.get("stage") for message in again}, "another part of the clip"
    options["people"] = [2]
    wrong = _messages(tmp_path, kind="capture", options=options, **about)
    assert wrong[-1] == {"error": "There is no person 2: 1 were found.", "kind": "options"}


def test_errors_are_the_last_line(tmp_path):
    job = {"kind": "capture", "video": "/nowhere.mp4", "folder": str(tmp_path), "options": {}}
    messages = _messages(tmp_path, **job)
    assert messages[-1] == {"error": "There is no video at /nowhere.mp4.", "kind": "clip"}


def test_it_ends_when_its_parent_does(tmp_path):
    process = _busy(tmp_path)
    assert process.stdin
    start = time.monotonic()
    process.stdin.close()
    process.wait(60)
    print(f"ended {time.monotonic() - start:.2f} s after its parent")
    assert not (tmp_path / "out").exists(), "what was half made is taken away"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, _LONG(signal.SIGHUP), _LONG(signal.SIGINT)])
def test_it_ends_when_told_to_and_leaves_nothing(tmp_path, number):
    process = _busy(tmp_path)
    assert (tmp_path / "out").exists()
    process.send_signal(number)
    assert process.wait(60) == 128 + number
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (VideoError("It is no clip."), "clip", "It is no clip."),
        (OutputError("No room."), "output", "No room."),
        (MemoryError(), "memory", "Memory ran out"),
        (RuntimeError("CUDA out of memory. Tried to allocate"), "memory", "shorter part"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "memory", "Memory ran out"),
        (ModuleNotFoundError("No module named 'torch'"), "engine", "incomplete"),
        (ZeroDivisionError("division by zero"), "crash", "ZeroDivisionError"),
    ],
)
def test_every_failure_is_one_sentence(error, kind, words):
    found, sentence = explained(error)
    assert found == kind and words in sentence and "\n" not in sentence


def test_progress_tells_speed_and_time_left_but_not_too_often():
    stream = io.StringIO()
    reporter = Reporter(stream)
    for done in range(1, 101):
        reporter.progress("people", done, 200)
        time.sleep(0.003)
    reporter.progress("people", 200, 200)
    messages = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert 3 <= len(messages) <= 10
    middle = messages[-2]
    assert middle["left"] == pytest.approx((200 - middle["done"]) / middle["rate"])
    assert messages[-1]["done"] == 200 and messages[-1]["left"] == 0
