"""Motions onto rigs in Blender: what is keyed, where, and that nothing else changes."""

from dataclasses import replace
from typing import Any

import bpy
import numpy as np
import pytest

from bake.reduction.key_reduction import Tolerance
from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.apply import read_target, retarget, write_steps
from bake.retarget.in_blender.evaluation import pose_steps
from bake.retarget.in_blender.keyed import key_motion
from bake.retarget.maps.bone_map import BoneMap, JointBones, Setting
from bake.retarget.settings import RetargetSettings
from core_model.body.skeleton import JOINT_INDEX
from core_model.errors import OutputError, RigError
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_quaternion,
    nearest_rotation,
    quaternion_multiply,
    rotation_angle,
)
from core_model.take import Take
from tests.bake.conftest import curves_of
from tests.bake.motions import tumbling, walking
from tests.bake.retarget.rig_variants import MODES, move_object, roll_at_random, set_modes
from tests.bake.retarget.rigs import build_rig, load_rig
from tests.bake.retarget.sources import human, true_map
from tests.bake.scene_dump import dump

CONTEXT: Any = bpy.context
"""Stubs say that it may have no scene."""

EXACT = RetargetSettings(tolerance=None)
PIN_NOTHING = replace(EXACT, pin_feet=False, floor=False)


@pytest.fixture
def mixamo(empty_scene) -> Any:
    return load_rig("mixamo")


def evaluated(armature: Any, bones: list[str], frames: np.ndarray) -> np.ndarray:
    """World matrices of bones as Blender evaluates them."""
    steps = pose_steps(CONTEXT.scene, armature, bones, frames)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def off_by(armature: Any, motion: Any, frames: np.ndarray) -> np.ndarray:
    """Degrees (K, B) by which bones are turned otherwise in the world than they were solved."""
    bones = list(motion.seen)
    shown = nearest_rotation(evaluated(armature, bones, frames)[..., :3, :3])
    world = np.array(armature.matrix_world, dtype=np.float64)
    rest = np.stack([np.array(armature.data.bones[bone].matrix_local) for bone in bones])
    at_rest = nearest_rotation((world @ rest)[:, :3, :3])
    wanted = np.stack([motion.seen[bone] for bone in bones], axis=1) @ at_rest
    return np.degrees(rotation_angle(shown, wanted))


def sitting() -> Take:
    """Somebody who squats still, the feet where they are in a stand."""
    take, bent = walking(), np.radians(80)
    poses = np.tile(take.poses[:1], (60, 1)).reshape(60, 24, 3)
    poses[:, 1:] = 0
    for side in ("left", "right"):
        poses[:, JOINT_INDEX[f"{side}_hip"], 0] = -bent
        poses[:, JOINT_INDEX[f"{side}_knee"], 0] = 2 * bent
        poses[:, JOINT_INDEX[f"{side}_ankle"], 0] = -bent
    trans = np.tile([3.0, 2.0, 0.95 - 0.8 * (1 - np.cos(bent))], (60, 1))
    return replace(take, poses=poses.reshape(60, 72), trans=trans)


def elsewhere(source: HumanMotion) -> HumanMotion:
    """Turn a motion round and put it two metres away."""
    turn = axis_angle_to_matrix(np.array([0.0, 0.0, 2.5]))
    quaternion = np.broadcast_to(matrix_to_quaternion(turn), source.turns.shape)
    return replace(
        source,
        turns=quaternion_multiply(quaternion, source.turns),
        places=source.places @ turn.T + [2.0, 0.0, 0.0],
    )


def test_blender_plays_what_was_solved_in_every_rotation_mode(mixamo):
    set_modes(mixamo)
    roll_at_random(mixamo)
    source, bone_map = human(tumbling()), true_map("mixamo")
    target = read_target(CONTEXT.scene, mixamo, bone_map, PIN_NOTHING)
    keyed = key_motion(target, source)
    result = retarget(CONTEXT.scene, [source], mixamo, bone_map, PIN_NOTHING)
    assert {channel.mode for channel in keyed.curves.channels} == {"", *MODES}
    assert off_by(mixamo, keyed.motion, source.frames).max() < 0.05
    assert not result.told


