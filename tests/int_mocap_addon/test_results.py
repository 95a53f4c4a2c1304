"""Results of other systems in the panel Takes."""

from pathlib import Path

import bpy
import numpy as np
import pytest

from core_model.take import Take
from tests.core_model.results.samples import SYSTEMS
from tests.int_mocap_addon.conftest import contents


@pytest.mark.parametrize(
    ("system", "names"),
    [
        ("gvhmr", ["dance"]),
        ("tram", ["dance_person_01", "dance_person_02"]),
        ("smpl_codec", ["walk"]),
    ],
)
def test_everybody_in_a_result_is_listed_and_baked(mocap, addon, tmp_path, system, names):
    folder = tmp_path / "dance"
    folder.mkdir()
    sample = SYSTEMS[system](folder)
    load = bpy.ops.int_mocap.load_takes
    assert load(filepath=str(sample.path), clip_rate=25.0) == {"FINISHED"}
    assert [item.name for item in mocap.takes] == names
    assert [item.filmed for item in mocap.takes] == [sample.estimated] * len(names)
    assert mocap.takes[0].rate == pytest.approx(sample.rate or 25)
    for item in mocap.takes:
        assert addon.captures in Path(item.path).parents
    assert bpy.ops.int_mocap.bake(all_takes=True) == {"FINISHED"}
    assert contents()["actions"] == names


def test_a_result_is_on_the_ground_as_a_capture_is(mocap, tmp_path):
    path = SYSTEMS["gvhmr"](tmp_path).path
    bpy.ops.int_mocap.load_takes(filepath=str(path))
    (item,) = mocap.takes
    take = Take.load(item.path)
    take.trans[:, 2] += 0.4  # as if its floor had been missed
    take.save(item.path)
    bpy.ops.int_mocap.bake()
    feet = []
    for frame in range(1, 45, 4):
        bpy.context.scene.frame_set(frame)
        bones = item.armature.pose.bones
        feet.append(
            min(
                (item.armature.matrix_world @ bones[f"{side}_foot"].matrix).translation.z
                for side in ("left", "right")
            )
        )
    assert np.median(feet) < 0.1


def test_people_whom_one_camera_saw_share_it(mocap, tmp_path):
    bpy.ops.int_mocap.load_takes(filepath=str(SYSTEMS["phalp"](tmp_path).path))
    bpy.ops.int_mocap.bake(all_takes=True)
    first, second = mocap.takes
    assert first.camera is not None and first.camera == second.camera
    assert len(contents()["cameras"]) == 1
    assert first.armature.users_collection == second.armature.users_collection


def test_a_rate_that_is_not_known_is_said(mocap, tmp_path, capfd):
    path = SYSTEMS["wham"](tmp_path).path
    assert bpy.ops.int_mocap.load_takes(filepath=str(path)) == {"FINISHED"}
    told = capfd.readouterr().out
    assert "30 were taken (Frame Rate, where files are chosen, tells)" in told
    assert mocap.takes[0].rate == pytest.approx(30)


def test_a_hostile_file_leaves_nothing(mocap, addon, tmp_path):
    path = tmp_path / "demo.pkl"
    path.write_bytes(b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R.")
    with pytest.raises(RuntimeError, match="posix.system"):
        bpy.ops.int_mocap.load_takes(filepath=str(path))
    assert len(mocap.takes) == 0 and not addon.captures.exists()


def test_loading_it_again_lists_it_again_in_a_folder_of_its_own(mocap, tmp_path):
    path = SYSTEMS["gvhmr"](tmp_path).path
    for _ in range(2):
        bpy.ops.int_mocap.load_takes(filepath=str(path))
    first, second = mocap.takes
    assert Path(first.path).parent != Path(second.path).parent
