"""From listed takes to keyframes, again and again, without touching what is the user's."""

import time
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from tests.bake.conftest import curves_of
from tests.bake.motions import filmed_from_the_front, walking
from tests.int_mocap_addon.conftest import contents


def _keys(armature: Any) -> dict[str, np.ndarray]:
    """Return the numbers of all curves by path and index."""
    found = {}
    for curve in curves_of(armature).fcurves:
        values = np.empty(2 * len(curve.keyframe_points), np.float32)
        curve.keyframe_points.foreach_get("co", values)
        found[f"{curve.data_path}.{curve.array_index}"] = values.reshape(-1, 2)
    return found


def _pelvis(armature: Any, index: int) -> np.ndarray:
    """Return where the pelvis bone stands in the world along an axis, frame by frame."""
    scene = bpy.context.scene
    places = []
    for frame in range(scene.frame_start, scene.frame_end + 1):
        scene.frame_set(frame)
        places.append(armature.pose.bones["pelvis"].head[index])
    return np.array(places)


def test_a_take_becomes_an_armature_with_body_and_camera(mocap, walk):
    mocap.cleanup.reduce_keys = False
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    found = contents()
    assert found["objects"] == ["walk", "walk_body", "walk_camera"]
    assert found["actions"] == ["walk"]
    assert found["range"] == [1, 60, 1, 30]
    assert len(_keys(walk.armature)['pose.bones["pelvis"].location.0']) == 60


def test_other_smoothing_changes_the_keys_in_place(mocap, walk):
    mocap.cleanup.reduce_keys = False
    bpy.ops.int_mocap.bake()
    before, found = _keys(walk.armature), contents()
    mocap.cleanup.profile = "heavy"
    bpy.ops.int_mocap.bake()
    after = _keys(walk.armature)
    assert contents() == found, "nothing is there twice"
    assert before.keys() == after.keys()
    knee = 'pose.bones["left_knee"].rotation_quaternion.1'
    assert np.abs(before[knee] - after[knee]).max() > 0.01

    mocap.cleanup.legs = 0.0
    mocap.cleanup.feet = "never"
    bpy.ops.int_mocap.bake()
    still = _keys(walk.armature)
    mocap.cleanup.profile = "none"
    bpy.ops.int_mocap.bake()
    raw = _keys(walk.armature)
    assert np.allclose(still[knee], raw[knee], atol=1e-5), "a strength of 0 leaves the legs alone"
    shoulder = 'pose.bones["left_shoulder"].rotation_quaternion.1'
    assert not np.allclose(still[shoulder], raw[shoulder], atol=1e-4)


def test_mode_selection_and_cursor_stay(mocap, walk):
    mesh = bpy.data.meshes.new("work")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    work = bpy.data.objects.new("work", mesh)
    bpy.context.scene.collection.objects.link(work)
    bpy.context.view_layer.objects.active = work
    work.select_set(True)
    bpy.context.scene.cursor.location = (1, 2, 3)
    bpy.ops.object.mode_set(mode="EDIT")
    before = contents()["user"]
    assert before[0] == "EDIT_MESH"
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert contents()["user"] == before
    bpy.ops.object.mode_set(mode="OBJECT")
    assert bpy.ops.int_mocap.select_take() == {"FINISHED"}
    assert bpy.context.view_layer.objects.active == walk.armature


def test_a_bake_is_one_step_to_undo(mocap, walk):
    bpy.ops.ed.undo_push(message="start")
    before = contents()
    assert bpy.ops.int_mocap.bake("EXEC_DEFAULT", True) == {"FINISHED"}
    baked = contents()
    bpy.ops.ed.undo()
    assert contents() == before
    bpy.ops.ed.redo()
    assert contents() == baked


