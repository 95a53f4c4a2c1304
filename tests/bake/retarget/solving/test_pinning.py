"""Feet that stand on the source stand on a target of other proportions, above the floor."""

from dataclasses import replace

import bpy
import numpy as np
import pytest
from mathutils import Matrix

from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import BoneMap, JointBones, LimbControls
from bake.retarget.rig import Bone, Rig
from bake.retarget.settings import RetargetSettings
from bake.retarget.solving.body_shift import HeldLeg
from bake.retarget.solving.controls import key_controls
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.rest_pose import rest_pose
from bake.retarget.solving.solve import solve
from bake.retarget.solving.two_bone import reach
from bake.scene.rig.armature import editing
from core_model.geometry.rotations import axis_angle_to_matrix
from tests.bake.retarget.played import CAPTURED, human_of, limb_errors, map_of, played
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.truth import TRUTH

NAME = "game_engine"
FEET = ("left_ankle", "left_foot", "right_ankle", "right_foot")


@pytest.fixture(scope="module")
def punch() -> HumanMotion:
    return human_of(next(file for file in CAPTURED if file.stem.startswith("punch")))


def with_short_shins(armature):
    """Move the knees down, so that the legs of the rig bend elsewhere than the source's."""
    with editing(armature):
        bones = armature.data.edit_bones
        for side in "lr":
            thigh, shin = bones[f"thigh_{side}"], bones[f"calf_{side}"]
            shin.use_connect = False
            shin.head = shin.head.lerp(shin.tail, 0.25)
            thigh.tail = shin.head
    return armature


def standing_steps(source, shown):
    """Return how far (mm) feet go on the target from frame to frame that stand on the source."""
    steps = []
    for joint in FEET:
        theirs = np.diff(source.places[:, source.joints.index(joint)], axis=0)
        ours = np.diff(shown.head(TRUTH[NAME][joint][0]), axis=0)
        stands = np.linalg.norm(theirs, axis=1) < 0.002
        steps.append(1000 * np.linalg.norm(ours, axis=1)[stands])
    return np.concatenate(steps)


def test_feet_stand_that_would_slide_otherwise(empty_scene, punch):
    armature = with_short_shins(load_rig(NAME))
    rig, every = read_rig(armature), range(len(punch))
    free, held = (
        played(armature, solve(punch, rig, map_of(NAME), settings), every)
        for settings in (RetargetSettings(pin_feet=False, floor=False), RetargetSettings())
    )
    slides, stands = standing_steps(punch, free), standing_steps(punch, held)
    assert len(stands) > 30
    assert slides.max() > 4
    assert stands.max() < 3
    # Nothing pops where a foot is let go of.
    for joint in ("left_ankle", "right_ankle"):
        jerk = [
            np.abs(np.diff(each.head(TRUTH[NAME][joint][0]), 2, axis=0)).max()
            for each in (free, held)
        ]
        assert jerk[1] < 1.5 * jerk[0]


def test_legs_point_as_the_source_s_though_their_feet_are_held(empty_scene):
    """Legs that are nearly straight would bend by ten degrees for a centimetre."""
    walk = human_of(next(file for file in CAPTURED if file.stem.startswith("walk_front")))
    armature = load_rig(NAME)
    motion = solve(walk, read_rig(armature), map_of(NAME), RetargetSettings())
    shown = played(armature, motion, range(len(walk)))
    errors = limb_errors(walk, shown, TRUTH[NAME])
    assert max(error.max() for error in errors.values()) < 4
    assert standing_steps(walk, shown).max() < 3


def test_feet_of_a_figure_that_sinks_are_put_on_the_floor(empty_scene, punch):
    armature = load_rig(NAME)
    rig = read_rig(armature)
    sunk = replace(punch, places=punch.places - [0, 0, 0.05])
    lowest = []
    for settings in (RetargetSettings(floor=False), RetargetSettings()):
        shown = played(armature, solve(sunk, rig, map_of(NAME), settings), range(len(punch)))
        lowest.append(min(shown.head(TRUTH[NAME][joint][0])[:, 2].min() for joint in FEET))
    assert lowest[0] < -0.02
    assert lowest[1] > -0.005


def test_hands_stand_when_they_are_to(empty_scene, punch):
    armature = load_rig(NAME)
    rig = read_rig(armature)
    places = punch.places.copy()
    wrist = punch.joints.index("left_wrist")
    places[30:60, wrist] = places[30, wrist]
    leaning = replace(punch, places=places)
    settings = RetargetSettings(pin_hands=True)
    shown = played(armature, solve(leaning, rig, map_of(NAME), settings), range(30, 60))
    steps = np.linalg.norm(np.diff(shown.head("hand_l"), axis=0), axis=1)
    assert 1000 * steps.max() < 3


