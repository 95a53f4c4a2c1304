"""What the user did to a figure survives Bake Again, or a sentence says what to do first."""

from typing import Any

import bpy
import numpy as np
import pytest

from core_model.body.skeleton import JOINT_NAMES
from core_model.geometry.rotations import axis_angle_to_matrix
from tests.bake.conftest import curves_of
from tests.bake.motions import filmed_from_the_front, walking
from tests.bake.scene_dump import dump

TOLERANCE = 0.002  # metres that reduced keys may be off


def _heads(armature: Any, frame: int) -> np.ndarray:
    """Return where the joints (24, 3) are in the world."""
    bpy.context.scene.frame_set(frame)
    posed = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([posed.matrix_world @ posed.pose.bones[name].head for name in JOINT_NAMES])


def _skin(body: Any, frame: int) -> np.ndarray:
    """Return where the vertices (V, 3) of a body are in the world."""
    bpy.context.scene.frame_set(frame)
    shown = body.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = shown.to_mesh()
    found = np.empty(3 * len(mesh.vertices))
    mesh.vertices.foreach_get("co", found)
    shown.to_mesh_clear()
    return found.reshape(-1, 3) @ np.array(shown.matrix_world.to_3x3()).T


def _apply(armature: Any, *others: Any, **what: bool) -> None:
    for each in (armature, *others):
        each.select_set(True)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.transform_apply(**{"location": False, "rotation": False, "scale": False} | what)


def test_a_figure_whose_scale_was_applied_stands_on_the_floor(walk):
    bpy.ops.int_mocap.bake()
    once, skin = _heads(walk.armature, 20), _skin(walk.body, 20)
    walk.armature.scale = (2, 2, 2)
    _apply(walk.armature, walk.body, scale=True)
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert np.allclose(_heads(walk.armature, 20), 2 * once, atol=1e-4)
    assert np.allclose(_skin(walk.body, 20), 2 * skin, atol=1e-3)


def test_a_figure_whose_place_was_applied_stays_there(walk):
    bpy.ops.int_mocap.bake()
    walk.armature.location, walk.armature.rotation_euler = (3, 1, 0), (0, 0, 1)
    placed = _heads(walk.armature, 20)
    _apply(walk.armature, walk.body, location=True, rotation=True)
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert np.allclose(_heads(walk.armature, 20), placed, atol=1e-4)


def test_a_body_that_comes_later_fits_bones_that_were_applied(mocap, walk):
    bpy.ops.int_mocap.bake()
    skin = _skin(walk.body, 20)
    mocap.scene.with_body = False
    bpy.ops.int_mocap.bake()
    walk.armature.scale = (0.5, 0.5, 0.5)
    _apply(walk.armature, scale=True)
    mocap.scene.with_body = True
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert np.allclose(_skin(walk.body, 20), skin / 2, atol=1e-4)


def test_bones_that_were_changed_one_by_one_are_told(walk):
    from int_mocap_addon import tasks

    bpy.ops.int_mocap.bake()
    bpy.context.view_layer.objects.active = walk.armature
    bpy.ops.object.mode_set(mode="EDIT")
    walk.armature.data.edit_bones["left_ankle"].head.z += 0.2
    bpy.ops.object.mode_set(mode="OBJECT")
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    outcome = tasks.last_outcome()
    assert outcome and outcome.level == "WARNING"
    assert "The bones of walk are not those of the take any more" in outcome.text


def test_bones_that_were_set_to_euler_angles_keep_them_and_move_again(walk):
    bpy.ops.int_mocap.bake()
    once = [_heads(walk.armature, frame) for frame in (5, 20)]
    modes = {"left_knee": "ZYX", "right_wrist": "XYZ", "head": "AXIS_ANGLE"}
    for name, mode in modes.items():
        bone = walk.armature.pose.bones[name]
        bone.rotation_mode = mode
        turn = "rotation_axis_angle" if mode == "AXIS_ANGLE" else "rotation_euler"
        bone.keyframe_insert(turn, frame=3)
    bpy.ops.int_mocap.bake(edits="REPLACE")
    for name, mode in modes.items():
        kept = "QUATERNION" if mode == "AXIS_ANGLE" else mode
        assert walk.armature.pose.bones[name].rotation_mode == kept
        (path,) = {
            curve.data_path
            for curve in curves_of(walk.armature).fcurves
            if name in curve.data_path and "rotation" in curve.data_path
        }
        assert path.endswith("quaternion" if kept == "QUATERNION" else "euler")
    again = [_heads(walk.armature, frame) for frame in (5, 20)]
    assert np.abs(np.array(again) - once).max() < 2 * TOLERANCE


def test_a_copy_of_the_action_is_the_users(walk):
    bpy.ops.int_mocap.bake()
    data = walk.armature.animation_data
    mine = data.action.copy()
    mine.name = "my edit"
    data.action = mine
    keys = len(mine.curve_frame_range)
    for _ in range(2):
        assert bpy.ops.int_mocap.bake() == {"FINISHED"}
        assert [action.name for action in bpy.data.actions] == ["my edit", "walk"]
        assert data.action.name == "walk" and len(mine.curve_frame_range) == keys
    assert mine.use_fake_user, "it is still there when the file is opened again"