def test_root_in_place_and_on_the_ground(mocap, walk):
    mocap.cleanup.feet = "never"
    mocap.cleanup.root_motion = "free"
    bpy.ops.int_mocap.bake()
    way = np.ptp(_pelvis(walk.armature, 1))
    assert way > 2
    mocap.cleanup.root_motion = "ground"
    bpy.ops.int_mocap.bake()
    height = _pelvis(walk.armature, 2)
    assert np.ptp(_pelvis(walk.armature, 1)) == pytest.approx(way, abs=1e-3)
    mocap.cleanup.root_motion = "in-place"
    bpy.ops.int_mocap.bake()
    assert np.ptp(_pelvis(walk.armature, 1)) < 0.15
    assert np.allclose(_pelvis(walk.armature, 2), height, atol=1e-4)


def test_body_and_background_come_and_go(mocap, walk):
    mocap.scene.with_body = False
    mocap.scene.with_camera = False
    bpy.ops.int_mocap.bake()
    assert contents()["objects"] == ["walk"]
    mocap.scene.with_body = mocap.scene.with_camera = True
    bpy.ops.int_mocap.bake()
    assert contents()["objects"] == ["walk", "walk_body", "walk_camera"]
    mocap.scene.with_body = False
    bpy.ops.int_mocap.bake()
    assert contents()["objects"] == ["walk", "walk_camera"] and contents()["meshes"] == []


def test_doubtful_frames_show_on_the_timeline_and_in_the_viewport(mocap, walk):
    from int_mocap_addon.scene.overlay import lines

    mocap.cleanup.reduce_keys = False
    bpy.ops.int_mocap.bake()
    kinds = {
        curve.data_path: [point.type for point in curve.keyframe_points]
        for curve in curves_of(walk.armature).fcurves
    }
    ankle = kinds['pose.bones["left_ankle"].rotation_quaternion']
    head = kinds['pose.bones["head"].rotation_quaternion']
    assert set(ankle[20:30]) == {"BREAKDOWN"} and set(head[20:30]) == {"KEYFRAME"}
    assert set(ankle[40:45]) == set(head[40:45]) == {"EXTREME"}

    scene: Any = bpy.context.scene
    scene.frame_set(5)
    assert [text for text, _ in lines(scene)] == ["walk: 100% sure"]
    scene.frame_set(25)
    assert [text for text, _ in lines(scene)] == ["walk: 90% sure"]
    scene.frame_set(43)
    assert [text for text, _ in lines(scene)] == ["walk: not seen"]
    mocap.scene.mark_doubtful = False
    bpy.ops.int_mocap.bake()
    types = {point.type for c in curves_of(walk.armature).fcurves for point in c.keyframe_points}
    assert types == {"KEYFRAME"}