def test_a_limb_reaches_what_it_can_and_bends_to_its_side():
    top, middle, end = (np.array([each]) for each in ([0, 0, 1], [0, -0.1, 0.5], [0.0, 0, 0]))
    aside = np.array([[0.0, -1, 0]])
    for wanted in ([0.3, 0.2, 0.3], [0.0, 0, 0.9], [0.0, 0, -3]):
        upper, lower = reach(top, middle, end, np.array([wanted]), aside)
        knee = top + (upper @ (middle - top)[..., None])[..., 0]
        ankle = knee + (lower @ (end - middle)[..., None])[..., 0]
        longest = np.linalg.norm(middle - top) + np.linalg.norm(end - middle)
        way = np.array(wanted) - top[0]
        within = way * min(1, longest / np.linalg.norm(way))
        assert np.allclose(ankle[0], top[0] + within, atol=1e-3)
        assert knee[0, 1] < 1e-6 or wanted[0]


def test_a_pole_stays_on_its_side_when_the_limb_is_straight():
    count = 60
    bones, parents = ("root", "thigh", "shin", "foot", "pole"), (-1, 0, 1, 2, 0)
    heads = ([0, 0, 1], [0, 0, 1.0], [0, -0.02, 0.5], [0, 0, 0.0], [0, -1, 0.5])
    rig = Rig("rig", tuple(_bone(*each) for each in zip(bones, parents, heads, strict=True)))
    joints = {
        "left_hip": JointBones(("thigh",)),
        "left_knee": JointBones(("shin",)),
        "left_ankle": JointBones(("foot",)),
    }
    control = LimbControls("foot", "pole")
    bone_map = BoneMap("map", joints, limbs={"left_leg": control})
    posing = Posing(rig, rest_pose(rig), count)
    # A knee that trembles about straight, also backwards, while the leg swings.
    swing = axis_angle_to_matrix(np.linspace(-0.5, 0.5, count)[:, None] * [1.0, 0, 0])
    tremble = axis_angle_to_matrix((0.08 + 0.02 * np.sin(np.arange(count)))[:, None] * [-1.0, 0, 0])
    posing.turns = {1: swing, 2: swing @ tremble, 3: swing}
    key_controls(posing, rig, bone_map, {}, "ik")
    out = posing.heads[4]
    assert (out[:, 1] < -0.3).all()
    assert np.linalg.norm(np.diff(out, axis=0), axis=1).max() < 0.1


def _bone(name, parent, head):
    rest = np.eye(4)
    rest[:3, 3] = head
    return Bone(name, parent, rest, np.array(head) + [0, 0, -0.1])


@pytest.mark.parametrize("size", [0.01, 100.0])
def test_giants_and_toys_stand_as_well_for_their_size(empty_scene, punch, size):
    armature = with_short_shins(load_rig(NAME))
    armature.matrix_world = Matrix.Scale(size, 4) @ armature.matrix_world
    assert bpy.context.view_layer
    bpy.context.view_layer.update()
    motion = solve(punch, read_rig(armature), map_of(NAME), RetargetSettings())
    shown = played(armature, motion, range(len(punch)))
    assert standing_steps(punch, shown).max() < 3 * size
    lowest = min(shown.head(TRUTH[NAME][joint][0])[:, 2].min() for joint in FEET)
    assert lowest > -0.005 * size


def test_a_foot_stays_down_while_another_of_its_frames_is_lifted(empty_scene, punch):
    """At ten pictures a second a shift has hardly a frame in which to come and go."""
    armature = load_rig(NAME)
    rig = read_rig(armature)
    slow = replace(punch, fps=10.0)
    sinks = np.zeros(len(punch))
    sinks[len(punch) // 2 :] = 0.03
    sunk = replace(slow, places=slow.places - sinks[:, None, None] * [0, 0, 1])
    heights = []
    for source in (slow, sunk):
        motion = solve(source, rig, map_of(NAME), RetargetSettings())
        shown = played(armature, motion, range(len(punch)))
        heights.append(shown.head(TRUTH[NAME]["left_ankle"][0])[:, 2])
    before = (heights[1] - heights[0])[: len(punch) // 2 - 1]
    assert np.abs(before).max() < 0.012
    assert (heights[1] - heights[0])[len(punch) // 2 :].max() < 0.012


def test_a_foot_that_goes_along_after_it_stood_is_not_lifted_again():
    """The body is far lower than the foot had to be moved; it would dip and be raised."""
    bears = np.array([1, 1, 1, 0.7, 0.25, 0.04, 0])
    count = len(bears)
    top, middle, end = (
        np.tile([0.0, 0.02 * (part == 1), 1.0 - 0.45 * part], (count, 1)) for part in range(3)
    )
    leg = HeldLeg(
        top,
        middle,
        end,
        aside=np.tile([0.0, 1.0, 0.0], (count, 1)),
        shift=np.tile([0.0, 0.0, 0.057], (count, 1)),
        bears=bears,
        least=np.array([0.052, 0.052, 0.052, 0.052, 0.05, 0.02, -0.1]),
    )
    goal = leg.goal(np.zeros((count, 3)), np.arange(count) / 10, 0.12)
    risen = goal[:, 2] - leg.end[:, 2]
    assert np.abs(np.diff(risen[:3])).max() < 0.001
    assert (risen >= leg.least - 1e-9).all()
