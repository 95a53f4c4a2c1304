"""A pose that is mended by hand fades in and out, and nothing else moves."""

from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Euler, Quaternion

from bake.scene.animation.action import holder_at
from bake.scene.by_hand.fixes import fixes_of
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES
from tests.places import DEMO

EVERY = range(-15, 81)
WRIST, ELBOW, PELVIS = "left_wrist", "left_elbow", "pelvis"
HAND = JOINT_INDEX["left_hand"]


def posed(armature: Any, frames: Any = EVERY) -> np.ndarray:
    """Return the matrices (T, J, 4, 4) of all bones in the world."""
    found = []
    for frame in frames:
        bpy.context.scene.frame_set(frame)
        shown = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([shown.matrix_world @ shown.pose.bones[name].matrix for name in JOINT_NAMES])
    return np.array(found)


def turn(armature: Any, bone: str = ELBOW, angle: float = 0.35) -> None:
    """Turn a bone by hand, as the tool Rotate does."""
    posed_bone = armature.pose.bones[bone]
    by = Quaternion((0.6, 0.0, 0.8), angle)
    if posed_bone.rotation_mode == "QUATERNION":
        posed_bone.rotation_quaternion = posed_bone.rotation_quaternion @ by
    else:
        turned = posed_bone.rotation_euler.to_quaternion() @ by
        posed_bone.rotation_euler = turned.to_euler(
            posed_bone.rotation_mode, posed_bone.rotation_euler
        )


def shown(armature: Any, bone: str = ELBOW) -> np.ndarray:
    """Return how a bone is posed on the screen (3, 3)."""
    bpy.context.view_layer.update()
    evaluated = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array(evaluated.pose.bones[bone].matrix)


def fix(armature: Any, frame: int = 30, bone: str = ELBOW, angle: float = 0.35) -> np.ndarray:
    """Mend a bone at a frame; return how it was posed."""
    bpy.context.scene.frame_set(frame)
    assert bpy.ops.int_mocap.fix_pose() == {"FINISHED"}
    turn(armature, bone, angle)
    wanted = shown(armature, bone)
    assert bpy.ops.int_mocap.apply_fix() == {"FINISHED"}
    return wanted


def moved(before: np.ndarray, after: np.ndarray) -> list[int]:
    """Return the frames at which anything moved."""
    apart = np.abs(before - after).max(axis=(1, 2, 3))
    return [frame for frame, far in zip(EVERY, apart, strict=True) if far > 1e-5]


def largest_jump(poses: np.ndarray) -> float:
    """Return how far the tip of the hand goes from one frame of the clip to the next."""
    inside = slice(1 - EVERY[0], 61 - EVERY[0])
    return float(np.linalg.norm(np.diff(poses[inside, HAND, :3, 3], axis=0), axis=1).max())


@pytest.fixture
def demo(mocap: Any) -> Any:
    """Return the armature of a real motion: five seconds, with a kick and with pauses."""
    bpy.ops.int_mocap.load_takes(filepath=str(DEMO.parent / "demo_truth.npz"))
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    return mocap.takes[0].armature


@pytest.fixture
def baked(walk: Any) -> Any:
    """Return the armature of somebody who walks, seen all the time."""
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    return walk.armature