def test_somebody_who_is_gone_for_long_is_not_seen_and_has_no_keys(mocap, tmp_path):
    from int_mocap_addon.scene.overlay import lines

    take = walking(frames=90, camera=filmed_from_the_front())
    take.confidence[:] = 1.0
    take.frame_valid[30:60] = False
    take.save(tmp_path / "gone.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / "gone.npz"))
    bpy.ops.int_mocap.bake()
    scene: Any = bpy.context.scene
    armature = scene.int_mocap.takes[0].armature
    for curve in curves_of(armature).fcurves:
        if curve.data_path.startswith("pose.bones"):
            assert not any(31 <= point.co.x < 60 for point in curve.keyframe_points)
    for frame, seen in ((30, True), (31, False), (45, False), (61, True)):
        scene.frame_set(frame)
        assert (lines(scene)[0][0] == "gone: not seen") != seen, frame


def test_frame_rate_of_scene_or_clip(mocap, walk):
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 24, 1.0
    mocap.cleanup.frame_rate = "SCENE"
    bpy.ops.int_mocap.bake()
    assert scene.render.fps == 24 and walk.armature.animation_data.action.frame_range[1] == 48
    mocap.cleanup.frame_rate = "AUTO"
    bpy.ops.int_mocap.bake()
    assert scene.render.fps == 24, "a scene that is animated keeps its rate"
    mocap.cleanup.frame_rate = "CLIP"
    mocap.cleanup.start_frame = 101
    bpy.ops.int_mocap.bake()
    assert scene.render.fps == 30
    assert tuple(walk.armature.animation_data.action.frame_range) == (101, 160)
    assert scene.frame_end == 160


def test_a_deleted_armature_is_made_anew(walk):
    bpy.ops.int_mocap.bake()
    bpy.data.objects.remove(walk.body)
    bpy.context.scene.collection.children[0].objects.unlink(walk.armature)
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert walk.armature.name in bpy.context.scene.objects
    assert walk.body.parent == walk.armature


def test_another_body_makes_the_figure_anew(walk):
    from core_model import assets

    bpy.ops.int_mocap.bake()
    before = contents()
    assert walk.body.data.shape_keys is None
    walk.body_file = str(Path(assets.__file__).parent / "body" / "default_body.npz")
    for _ in range(2):
        bpy.ops.int_mocap.bake()
        assert contents() == before, "the old figure is gone"
        assert len(walk.body.data.shape_keys.key_blocks) == 11
    walk.body_file = "/nowhere.npz"
    with pytest.raises(RuntimeError, match="nowhere.npz"):
        bpy.ops.int_mocap.bake()
    assert contents() == before


def test_renaming_a_take_renames_what_it_became(walk):
    bpy.ops.int_mocap.bake()
    walk.name = "Anna"
    assert contents()["objects"] == ["Anna", "Anna_body", "walk_camera"]
    assert contents()["actions"] == ["Anna"]


def test_removing_a_take_keeps_scene_and_file(walk):
    path = Path(walk.path)
    bpy.ops.int_mocap.bake()
    before = contents()["objects"]
    bpy.ops.int_mocap.remove_take()
    assert contents()["takes"] == [] and contents()["objects"] == before and path.is_file()
    assert not bpy.ops.int_mocap.bake.poll()


def test_an_amass_file_is_a_take(mocap, tmp_path):
    take = walking(frames=120, rate=120)
    path = tmp_path / "run_poses.npz"
    poses = np.concatenate((take.poses[:, :66], np.zeros((120, 90))), axis=1)
    np.savez(path, poses=poses, trans=take.trans, betas=np.zeros(16), mocap_framerate=120.0)
    assert bpy.ops.int_mocap.load_takes(filepath=str(path)) == {"FINISHED"}
    (item,) = mocap.takes
    assert (item.name, item.frames, item.rate) == ("run_poses", 120, 120)
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    assert bpy.context.scene.render.fps == 120 and contents()["cameras"] == []


def _amass(path, take):
    poses = np.concatenate((take.poses[:, :66], np.zeros((len(take), 90))), axis=1)
    np.savez(path, poses=poses, trans=take.trans, betas=np.zeros(16), mocap_framerate=30.0)
    return path


def test_files_without_motion_are_left_out_of_the_list(mocap, tmp_path, capfd):
    folder = tmp_path / "subject"
    folder.mkdir()
    _amass(folder / "walk_stageii.npz", walking())
    np.savez(folder / "neutral_stagei.npz", betas=np.zeros(16), gender="neutral")
    assert bpy.ops.int_mocap.load_takes(filepath=str(folder)) == {"FINISHED"}
    assert [item.name for item in mocap.takes] == ["walk_stageii"]
    assert "neutral_stagei.npz holds no motion" in capfd.readouterr().out
    with pytest.raises(RuntimeError, match="it has no 'poses'"):
        bpy.ops.int_mocap.load_takes(filepath=str(folder / "neutral_stagei.npz"))


def test_a_file_with_y_up_stands_unless_the_user_says_otherwise(mocap, tmp_path, capfd):
    take = walking()
    take.trans = take.trans[:, [0, 2, 1]] * [1, 1, -1]
    whole = axis_angle_to_matrix(take.poses[:, :3])
    take.poses[:, :3] = matrix_to_axis_angle(SMPL_TO_WORLD.T @ whole)
    path = _amass(tmp_path / "walk_poses.npz", take)
    assert bpy.ops.int_mocap.load_takes(filepath=str(path)) == {"FINISHED"}
    assert "walk_poses.npz has Y up and was turned" in capfd.readouterr().out
    (item,) = mocap.takes
    assert (item.up, item.filmed) == ("y", False)
    for up, stands in (("y", True), ("z", False)):
        item.up = up
        assert bpy.ops.int_mocap.bake() == {"FINISHED"}
        bpy.context.scene.frame_set(10)
        bones = item.armature.pose.bones
        assert (bones["head"].head.z > bones["pelvis"].head.z + 0.4) == stands


def test_a_damaged_summary_does_not_keep_a_take_away(mocap, walk, tmp_path):
    walking(camera=filmed_from_the_front()).save(tmp_path / "person_01.npz")
    (tmp_path / "capture.json").write_bytes(b"\xff" + b"[" * 100_000)
    path = str(tmp_path / "person_01.npz")
    assert bpy.ops.int_mocap.load_takes(filepath=path) == {"FINISHED"}
    assert len(mocap.takes) == 2


def test_fingers_are_baked_with_the_body_and_again_in_place(mocap, tmp_path):
    take = walking()
    take.poses_hands = 0.3 * np.sin(take.times[:, None] + np.arange(90))
    take.save(tmp_path / "hands.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / "hands.npz"))
    (item,) = mocap.takes
    for _ in range(2):
        assert bpy.ops.int_mocap.bake() == {"FINISHED"}
        turned = [path for path in _keys(item.armature) if "rotation_quaternion" in path]
        assert len(turned) == 4 * (24 + 30)
        assert len(item.armature.data.bones) == 1 + 24 + 30
        assert item.body.vertex_groups["left_thumb3"] and len(bpy.data.actions) == 1


def test_a_damaged_take_is_one_sentence_and_no_change(mocap, tmp_path):
    path = tmp_path / "bad.npz"
    path.write_text("not a take")
    before = contents()
    with pytest.raises(RuntimeError, match="bad.npz is damaged or not a take"):
        bpy.ops.int_mocap.load_takes(filepath=str(path))
    assert contents() == before


def test_a_take_whose_file_is_gone_is_one_sentence_and_no_change(walk):
    Path(walk.path).unlink()
    before = contents()
    with pytest.raises(RuntimeError, match="There is no take at"):
        bpy.ops.int_mocap.bake()
    assert contents() == before


def test_takes_of_one_capture_share_collection_camera_and_time(mocap, tmp_path):
    first = walking(camera=filmed_from_the_front())
    first.source = {"video": str(tmp_path / "street.mp4")}
    first.times += 10
    first.save(tmp_path / "person_01.npz")
    first.times += 1
    first.save(tmp_path / "person_02.npz")
    (tmp_path / "capture.json").write_text(
        '{"format": "int-mocap-capture-1", "people": [{"file": "person_01.npz", "start": 10}, '
        '{"file": "person_02.npz", "start": 11}]}'
    )
    files = [{"name": "person_01.npz"}, {"name": "person_02.npz"}]
    bpy.ops.int_mocap.load_takes(directory=str(tmp_path), files=files)
    assert bpy.ops.int_mocap.bake(all_takes=True) == {"FINISHED"}
    names = ["street_person_01", "street_person_02"]
    assert contents()["actions"] == names
    one, two = (bpy.data.actions[name].frame_range for name in names)
    assert (one.x, one.y, two.x, two.y) == (1, 60, 31, 90)
    assert contents()["cameras"] == ["street_camera"] and contents()["collections"] == ["street"]


def test_baking_in_steps_keeps_blender_responsive(mocap, tmp_path, drive):
    from int_mocap_addon import tasks
    from int_mocap_addon.takes.baking import bake_steps

    path = tmp_path / "long.npz"
    walking(frames=5000, camera=filmed_from_the_front()).save(path)
    bpy.ops.int_mocap.load_takes(filepath=str(path))
    scene = bpy.context.scene
    task = tasks.start("Bake", bake_steps(scene.name, [scene.int_mocap.takes[0].uid]))
    longest, begin = 0.0, time.perf_counter()
    while True:
        start = time.perf_counter()
        ended = task.poll()
        longest = max(longest, time.perf_counter() - start)
        if ended:
            break
        time.sleep(0.01)
    whole = time.perf_counter() - begin
    print(f"longest step of baking 5,000 frames: {1000 * longest:.0f} of {1000 * whole:.0f} ms")
    assert task.outcome.level == "INFO", task.outcome
    assert longest < whole / 3
