"""Pose, pin, solve again: the animator's hand in the loop, in Blender."""

import json
import os
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Quaternion

from core_model.body.skeleton import JOINT_INDEX
from core_model.take import Take
from int_mocap_addon.corrections.stances import said_of
from tests.int_mocap_addon.corrections.conftest import SHOULDER, pose_as

FRAME = 24  # row 23, in the middle of what is wrong
BESIDE = slice(18, 28)


def off(take: Any, truth: Take, rows: slice = BESIDE) -> float:
    """Return how far the left hand is from the truth, mean over frames, millimetres."""
    return float(1000 * np.linalg.norm(hand(take, truth)[rows], axis=-1).mean())


def hand(take: Any, truth: Take) -> np.ndarray:
    """Return where the hand is seen from the shoulder (T, 3), apart from the truth."""
    found = []
    for row in range(len(truth)):
        bpy.context.scene.frame_set(take.baked_start + row)
        bones = take.armature.pose.bones
        found.append(bones["left_hand"].head - bones[SHOULDER].head)
    joints = truth.joints()
    true = joints[:, JOINT_INDEX["left_hand"]] - joints[:, JOINT_INDEX[SHOULDER]]
    return np.array(found) - true


def angle(one: np.ndarray, other: np.ndarray) -> float:
    between = one[:3, :3].T @ other[:3, :3]
    return float(np.degrees(np.arccos(np.clip((np.trace(between) - 1) / 2, -1, 1))))


def markers() -> list[tuple[str, int]]:
    found = bpy.context.scene.timeline_markers
    return sorted((m.name, m.frame) for m in found if m.name.startswith("Pin: "))


def test_one_pin_mends_an_arm_around_it(mended, truth):
    before = off(mended, truth)
    wanted = pose_as(mended, FRAME, truth)
    assert bpy.ops.int_mocap.pin() == {"FINISHED"}
    assert [(item.kind, item.part) for item in said_of(mended)] == [("ROTATION", SHOULDER)]
    assert markers() == [("Pin: left shoulder", FRAME)]
    assert angle(np.array(mended.armature.pose.bones[SHOULDER].matrix), wanted) < 0.01, "it stays"
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    take = bpy.context.scene.int_mocap.takes[0]
    assert Path(take.solved).parent.name == "solved" and Path(take.path).is_file()
    bpy.context.scene.frame_set(FRAME)
    assert angle(np.array(take.armature.pose.bones[SHOULDER].matrix), wanted) < 2.0
    assert off(take, truth) < before / 3
    kept = json.loads((Path(take.path).parent / "corrections.json").read_text())
    assert len(kept["pins"]) == 1

    # Switched off, it is as it was captured.
    take.corrections[0].enabled = False
    assert markers() == []
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    take = bpy.context.scene.int_mocap.takes[0]
    assert take.solved == "" and abs(off(take, truth) - before) < 0.1


def test_no_folder_beside_the_take_is_taken_away(mended, truth):
    captured = Path(bpy.path.abspath(mended.path)).parent
    others = [
        captured / f"solved{name}" for name in (" by hand", *(f"_old_{n}" for n in range(12)))
    ]
    for number, folder in enumerate(others):
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
        os.utime(folder, (number, number))
    pose_as(mended, FRAME, truth)
    assert bpy.ops.int_mocap.pin() == {"FINISHED"}
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    assert all((folder / "mine.txt").is_file() for folder in others)


def test_a_pose_is_pinned_by_solve_again_and_auto_keys_are_taken_off(mended, truth):
    from bake.scene.by_hand.edits import edits_of, source_of

    pose_as(mended, FRAME, truth)
    mended.armature.pose.bones[SHOULDER].keyframe_insert("rotation_quaternion", frame=FRAME)
    bpy.context.scene.frame_set(FRAME)
    bpy.ops.int_mocap.pin()
    assert [item.part for item in said_of(mended)] == [SHOULDER]
    assert edits_of(mended.armature, source_of(mended.armature)) == [], "the bake is whole again"
    pin = np.array(mended.corrections[0].values)
    bpy.context.scene.frame_set(FRAME)
    pose_as(mended, FRAME, truth)
    bpy.ops.int_mocap.pin()
    assert len(said_of(mended)) == 1 and np.allclose(mended.corrections[0].values, pin, atol=1e-5)


def test_a_fix_that_is_open_can_be_pinned_instead(mended, truth):
    bpy.context.scene.frame_set(FRAME)
    bpy.ops.int_mocap.fix_pose()
    wanted = pose_as_without_frame(mended, truth)
    assert bpy.ops.int_mocap.pin() == {"FINISHED"}
    assert mended.corrections[0].part == SHOULDER
    assert bpy.ops.int_mocap.fix_pose.poll(), "no fix is open any more"
    assert not mended.armature.animation_data.nla_tracks
    assert angle(np.array(mended.armature.pose.bones[SHOULDER].matrix), wanted) < 0.01


def pose_as_without_frame(take: Any, truth: Take) -> np.ndarray:
    bone = take.armature.pose.bones[SHOULDER]
    bone.rotation_quaternion = bone.rotation_quaternion @ Quaternion((0, 0, 1), 0.5)
    bpy.context.view_layer.update()
    return np.array(bone.matrix)


