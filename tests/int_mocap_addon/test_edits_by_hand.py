"""What an animator did by hand survives Bake Again, or is asked about."""

from typing import Any

import bpy
import numpy as np
import pytest

from bake.scene.animation.action import holder_at, place_of_bake
from core_model.body.skeleton import JOINT_NAMES

WRIST, PELVIS = "left_wrist", "pelvis"
FRAMES = (1, 5, 10, 15, 20, 21, 28, 60)


def posed(armature: Any, frames: Any = FRAMES) -> np.ndarray:
    """Return the matrices (T, J, 4, 4) of all bones in the world."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        shown = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([shown.matrix_world @ shown.pose.bones[name].matrix for name in JOINT_NAMES])
    return np.array(found)


def curve_of(armature: Any, bone: str, channel: str, index: int) -> Any:
    """Return a curve of the bake, wherever it plays."""
    place = place_of_bake(armature.animation_data) or armature.animation_data
    path = f'pose.bones["{bone}"].{channel}'
    return holder_at(place, armature).fcurves.find(path, index=index)


def edit(armature: Any, bone: str = WRIST, by: float = 0.4) -> None:
    """Key three frames of a bone anew, as in the Graph Editor."""
    curve = curve_of(armature, bone, "rotation_quaternion", 1)
    for frame in (10, 11, 12):
        curve.keyframe_points.insert(frame, curve.evaluate(frame) + by)
    curve.update()


def found(walk: Any) -> list[str]:
    from int_mocap_addon.takes.edits import found_edits

    scene: Any = bpy.context.scene
    return found_edits(scene, [walk])


@pytest.fixture
def baked(walk: Any) -> Any:
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    return walk


def bake(**how: Any) -> None:
    assert bpy.ops.int_mocap.bake(**how) == {"FINISHED"}


def test_nothing_is_asked_about_a_bake_that_nobody_touched(baked, tmp_path):
    assert found(baked) == []
    bake()
    assert found(baked) == []
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "walk.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "walk.blend"))
    take = bpy.context.scene.int_mocap.takes[0]
    assert found(take) == []
    edit(take.armature)
    assert found(take) == ["walk: left_wrist has 3 edited keys"]


def test_edited_keys_are_kept_as_a_layer_that_gives_the_same_poses(baked):
    edit(baked.armature)
    curve_of(baked.armature, PELVIS, "location", 2).keyframe_points[-1].co.y += 0.3
    edited = posed(baked.armature)
    bake()
    assert np.allclose(posed(baked.armature), edited, atol=1e-5)
    data = baked.armature.animation_data
    assert data.action.name == "walk_edits" and data.action_blend_type == "COMBINE"
    assert [track.name for track in data.nla_tracks] == ["walk"] and data.nla_tracks[0].lock
    assert {curve.data_path.split('"')[1] for curve in holder_at(data, baked.armature).fcurves} == {
        WRIST,
        PELVIS,
    }
    assert found(baked) == []
    bake()
    assert np.allclose(posed(baked.armature), edited, atol=1e-5), "kept by every further bake"


def test_kept_edits_follow_another_start(mocap, baked):
    edit(baked.armature)
    edited = posed(baked.armature)
    mocap.cleanup.start_frame = 101
    bake()
    assert np.allclose(posed(baked.armature, np.add(FRAMES, 100)), edited, atol=1e-4)
    mocap.cleanup.start_frame = 51
    bake()
    assert np.allclose(posed(baked.armature, np.add(FRAMES, 50)), edited, atol=1e-4)
    strip = baked.armature.animation_data.nla_tracks[0].strips[0]
    assert (strip.frame_start, strip.frame_end) == (51, 110)


def test_edits_are_replaced_if_the_user_says_so(baked):
    once = posed(baked.armature)
    edit(baked.armature)
    bake(edits="REPLACE")
    assert np.allclose(posed(baked.armature), once, atol=1e-6)
    assert [action.name for action in bpy.data.actions] == ["walk"]
    assert not baked.armature.animation_data.nla_tracks


def test_edits_stay_beside_the_new_bake_if_the_user_says_so(baked):
    once = posed(baked.armature)
    edit(baked.armature)
    edited = posed(baked.armature)
    bake(edits="BESIDE")
    data = baked.armature.animation_data
    assert np.allclose(posed(baked.armature), once, atol=1e-6) and data.action.name == "walk"
    mine = bpy.data.actions["walk_edited"]
    assert mine.use_fake_user
    data.action = mine
    assert np.allclose(posed(baked.armature), edited, atol=1e-6)


def test_a_renamed_action_stays_and_its_edits_come_over_the_new_bake(baked):
    edit(baked.armature)
    edited = posed(baked.armature)
    mine = baked.armature.animation_data.action
    mine.name = "take 7, good"
    assert found(baked)[0] == "walk: the action take 7, good is yours, renamed or copied"
    bake()
    assert np.allclose(posed(baked.armature), edited, atol=1e-5)
    assert mine.name == "take 7, good" and mine.use_fake_user
    baked.armature.animation_data.action_blend_type = "REPLACE"
    baked.armature.animation_data.action = mine
    assert np.allclose(posed(baked.armature), edited, atol=1e-6)


def test_a_copied_action_stays_and_its_edits_come_over_the_new_bake(baked):
    data = baked.armature.animation_data
    mine = data.action = data.action.copy()
    edit(baked.armature)
    edited = posed(baked.armature)
    bake()
    assert np.allclose(posed(baked.armature), edited, atol=1e-5)
    assert mine.use_fake_user and data.action != mine


@pytest.mark.parametrize("blend", ["COMBINE", "REPLACE", "ADD"])
def test_layers_over_a_bake_that_was_pushed_down_stay(mocap, baked, blend):
    data = baked.armature.animation_data
    base = data.action
    strip = data.nla_tracks.new().strips.new("walk", 1, base)
    mine = bpy.data.actions.new("mine")
    data.action, data.action_blend_type = mine, blend
    hand = baked.armature.pose.bones[WRIST]
    hand.rotation_quaternion = (0.9, 0.1, 0.3, 0)
    hand.keyframe_insert("rotation_quaternion", frame=10)
    before, keys = posed(baked.armature), _keys(mine, baked.armature)
    bake()
    assert np.allclose(posed(baked.armature), before, atol=1e-5)
    assert data.action == mine and data.action_blend_type == blend
    assert _keys(mine, baked.armature) == keys
    assert strip.action == base and base.name == "walk"
    mocap.cleanup.start_frame = 31
    bake()
    assert (strip.frame_start, strip.frame_end) == (31, 90)
    assert (strip.action_frame_start, strip.action_frame_end) == (31, 90)
    assert _keys(mine, baked.armature) == keys and len(bpy.data.actions) == 2


def test_edits_in_a_pushed_down_bake_come_under_the_layers_of_the_user(baked):
    data = baked.armature.animation_data
    data.nla_tracks.new().strips.new("walk", 1, data.action)
    data.action, data.action_blend_type = bpy.data.actions.new("mine"), "COMBINE"
    baked.armature.pose.bones["head"].keyframe_insert("rotation_quaternion", frame=10)
    edit(baked.armature)
    edited = posed(baked.armature)
    bake()
    assert np.allclose(posed(baked.armature), edited, atol=1e-5)
    assert [track.name for track in data.nla_tracks][1:] == ["walk_edits"]
    assert data.action.name == "mine"


def test_a_pushed_down_bake_that_was_renamed_stays_and_another_plays_in_its_strip(baked):
    data = baked.armature.animation_data
    edit(baked.armature)
    mine = data.action
    strip = data.nla_tracks.new().strips.new("walk", 1, mine)
    mine.name, data.action = "good", None
    edited = posed(baked.armature)
    keys = _keys(mine, baked.armature)
    bake()
    assert np.allclose(posed(baked.armature), edited, atol=1e-5)
    assert _keys(mine, baked.armature) == keys and mine.use_fake_user
    assert strip.action.name == "walk" and data.action.name == "walk_edits"


def test_a_part_that_was_cut_out_of_a_pushed_down_bake_stays_cut_out(baked):
    data = baked.armature.animation_data
    strip = data.nla_tracks.new().strips.new("walk", 1, data.action)
    data.action = None
    strip.action_frame_start, strip.action_frame_end = 10, 30
    strip.frame_start, strip.frame_end = 110, 150
    bake()
    assert (strip.action_frame_start, strip.action_frame_end) == (10, 30)
    assert (strip.frame_start, strip.frame_end) == (110, 150)


def test_a_strip_that_was_moved_and_stretched_stays_so(mocap, baked):
    data = baked.armature.animation_data
    strip = data.nla_tracks.new().strips.new("walk", 41, data.action)
    data.action, strip.scale = None, 2
    before = strip.frame_start, strip.frame_end
    bake()
    assert (strip.frame_start, strip.frame_end, strip.scale) == (*before, 2)


def test_a_layer_whose_bake_is_gone_is_not_written_into(baked):
    data = baked.armature.animation_data
    mine = bpy.data.actions.new("mine")
    data.action, data.action_blend_type = mine, "COMBINE"
    baked.armature.pose.bones["head"].keyframe_insert("rotation_quaternion", frame=10)
    keys = _keys(mine, baked.armature)
    bake()
    assert data.action == mine and _keys(mine, baked.armature) == keys
    assert data.nla_tracks[0].strips[0].action.name == "walk"
    assert np.ptp(posed(baked.armature)[:, 0, 1, 3]) > 1, "the walk is seen"


def test_channels_that_the_user_added_stay(baked):
    armature = baked.armature
    armature["blink"] = 0.5
    armature.keyframe_insert('["blink"]', frame=7)
    armature.pose.bones[WRIST].scale.x = 2
    armature.pose.bones[WRIST].keyframe_insert("scale", frame=7)
    for copied in (False, True):
        if copied:
            armature.animation_data.action = armature.animation_data.action.copy()
        bake()
        assert curve_of(armature, WRIST, "scale", 0).evaluate(7) == 2
        holder = holder_at(armature.animation_data, armature)
        assert holder.fcurves.find('["blink"]').evaluate(7) == 0.5
        assert not armature.animation_data.nla_tracks


def test_a_figure_of_another_body_leaves_what_was_edited_in_the_file(baked):
    edit(baked.armature)
    baked.armature["mocap_body"] = "/another.npz"
    bake()
    assert bpy.data.actions["walk_edited"].use_fake_user
    assert baked.armature.animation_data.action.name == "walk"


@pytest.mark.parametrize("by", ["operator", "hand"])
def test_a_deleted_armature_becomes_one_whole_new_figure(baked, by):
    if by == "operator":
        bpy.ops.object.select_all(action="DESELECT")
        baked.armature.select_set(True)
        bpy.context.view_layer.objects.active = baked.armature
        bpy.ops.object.delete()
    else:
        bpy.data.objects.remove(baked.armature)
    bake()
    armature, body = baked.armature, baked.body
    assert armature.name in bpy.context.scene.objects and body.parent == armature
    assert [each.object for each in body.modifiers if each.type == "ARMATURE"] == [armature]
    kinds = (bpy.data.objects, bpy.data.armatures, bpy.data.meshes, bpy.data.actions)
    used = [sorted(each.name for each in kind if each.users) for kind in kinds]
    assert used[0] == ["walk", "walk_body", "walk_camera"]
    assert [len(names) for names in used[1:]] == [1, 1, 1] and used[3] == ["walk"]


def test_edits_of_a_deleted_armature_stay_in_the_file(baked):
    edit(baked.armature)
    edited = curve_of(baked.armature, WRIST, "rotation_quaternion", 1).evaluate(11)
    mine = baked.armature.animation_data.action
    bpy.context.scene.collection.children["walk"].objects.unlink(baked.armature)
    bake()
    assert mine.use_fake_user and mine != baked.armature.animation_data.action
    curves = holder_at(_Unused(mine), baked.armature).fcurves
    assert mine.name == "walk_edited"
    curve = curves.find(f'pose.bones["{WRIST}"].rotation_quaternion', index=1)
    assert curve.evaluate(11) == edited


def test_a_figure_that_was_scaled_keeps_size_and_edits(baked):
    armature = baked.armature
    armature.scale, armature.location = (2, 2, 2), (3, 1, 0)
    armature.keyframe_insert("location", frame=1)
    edit(armature)
    edited = posed(armature)
    bake()
    assert np.allclose(posed(armature), edited, atol=1e-4)
    assert tuple(armature.scale) == (2, 2, 2) and tuple(armature.location) == (3, 1, 0)


def test_bones_that_were_turned_into_euler_angles_and_edited_keep_the_edit(baked):
    armature = baked.armature
    hand = armature.pose.bones[WRIST]
    for frame in range(1, 61):
        bpy.context.scene.frame_set(frame)
        turn = hand.rotation_quaternion.to_euler("XYZ")
        turn.x += 0.5 * (20 <= frame <= 28)
        hand.rotation_euler = turn
        hand.keyframe_insert("rotation_euler", frame=frame)
    hand.rotation_mode = "XYZ"
    edited = posed(armature)
    assert found(baked) == ["walk: left_wrist has edited curves"]
    bake()
    assert np.allclose(posed(armature), edited, atol=1e-3)


def test_drivers_and_constraints_of_bones_stay(baked):
    armature = baked.armature
    driver = armature.driver_add(f'pose.bones["{WRIST}"].rotation_quaternion', 1)
    driver.driver.expression = "0.25"
    armature.pose.bones["head"].constraints.new("DAMPED_TRACK").name = "looks"
    seen = posed(armature)
    bake()
    assert np.allclose(posed(armature), seen, atol=1e-6)
    assert len(armature.animation_data.drivers) == 1
    assert armature.pose.bones["head"].constraints.keys() == ["looks"]


def test_a_muted_or_deleted_curve_is_an_edit(baked):
    armature = baked.armature
    bpy.context.scene.frame_set(20)
    for index in range(4):
        curve_of(armature, WRIST, "rotation_quaternion", index).mute = True
    held = posed(armature)
    assert found(baked) == ["walk: left_wrist has edited curves"]
    bake()
    assert np.allclose(posed(armature), held, atol=1e-5)


def test_another_root_bone_is_no_edit(mocap, baked):
    edit(baked.armature)
    edited = posed(baked.armature)
    for root in ("HIPS", "NONE", "ORIGIN"):
        mocap.rig.root = root
        bake()
        assert np.allclose(posed(baked.armature), edited, atol=5e-3), root
        assert found(baked) == []


def test_undo_is_one_step(baked):
    edit(baked.armature)
    bpy.ops.ed.undo_push(message="Edited")
    edited = posed(baked.armature)
    bpy.ops.int_mocap.bake("EXEC_DEFAULT", True)
    bpy.ops.ed.undo()
    armature = bpy.context.scene.int_mocap.takes[0].armature
    assert np.allclose(posed(armature), edited, atol=1e-6)
    assert [action.name for action in bpy.data.actions] == ["walk"]
    assert not armature.animation_data.nla_tracks


def test_the_bake_can_be_kept_as_a_locked_track(mocap, walk):
    mocap.scene.keep_raw_track = True
    bake()
    data = walk.armature.animation_data
    assert [track.lock for track in data.nla_tracks] == [True]
    assert data.action.name == "walk_layer" and data.action_blend_type == "COMBINE"
    hand = walk.armature.pose.bones[WRIST]
    hand.rotation_mode = "QUATERNION"
    before = posed(walk.armature)
    bake()
    assert np.allclose(posed(walk.armature), before, atol=1e-6)
    assert len(data.nla_tracks) == 1 and len(bpy.data.actions) == 2


class _Unused:
    """An action as something plays it."""

    def __init__(self, action: Any) -> None:
        self.action = action
        self.action_slot = action.slots[0] if bpy.app.version >= (4, 4, 0) else None


def _keys(action: Any, armature: Any) -> list[Any]:
    curves = holder_at(_Unused(action), armature).fcurves
    return [(c.data_path, c.array_index, [tuple(p.co) for p in c.keyframe_points]) for c in curves]
