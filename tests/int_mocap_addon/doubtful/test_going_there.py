"""From doubtful range to doubtful range: frames, bones, markers, and what stays in the .blend."""

from pathlib import Path
from typing import Any

import bpy
import pytest


def selected(armature: Any) -> set[str]:
    return {
        bone.name
        for bone in armature.pose.bones
        if (bone if hasattr(bone, "select") else bone.bone).select
    }


@pytest.fixture
def baked(walk: Any) -> Any:
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    return bpy.context.scene.int_mocap.takes[0]


def listed(take: Any, *ranges: tuple[str, float, float]) -> Any:
    """Give a take these ranges."""
    take.doubtful.clear()
    for name, start, end in ranges:
        item = take.doubtful.add()
        item.name, item.start, item.end = name, start, end
    return take


def test_next_and_previous_go_to_where_ranges_begin(baked):
    scene: Any = bpy.context.scene
    rate = scene.render.fps / scene.render.fps_base
    begin = baked.clip_start
    listed(baked, ("Left Arm", begin + 0.5, begin + 1.0), ("Head", begin + 1.2, begin + 1.5))
    frames = [round(scene.frame_start + seconds * rate) for seconds in (0.5, 1.2)]
    scene.frame_set(scene.frame_start)
    assert bpy.ops.int_mocap.step_doubtful() == {"FINISHED"} and scene.frame_current == frames[0]
    assert bpy.ops.int_mocap.step_doubtful() == {"FINISHED"} and scene.frame_current == frames[1]
    assert baked.active_doubtful == 1
    assert bpy.ops.int_mocap.step_doubtful() == {"CANCELLED"} and scene.frame_current == frames[1]
    back = {"direction": "PREVIOUS"}
    assert bpy.ops.int_mocap.step_doubtful(**back) == {"FINISHED"}
    assert scene.frame_current == frames[0]
    assert bpy.ops.int_mocap.show_doubtful(index=1) == {"FINISHED"}
    assert scene.frame_current == frames[1]


def test_frames_stay_those_of_the_keys_when_the_settings_change(baked):
    scene: Any = bpy.context.scene
    listed(baked, ("Left Arm", baked.clip_start + 0.5, baked.clip_start + 1.0))
    bpy.ops.int_mocap.show_doubtful(index=0)
    frame = scene.frame_current
    scene.int_mocap.cleanup.start_frame = 101
    scene.int_mocap.cleanup.frame_rate = "SCENE"
    scene.render.fps = 60
    scene.frame_set(1)
    bpy.ops.int_mocap.show_doubtful(index=0)
    assert scene.frame_current == frame


def test_in_pose_mode_the_bones_of_the_part_are_selected(baked):
    listed(baked, ("Left Arm", 0.5, 1.0))
    bpy.context.view_layer.objects.active = baked.armature
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.int_mocap.show_doubtful(index=0)
    assert selected(baked.armature) == {
        "left_shoulder",
        "left_elbow",
        "left_wrist",
        "left_hand",
    }
    bpy.ops.object.mode_set(mode="OBJECT")


def test_markers_of_ours_come_and_go_and_those_of_the_user_stay(baked):
    scene: Any = bpy.context.scene
    scene.timeline_markers.clear()
    scene.timeline_markers.new("Jump", frame=7)
    begin = baked.clip_start
    listed(baked, ("Head", begin + 0.5, begin + 1.0), ("Left Arm", begin + 0.5, begin + 0.8))
    scene.int_mocap.scene.doubtful_markers = True
    assert sorted(marker.name for marker in scene.timeline_markers) == [
        "Doubtful: Head, Left Arm",
        "Jump",
    ]
    scene.int_mocap.scene.doubtful_markers = True
    assert len(scene.timeline_markers) == 2, "once more makes no more"
    scene.int_mocap.scene.doubtful_markers = False
    assert [marker.name for marker in scene.timeline_markers] == ["Jump"]


def test_ranges_are_in_the_blend_without_the_file_of_the_take(baked, tmp_path: Path):
    listed(baked, ("Head", 0.5, 1.0))
    path = Path(bpy.path.abspath(baked.path))
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    path.unlink()
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "scene.blend"))
    take = bpy.context.scene.int_mocap.takes[0]
    assert [item.name for item in take.doubtful] == ["Head"]
    assert bpy.ops.int_mocap.step_doubtful() == {"FINISHED"}
