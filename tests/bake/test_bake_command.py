"""`python -m bake` as a user and a script meet it."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.feet.foot_lock import FOOT_MODES
from bake.headless import _advice
from core_model.body.skeleton import JOINT_NAMES
from core_model.take import Take
from tests.bake.conftest import curves_of
from tests.bake.motions import filmed_from_the_front, walking


def _bake(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bake", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=300,
    )


def _one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1, result
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: "), result.stderr
    return lines[0]


def _opened(path: Path) -> Any:
    bpy.ops.wm.open_mainfile(filepath=str(path))
    return bpy.data.scenes[0]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Two people of one clip; the second comes a second later."""
    folder = tmp_path / "capture"
    folder.mkdir()
    first = walking(frames=48, rate=24, camera=filmed_from_the_front())
    first.source = {"video": str(tmp_path / "street.mp4")}
    first.times += 10
    first.save(folder / "person_01.npz")
    first.times += 1
    first.trans[:, 0] += 1
    first.save(folder / "person_03.npz")
    (folder / "capture.json").write_text("{}")
    return folder


def test_a_capture_becomes_a_scene_with_everyone_in_it(capture, tmp_path):
    output, stills = tmp_path / "out" / "street.blend", tmp_path / "stills"
    result = _bake(capture, "-o", output, "--pictures", stills, "--picture-times", "10.5,11.5")
    assert result.returncode == 0, result.stderr
    assert "Blender" not in result.stdout and "Info:" not in result.stdout
    assert "street.mp4 is not there" in result.stderr and "Traceback" not in result.stderr
    assert sorted(path.name for path in output.parent.iterdir()) == ["street.blend"]

    scene = _opened(output)
    assert (scene.render.fps, scene.render.fps_base) == (24, 1.0)
    assert (scene.frame_start, scene.frame_end) == (1, 72)
    assert {action.name for action in bpy.data.actions} == {"street_person_01", "street_person_03"}
    first, second = (bpy.data.actions[f"street_person_{n}"].frame_range for n in ("01", "03"))
    assert (first.x, first.y, second.x, second.y) == (1, 48, 25, 72)
    bodies: list[Any] = [one for one in bpy.data.objects if one.type == "MESH"]
    assert len({tuple(body.active_material.diffuse_color) for body in bodies}) == 2
    assert (scene.render.resolution_x, scene.render.resolution_y) == (1280, 720)
    assert scene.camera.name == "street_camera"
    assert all(one.users_collection[0].name == "street" for one in bodies)

    assert sorted(path.name for path in stills.iterdir()) == ["picture_01.png", "picture_02.png"]
    image: Any = bpy.data.images.load(str(stills / "picture_01.png"))
    alpha = np.array(image.pixels).reshape(360, 640, 4)[..., 3]
    assert tuple(image.size) == (640, 360)
    assert 0.005 < (alpha > 0.5).mean() < 0.5
    take = Take.load(capture / "person_01.npz")
    assert take.camera
    pixels = take.camera.project(take.camera_joints()[12]) / 2
    inside = [alpha[359 - int(y), int(x)] > 0.5 for x, y in pixels]
    assert np.mean(inside) > 0.9, "the picture shows the body where the camera saw it"


def test_amass_files_and_options(tmp_path):
    take = walking(frames=120, rate=120)
    np.savez(
        tmp_path / "walk_poses.npz",
        poses=np.concatenate((take.poses[:, :66], np.zeros((120, 90))), axis=1),
        trans=take.trans,
        betas=np.zeros(16),
        gender="male",
        mocap_framerate=120.0,
    )
    output = tmp_path / "walk.blend"
    result = _bake(
        tmp_path / "walk_poses.npz", "-o", output, "--fps", 29.97, "--no-body", "--smooth", "none"
    )
    assert result.returncode == 0 and result.stderr == ""
    scene = _opened(output)
    assert (scene.render.fps, scene.render.fps_base) == (30, pytest.approx(1.001))
    assert scene.frame_end == 31 and scene.camera is not None
    assert not [one for one in bpy.data.objects if one.type == "MESH"]


@pytest.mark.once
@pytest.mark.parametrize("feet", FOOT_MODES)
def test_every_way_to_treat_feet_can_be_asked_for(tmp_path, feet):
    walking(frames=30, camera=filmed_from_the_front()).save(tmp_path / "walk.npz")
    output = tmp_path / "walk.blend"
    result = _bake(tmp_path / "walk.npz", "-o", output, "--feet", feet, "--no-body")
    assert result.returncode == 0 and output.exists(), result.stderr


