"""Each finishing tool makes an action of what a figure shows; the old one stays in the file."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Quaternion

from core_model.body.skeleton import JOINT_NAMES
from tests.core_model.solving.clips import true_take
from tests.int_mocap_addon.corrections.conftest import capture_of


@pytest.fixture
def figure(mocap: Any, tmp_path: Path) -> Any:
    """Return the armature of a baked take with an arm that was bent by hand; it is active."""
    for name in ("signals_01", "limp_pillar_01"):
        folder = capture_of(tmp_path / name, [true_take(name, 90)])
        bpy.ops.int_mocap.load_takes(filepath=str(folder / "person_01.npz"))
        assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    mocap.finish.on = "ACTION"
    armature = mocap.takes[1].armature
    bpy.context.view_layer.objects.active = armature
    bone = armature.pose.bones["left_elbow"]
    bone.rotation_quaternion = Quaternion((0.8, 0.6, 0.0, 0.0))
    bone.keyframe_insert("rotation_quaternion", frame=30)
    return armature


def elbow(armature: Any, frame: int, side: str = "left") -> np.ndarray:
    bpy.context.scene.frame_set(frame)
    return np.array(armature.pose.bones[f"{side}_elbow"].matrix_basis.to_quaternion())


def other_of(mocap: Any) -> str:
    return str(mocap.takes[0].armature.animation_data.action.name)


def test_every_button_makes_an_action_with_what_was_done_by_hand(figure, mocap):
    scene: Any = bpy.context.scene
    ops: Any = bpy.ops.int_mocap
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = 21, 60
    first = figure.animation_data.action
    by_hand = elbow(figure, 30)
    assert abs(by_hand @ [0.8, 0.6, 0, 0]) > 0.9999
    scene.frame_set(25)
    before = {action.name for action in bpy.data.actions}
    lengths = []
    for button, options in (
        (ops.trim_take, {}),
        (ops.split_take, {}),
        (ops.place_take, {"heading": 0.5, "floor": 0.1}),
        (ops.exaggerate_limb, {"limb": "Right Leg", "amount": 0.5}),
        (ops.copy_limb, {"other": other_of(mocap), "limb": "Right Arm"}),
        (ops.mirror_take, {}),
        (ops.loop_take, {}),
        (ops.retime_take, {"speed": 0.5}),
        (ops.join_takes, {"other": other_of(mocap), "blend": 0.4}),
    ):
        figure.animation_data.action = first
        assert button(**options) == {"FINISHED"}, button
        action = figure.animation_data.action
        lengths.append(int(np.ptp(action.curve_frame_range)) + 1)
        if button in (ops.trim_take, ops.split_take, ops.place_take, ops.copy_limb):
            assert abs(elbow(figure, 30) @ by_hand) > 0.999, "the hand edit is in it"
        scene.frame_set(25)
    assert lengths == [40, 66, 90, 90, 90, 90, lengths[6], 179, 168] and lengths[6] > 15
    made = {action.name for action in bpy.data.actions} - before
    assert len(made) == 10 and all(bpy.data.actions[name].use_fake_user for name in made)
    assert first.name in bpy.data.actions and first.use_fake_user
    assert len(mocap.takes) == 2, "no take was made"
    figure.animation_data.action = bpy.data.actions[f"{figure.name}_mirrored"]
    assert elbow(figure, 30, "right")[1] == pytest.approx(0.6, abs=0.01)
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}, "the take can be baked again"


def test_contacts_go_along_and_a_missing_take_does_no_harm(figure, mocap):
    Path(bpy.path.abspath(mocap.takes[1].path)).unlink()
    assert bpy.ops.int_mocap.mirror_take() == {"FINISHED"}


def foreign() -> Any:
    """Return an armature with two arms and a spine, keyed on some frames."""
    data = bpy.data.armatures.new("hero")
    armature: Any = bpy.data.objects.new("hero", data)
    bpy.context.scene.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    for name, x in (("spine", 0.0), ("LeftArm", 1.0), ("RightArm", -1.0)):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail = (0.0, 0.0, 1.0), (x, 0.0, 1.0 if x else 2.0)
    data.edit_bones["RightArm"].roll = 0.7  # axes that are not those of a mirror
    bpy.ops.object.mode_set(mode="OBJECT")
    for name, turn in (("spine", (0.9, 0.1, 0.2, 0.3)), ("LeftArm", (0.7, 0.1, 0.5, 0.4))):
        posed = armature.pose.bones[name]
        for frame, share in ((1, 0.0), (21, 1.0), (41, 0.3)):
            posed.rotation_quaternion = Quaternion().slerp(Quaternion(turn).normalized(), share)
            posed.keyframe_insert("rotation_quaternion", frame=frame)
    armature.pose.bones["spine"].location = (0.5, 0.1, 0.2)
    armature.pose.bones["spine"].keyframe_insert("location", frame=21)
    return armature


def tails(armature: Any, frame: float) -> dict[str, np.ndarray]:
    bpy.context.scene.frame_set(int(frame), subframe=frame % 1)
    return {bone.name: np.array(bone.tail) for bone in armature.pose.bones}


def test_any_armature_is_mirrored_slowed_cut(mocap):
    mocap.finish.on, armature = "ACTION", foreign()
    first = armature.animation_data.action
    before = {frame: tails(armature, frame) for frame in (1, 10, 21, 30, 41)}
    assert bpy.ops.int_mocap.mirror_take() == {"FINISHED"}
    across, pairs = np.array([-1.0, 1.0, 1.0]), {"LeftArm": "RightArm", "spine": "spine"}
    for frame, was in before.items():
        now = tails(armature, frame)
        for one, other in pairs.items():
            assert np.abs(now[other] - across * was[one]).max() < 1e-4, (frame, other)
    assert bpy.ops.int_mocap.mirror_take() == {"FINISHED"}
    for frame, was in before.items():
        assert all(np.abs(tails(armature, frame)[b] - was[b]).max() < 1e-4 for b in was)
    armature.animation_data.action = first
    assert bpy.ops.int_mocap.retime_take(speed=0.5) == {"FINISHED"}
    assert len(armature.animation_data.action.layers) if hasattr(first, "layers") else True
    for frame, was in before.items():
        now = tails(armature, 1 + 2 * (frame - 1))
        assert all(np.abs(now[bone] - was[bone]).max() < 1e-4 for bone in was)
    armature.animation_data.action = first
    bpy.context.scene.frame_set(21)
    assert bpy.ops.int_mocap.split_take() == {"FINISHED"}
    assert tuple(armature.animation_data.action.curve_frame_range) == (21, 41)
    now = tails(armature, 30)
    assert all(np.abs(now[bone] - before[30][bone]).max() < 1e-4 for bone in now)
    assert not bpy.ops.int_mocap.exaggerate_limb.poll(), "that needs a body"


def test_what_cannot_be_is_a_sentence_and_nothing_is_made(figure, mocap):
    actions = len(bpy.data.actions)
    bpy.context.scene.frame_set(1)
    with pytest.raises(RuntimeError, match="would be left"):
        bpy.ops.int_mocap.split_take()
    armature = foreign()
    for name in ("LeftArm", "RightArm"):
        armature.data.bones[name].name = name[:-3].replace("Left", "A").replace("Right", "B")
    with pytest.raises(RuntimeError, match="which side it is on"):
        bpy.ops.int_mocap.mirror_take()
    assert len(bpy.data.actions) == actions + 1, "the one of the foreign armature"
    assert set(JOINT_NAMES) - {bone.name for bone in armature.data.bones}
