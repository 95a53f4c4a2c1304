"""Standing feet stand where they are, and nothing else of the motion shows it."""

from dataclasses import replace

import numpy as np
import pytest

from bake.feet.contacts import find_contacts, foot_points, intervals
from bake.feet.figure import LEGS, TOE, posed
from bake.feet.foot_evidence import FootEvidence, no_evidence
from bake.feet.foot_lock import plant_feet
from bake.feet.leg_ik import flexion
from bake.motion.local_fit import gaussian_mean
from bake.motion.touches import STANDS
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import axis_angle_to_quaternion, quaternion_multiply
from tests.bake.standing import FIGURE, RATE, TIMELINE, jumping, stepping


def planted(keys, mode="auto", on_floor=True):
    return plant_feet(keys, TIMELINE, FIGURE, no_evidence(len(keys.frames)), mode, on_floor)[0]


def pose_of(keys):
    return posed(FIGURE, keys.quaternions, keys.positions)


def contacts_of(keys):
    times = TIMELINE.time_of(keys.frames)
    return find_contacts(FIGURE, pose_of(keys), times, no_evidence(len(times))).points


def slide(keys, contacts):
    """Millimetres per frame of the points that stand."""
    steps = np.linalg.norm(np.diff(foot_points(pose_of(keys)), axis=0), axis=-1)
    return 1000 * steps[contacts[1:] & contacts[:-1]]


def knees(keys):
    """Degrees of flexion (K, 2)."""
    joints = pose_of(keys).joints
    bent = [
        flexion(joints[:, k] - joints[:, h], joints[:, a] - joints[:, k]) for h, k, a, _ in LEGS
    ]
    return np.degrees(np.stack(bent, axis=1))


def heel_raised():
    """Return keys of somebody who stands and lifts the left heel, ball on the floor."""
    keys = stepping(noise=0.0, drift=0.0, seconds=3.0)
    seconds = np.arange(len(keys.frames)) / RATE
    lift = 0.6 * np.sin(np.pi * np.clip((seconds - 1) / 1.5, 0, 1)) ** 2
    turn = axis_angle_to_quaternion(lift[:, None] * [1.0, 0, 0])
    still = keys.quaternions[:1].repeat(len(lift), axis=0).copy()
    ankle, knee = JOINT_INDEX["left_ankle"], JOINT_INDEX["left_knee"]
    still[:, ankle] = quaternion_multiply(still[:, ankle], turn)
    still[:, knee] = quaternion_multiply(still[:, knee], turn)
    thigh = axis_angle_to_quaternion(-lift[:, None] * [1.0, 0, 0])
    hip = JOINT_INDEX["left_hip"]
    still[:, hip] = quaternion_multiply(still[:, hip], thigh)
    keys.quaternions[:] = still
    keys.positions[:] = keys.positions[0]
    return keys


@pytest.fixture(scope="module")
def before_and_after():
    keys = stepping()
    return keys, planted(keys)


@pytest.mark.parametrize("on_floor", [True, False])
def test_standing_feet_stay_in_one_place(on_floor):
    keys = stepping()
    contacts = contacts_of(keys)
    assert slide(keys, contacts).mean() > 1.5
    assert slide(planted(keys, on_floor=on_floor), contacts).mean() < 0.3


def test_standing_feet_are_flat_on_the_floor(before_and_after):
    keys, after = before_and_after
    contacts = contacts_of(keys)
    heights = 1000 * foot_points(pose_of(after))[..., 2][contacts]
    assert np.abs(heights).mean() < 2 and np.abs(heights).max() < 10


def test_knees_hardly_change_and_never_pop(before_and_after):
    keys, after = before_and_after
    change = knees(after) - knees(keys)
    assert np.abs(change).max() < 8
    assert np.abs(np.diff(change, axis=0)).max() < 2.5


def test_a_wild_root_makes_no_knee_pop_either():
    keys = stepping(drift=0.25, noise=0.01, seed=3)
    change = knees(planted(keys)) - knees(keys)
    assert np.abs(change).max() < 8


def test_bones_keep_their_length(before_and_after):
    norms = np.linalg.norm(before_and_after[1].quaternions, axis=-1)
    np.testing.assert_allclose(norms, 1, atol=1e-9)


