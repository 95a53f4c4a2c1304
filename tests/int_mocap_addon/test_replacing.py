"""A clip that is captured again replaces its earlier capture, if the user wants so."""

from types import SimpleNamespace
from typing import Any

import bpy
import pytest

from tests.bake.conftest import curves_of
from tests.bake.motions import filmed_from_the_front, walking
from tests.int_mocap_addon.conftest import contents


@pytest.fixture
def captured(mocap: Any, tmp_path: Any) -> Any:
    """Return a clip, and how to put two people of it into the scene, as a capture does."""
    clip = tmp_path / "street.mp4"

    def capture(number: int, frames: int = 60) -> list[str]:
        folder = tmp_path / f"street_{number}"
        folder.mkdir()
        take = walking(frames=frames, camera=filmed_from_the_front())
        take.source = {"video": str(clip)}
        for person in ("person_01.npz", "person_02.npz"):
            take.save(folder / person)
        files = [{"name": "person_01.npz"}, {"name": "person_02.npz"}]
        bpy.ops.int_mocap.load_takes(directory=str(folder), files=files)
        uids = [take.uid for take in mocap.takes[-2:]]
        bpy.ops.int_mocap.bake(all_takes=True)
        return uids

    return SimpleNamespace(again=capture, clip=clip)


def _replace(captured: Any) -> list[str]:
    from int_mocap_addon.takes.replacing import remove_takes_of_clip

    scene: Any = bpy.context.scene
    return remove_takes_of_clip(scene, captured.clip)


def test_nothing_of_the_earlier_capture_is_left(mocap, captured):
    empty = contents()
    captured.again(1)
    assert _replace(captured) == ["Replaced 2 takes of an earlier capture."]
    found = contents()
    del empty["range"], found["range"]
    assert found == empty and not bpy.data.materials
    captured.again(2)
    names = ["street_person_01", "street_person_02"]
    assert contents()["takes"] == names and contents()["collections"] == ["street"]
    assert bpy.context.scene.camera == mocap.takes[0].camera


def test_the_frame_range_shrinks_back(mocap, captured):
    captured.again(1, frames=300)
    _replace(captured)
    captured.again(2, frames=60)
    assert contents()["range"][:2] == [1, 60]


def test_a_figure_that_was_worked_on_stays_with_its_camera(mocap, captured):
    captured.again(1)
    first, second = mocap.takes
    first.armature.animation_data.nla_tracks.new()
    kept = first.name
    told = _replace(captured)
    assert told[-1] == f"Kept {kept}, which you have worked on by hand."
    assert contents()["takes"] == [kept]
    assert contents()["objects"] == ["street_camera", kept, f"{kept}_body"]


@pytest.mark.parametrize("what", ["key", "channel"])
def test_a_figure_whose_keys_were_edited_stays(mocap, captured, what):
    captured.again(1)
    first = mocap.takes[0]
    bone = first.armature.pose.bones["head"]
    bone.keyframe_insert("scale" if what == "channel" else "rotation_quaternion", frame=7)
    if what == "key":
        curve = curves_of(first.armature).fcurves.find(bone.path_from_id("rotation_quaternion"))
        curve.keyframe_points[0].co.y += 0.2
    kept = first.name
    assert _replace(captured)[-1] == f"Kept {kept}, which you have worked on by hand."


def test_a_bake_in_a_locked_track_is_no_work_of_the_user(mocap, captured):
    empty = contents()
    mocap.scene.keep_raw_track = True
    captured.again(1)
    assert mocap.takes[0].armature.animation_data.nla_tracks[0].lock
    assert _replace(captured) == ["Replaced 2 takes of an earlier capture."]
    found = contents()
    del empty["range"], found["range"]
    assert found == empty


def test_other_clips_stay(mocap, captured, walk):
    captured.again(1)
    _replace(captured)
    assert contents()["takes"] == ["walk"]
    assert contents()["objects"] == ["walk", "walk_body", "walk_camera"]


def test_replacing_is_one_step_to_undo_and_happens_only_when_the_new_one_is_there(mocap):
    mocap.capture.people, mocap.capture.hands, mocap.capture.end = "LARGEST", False, 1.2
    assert bpy.ops.int_mocap.capture() == {"FINISHED"}
    uid = mocap.takes[0].uid
    before = contents()
    bpy.ops.ed.undo_push(message="start")
    assert bpy.ops.int_mocap.capture("EXEC_DEFAULT", True, earlier="REPLACE") == {"FINISHED"}
    mocap = bpy.context.scene.int_mocap
    assert contents() == before and mocap.takes[0].uid != uid
    bpy.ops.ed.undo()
    assert bpy.context.scene.int_mocap.takes[0].uid == uid and contents() == before
    assert bpy.ops.int_mocap.capture() == {"FINISHED"}, "a script keeps both"
    assert len(bpy.context.scene.int_mocap.takes) == 2