def test_a_mended_arm_does_not_pop_and_nothing_moves_outside_the_fade(baked):
    before = posed(baked)
    wanted = fix(baked)
    after = posed(baked)
    assert moved(before, after) == list(range(23, 38))
    assert largest_jump(after) < 1.3 * largest_jump(before)
    assert np.allclose(after[30 - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)
    data = baked.animation_data
    assert [track.name for track in data.nla_tracks] == ["walk"] and data.nla_tracks[0].lock
    assert {c.data_path for c in holder_at(data, baked).fcurves} == {
        'pose.bones["left_elbow"].rotation_quaternion'
    }
    assert bpy.context.mode == "POSE" and bpy.context.active_object == baked


def test_a_hand_of_a_real_motion_is_mended_without_a_pop(demo):
    """Step by step: 1.3 times what was there and what an even fade has to go in a frame."""
    frames = range(1, 151)
    before = posed(demo, frames)
    for frame, bone in ((20, WRIST), (75, "left_shoulder"), (110, ELBOW)):
        fix(demo, frame, bone, 0.4)
    after = posed(demo, frames)
    steps, new_steps = (
        np.linalg.norm(np.diff(poses[:, HAND, :3, 3], axis=0), axis=1) for poses in (before, after)
    )
    apart = np.linalg.norm(after[:, HAND, :3, 3] - before[:, HAND, :3, 3], axis=1)
    for frame in (20, 75, 110):
        mended = apart[frame - 1]
        fade = slice(frame - 9, frame + 7)
        assert mended > 0.04 and np.abs(np.diff(apart[fade])).max() < 1.3 * mended / 8
        assert (new_steps[fade] < 1.3 * (steps[fade] + mended / 8)).all()
    touched = {frame for mid in (20, 75, 110) for frame in range(mid - 7, mid + 8)}
    assert set(np.flatnonzero(apart > 1e-5) + 1) == touched


def test_bones_without_a_move_get_no_key(baked):
    bpy.context.scene.frame_set(30)
    bpy.ops.int_mocap.fix_pose()
    with pytest.raises(RuntimeError, match="No bone was moved yet"):
        bpy.ops.int_mocap.apply_fix()
    turn(baked, WRIST)
    turn(baked, "head")
    baked.pose.bones[PELVIS].location.z += 0.1
    bpy.ops.int_mocap.apply_fix()
    assert sorted(fixes_of(baked)[0].bones) == sorted((PELVIS, "head", WRIST))
    paths = {
        curve.data_path.rsplit(".", 1)[1]
        for curve in holder_at(baked.animation_data, baked).fcurves
    }
    assert paths == {"location", "rotation_quaternion"}


def test_what_was_posed_before_the_button_was_pressed_counts(baked):
    before = posed(baked)
    bpy.context.scene.frame_set(30)
    turn(baked)
    wanted = shown(baked)
    bpy.ops.int_mocap.fix_pose()
    assert np.allclose(shown(baked), wanted, atol=1e-6)
    bpy.ops.int_mocap.apply_fix()
    after = posed(baked)
    assert np.allclose(after[30 - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)
    assert moved(before, after) == list(range(23, 38))


def test_discard_puts_everything_back(baked):
    before = posed(baked)
    action = baked.animation_data.action
    bpy.context.scene.frame_set(30)
    bpy.ops.int_mocap.fix_pose()
    turn(baked)
    bpy.ops.int_mocap.discard_fix()
    assert np.array_equal(posed(baked), before)
    data = baked.animation_data
    assert data.action == action and not data.nla_tracks and data.action_blend_type == "REPLACE"
    assert [each.name for each in bpy.data.actions] == ["walk"]


def test_what_is_posed_comes_back_with_its_frame(baked):
    scene = bpy.context.scene
    scene.frame_set(30)
    bpy.ops.int_mocap.fix_pose()
    turn(baked)
    wanted = shown(baked)
    scene.frame_set(40)
    scene.frame_set(30)
    assert np.allclose(shown(baked), wanted, atol=1e-6)
    turn(baked, WRIST)
    hand = shown(baked, WRIST)
    scene.frame_set(30)
    scene.frame_set(12)
    bpy.ops.int_mocap.apply_fix()
    after = posed(baked)[30 - EVERY[0]]
    assert np.allclose(after[JOINT_INDEX[ELBOW]], wanted, atol=1e-5)
    assert np.allclose(after[JOINT_INDEX[WRIST]], hand, atol=1e-5)


@pytest.mark.parametrize("distance", [3, 7, 12, 16, 17, 25])
def test_fixes_beside_each_other_both_hold_and_do_not_pop(baked, distance):
    before = posed(baked)
    first = fix(baked, 20, angle=0.3)
    second = fix(baked, 20 + distance, angle=0.4)
    after = posed(baked)
    assert set(moved(before, after)) <= set(range(13, 28 + distance))
    assert largest_jump(after) < 1.3 * largest_jump(before)
    for frame, wanted in ((20, first), (20 + distance, second)):
        assert np.allclose(after[frame - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)
    assert [each.frame for each in fixes_of(baked)] == [20, 20 + distance]
    bpy.ops.int_mocap.delete_fix(frame=20 + distance)
    alone = posed(baked)
    assert moved(before, alone) == list(range(13, 28))
    bpy.ops.int_mocap.delete_fix(frame=20)
    assert np.allclose(posed(baked), before, atol=1e-6)
    assert not baked.animation_data.nla_tracks


def test_a_fix_between_two_others_can_be_taken_out(baked):
    fix(baked, 14, angle=0.3)
    fix(baked, 42, angle=-0.3)
    before = posed(baked)
    fix(baked, 28, angle=0.5)
    bpy.ops.int_mocap.delete_fix(frame=28)
    assert np.allclose(posed(baked), before, atol=1e-5)


@pytest.mark.parametrize("fades", [(8, 4), (4, 12)])
def test_the_same_frame_again_takes_the_place_of_the_first(mocap, baked, fades):
    before = posed(baked)
    mocap.fixing.fade = fades[0]
    fix(baked, 30)
    mocap.fixing.fade = fades[1]
    wanted = fix(baked, 30, angle=-0.6)
    after = posed(baked)
    assert moved(before, after) == list(range(31 - fades[1], 30 + fades[1]))
    assert np.allclose(after[30 - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)


@pytest.mark.parametrize("frame", [1, 3, 59, 60])
def test_fixes_at_the_ends_of_the_clip(baked, frame):
    before = posed(baked)
    wanted = fix(baked, frame)
    after = posed(baked)
    assert np.allclose(after[frame - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)
    assert moved(before, after) == list(range(frame - 7, frame + 8))
    assert largest_jump(after) < 1.3 * largest_jump(before)


def test_fades_beyond_the_clip_make_no_room_in_the_scene(mocap, baked):
    fix(baked, 60)
    mocap.takes[0].name = "first"
    bpy.ops.int_mocap.load_takes(filepath=str(DEMO.parent / "demo_truth.npz"))
    bpy.ops.int_mocap.bake()
    assert bpy.context.scene.frame_end == 150
    mocap.active_take = 0
    bpy.ops.int_mocap.bake()
    bpy.data.objects.remove(mocap.takes[1].armature)
    bpy.ops.int_mocap.bake()
    assert (bpy.context.scene.frame_start, bpy.context.scene.frame_end) == (1, 60)


def test_a_fix_from_here_on_stays_until_the_next(mocap, baked):
    before = posed(baked)
    mocap.fixing.reach = "ONWARD"
    fix(baked, 20)
    assert moved(before, posed(baked)) == list(range(13, EVERY[-1] + 1))
    held = posed(baked)
    mocap.fixing.reach = "HERE"
    fix(baked, 45, angle=-0.3)
    after = posed(baked)
    assert moved(held, after) == list(range(38, 53)), "and goes on behind the next"
    mocap.fixing.reach = "ONWARD"
    fix(baked, 10, angle=0.2)
    assert set(moved(after, posed(baked))) <= set(range(3, 20))


def test_euler_bones_can_be_mended(baked):
    curves = holder_at(baked.animation_data, baked).fcurves
    elbow = baked.pose.bones[ELBOW]
    keys: dict[int, Any] = {}
    for frame in range(1, 61):
        bpy.context.scene.frame_set(frame)
        near = keys.get(frame - 1) or Euler()
        keys[frame] = elbow.rotation_quaternion.to_euler("XYZ", near)
    for curve in [c for c in curves if c.data_path == elbow.path_from_id("rotation_quaternion")]:
        curves.remove(curve)
    elbow.rotation_mode = "XYZ"
    for frame, angles in keys.items():
        elbow.rotation_euler = angles
        elbow.keyframe_insert("rotation_euler", frame=frame)
    before = posed(baked)
    wanted = fix(baked)
    after = posed(baked)
    assert moved(before, after) == list(range(23, 38))
    assert np.allclose(after[30 - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)


@pytest.mark.parametrize("end", ["apply_fix", "discard_fix"])
def test_keys_that_auto_key_sets_meanwhile_leave_no_trace(baked, end):
    before = posed(baked)
    bpy.context.scene.frame_set(30)
    bpy.ops.int_mocap.fix_pose()
    turn(baked)
    wanted = shown(baked)
    for bone in baked.pose.bones:
        for channel in ("location", "rotation_quaternion", "scale"):
            bone.keyframe_insert(channel)
    getattr(bpy.ops.int_mocap, end)()
    after = posed(baked)
    if end == "discard_fix":
        assert np.allclose(after, before, atol=1e-6) and not baked.animation_data.nla_tracks
        return
    assert moved(before, after) == list(range(23, 38))
    assert np.allclose(after[30 - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)
    assert [each.bones for each in fixes_of(baked)] == [(ELBOW,)]


def test_half_turns_to_either_side_go_the_short_way(mocap, baked):
    fix(baked, 20, angle=3.0)
    fix(baked, 26, angle=-3.0)
    turns = posed(baked, range(10, 40))[:, JOINT_INDEX[ELBOW], :3, :3]
    assert np.isfinite(turns).all()
    cosine = (np.einsum("tij,tij->t", turns[1:], turns[:-1]) - 1) / 2
    assert np.arccos(cosine.clip(-1, 1)).max() < 0.8, "six frames for a turn that is seen as 0.3"


def test_layers_of_the_user_stay_under_the_fixes(baked):
    data = baked.animation_data
    data.nla_tracks.new().strips.new("walk", 1, data.action)
    mine = bpy.data.actions.new("mine")
    data.action, data.action_blend_type = mine, "COMBINE"
    head = baked.pose.bones["head"]
    head.rotation_quaternion = (0.9, 0.1, 0.3, 0)
    head.keyframe_insert("rotation_quaternion", frame=10)
    head.rotation_quaternion = (1, 0, 0, 0)
    head.keyframe_insert("rotation_quaternion", frame=50)
    before = posed(baked)
    fix(baked, 30, "head")
    assert moved(before, posed(baked)) == list(range(23, 38))
    assert [strip.action.name for track in data.nla_tracks for strip in track.strips] == [
        "walk",
        "mine",
    ]


def test_keys_of_the_animator_on_the_layer_keep_their_curve_outside_the_fade(mocap, walk):
    mocap.scene.keep_raw_track = True
    bpy.ops.int_mocap.bake()
    baked, elbow = walk.armature, walk.armature.pose.bones[ELBOW]
    for frame, angle in ((1, 0.1), (60, 0.8)):
        bpy.context.scene.frame_set(frame)
        turn(baked, angle=angle)
        elbow.keyframe_insert("rotation_quaternion", frame=frame)
    before = posed(baked)
    wanted = fix(baked, 30)
    after = posed(baked)
    assert moved(before, after) == list(range(23, 38))
    assert np.allclose(after[30 - EVERY[0], JOINT_INDEX[ELBOW]], wanted, atol=1e-5)


def test_bake_again_keeps_fixes_and_moves_them_with_the_clip(mocap, baked):
    fix(baked, 30)
    fix(baked, 1, "head")
    after = posed(baked)
    bpy.ops.int_mocap.bake()
    assert np.allclose(posed(baked), after, atol=1e-6)
    mocap.cleanup.start_frame = 51
    bpy.ops.int_mocap.bake()
    assert np.allclose(posed(baked, [each + 50 for each in EVERY]), after, atol=1e-5)
    assert [each.frame for each in fixes_of(baked)] == [51, 80]


def test_kept_edits_and_fixes_lie_over_each_other_and_move_together(mocap, baked):
    curve = holder_at(baked.animation_data, baked).fcurves.find(
        'pose.bones["left_elbow"].rotation_quaternion', index=3
    )
    curve.keyframe_points.insert(28, 0.5)
    bpy.ops.int_mocap.bake()
    fix(baked, 30)
    fix(baked, 44, "head")
    after = posed(baked)
    strips = [s for track in baked.animation_data.nla_tracks for s in track.strips]
    assert [strip.action.name for strip in strips] == ["walk", "walk_edits"]
    mocap.cleanup.start_frame = 51
    bpy.ops.int_mocap.bake()
    assert np.allclose(posed(baked, [each + 50 for each in EVERY]), after, atol=1e-4)


def test_fixes_of_a_deleted_figure_stay_in_the_file(baked):
    fix(baked, 30)
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.object.delete()
    bpy.ops.int_mocap.bake()
    assert [action.name for action in bpy.data.actions if action.users] == ["walk", "walk_layer"]
    assert bpy.data.actions["walk_layer"].use_fake_user


def test_the_figure_is_posed_whatever_was_selected(baked, mocap):
    other = bpy.data.objects.new("other", bpy.data.armatures.new("other"))
    bpy.context.scene.collection.objects.link(other)
    bpy.context.view_layer.objects.active = other
    bpy.ops.object.mode_set(mode="POSE")
    baked.hide_set(True)
    fix(baked, 30)
    assert bpy.context.active_object == baked and bpy.context.mode == "POSE"
    assert other.mode == "OBJECT" and not baked.hide_get()


def test_a_linked_figure_is_a_sentence(walk, baked, tmp_path):
    bpy.data.libraries.write(str(tmp_path / "figure.blend"), {baked})
    libraries: Any = bpy.data.libraries
    with libraries.load(str(tmp_path / "figure.blend"), link=True) as (_, linked):
        linked.objects = ["walk"]
    (thing,) = linked.objects
    bpy.context.scene.collection.objects.link(thing)
    walk.armature = thing
    with pytest.raises(RuntimeError, match="walk is linked from another file"):
        bpy.ops.int_mocap.fix_pose()


def test_a_fix_is_one_undo_step_and_saved(baked, tmp_path):
    before = posed(baked)
    bpy.ops.ed.undo_push(message="Baked")
    bpy.context.scene.frame_set(30)
    bpy.ops.int_mocap.fix_pose("EXEC_DEFAULT", True)
    turn(baked)
    bpy.ops.ed.undo_push(message="Posed")
    bpy.ops.int_mocap.apply_fix("EXEC_DEFAULT", True)
    after = posed(bpy.context.scene.int_mocap.takes[0].armature)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "fixed.blend"))
    bpy.ops.ed.undo()
    assert bpy.context.scene.int_mocap.fixing.frame == 30
    assert not fixes_of(bpy.context.scene.int_mocap.takes[0].armature)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "fixed.blend"))
    armature = bpy.context.scene.int_mocap.takes[0].armature
    assert np.allclose(posed(armature), after, atol=1e-6)
    assert moved(before, after) == list(range(23, 38))


def test_the_buttons_tell_why_they_are_grey(mocap, walk):
    from int_mocap_addon.fixing.ops import INT_MOCAP_OT_apply_fix, INT_MOCAP_OT_fix_pose

    assert not INT_MOCAP_OT_fix_pose.poll(bpy.context), "not baked yet"
    bpy.ops.int_mocap.bake()
    assert INT_MOCAP_OT_fix_pose.poll(bpy.context)
    assert not INT_MOCAP_OT_apply_fix.poll(bpy.context)
    bpy.ops.int_mocap.fix_pose()
    assert not INT_MOCAP_OT_fix_pose.poll(bpy.context)
    with pytest.raises(RuntimeError, match="Apply or discard the fix"):
        bpy.ops.int_mocap.bake()


def test_an_nla_that_is_switched_off_is_a_sentence(baked):
    baked.animation_data.use_nla = False
    with pytest.raises(RuntimeError, match="NLA of walk is switched off"):
        bpy.ops.int_mocap.fix_pose()


def test_bake_and_fixes_become_one_action_and_bake_again_keeps_them(mocap, baked):
    from int_mocap_addon.takes.edits import found_edits

    curve = holder_at(baked.animation_data, baked).fcurves.find(
        'pose.bones["head"].rotation_quaternion', index=3
    )
    curve.keyframe_points.insert(28, 0.3)
    bpy.ops.int_mocap.bake()
    fix(baked, 30)
    inside = range(1, 61)
    before = posed(baked, inside)
    bpy.context.scene.frame_set(17)
    assert bpy.ops.int_mocap.merge_fixes() == {"FINISHED"}
    data = baked.animation_data
    assert not data.nla_tracks and data.action.name == "walk"
    assert data.action_blend_type == "REPLACE" and bpy.context.scene.frame_current == 17
    assert np.allclose(posed(baked, inside), before, atol=1e-5)
    assert bpy.data.actions["walk_layer"].use_fake_user
    scene: Any = bpy.context.scene
    assert sorted(found_edits(scene, [mocap.takes[0]])) == [
        "walk: head has 60 edited keys",
        "walk: left_elbow has 60 edited keys",
    ]
    bpy.ops.int_mocap.bake()
    assert np.allclose(posed(baked, inside), before, atol=1e-5)
    bpy.ops.int_mocap.merge_fixes()
    with pytest.raises(RuntimeError, match="nothing to merge"):
        bpy.ops.int_mocap.merge_fixes()
