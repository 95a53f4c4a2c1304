"""What was pinned is there once it is baked, whatever smoothing and planted feet did."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bake.cleaning import clean_motion, cleaned, pelvis_before_feet
from bake.feet.figure import figure_of, posed
from bake.motion.resample import Timeline, rate_of
from bake.motion.smoothing import load_profile
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, with_ancestors
from core_model.take import Take
from tests.places import RENDERED

TAKE = Take.load(RENDERED / "walk_front_01.npz")
TIMELINE = Timeline(rate_of(TAKE.times), TAKE.times[0])
BODY, PROFILE = default_body(), load_profile("default")
FIGURE = figure_of(BODY, TAKE.betas)
ROW = 40


def keys_of(take: Take, root="ground", feet="auto"):
    return clean_motion(take, TIMELINE, PROFILE, BODY, root, feet)


def pose_of(keys):
    return posed(FIGURE, keys.quaternions, keys.positions)


def pinned(name: str, **about) -> Take:
    index = JOINT_INDEX[name]
    placed = "at" in about
    joints = with_ancestors(index) if placed else [index]
    told = {"time": float(TAKE.times[ROW]), "joint": index, "joints": joints, "place": placed}
    return replace(TAKE, source=TAKE.source | {"held": [told | about]})


@pytest.mark.parametrize("joint", ["left_wrist", "right_elbow", "right_hand"])
def test_a_limb_is_where_it_was_pinned_and_without_a_jump(joint):
    keys, index = keys_of(TAKE), JOINT_INDEX[joint]
    before = pose_of(keys).joints
    moved = keys.positions[ROW] - keys_of(TAKE, "free", "never").positions[ROW]
    wanted = before[ROW, index] + [0.02, 0.0, 0.03]
    if joint.endswith("elbow"):  # it stays on its circle around the shoulder
        shoulder = before[ROW, JOINT_INDEX["right_shoulder"]]
        bone, away = before[ROW, index] - shoulder, wanted - shoulder
        wanted = shoulder + np.linalg.norm(bone) * away / np.linalg.norm(away)
    after = pose_of(keys_of(pinned(joint, at=(wanted - moved).tolist()))).joints
    assert np.linalg.norm(after[ROW, index] - wanted) < 0.005
    assert np.linalg.norm(after[ROW, index] - before[ROW, index]) > 0.005
    far = np.abs(TAKE.times - TAKE.times[ROW]) > 0.3
    assert np.abs(after - before)[far].max() < 1e-3
    jolt = [
        np.linalg.norm(np.diff(each[:, index], n=3, axis=0), axis=1) for each in (before, after)
    ]
    assert jolt[1][ROW - 12 : ROW + 12].mean() < 1.5 * jolt[0].mean() + 0.002


def test_a_foot_that_stands_goes_where_it_was_pinned():
    """Planted, it would stay where it stands, and draw the body after it."""
    stands = cleaned(TAKE, TIMELINE, PROFILE, BODY, "ground", "auto").stands[0]
    row = int(np.abs(TAKE.times - (stands.start + stands.end) / 2).argmin())
    side = stands.limb.split("_")[0]
    ankle, hip = JOINT_INDEX[f"{side}_ankle"], JOINT_INDEX[f"{side}_hip"]
    away = (1 - np.abs(TAKE.times - TAKE.times[row]) / 0.5).clip(0, 1)
    poses = TAKE.poses.copy()
    poses[:, 3 * hip + 2] += 0.15 * away * away * (3 - 2 * away)
    # As a solve leaves it: the leg is led aside and back, and reaches what was pinned.
    solved = replace(TAKE, poses=poses)
    keys = keys_of(TAKE)
    moved = keys.positions[row] - keys_of(TAKE, "free", "never").positions[row]
    at = solved.joints(BODY)[row, ankle]
    told: dict[str, object] = {"time": float(TAKE.times[row]), "joint": ankle, "place": True}
    told |= {"joints": with_ancestors(ankle), "at": at.tolist(), "moved": moved.tolist()}
    after = pose_of(keys_of(replace(solved, source=TAKE.source | {"held": [told]}))).joints
    before = pose_of(keys).joints
    assert np.linalg.norm(at + moved - before[row, ankle]) > 0.05
    assert np.linalg.norm(after[row, ankle] - at - moved) < 0.001
    far = np.abs(TAKE.times - TAKE.times[row]) > 1
    # The rest of the walk stands as it did, but for what the body no longer owes that stance.
    assert np.abs(after - before)[far].max() < 0.005


def test_a_knee_of_a_leg_that_stands_is_turned_as_it_was_pinned():
    index = JOINT_INDEX["left_knee"]
    turn = TAKE.poses.reshape(-1, 24, 3)[ROW, index] + [0.2, 0.0, 0.0]
    keys = keys_of(pinned("left_knee", turn=turn.tolist()))
    from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle

    off = rotation_angle(pose_of(keys).locals[ROW, index], axis_angle_to_matrix(turn))
    assert np.degrees(off) < 2.0


def test_nonsense_that_is_held_changes_nothing():
    wrong: list[dict[str, Any]] = [
        {"at": "here"},
        {"at": [1, 2]},
        {"joint": 99, "at": [0, 0, 0]},
        {"turn": [None] * 3},
    ]
    for about in wrong:
        keys = cleaned(pinned("left_wrist", **about), TIMELINE, PROFILE, BODY, "free", "never").keys
        assert np.isfinite(keys.quaternions).all()


def test_a_moment_knows_where_the_body_is_before_its_feet_are_planted():
    whole = keys_of(TAKE, "free", "never").positions
    for row in (0, 17, len(TAKE) - 1):
        found = pelvis_before_feet(TAKE, float(TAKE.times[row]), PROFILE, BODY)
        assert np.abs(found - whole[row]).max() < 1e-3