def test_a_lifted_foot_is_not_held(before_and_after):
    keys, after = before_and_after
    seconds = np.arange(len(keys.frames)) / RATE
    free = (seconds > 1.35) & (seconds < 1.65)
    shift = after.positions - keys.positions
    moved = foot_points(pose_of(after)) - foot_points(pose_of(keys)) - shift[:, None, None]
    assert np.abs(moved[free, 0]).max() < 0.01


@pytest.mark.parametrize("mode", ["auto", "ground", "never"])
def test_a_jump_keeps_its_height_and_lands_once(mode):
    keys, height = jumping()
    after = planted(keys, mode)
    rise = foot_points(pose_of(after))[..., 2].max(axis=0) - foot_points(pose_of(after))[0, ..., 2]
    assert np.abs(rise / height.max() - 1).max() < 0.03
    soles = foot_points(pose_of(after))[..., 2].min(axis=(1, 2))
    assert len(intervals(soles < 0.02)) == 2


def test_always_leaves_nobody_in_the_air():
    keys, _ = jumping()
    soles = foot_points(pose_of(planted(keys, "always")))[..., 2].min(axis=(1, 2))
    assert soles.max() < 0.05


def test_ground_only_brings_feet_to_the_floor_and_lets_them_slide():
    keys = stepping()
    contacts = contacts_of(keys)
    keys.positions[:, 2] += 0.2
    after = planted(keys, "ground")
    assert np.abs(foot_points(pose_of(after))[..., 2][contacts]).mean() < 0.003
    assert slide(after, contacts).mean() > 1.0
    assert np.array_equal(after.positions[:, :2], keys.positions[:, :2])


def test_never_changes_no_leg():
    keys = stepping()
    after = planted(keys, "never")
    assert np.array_equal(after.quaternions, keys.quaternions)
    assert np.array_equal(after.positions[:, :2], keys.positions[:, :2])


def test_who_is_not_put_on_the_floor_stands_as_high_as_before():
    keys = stepping()
    keys.positions[:, 2] += 0.5
    contacts = contacts_of(keys)
    after = planted(keys, on_floor=False)
    heights = foot_points(pose_of(after))[..., 2][contacts]
    assert abs(heights.mean() - 0.5) < 0.03


def test_toes_stay_on_the_floor_when_the_heel_leaves_it():
    keys = heel_raised()
    after = planted(keys)
    pose = pose_of(after)
    highest = foot_points(pose)[:, 0, 0, 2].argmax()
    assert foot_points(pose)[highest, 0, 0, 2] > 0.04
    assert np.abs(pose.soles[:, 0, TOE, 2]).max() < 0.01
    ball = foot_points(pose)[:, 0, 1]
    steps = np.linalg.norm(np.diff(ball, axis=0), axis=-1)
    assert steps.mean() < 0.0003 and steps.max() < 0.003


def test_a_motion_without_contacts_is_left_alone():
    keys = stepping(seconds=2.0)
    keys.positions[:] += np.arange(len(keys.frames))[:, None] * np.array([0.1, 0, 0])
    after = planted(keys, on_floor=False)
    np.testing.assert_allclose(after.positions, keys.positions, atol=1e-9)


@pytest.mark.parametrize("frames", [1, 2, 3])
@pytest.mark.parametrize("mode", ["auto", "always", "ground", "never"])
def test_the_shortest_motions_pass(frames, mode):
    keys = stepping(seconds=frames / RATE)
    assert np.isfinite(planted(keys, mode).quaternions).all()


def test_who_stands_on_a_roof_stays_there():
    keys = stepping(noise=0.0, drift=0.0)
    below, above = planted(keys), planted(replace(keys, positions=keys.positions + [0, 0, 2.3]))
    np.testing.assert_allclose(above.positions, below.positions + [0, 0, 2.3], atol=0.02)
    np.testing.assert_allclose(above.quaternions, below.quaternions, atol=0.02)
    slightly = replace(keys, positions=keys.positions + [0, 0, 0.4])
    np.testing.assert_allclose(planted(slightly).positions, below.positions, atol=0.02)
    # In a clip, where others stand lower, that is a step: the picture would show them apart.
    count = len(keys.frames)
    filmed = replace(
        no_evidence(count), eye=np.tile([0.0, -5, 1], (count, 1)), filmed=np.ones(count, bool)
    )
    on_a_step = plant_feet(slightly, TIMELINE, FIGURE, filmed, "auto", True)[0]
    np.testing.assert_allclose(on_a_step.positions, below.positions + [0, 0, 0.4], atol=0.02)