def test_angles_do_not_jump(mixamo):
    set_modes(mixamo)
    retarget(CONTEXT.scene, [human(tumbling())], mixamo, true_map("mixamo"), PIN_NOTHING)
    checked = 0
    for curve in curves_of(mixamo).fcurves:
        if curve.data_path.endswith(("_euler", "_angle")) and curve.array_index == 0:
            values = np.array([key.co[1] for key in curve.keyframe_points])
            assert np.abs(np.diff(values)).max() < np.pi, curve.data_path
            checked += 1
    assert checked > 15


def test_fewer_keys_stay_within_their_tolerance(mixamo):
    set_modes(mixamo)
    source, bone_map = human(), true_map("mixamo")
    settings = replace(PIN_NOTHING, tolerance=Tolerance(0.5, 2.0))
    keyed = key_motion(read_target(CONTEXT.scene, mixamo, bone_map, settings), source)
    retarget(CONTEXT.scene, [source], mixamo, bone_map, settings)
    counts = [len(keys.frames) for keys in keyed.curves.keys]
    assert sum(counts) < 0.6 * len(counts) * len(source)
    bones = list(keyed.motion.seen)
    shown = evaluated(mixamo, bones, source.frames)[..., :3, 3]
    retarget(CONTEXT.scene, [source], mixamo, bone_map, PIN_NOTHING)
    exact = evaluated(mixamo, bones, source.frames)[..., :3, 3]
    assert np.linalg.norm(shown - exact, axis=-1).max() < 0.002


def test_only_bones_of_the_map_are_keyed(mixamo):
    bone_map = true_map("mixamo")
    wrists = {"left_wrist": replace(bone_map.joints["left_wrist"], locked=True)}
    bone_map = replace(bone_map, joints={**bone_map.joints, **wrists})
    retarget(CONTEXT.scene, [human()], mixamo, bone_map, EXACT)
    paths = {curve.data_path for curve in curves_of(mixamo).fcurves}
    fingers = {bone for bone in mixamo.data.bones.keys() if "Hand" in bone}
    assert not any(
        f'"{bone}"' in path for path in paths for bone in fingers - {"mixamorig:RightHand"}
    )
    moved = {path for path in paths if path.endswith(".location")}
    assert moved == {'pose.bones["mixamorig:Hips"].location'}
    assert not any("scale" in path for path in paths)


def test_locked_channels_get_no_keys_and_that_is_said(mixamo):
    bones = mixamo.pose.bones
    bones["mixamorig:LeftForeArm"].rotation_mode = "XYZ"
    bones["mixamorig:LeftForeArm"].lock_rotation = (False, True, False)
    bones["mixamorig:Head"].lock_rotation = (True, True, True)
    bones["mixamorig:Hips"].lock_location = (False, True, False)
    result = retarget(CONTEXT.scene, [human(tumbling())], mixamo, true_map("mixamo"), PIN_NOTHING)
    curves = curves_of(mixamo).fcurves
    arm, hips = (
        {curve.array_index for curve in curves if curve.data_path == f'pose.bones["{bone}"].{path}'}
        for bone, path in (
            ("mixamorig:LeftForeArm", "rotation_euler"),
            ("mixamorig:Hips", "location"),
        )
    )
    assert arm == {0, 2} and hips == {0, 2}
    assert not [curve for curve in curves if '"mixamorig:Head"' in curve.data_path]
    told = next(each for each in result.told if "locked channels" in each)
    for bone in ("mixamorig:Hips", "mixamorig:LeftForeArm", "mixamorig:Head"):
        assert bone in told


def test_the_new_action_is_played_and_the_old_one_stays(mixamo):
    scene = CONTEXT.scene
    bone_map = true_map("mixamo")
    retarget(scene, [human(name="First")], mixamo, bone_map, EXACT)
    result = retarget(scene, [human(name="Second"), human(name="Third")], mixamo, bone_map, EXACT)
    assert result.actions == ("Second", "Third") and result.frames == (1, 60)
    data = mixamo.animation_data
    assert data.action.name == "Second"
    assert all(bpy.data.actions[name].use_fake_user for name in ("First", "Third"))
    if bpy.app.version >= (4, 4, 0):
        assert data.action_slot.name_display == mixamo.name
        assert len(data.action.slots) == 1


