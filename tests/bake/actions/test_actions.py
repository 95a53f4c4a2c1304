"""What a figure shows, changed by a finishing tool, is an action that shows just that."""

from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Matrix, Quaternion

from bake.actions.reading import Shown, fitting_actions, playing, shown_motion
from bake.actions.writing import play, write_action
from bake.finishing.cuts import joined, looped, trimmed
from bake.finishing.motion import retimed
from bake.finishing.places import mirrored, standing_at
from bake.motion.resample import FrameRate, Timeline
from bake.scene.animation.curves import Keying
from bake.scene.animation.motion import motion_of
from bake.scene.by_hand.layers import working_layer
from bake.scene.rig.rig_look import RigStyle
from bake.scene.writer import Figure, write_person
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_NAMES, MIRROR
from core_model.errors import OutputError
from core_model.take import Take
from tests.core_model.solving.clips import true_take

BODY = default_body()
EVERY_FRAME = Keying(None)


def scene() -> Any:
    return bpy.context.scene


def baked(root: str = "none") -> Any:
    """Return the armature of somebody who limps for three seconds, in the open scene."""
    scene().render.fps, scene().render.fps_base = 30, 1.0
    take = true_take("limp_pillar_01", 90)
    motion = motion_of(take, Timeline(FrameRate(30, 1.0), float(take.times[0]), 11), "none")
    figure, _ = write_person(
        scene(),
        Figure(),
        "limp",
        motion,
        scene().collection,
        colour=(1, 1, 1),
        with_body=False,
        style=RigStyle(root=root),
        keying=EVERY_FRAME,
    )
    return figure.armature


@pytest.fixture
def figure() -> Any:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    return baked()


def joints_of(armature: Any, frames: range) -> np.ndarray:
    """Return where the heads of the bones are in the world (K, 24, 3), units."""
    found = []
    for frame in frames:
        scene().frame_set(frame)
        bones = [armature.matrix_world @ armature.pose.bones[name].head for name in JOINT_NAMES]
        found.append(np.array(bones))
    return np.array(found)


def turned(armature: Any, frame: int, bone: str = "left_elbow") -> None:
    """Bend a bone by hand on one frame, on a layer."""
    working_layer(armature, "limp")
    scene().frame_set(frame)
    armature.pose.bones[bone].rotation_quaternion = Quaternion((0.8, 0.6, 0.0, 0.0))
    armature.pose.bones[bone].keyframe_insert("rotation_quaternion", frame=frame)


def worked(armature: Any, change: Any, **options: Any) -> tuple[Shown, Take, Any]:
    shown = shown_motion(scene(), armature)
    take = change(shown.take)
    action = write_action(armature, "limp_made", shown, take, BODY, EVERY_FRAME, **options)
    play(armature, action)
    return shown, take, action


def test_what_is_seen_comes_back_with_hand_edits_and_layers(figure):
    turned(figure, 40)
    before, old = joints_of(figure, range(11, 101)), figure.animation_data.action
    _, _, action = worked(figure, lambda take: take)
    assert np.abs(joints_of(figure, range(11, 101)) - before).max() < 2e-4
    assert action.name == "limp_made" and figure.animation_data.action == action
    assert old.users and old.use_fake_user, "the old one stays"


@pytest.mark.parametrize("root", ["origin", "hips"])
def test_an_object_may_stand_anywhere_in_any_size(root):
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    figure = baked(root)
    figure.matrix_world = (
        Matrix.Translation((1.0, 2.0, 0.5)) @ Matrix.Rotation(0.7, 4, "Z") @ Matrix.Scale(2.0, 4)
    )
    if root == "origin":
        figure.pose.bones["root"].location = (0.3, 0.2, 0.0)
        bpy.ops.object.select_all(action="DESELECT")
    before = joints_of(figure, range(11, 101))
    worked(figure, lambda take: take)
    assert np.abs(joints_of(figure, range(11, 101)) - before).max() < 5e-4


def test_a_mirror_shows_the_other_side_and_twice_the_same(figure):
    frames = range(11, 101)
    before = joints_of(figure, frames)
    worked(figure, lambda take: mirrored(take, BODY))
    across = before[:, list(MIRROR)] * [-1.0, 1.0, 1.0]
    once = joints_of(figure, frames)
    assert np.linalg.norm(once - across, axis=-1).max() < 0.02, "a body is not quite even"
    worked(figure, lambda take: mirrored(take, BODY))
    assert np.abs(joints_of(figure, frames) - before).max() < 5e-4


def test_a_part_stays_at_its_frames(figure):
    before = joints_of(figure, range(21, 41))
    shown, take, action = worked(figure, lambda take: trimmed(take, take.times[10], take.times[29]))
    assert shown.first == 11 and len(take) == 20
    assert tuple(action.curve_frame_range) == (21, 40)
    assert np.abs(joints_of(figure, range(21, 41)) - before).max() < 2e-4


def test_slow_motion_begins_where_it_began(figure):
    before = joints_of(figure, range(11, 101))
    _, _, action = worked(figure, lambda take: retimed(take, 0.5, BODY), keeps_time=False)
    assert tuple(action.curve_frame_range) == (11, 189)
    assert np.abs(joints_of(figure, range(11, 191, 2)) - before).max() < 5e-4


def test_heading_and_origin_are_those_of_the_world(figure):
    figure.location = (3.0, 1.0, 0.0)
    worked(figure, lambda take: standing_at(take, BODY))
    ankles = joints_of(figure, range(11, 12))[0, [7, 8]].mean(axis=0)
    assert np.abs(ankles[:2]).max() < 1e-3


def test_a_cycle_and_a_join_hold_their_feet(figure):
    was = figure.animation_data.action
    _, take, _ = worked(figure, lambda take: looped(take, BODY), keeps_time=False, holds_feet=True)
    first, last = (
        joints_of(figure, range(11, 12))[0],
        joints_of(figure, range(10 + len(take), 11 + len(take)))[0],
    )
    assert np.abs((last - last[:1]) - (first - first[:1])).max() < 0.01
    other = fitting_actions(figure)[0]
    assert other == was
    was = figure.animation_data.action
    with playing(figure, other):
        second = shown_motion(scene(), figure).take
    assert figure.animation_data.action == was
    worked(figure, lambda take: joined(take, second, BODY), keeps_time=False, holds_feet=True)
    joints = joints_of(figure, range(11, 11 + len(take) + len(second) - 12))
    assert np.linalg.norm(np.diff(joints, axis=0), axis=-1).max() < 0.2, "nothing jumps"


def test_an_object_that_moves_by_itself_is_a_sentence(figure):
    figure.keyframe_insert("location", frame=11)
    figure.location = (1.0, 0.0, 0.0)
    figure.keyframe_insert("location", frame=60)
    with pytest.raises(OutputError, match="moved as an object"):
        shown_motion(scene(), figure)