@pytest.mark.parametrize("mode", ["auto", "never"])
def test_small_hops_keep_their_bounce(mode):
    keys, height = jumping(height=0.06, jumps=4)
    after = planted(keys, mode)
    rise = foot_points(pose_of(after))[..., 2].min(axis=(1, 2))
    tops = [rise[start:end].max() for start, end in intervals(height > 0.01)]
    assert len(tops) == 4
    assert min(tops) > 0.85 * height.max()


def test_hops_whose_landing_is_captured_soft_keep_their_height():
    """Feet that slow down above the floor are not taken for the floor."""
    keys, height = jumping(height=0.06, jumps=4)
    soft = gaussian_mean(height, np.arange(len(height)) / RATE, 0.06)
    up = np.array([0, 0, 1])
    after = planted(replace(keys, positions=keys.positions + (soft - height)[:, None] * up))
    rise = foot_points(pose_of(after))[..., 2].min(axis=(1, 2))
    hops = intervals(height > 0.01)
    assert min(rise[start:end].max() for start, end in hops) > 0.85 * soft.max()


def test_the_pelvis_of_who_hops_goes_as_it_was_seen():
    """Captured legs bend too little on landing: feet sink that stand in the picture."""
    keys, height = jumping(height=0.06, jumps=4)
    times, air = TIMELINE.time_of(keys.frames), height > 0
    count, between = len(times), intervals(~air)[1:-1]
    sunk = np.zeros(count)
    for start, end in between:
        sunk[start:end] = 0.03 * np.sin(2 * np.pi * np.linspace(-0.25, 0.75, end - start)) + 0.01
    up = np.array([0, 0, 1])
    captured = replace(keys, positions=keys.positions - sunk[:, None] * up)
    speed = np.repeat(np.where(air, 1.0, 0.0), 4).reshape(count, 2, 2)
    sure = np.ones((count, 2, 2))
    seen = FootEvidence(np.tile([0.0, 5, 1], (count, 1)), np.ones(count, bool), speed, sure, sure)
    after = plant_feet(captured, TIMELINE, FIGURE, seen, "auto", True)[0]
    hopping = slice(np.argmax(air), count - np.argmax(air[::-1]))
    bounce = [np.ptp(each.positions[hopping, 2]) for each in (captured, after)]
    assert bounce[1] > 0.8 * bounce[0]
    rise = foot_points(pose_of(after))[..., 2].min(axis=(1, 2))
    assert min(rise[start:end].max() for start, end in intervals(height > 0.01)) > 0.045


@pytest.mark.parametrize(
    ("seen", "certain", "mode", "asked", "follows"),
    [
        (0.0, 0.15, "auto", 0, False),
        (0.9, 0.8, "auto", 0, True),
        (0.0, 1.0, "auto", 0, True),  # results, which come without landmarks
        (0.0, 0.15, "auto", STANDS, True),
        (0.0, 0.15, "always", 0, True),
    ],
)
def test_the_body_follows_no_feet_that_nobody_saw(seen, certain, mode, asked, follows):
    """Somebody behind a desk, whose guessed feet go up and down, went out of the picture."""
    keys = stepping(noise=0.0, drift=0.0)
    sway = 0.06 * np.sin(np.arange(len(keys.frames)) / RATE * 2 * np.pi)
    swaying = replace(keys, positions=keys.positions + sway[:, None] * [0.0, 0.0, 1.0])
    nothing = no_evidence(len(sway))
    filmed = FootEvidence(
        nothing.eye + [0.0, -4.0, 1.0],
        np.ones(len(sway), bool),
        nothing.speed,
        np.full_like(nothing.seen, seen),
        np.full_like(nothing.certain, certain),
    )
    said = np.full((len(sway), 2), asked)
    after = plant_feet(swaying, TIMELINE, FIGURE, filmed, mode, True, said)[0]
    moved = (after.positions - swaying.positions)[10:-10]
    assert np.ptp(moved[:, 2]) > 0.07 if follows else np.ptp(moved[:, 2]) < 0.04