def test_keys_outside_the_frames_stay_in_the_active_action(mixamo):
    scene, bone_map = CONTEXT.scene, true_map("mixamo")
    hips, other = (
        mixamo.pose.bones[bone] for bone in ("mixamorig:Hips", "mixamorig:LeftHandIndex1")
    )
    for frame in (-20, 10, 200):
        hips.location = (0, 0, frame)
        hips.keyframe_insert("location", frame=frame)
        other.location = (frame, 0, 0)
        other.keyframe_insert("location", frame=frame)
    name = mixamo.animation_data.action.name
    result = retarget(
        scene, [human()], mixamo, bone_map, replace(EXACT, place="active", first=5, last=20)
    )
    assert result.actions == (name,) and mixamo.animation_data.action.name == name
    assert len(bpy.data.actions) == 1
    curves = {
        (curve.data_path, curve.array_index): [key.co[0] for key in curve.keyframe_points]
        for curve in curves_of(mixamo).fcurves
    }
    assert curves['pose.bones["mixamorig:Hips"].location', 2] == [-20, *range(5, 21), 200]
    assert curves['pose.bones["mixamorig:LeftHandIndex1"].location', 0] == [-20, 10, 200]
    scene.frame_set(200)
    assert hips.location.z == pytest.approx(200)


def test_strips_follow_each_other(mixamo):
    scene, bone_map = CONTEXT.scene, true_map("mixamo")
    retarget(scene, [human(name="Mine")], mixamo, bone_map, EXACT)
    settings = replace(EXACT, place="strip")
    retarget(scene, [human(name="One"), human(name="Two")], mixamo, bone_map, settings)
    data = mixamo.animation_data
    assert data.action is None, "what was active lies below, not over the strips"
    below, track = data.nla_tracks
    assert [strip.action.name for strip in below.strips] == ["Mine"]
    assert [(s.name, s.frame_start, s.frame_end) for s in track.strips] == [
        ("One", 1, 60),
        ("Two", 61, 120),
    ]
    frames = np.array([30, 90])
    first, second = evaluated(mixamo, ["mixamorig:LeftLeg"], frames)
    assert np.allclose(first, second, atol=1e-5), "both are the same walk"


@pytest.mark.parametrize(
    ("modes", "tolerance"), [(("QUATERNION",), Tolerance()), (MODES, None)], ids=["few keys", "all"]
)
def test_strips_fade_into_each_other_where_the_figure_is(mixamo, modes, tolerance):
    """The second starts two metres away and turned; the third sits, so that legs bend in between.

    A rig's own turns would be mixed number by number, and lead feet through the floor.
    """
    set_modes(mixamo, modes)
    sources = [human(name="Walk"), elsewhere(human(name="Away")), human(sitting(), name="Sits")]
    settings = RetargetSettings(place="strip", blend_in=20, blend_out=20, tolerance=tolerance)
    retarget(CONTEXT.scene, sources, mixamo, true_map("mixamo"), settings)
    lower, upper = (
        [(s.name, s.frame_start, s.frame_end, s.blend_in, s.blend_out) for s in track.strips]
        for track in mixamo.animation_data.nla_tracks
    )
    assert lower == [("Walk", 1, 60, 20, 0), ("Sits", 81, 140, 0, 20)]
    assert upper == [("Away", 41, 100, 19, 19)]
    bones = list(true_map("mixamo").bones())
    frames = np.arange(21, 121)
    shown = evaluated(mixamo, bones, frames)[..., :3, 3]
    steps = np.linalg.norm(np.diff(shown, axis=0), axis=-1).max(axis=1)
    fades = ((frames > 40) & (frames < 61)) | ((frames > 80) & (frames < 101))
    both = fades[1:] | fades[:-1]
    assert steps[both].max() < 1.3 * steps[~both].max()
    feet = [bone for bone in bones if bone.endswith(("Foot", "ToeBase"))]
    heights = shown[:, [bones.index(bone) for bone in feet], 2].min(axis=1)
    assert heights[fades].min() > heights[~fades].min() - 0.005


