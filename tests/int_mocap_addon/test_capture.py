"""Capturing from the panel: a real clip through the real engine, and all that can go wrong."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from tests.bake.conftest import curves_of
from tests.int_mocap_addon.conftest import DEMO, contents


def _start() -> None:
    """Start what Capture starts; no window's timer is there, so the test follows the task."""
    from int_mocap_addon import tasks
    from int_mocap_addon.capture.job import capture_steps
    from int_mocap_addon.capture.request import request_of

    assert bpy.ops.int_mocap.capture.poll()
    scene: Any = bpy.context.scene
    tasks.start("Capture", capture_steps(scene.name, request_of(scene)))


def _working(task: Any) -> bool:
    return "Following people" in task.progress.text


def _fails(drive: Any, words: str) -> str:
    """Capture, and check that it ends with one sentence, the scene as before, no file left."""
    before = contents()
    _start()
    outcome = drive().outcome
    assert outcome.level == "ERROR" and not outcome.finished
    assert words in outcome.text, outcome.text
    assert outcome.text.count("\n") == 0 and "Traceback" not in outcome.text
    assert contents() == before
    return str(outcome.text)


def _left_behind(addon: Any) -> list[Path]:
    return sorted(addon.captures.rglob("*")) if addon.captures.exists() else []


@pytest.fixture
def workers(addon: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the workers that a test starts, as it starts them."""
    from int_mocap_addon import worker_process

    started: list[Any] = []

    class Noted(worker_process.WorkerProcess):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            started.append(self)

    monkeypatch.setattr(worker_process, "WorkerProcess", Noted)
    return started


def test_a_clip_becomes_keyframes_while_blender_stays_usable(mocap, addon, drive):
    from int_mocap_addon import tasks

    mocap.cleanup.reduce_keys = False
    _start()
    assert not bpy.ops.int_mocap.capture.poll(), "one capture at a time"
    texts, shares, capturing, baking, task = set(), [0.0], 0.0, 0.0, tasks.current()
    assert task
    begin = time.perf_counter()
    while task.outcome is None:
        start = time.perf_counter()
        task.poll()
        seconds = time.perf_counter() - start
        if task.progress.can_cancel:
            capturing = max(capturing, seconds)
        else:
            baking = max(baking, seconds)
        texts.add(task.progress.text.split(" ")[0])
        if task.progress.fraction is not None:
            shares.append(task.progress.fraction)
        time.sleep(0.01)
    whole = time.perf_counter() - begin
    print(f"longest steps: capturing {1000 * capturing:.0f} ms, baking {1000 * baking:.0f} ms")
    assert max(capturing, baking) < whole / 4, "most of the time Blender is the user's"
    assert {"Starting", "Following", "Finding", "Reading", "Cleaning", "Writing"} <= texts
    assert shares == sorted(shares) and shares[-1] < 1, "one bar over all of it"
    assert task.outcome.text.startswith("Captured 1 person in"), task.outcome
    (take,) = mocap.takes
    assert take.name == "demo_person_01" and take.frames == 15 and take.confidence > 0.5
    assert Path(take.path).is_relative_to(addon.captures)
    curves = curves_of(take.armature).fcurves
    bones = [curve for curve in curves if curve.data_path.startswith("pose.bones")]
    assert bones and all(len(curve.keyframe_points) == 15 for curve in bones)
    assert contents()["cameras"] == ["demo_camera"] and contents()["movieclips"] == ["demo.mp4"]
    assert bpy.context.scene.camera.data.background_images[0].clip.frame_offset == 30


def test_a_script_waits_for_the_result(mocap, addon):
    """Without an event, as in the background, a button does the same."""
    mocap.capture.bake = False
    mocap.capture.people = "LARGEST"
    assert bpy.ops.int_mocap.capture() == {"FINISHED"}
    assert len(mocap.takes) == 1 and contents()["objects"] == []


def test_people_are_found_first_and_followed_only_once(mocap, drive):
    mocap.capture.people = "CHOSEN"
    assert not bpy.ops.int_mocap.capture.poll()
    assert bpy.ops.int_mocap.find_people() == {"FINISHED"}
    (person,) = mocap.capture.found
    assert person.wanted
    image: Any = bpy.data.images.load(person.thumbnail)
    assert tuple(image.size) == (192, 192) and np.ptp(np.array(image.pixels)) > 0.3
    bpy.data.images.remove(image)

    _start()
    texts = set()

    def note(task: Any) -> bool:
        texts.add(task.progress.text)
        return False

    assert drive(note).outcome.finished
    assert not any("Following people" in text for text in texts), "nobody is followed again"
    assert len(mocap.takes) == 1
    mocap.capture.end = 1.4
    assert len(mocap.capture.found) == 0, "they were people of another part of the clip"


def test_cancel_ends_the_engine_and_leaves_nothing(mocap, addon, drive, workers):
    mocap.capture.use_range = False
    before = contents()
    _start()
    task = drive(_working)
    process = workers[-1].process
    assert _alive(process)
    start = time.perf_counter()
    assert bpy.ops.int_mocap.cancel() == {"FINISHED"}
    print(f"cancelled in {1000 * (time.perf_counter() - start):.0f} ms")
    assert not _alive(process), "it has ended when Cancel comes back"
    assert task.outcome.text == "Cancelled; nothing was changed."
    assert contents() == before and not addon.captures.exists(), "the folder was made for it"
    assert not bpy.ops.int_mocap.cancel.poll()


def test_a_killed_worker_is_one_sentence(mocap, addon, drive, workers):
    mocap.capture.use_range = False
    before = contents()
    _start()
    drive(_working)
    workers[-1].process.kill()
    outcome = drive().outcome
    assert "memory ran out" in outcome.text and outcome.level == "ERROR"
    assert contents() == before and _left_behind(addon) == []


def test_opening_another_file_ends_the_worker(mocap, drive, workers):
    mocap.capture.use_range = False
    _start()
    drive(_working)
    process = workers[-1].process
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    assert not _alive(process)


def test_disabling_the_add_on_ends_the_worker(mocap, drive, workers):
    mocap.capture.use_range = False
    _start()
    drive(_working)
    process = workers[-1].process
    bpy.ops.preferences.addon_disable(module="int_mocap_addon")
    assert not _alive(process)
    bpy.ops.preferences.addon_enable(module="int_mocap_addon")


def test_a_clip_that_is_no_clip(mocap, addon, drive, tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("no clip")
    mocap.capture.clip = str(path)
    _fails(drive, "text.mp4 is not a video")
    assert _left_behind(addon) == []


def test_nobody_in_the_clip(mocap, addon, drive, tmp_path):
    import cv2

    (tmp_path / "empty").mkdir()
    for number in range(5):
        cv2.imwrite(str(tmp_path / "empty" / f"{number}.png"), np.full((120, 160, 3), 90, np.uint8))
    mocap.capture.clip = str(tmp_path / "empty")
    mocap.capture.use_range = False
    _fails(drive, "Nobody was found in empty.")


def test_a_removed_clip(mocap, drive, tmp_path):
    path = tmp_path / "gone.mp4"
    shutil.copy(DEMO, path)
    mocap.capture.clip = str(path)
    assert bpy.ops.int_mocap.capture.poll()
    path.unlink()
    assert not bpy.ops.int_mocap.capture.poll()
    shutil.copy(DEMO, path)
    _start()
    path.unlink()
    outcome = drive().outcome
    assert outcome.text == f"There is no video at {path}." and contents()["takes"] == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(command).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(mocap, addon, drive, small_disk):
    addon.preferences.takes_folder = str(small_disk)
    (small_disk / "filler").write_bytes(b"x" * 60_000)
    _fails(drive, "No space left on device")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_a_missing_engine(mocap, addon, drive, monkeypatch):
    from int_mocap_addon import engine

    addon.preferences.engine_python = "/nowhere/python"
    _fails(drive, "There is no Python at /nowhere/python: correct Engine Python")
    addon.preferences.engine_python = str(DEMO)
    _fails(drive, "cannot be started")
    addon.preferences.engine_python = ""
    monkeypatch.setattr(engine, "has_bundled_engine", lambda: False)
    _fails(drive, "came without an engine")


@pytest.mark.skipif(os.name != "posix", reason="made up of a shell script")
def test_an_engine_that_does_not_fit(mocap, addon, drive, tmp_path):
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    script.chmod(0o755)
    addon.preferences.engine_python = str(script)
    _fails(drive, "has no INT Mocap: install it there")
    script.write_text('#!/bin/sh\necho \'{"engine": "9.9", "python": "3.11"}\'\nexec sleep 60\n')
    _fails(drive, "The engine is INT Mocap 9.9, the add-on")


def test_check_engine_tells_versions_device_and_time(addon):
    from int_mocap_addon import tasks

    assert bpy.ops.int_mocap.check_engine() == {"FINISHED"}
    outcome = tasks.last_outcome()
    assert outcome and "The engine works on the" in outcome.text and "torch 2" in outcome.text


def _alive(process: "subprocess.Popen[str]") -> bool:
    return process.poll() is None


def test_height_and_focal_length_are_told_to_the_engine_once_known(mocap):
    from int_mocap_addon.capture.request import request_of

    scene: Any = bpy.context.scene
    assert request_of(scene).options.keys().isdisjoint({"height", "focal"})
    mocap.capture.height, mocap.capture.focal = 1.9, 800.0
    told = request_of(scene).options
    assert (told["height"], told["focal"]) == (pytest.approx(1.9), 800.0)
