"""From Detect to Export by the buttons, on characters that no preset knows."""

from typing import Any

import bpy
import numpy as np

from tests.bake.retarget.makers import rig_of
from tests.bake.retarget.rigs import build_rig
from tests.bake.retarget.strangers import STRANGERS
from tests.bake.retarget.truth import Truth


def stand(name: str) -> tuple[Any, Truth]:
    """Put the armature of a stranger into the scene, its tails pointing up as importers leave them.

    Returns
    -------
    bpy.types.Object
    Truth
    """
    rig, truth = rig_of(name, STRANGERS[name])
    rows = [
        (
            bone.name,
            rig.bones[bone.parent].name if bone.parent >= 0 else "",
            tuple(bone.head),
            tuple(bone.tail),
            0.0,
        )
        for bone in rig.bones
    ]
    return build_rig(name, rows), truth


def shins(armature: Any, truth: Truth, frames: tuple[int, ...]) -> np.ndarray:
    """Return where knees lie from ankles, forearms from wrists (F, 4, 3), units."""
    scene: Any = bpy.context.scene
    pairs = [
        (truth[f"{side}_{one}"][0], truth[f"{side}_{other}"][0])
        for side in ("left", "right")
        for one, other in (("knee", "ankle"), ("elbow", "wrist"))
    ]
    found = []
    for frame in frames:
        scene.frame_set(frame)
        bones, to_world = armature.pose.bones, np.array(armature.matrix_world)[:3, :3]
        ways = [to_world @ np.array(bones[a].head - bones[b].head) for a, b in pairs]
        found.append([way / np.linalg.norm(way) for way in ways])
    return np.array(found)


def test_a_stranger_moves_and_leaves_as_fbx(walk, mocap, tmp_path):
    armature, truth = stand("gta")
    mocap.retarget.target = armature
    assert bpy.ops.int_mocap.detect_bones() == {"FINISHED"}
    listed = {
        row.name: tuple(bone.name for bone in row.bones) for row in armature.int_mocap_map.joints
    }
    assert {joint: bones for joint, bones in listed.items() if bones != ("",)} == truth
    assert bpy.ops.int_mocap.retarget() == {"FINISHED"}
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    frames = (5, 20, 50)
    ours: Truth = {joint: (joint,) for joint in truth}
    apart = (shins(armature, truth, frames) * shins(walk.armature, ours, frames)).sum(axis=-1)
    assert np.degrees(np.arccos(np.clip(apart, -1, 1))).max() < 3
    for each in bpy.data.objects:
        each.select_set(each == armature)
    bpy.context.view_layer.objects.active = armature
    mocap.export.figures = "SELECTED"
    mocap.export.preset, mocap.export.format = "GODOT", ".fbx"
    assert bpy.ops.int_mocap.export(filepath=str(tmp_path / "out.fbx")) == {"FINISHED"}
    shown = shins(armature, truth, frames)
    before = set(bpy.data.objects)
    bpy.ops.import_scene.fbx(filepath=str(tmp_path / "out.fbx"))
    again = next(
        each for each in bpy.data.objects if each not in before and each.type == "ARMATURE"
    )
    assert (shins(again, truth, frames) * shown).sum(axis=-1).min() > np.cos(np.radians(0.1))