@pytest.mark.parametrize("mode", ["OBJECT", "POSE", "EDIT"])
def test_the_user_stands_where_they_stood(mixamo, mode):
    scene = CONTEXT.scene
    cube = bpy.data.objects.new("cube", None)
    scene.collection.objects.link(cube)
    CONTEXT.view_layer.objects.active = mixamo
    mixamo.select_set(True)
    bpy.ops.object.mode_set(mode=mode)
    scene.frame_set(17)
    finger = mixamo.pose.bones["mixamorig:LeftHandIndex1"]
    finger.rotation_quaternion = (0.8, 0.6, 0, 0)
    scenes = len(bpy.data.scenes)
    result = retarget(scene, [human()], mixamo, true_map("mixamo"), EXACT)
    assert mixamo.mode == mode and CONTEXT.view_layer.objects.active == mixamo
    assert mixamo.select_get() and not cube.select_get()
    assert scene.frame_current == 17 and len(bpy.data.scenes) == scenes
    assert tuple(finger.rotation_quaternion) == pytest.approx((0.8, 0.6, 0, 0))
    assert bool(result.told) == (mode == "EDIT")
    bpy.ops.object.mode_set(mode="OBJECT")


def test_a_constraint_that_turns_a_bone_away_stays_and_is_named(mixamo):
    limit = mixamo.pose.bones["mixamorig:RightLeg"].constraints.new("LIMIT_ROTATION")
    limit.use_limit_x = limit.use_limit_y = limit.use_limit_z = True
    limit.owner_space = "LOCAL"
    result = retarget(CONTEXT.scene, [human()], mixamo, true_map("mixamo"), EXACT)
    assert len(mixamo.pose.bones["mixamorig:RightLeg"].constraints) == 1
    assert any(
        "mixamorig:RightLeg (right knee)" in each and "Limit Rotation" in each
        for each in result.told
    )


def test_what_hides_the_motion_is_told(mixamo):
    mixamo.scale = (1, 1, 1.4)
    CONTEXT.view_layer.update()
    (said,) = retarget(CONTEXT.scene, [human()], mixamo, true_map("mixamo"), EXACT).told
    assert "scaled alike" in said
    mixamo.scale = (1, 1, 1)
    track = mixamo.animation_data.nla_tracks.new()
    track.name, track.is_solo = "idle", True
    CONTEXT.view_layer.update()
    (said,) = retarget(CONTEXT.scene, [human()], mixamo, true_map("mixamo"), EXACT).told
    assert "NLA track idle alone" in said


def test_scaled_and_turned_objects_move_as_well(mixamo):
    from mathutils import Matrix

    move_object(mixamo, Matrix.Rotation(1.0, 4, "Z") @ Matrix.Scale(0.01, 4))
    source, bone_map = human(), true_map("mixamo")
    keyed = key_motion(read_target(CONTEXT.scene, mixamo, bone_map, PIN_NOTHING), source)
    result = retarget(CONTEXT.scene, [source], mixamo, bone_map, PIN_NOTHING)
    assert off_by(mixamo, keyed.motion, source.frames).max() < 0.05
    assert not result.told


def test_every_nth_frame(mixamo):
    settings = replace(EXACT, step=7, first=3, last=50)
    retarget(CONTEXT.scene, [human()], mixamo, true_map("mixamo"), settings)
    curve = curves_of(mixamo).fcurves[0]
    assert [key.co[0] for key in curve.keyframe_points] == [*range(3, 50, 7), 50]


def test_what_is_given_up_on_the_way_leaves_nothing(mixamo):
    before = dump()
    target = read_target(CONTEXT.scene, mixamo, true_map("mixamo"), EXACT)
    steps = write_steps(target, [key_motion(target, human())])
    next(steps)
    steps.close()
    assert dump() == before
    steps = write_steps(target, [key_motion(target, human())])
    next(steps)
    mixamo.data.bones["mixamorig:LeftArm"].name = "other"
    with pytest.raises(RigError, match="changed meanwhile"):
        list(steps)
    assert not bpy.data.actions


def two_legs(*without: str) -> Any:
    """A stick figure of few bones; returns the armature."""
    rows: list[Any] = [
        ("hips", "", (0, 0, 1), (0, 0, 1.2), 0),
        ("head", "hips", (0, 0, 1.5), (0, 0, 1.8), 0),
    ]
    for side, x in (("L", 0.1), ("R", -0.1)):
        rows += [
            (f"thigh.{side}", "hips", (x, 0, 1), (x, -0.02, 0.5), 0),
            (f"shin.{side}", f"thigh.{side}", (x, -0.02, 0.5), (x, 0, 0.1), 0),
            (f"foot.{side}", f"shin.{side}", (x, 0, 0.1), (x, -0.15, 0), 0),
        ]
    return build_rig("figure", [row for row in rows if not row[0].startswith(without)])