def test_what_is_moved_is_pinned_when_another_frame_is_shown(mended, truth):
    bpy.context.scene.int_mocap.corrections.pin_moves = True
    bpy.context.scene.frame_set(FRAME)
    pose_as_without_frame(mended, truth)
    bpy.context.scene.frame_set(FRAME + 3)
    assert [(item.kind, item.part) for item in said_of(mended)] == [("ROTATION", SHOULDER)]
    assert markers() == [("Pin: left shoulder", FRAME)]
    assert bpy.context.scene.frame_current == FRAME + 3
    for frame in range(FRAME, FRAME + 6):
        bpy.context.scene.frame_set(frame)
    assert len(said_of(mended)) == 1, "what is only played is not pinned"


def test_places_are_those_of_the_take_whatever_the_bake_moved(mended, truth, spoilt):
    settings = bpy.context.scene.int_mocap.corrections
    settings.what, settings.soft = "PLACE", True
    bpy.context.scene.frame_set(5)
    for bone in mended.armature.pose.bones:
        holder = bone if hasattr(bone, "select") else bone.bone
        holder.select = bone.name == "left_elbow"
    assert bpy.ops.int_mocap.pin() == {"FINISHED"}
    found = {item.part: np.array(item.values) for item in said_of(mended)}
    assert set(found) == {"left_elbow", "left_wrist"} and all(i.soft for i in said_of(mended))
    row = 5 - mended.baked_start
    for name, place in found.items():
        assert np.linalg.norm(place - spoilt.joints()[row, JOINT_INDEX[name]]) < 0.03, name


def test_pins_are_stepped_through_switched_off_and_deleted(mended, truth):
    for frame in (10, 30, 20):
        bpy.context.scene.frame_set(frame)
        pose_as_without_frame(mended, truth)
        bpy.ops.int_mocap.pin()
    scene = bpy.context.scene
    scene.frame_set(1)
    seen = []
    while bpy.ops.int_mocap.step_correction(direction="NEXT") == {"FINISHED"}:
        seen.append(scene.frame_current)
    assert seen == [10, 20, 30]
    bpy.ops.int_mocap.step_correction(direction="PREVIOUS")
    assert (scene.frame_current, mended.active_correction) == (20, 1)
    bpy.ops.int_mocap.delete_correction()
    assert [frame for _, frame in markers()] == [10, 30]
    mended.corrections[0].enabled = False
    assert [frame for _, frame in markers()] == [30]
    scene.int_mocap.corrections.show_marks = False
    assert markers() == []


def test_marks_are_where_the_joint_is(mended, truth):
    from int_mocap_addon.corrections.overlay import marks

    bpy.context.scene.frame_set(FRAME)
    pose_as_without_frame(mended, truth)
    bpy.ops.int_mocap.pin()
    ((place, size, _),) = marks(bpy.data.scenes["Scene"])
    assert size == 1.0
    assert np.allclose(place, mended.armature.pose.bones[SHOULDER].head, atol=1e-5)
    bpy.context.scene.frame_set(FRAME + 4)
    assert 0 < marks(bpy.data.scenes["Scene"])[0][1] < 1
    bpy.context.scene.frame_set(FRAME + 40)
    assert marks(bpy.data.scenes["Scene"]) == []


def test_nothing_to_pin_is_said(mended):
    bpy.ops.pose.select_all(action="DESELECT")
    with pytest.raises(RuntimeError, match="Nothing is posed here"):
        bpy.ops.int_mocap.pin()
    with pytest.raises(RuntimeError, match="Nothing is corrected of .*: pose it and press Pin"):
        bpy.ops.int_mocap.solve_again()
    bpy.context.scene.frame_set(500)
    bpy.ops.pose.select_all(action="SELECT")
    with pytest.raises(RuntimeError, match="has no frame here"):
        bpy.ops.int_mocap.pin()


def test_a_take_that_no_clip_is_behind_is_not_pinned(walk):
    walk.filmed = True
    bpy.ops.int_mocap.bake()
    bpy.context.view_layer.objects.active = walk.armature
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    with pytest.raises(RuntimeError, match="was not captured from a clip"):
        bpy.ops.int_mocap.pin()
    assert not said_of(walk)


def test_undo_takes_a_pin_back(mended, truth):
    bpy.context.scene.frame_set(FRAME)
    bpy.ops.ed.undo_push(message="before")
    pose_as_without_frame(mended, truth)
    bpy.ops.int_mocap.pin()
    bpy.ops.ed.undo_push(message="pinned")
    bpy.ops.ed.undo()
    assert len(said_of(bpy.context.scene.int_mocap.takes[0])) == 0
    assert markers() == []


def test_solve_again_can_bake_around_the_pins_alone(mended, truth):
    """The rest of the action, edits by hand in it included, stays key for key."""
    from tests.int_mocap_addon.corrections.test_bake_part import ARM, keys_of

    settings = bpy.context.scene.int_mocap.corrections
    settings.bake_only, settings.part_range = "PART", "PINS"
    settings.part_limbs = {"Left Arm"}
    before, keys = off(mended, truth), keys_of(mended.armature)
    pose_as(mended, FRAME, truth)
    bpy.ops.int_mocap.pin()
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    take = bpy.context.scene.int_mocap.takes[0]
    assert off(take, truth) < before / 3
    for curve, points in keys_of(take.armature).items():
        if not any(f'"{bone}"' in curve[0] for bone in ARM):
            assert np.array_equal(points, keys[curve]), curve
