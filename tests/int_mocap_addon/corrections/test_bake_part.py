"""Baking a part changes that part, joins without a jump, and knows later what was edited."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES
from core_model.take import Take
from tests.core_model.solving.clips import turned

ARM = ("left_shoulder", "left_elbow", "left_wrist", "left_hand")
FIRST, LAST = 5, 44  # forty frames


def keys_of(armature: Any) -> dict[tuple[str, int], np.ndarray]:
    from bake.scene.animation.action import holder_at, place_of_bake
    from bake.scene.animation.raw_curves import read_curve

    holder = holder_at(place_of_bake(armature.animation_data), armature)
    found = {}
    for curve in holder.fcurves:
        keys = read_curve(curve)
        found[curve.data_path, curve.array_index] = np.concatenate(
            (keys.points, keys.handles), axis=1
        )
    return found


def shown(armature: Any) -> np.ndarray:
    """Return the local rotations (T, 24, 4) at whole frames."""
    found = []
    for frame in range(1, 49):
        bpy.context.scene.frame_set(frame)
        bones = armature.pose.bones
        found.append([bones[name].rotation_quaternion[:] for name in JOINT_NAMES])
    return np.array(found)


@pytest.fixture
def changed(mended: Any, truth: Take, tmp_path: Path) -> Any:
    """Return the baked take whose file has another motion of both arms now, solved, say."""
    rows = slice(0, 48)
    other = turned(turned(truth, ARM[0], (0.0, 0.0, 0.6), rows), "right_elbow", (0.5, 0, 0), rows)
    other.source = {"video": mended.clip}
    other.save(tmp_path / "other.npz")
    mended.solved = str(tmp_path / "other.npz")
    scene = bpy.context.scene
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = FIRST, LAST
    scene.int_mocap.corrections.part_limbs = {"Left Arm"}
    return mended


def test_nothing_else_changes_and_nothing_jumps(changed):
    keys, before = keys_of(changed.armature), shown(changed.armature)
    assert bpy.ops.int_mocap.bake_part() == {"FINISHED"}
    now, after = keys_of(changed.armature), shown(changed.armature)
    for curve, points in now.items():
        if not any(f'"{bone}"' in curve[0] for bone in ARM):
            assert np.array_equal(points, keys[curve]), curve
    apart = np.minimum(np.abs(after - before), np.abs(after + before)).max(axis=2)
    outside = np.r_[0 : FIRST - 1, LAST:48]
    assert apart[outside].max() < 1e-5
    arm = JOINT_INDEX[ARM[0]]
    assert apart[FIRST + 9 : LAST - 9, arm].mean() > 0.1, "it has the new motion inside"
    steps = np.degrees(2 * np.arccos(np.abs((after[1:, arm] * after[:-1, arm]).sum(1)).clip(0, 1)))
    old = np.degrees(2 * np.arccos(np.abs((before[1:, arm] * before[:-1, arm]).sum(1)).clip(0, 1)))
    turned_by = np.degrees(0.6)
    # A smooth fade over 7 frames goes at most 1.9 times its mean speed.
    assert steps.max() < old.max() + 2.0 * (turned_by + 52) / 7


def test_the_surroundings_of_each_pin_are_a_part_of_their_own(changed):
    from core_model.corrections.records import RotationPin
    from int_mocap_addon.corrections.part import parts_of
    from int_mocap_addon.corrections.records import add_pin

    scene: Any = bpy.data.scenes[0]
    before = shown(changed.armature)
    scene.int_mocap.corrections.part_range = "PINS"
    add_pin(changed, RotationPin(1, changed.start + 7 / 30, JOINT_INDEX[ARM[0]], np.eye(3)))
    (part,) = parts_of(scene, changed)
    assert (part.first, part.last) == (-22, 38)
    assert bpy.ops.int_mocap.bake_part() == {"FINISHED"}
    apart = np.minimum(
        np.abs(shown(changed.armature) - before), np.abs(shown(changed.armature) + before)
    )
    assert apart[38:].max() < 1e-5 and apart[15:25, JOINT_INDEX[ARM[0]]].mean() > 0.1
    for seconds in (1.9, 9.0):
        add_pin(changed, RotationPin(1, changed.start + seconds, JOINT_INDEX[ARM[0]], np.eye(3)))
    spans = [(part.first, part.last) for part in parts_of(scene, changed)]
    assert len(spans) == 2 and spans[0][1] < spans[1][0] == 1 + 9 * 30 - 30


def test_a_part_is_no_edit_by_hand_and_edits_beside_it_are_still_known(changed):
    from bake.scene.by_hand.edits import edits_of, source_of

    armature = changed.armature
    bone = armature.pose.bones["left_elbow"]
    bpy.context.scene.frame_set(3)
    bone.rotation_quaternion = bone.rotation_quaternion.copy() @ bone.rotation_quaternion
    bone.keyframe_insert("rotation_quaternion", frame=3)
    bpy.ops.int_mocap.bake_part()
    (edit,) = edits_of(armature, source_of(armature))
    assert edit.bone == "left_elbow"


def test_what_cannot_be_baked_is_said(changed):
    scene = bpy.context.scene
    scene.frame_preview_start, scene.frame_preview_end = 400, 500
    with pytest.raises(RuntimeError, match="Nothing of .* was baked from frame 400 to 500"):
        bpy.ops.int_mocap.bake_part()
    scene.int_mocap.corrections.part_limbs = set()
    with pytest.raises(RuntimeError, match="Choose at least one part"):
        bpy.ops.int_mocap.bake_part()
    scene.int_mocap.corrections.part_limbs = {"Head"}
    scene.int_mocap.corrections.part_range = "PINS"
    with pytest.raises(RuntimeError, match="Nothing is pinned"):
        bpy.ops.int_mocap.bake_part()
    scene.int_mocap.corrections.part_range = "PREVIEW"
    scene.use_preview_range = False
    assert not bpy.ops.int_mocap.bake_part.poll()