def few_bones(*without: str) -> BoneMap:
    joints = {"pelvis": ("hips",), "head": ("head",)}
    for side, letter in (("left", "L"), ("right", "R")):
        for joint, bone in (("hip", "thigh"), ("knee", "shin"), ("ankle", "foot")):
            if bone not in without:
                joints[f"{side}_{joint}"] = (f"{bone}.{letter}",)
    return BoneMap("Sticks", {joint: JointBones(bones) for joint, bones in joints.items()})


def refused(target: Any, bone_map: BoneMap, settings: RetargetSettings = EXACT) -> str:
    """Return the sentence that says why nothing was done, and see that nothing was."""
    before = dump()
    with pytest.raises((RigError, OutputError)) as error:
        retarget(CONTEXT.scene, [human()], target, bone_map, settings)
    assert dump() == before
    return str(error.value)


def test_a_figure_of_few_bones_can_be_moved(empty_scene):
    armature = two_legs()
    retarget(empty_scene, [human()], armature, few_bones(), EXACT)
    assert len({curve.data_path for curve in curves_of(armature).fcurves}) == 9


def test_switches_that_are_keyed_are_told_unless_they_stood_so(empty_scene):
    armature = two_legs()
    for bone in ("thigh.L", "thigh.R"):
        armature.pose.bones[bone]["fk"] = 0
    settings = tuple(Setting(bone, "fk", 1.0) for bone in ("thigh.L", "thigh.R"))
    bone_map = replace(few_bones(), settings=settings)
    said = retarget(empty_scene, [human()], armature, bone_map, EXACT).told
    assert said == (
        "figure needed other settings, which were set and keyed: fk to 1 on thigh.L and thigh.R.",
    )
    assert armature.pose.bones["thigh.R"]["fk"] == 1
    assert retarget(empty_scene, [human()], armature, bone_map, EXACT).told == ()


def test_what_cannot_be_moved_is_said_in_a_sentence(empty_scene):
    assert "No armature" in refused(None, few_bones())
    cube = bpy.data.objects.new("cube", bpy.data.meshes.new("cube"))
    empty_scene.collection.objects.link(cube)
    assert "cube is no armature" in refused(cube, few_bones())
    armature = two_legs()
    assert "for another rig" in refused(armature, true_map("mixamo"))
    assert "left knee and right knee" in refused(armature, few_bones("shin"))
    joints = few_bones().joints
    wrong = replace(few_bones(), joints={**joints, "neck": JointBones(("nape",))})
    assert "has no bone nape" in refused(armature, wrong)
    hipless = replace(few_bones(), joints={k: v for k, v in joints.items() if k != "pelvis"})
    assert "hips" in refused(armature, hipless)
    assert "no frame between" in refused(armature, few_bones(), replace(EXACT, first=500))
    two = replace(EXACT, place="active")
    with pytest.raises(OutputError, match="do not go into one action"):
        retarget(empty_scene, [human(), human()], armature, few_bones(), two)
    empty_scene.collection.objects.unlink(armature)
    assert "not in the scene" in refused(armature, few_bones())


def test_a_rig_without_legs_and_one_with_four_are_said_to_be_that(empty_scene):
    assert "two legs" in refused(
        two_legs("thigh", "shin", "foot"), replace(few_bones("thigh", "shin", "foot"), name="Bust")
    )
    rows: list[Any] = [
        ("hips", "", (0, 0.5, 1), (0, 0.3, 1), 0),
        ("head", "hips", (0, -0.6, 1.1), (0, -0.9, 1.1), 0),
    ]
    for side, x in (("L", 0.1), ("R", -0.1)):
        rows += [
            (f"thigh.{side}", "hips", (x, 0.5, 1), (x, 0.45, 0.5), 0),
            (f"shin.{side}", f"thigh.{side}", (x, 0.45, 0.5), (x, 0.55, 0.1), 0),
            (f"foot.{side}", f"shin.{side}", (x, 0.55, 0.1), (x, 0.4, 0), 0),
        ]
    assert "four legs" in refused(build_rig("horse", rows), few_bones())