def test_a_copy_that_kept_its_name_is_the_users_too(walk):
    bpy.ops.int_mocap.bake()
    data = walk.armature.animation_data
    data.action = data.action.copy()
    assert data.action.name == "walk.001"
    bpy.ops.int_mocap.bake()
    assert [action.name for action in bpy.data.actions] == ["walk", "walk.001"]
    assert data.action.name == "walk"


def test_an_action_that_the_user_renamed_stays(walk):
    bpy.ops.int_mocap.bake()
    walk.armature.animation_data.action.name = "take 7, good"
    walk.name = "Anna"
    bpy.ops.int_mocap.bake()
    assert [action.name for action in bpy.data.actions] == ["Anna", "take 7, good"]


def test_an_action_that_something_else_uses_stays_as_it_is(walk, mocap):
    bpy.ops.int_mocap.bake()
    data = walk.armature.animation_data
    strip = data.nla_tracks.new().strips.new("walk", 1, data.action)
    mocap.cleanup.start_frame = 101
    bpy.ops.int_mocap.bake()
    assert tuple(strip.action.curve_frame_range) == (1, 60)
    assert tuple(data.action.curve_frame_range) == (101, 160)


def test_tweak_mode_is_one_sentence_before_anything_is_changed(walk):
    bpy.ops.int_mocap.bake()
    data = walk.armature.animation_data
    track = data.nla_tracks.new()
    track.strips.new("walk", 1, data.action)
    data.action = None
    data.nla_tracks.active = track
    data.use_tweak_mode = True
    before = dump()
    with pytest.raises(RuntimeError, match="tweak mode: leave it"):
        bpy.ops.int_mocap.bake()
    assert dump() == before
    data.use_tweak_mode = False
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}


def test_a_rig_that_the_user_made_of_the_figure_is_left_alone(walk):
    bpy.ops.int_mocap.bake()
    rig, skin = walk.armature, walk.body
    for bone in rig.data.bones:
        bone.name = f"DEF-{bone.name}"
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert walk.armature != rig and walk.body not in (None, skin)
    assert walk.body.parent == walk.armature and skin.parent == rig
    assert skin.name in bpy.context.scene.objects


def test_a_body_that_the_user_hid_stays_hidden(walk):
    bpy.ops.int_mocap.bake()
    walk.body.hide_viewport = True
    bpy.ops.int_mocap.bake()
    assert walk.body.hide_viewport and not walk.body.hide_render


@pytest.fixture
def pan(mocap: Any, tmp_path: Any) -> Any:
    """Return the listed takes of two people who a camera that turns has filmed one by one."""
    first = walking(camera=filmed_from_the_front())
    first.source = {"video": str(tmp_path / "street.mp4")}
    turn = np.linspace(-0.4, 0.5, len(first))
    first.camera_turns = axis_angle_to_matrix(turn[:, None] * np.array([0.1, 1.0, 0.05]))
    first.save(tmp_path / "person_01.npz")
    first.times += 2
    first.save(tmp_path / "person_02.npz")
    (tmp_path / "capture.json").write_text(
        '{"people": [{"file": "person_01.npz", "start": 0}, {"file": "person_02.npz", "start": 2}]}'
    )
    files = [{"name": "person_01.npz"}, {"name": "person_02.npz"}]
    bpy.ops.int_mocap.load_takes(directory=str(tmp_path), files=files)
    return mocap.takes


def _turns(camera: Any) -> np.ndarray:
    """Return the frames at which it is told how a camera turns."""
    curve = camera.animation_data.drivers[0]
    assert curve.data_path == "rotation_quaternion"
    return np.array([point.co.x for point in curve.keyframe_points])


def test_a_turning_camera_is_keyed_from_all_takes_of_the_capture(mocap, pan):
    mocap.active_take = 0
    for _ in range(2):
        bpy.ops.int_mocap.bake()
        assert tuple(_turns(pan[0].camera)[[0, -1]]) == (1, 120)
    bpy.ops.int_mocap.bake(all_takes=True)
    assert tuple(_turns(pan[1].camera)[[0, -1]]) == (1, 120)
    assert len(bpy.data.cameras) == 1


def test_a_turning_camera_follows_another_start_and_rate(mocap, pan):
    bpy.ops.int_mocap.bake(all_takes=True)
    mocap.cleanup.start_frame = 101
    mocap.cleanup.frame_rate = "SCENE"
    bpy.context.scene.render.fps = 60
    bpy.ops.int_mocap.bake(all_takes=True)
    assert tuple(_turns(pan[0].camera)[[0, -1]]) == (101, 339)


def test_a_camera_whose_turns_the_user_keyed_is_left_alone(mocap, pan):
    bpy.ops.int_mocap.bake(all_takes=True)
    camera = pan[0].camera
    camera.driver_remove("rotation_quaternion")
    camera.rotation_quaternion = (1, 0, 0, 0)
    camera.keyframe_insert("rotation_quaternion", frame=1)
    bpy.ops.int_mocap.bake(all_takes=True)
    assert not camera.animation_data.drivers and len(curves_of(camera).fcurves) == 4