@pytest.mark.once
def test_bad_input_is_one_sentence(capture, tmp_path):
    whole = (capture / "person_01.npz").read_bytes()
    (tmp_path / "half.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.npz").write_text("not a take")
    (tmp_path / "nothing").mkdir()
    output = tmp_path / "never.blend"
    before = sorted(tmp_path.iterdir())
    for given, word in (
        ("half.npz", "damaged"),
        ("text.npz", "damaged"),
        ("missing.npz", "no take at"),
        ("nothing", "holds no takes"),
    ):
        assert word in _one_sentence(_bake(tmp_path / given, "-o", output))
    assert "1 to 1000" in _one_sentence(_bake(capture, "-o", output, "--fps", "0"))
    assert ".blend" in _one_sentence(_bake(capture, "-o", tmp_path / "out.txt"))
    assert sorted(tmp_path.iterdir()) == before


def test_an_unwritable_folder_is_one_sentence(capture, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "Cannot write" in _one_sentence(_bake(capture, "-o", blocked / "out.blend"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_one_sentence(capture, tmp_path):
    tmp_path.chmod(stat.S_IREAD | stat.S_IEXEC)
    assert "Permission" in _one_sentence(_bake(capture, "-o", tmp_path / "out.blend"))


def test_an_existing_file_survives_a_failed_bake(capture, tmp_path):
    output = tmp_path / "kept.blend"
    output.write_text("precious")
    (capture / "person_03.npz").write_text("damaged")
    _one_sentence(_bake(capture, "-o", output))
    assert output.read_text() == "precious"


@pytest.mark.once
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing_half_written(tmp_path, number):
    folder, output = tmp_path / "capture", tmp_path / "out" / "long.blend"
    folder.mkdir()
    for person in range(1, 5):
        walking(frames=1500).save(folder / f"person_{person:02d}.npz")
    process = subprocess.Popen(
        [sys.executable, "-m", "bake", folder, "-o", output],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stderr
    assert "frames at" in process.stdout.readline(), process.stderr.read()
    process.send_signal(number)
    said = process.stderr.read()
    assert process.wait(60) == 128 + number, said
    assert said == "Stopped.\n"
    assert not list(output.parent.glob("*"))


def test_help_teaches_by_example():
    result = _bake("--help")
    assert result.returncode == 0
    assert result.stdout.count("python -m bake") >= 4 and "heavy" in result.stdout


def test_a_missing_system_library_is_named_with_its_package():
    message = "libGL.so.1: cannot open shared object file: No such file or directory"
    assert "apt-get install libgl1" in _advice(message)
    assert "pip install bpy" in _advice("No module named 'bpy'")


def test_keys_rotation_and_the_part_that_is_baked_are_options(capture, tmp_path):
    few, all_of_them = tmp_path / "few.blend", tmp_path / "all.blend"
    part = ("--in", "10.5", "--out", "11.5", "--no-body")
    assert _bake(capture, "-o", few, *part, "--rotation", "euler").returncode == 0
    assert _bake(capture, "-o", all_of_them, *part, "--keys", "exact").returncode == 0
    counts = []
    armatures: list[Any]
    ranges: set[Any]
    for path, mode in ((few, "XYZ"), (all_of_them, "QUATERNION")):
        scene = _opened(path)
        assert (scene.frame_start, scene.frame_end) == (1, 25)
        armatures = [one for one in bpy.data.objects if one.type == "ARMATURE"]
        assert {
            one.pose.bones[name].rotation_mode for one in armatures for name in JOINT_NAMES
        } == {mode}
        counts.append([len(curves_of(one).fcurves[0].keyframe_points) for one in armatures])
        # The second person comes a second after the first.
        ranges = {
            (action.curve_frame_range[0], action.curve_frame_range[1])
            for action in bpy.data.actions
        }
        assert ranges == {(1, 25), (13, 25)}
    assert sum(counts[0]) < 0.5 * sum(counts[1])


@pytest.mark.once
def test_nothing_left_and_no_tolerance_are_told(capture, tmp_path):
    result = _bake(capture, "-o", tmp_path / "none.blend", "--in", "40")
    assert "is in the clip from 11.00 s to 12.96 s" in result.stderr.replace("\n", " ")
    assert result.returncode == 1 and not (tmp_path / "none.blend").exists()
    wrong = _bake(capture, "-o", tmp_path / "none.blend", "--angle-tolerance", "0")
    assert wrong.returncode == 2 and "--keys exact" in wrong.stderr