def test_a_linked_rig_wants_an_override_and_an_override_works(empty_scene, tmp_path):
    armature = load_rig("mixamo")
    library = str(tmp_path / "hero.blend")
    bpy.data.libraries.write(library, {armature})
    bpy.ops.wm.read_factory_settings(use_empty=True)
    libraries: Any = bpy.data.libraries
    with libraries.load(library, link=True) as (there, wanted):
        wanted.objects = there.objects
    linked = wanted.objects[0]
    scene = CONTEXT.scene
    scene.collection.objects.link(linked)
    said = refused(linked, true_map("mixamo"))
    assert "hero.blend" in said and "library override" in said
    own = linked.override_create(remap_local_usages=True)
    assert own.library is None and own.override_library
    # Both have the same name.
    scene.collection.objects.link(linked)
    retarget(scene, [human()], own, true_map("mixamo"), EXACT)
    legs, frames = ["mixamorig:LeftLeg"], np.array([1, 15])
    moved = evaluated(own, legs, frames)
    assert np.abs(moved[0] - moved[1]).max() > 0.1
    name, saved = own.name, str(tmp_path / "shot.blend")
    bpy.ops.wm.save_as_mainfile(filepath=saved)
    bpy.ops.wm.open_mainfile(filepath=saved)
    again = next(each for each in bpy.data.objects if each.name == name and not each.library)
    assert again.override_library
    assert np.allclose(evaluated(again, legs, frames), moved, atol=1e-6)


def test_a_linked_collection_that_is_shown_wants_an_override(empty_scene, tmp_path):
    armature = load_rig("mixamo")
    hero = bpy.data.collections.new("Hero")
    hero.objects.link(armature)
    library = str(tmp_path / "hero.blend")
    bpy.data.libraries.write(library, {hero})
    bpy.ops.wm.read_factory_settings(use_empty=True)
    libraries: Any = bpy.data.libraries
    with libraries.load(library, link=True) as (there, wanted):
        wanted.collections = there.collections
    shown = bpy.data.objects.new("Hero", None)
    shown.instance_type, shown.instance_collection = "COLLECTION", wanted.collections[0]
    CONTEXT.scene.collection.objects.link(shown)
    said = refused(shown, true_map("mixamo"))
    assert "hero.blend" in said and "library override" in said


def test_a_strip_in_tweak_mode_is_left_alone(mixamo):
    scene, bone_map = CONTEXT.scene, true_map("mixamo")
    retarget(scene, [human()], mixamo, bone_map, replace(EXACT, place="strip"))
    data = mixamo.animation_data
    data.nla_tracks.active = data.nla_tracks[0]
    data.nla_tracks[0].strips[0].select = True
    data.use_tweak_mode = True
    assert "tweak mode" in refused(mixamo, bone_map)


def test_a_rig_without_a_root_bone_travels_on_its_hips_and_says_so(empty_scene):
    armature = two_legs()
    result = retarget(empty_scene, [human()], armature, few_bones(), replace(EXACT, root="bone"))
    assert any("no root bone" in each for each in result.told)
    hips = evaluated(armature, ["hips"], np.array([1, 60]))[:, 0, :3, 3]
    assert hips[0, 1] - hips[1, 1] > 1.5


def test_in_place_an_empty_goes_the_way_if_wanted(empty_scene):
    armature, bones = two_legs(), few_bones()
    frames = np.array([1, 30, 60])
    retarget(empty_scene, [human()], armature, bones, EXACT)
    travelled = evaluated(armature, ["hips"], frames)[:, 0, :3, 3]
    settings = replace(EXACT, root="in_place")
    retarget(empty_scene, [human()], armature, bones, settings)
    assert not [thing for thing in bpy.data.objects if thing.type == "EMPTY"]
    retarget(empty_scene, [human()], armature, bones, replace(settings, keep_travel=True))
    stays = evaluated(armature, ["hips"], frames)[:, 0, :3, 3]
    (empty,) = (thing for thing in bpy.data.objects if thing.type == "EMPTY")
    ways = []
    for frame in frames.tolist():
        empty_scene.frame_set(frame)
        ways.append(np.array(empty.matrix_world.translation))
    assert np.abs(stays - stays[0])[:, :2].max() < 0.1
    assert np.allclose(stays + ways, travelled, atol=1e-4)
