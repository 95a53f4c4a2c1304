"""When feet stand, and when they do not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bake.feet.contacts import find_contacts, intervals, lower_envelope
from bake.feet.figure import HEEL, posed
from bake.feet.foot_evidence import foot_evidence, no_evidence
from core_model.body.landmarks import place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.geometry.rotations import axis_angle_to_matrix, axis_angle_to_quaternion
from core_model.take import Take
from tests.bake.motions import filmed_from_the_front, walking
from tests.bake.standing import FIGURE, RATE, jumping, shuffling, stepping


def contacts_of(keys, evidence=None, **options):
    times = keys.frames / RATE
    pose = posed(FIGURE, keys.quaternions, keys.positions)
    return find_contacts(FIGURE, pose, times, evidence or no_evidence(len(times)), **options)


def test_contacts_are_where_feet_stand_and_not_where_they_are_lifted():
    points = contacts_of(stepping()).points
    seconds = np.arange(len(points)) / RATE
    assert points[seconds < 0.9].mean() > 0.9
    assert not points[(seconds > 1.25) & (seconds < 1.75), 0].any()
    assert not points[(seconds > 3.25) & (seconds < 3.75), 1].any()


def test_the_heel_leaves_the_floor_before_the_ball():
    points = contacts_of(stepping(noise=0.0, drift=0.0)).points[:, 0]
    assert points[: 2 * RATE, 0].argmin() <= points[: 2 * RATE, 1].argmin()


def test_nobody_stands_at_the_top_of_a_jump_and_everybody_lands_once():
    keys, height = jumping()
    points = contacts_of(keys).points
    assert not points[height > 0.05].any()
    for foot in range(2):
        assert len(intervals(points[:, foot].any(axis=1))) == 2


def test_depth_that_wanders_hides_no_contact():
    camera = filmed_from_the_front()
    keys = stepping(noise=0.0, drift=0.0)
    sight = keys.positions - camera.to_world[:3, 3]
    sight /= np.linalg.norm(sight, axis=1, keepdims=True)
    seconds = np.arange(len(sight)) / RATE
    keys.positions[:] += 0.3 * np.sin(2 * np.pi * seconds)[:, None] * sight
    nothing = no_evidence(len(sight))
    eye = np.tile(camera.to_world[:3, 3], (len(sight), 1))
    filmed = replace(nothing, eye=eye, filmed=np.ones(len(sight), bool))
    standing = (seconds < 0.9) | (seconds > 4.2)
    assert contacts_of(keys, filmed).points[standing].mean() > 0.9
    assert contacts_of(keys).points[standing].mean() < 0.5


@pytest.mark.parametrize("takes", [0.3, 0.4, 0.5])
def test_a_step_straight_away_from_the_camera_is_a_step(takes):
    keys = shuffling(takes=takes)
    eye = np.tile(filmed_from_the_front().to_world[:3, 3], (len(keys.frames), 1))
    nothing = no_evidence(len(eye))
    points = contacts_of(keys, replace(nothing, eye=eye, filmed=np.ones(len(eye), bool))).points
    seconds = np.arange(len(points)) / RATE
    before, after = seconds < 0.9, seconds > 1.1 + takes
    assert points[before].mean() > 0.9 and points[after].mean() > 0.9
    assert not points[:, 0].any(axis=1)[np.abs(seconds - 1 - takes / 2) < takes / 5].any()
    assert points[:, 1].mean() > 0.9


@pytest.mark.parametrize("every", [1, 3, 5])
def test_few_pictures_a_second_do_not_make_feet_stand_that_are_lifted(every):
    keys, times = stepping(), np.arange(6 * RATE)[::every] / RATE
    pose = posed(FIGURE, keys.quaternions[::every], keys.positions[::every])
    points = find_contacts(FIGURE, pose, times, no_evidence(len(times))).points
    assert points[times < 0.9].mean() > 0.85
    assert not points[(times > 1.25) & (times < 1.75), 0].any()
    assert not points[(times > 3.25) & (times < 3.75), 1].any()


@pytest.mark.parametrize("every", [1, 5])
def test_few_pictures_a_second_show_feet_that_move(every):
    take = filmed_landmarks(0.0)
    rows: dict[str, Any] = {
        name: each[::every]
        for name, each in vars(take).items()
        if isinstance(each, np.ndarray) and len(each) == len(take.times)
    }
    few = replace(take, **rows)
    often, seldom = (foot_evidence(each, each.times).speed for each in (take, few))
    assert seldom.max() > 0.5 * often.max() > 0


def test_a_foot_that_was_hardly_seen_must_be_surer_to_stand():
    keys = stepping(noise=0.0, drift=0.2)
    seen = no_evidence(len(keys.frames))
    hidden = replace(seen, certain=np.full_like(seen.certain, 0.2))
    clear, doubtful = contacts_of(keys, seen), contacts_of(keys, hidden)
    assert doubtful.points.sum() < clear.points.sum()
    assert doubtful.weights.max() < 0.5 * clear.weights.max()


def test_always_keeps_the_lower_foot_down():
    keys = stepping()
    assert contacts_of(keys, always=True).points.any(axis=(1, 2)).all()


def filmed_landmarks(turn: float) -> Take:
    """A walk with the landmarks that a camera sees which turns by `turn` radians a second."""
    take = walking(frames=60, camera=filmed_from_the_front())
    figure_landmarks = place_landmarks(
        *forward_kinematics(take.rotations(), default_body().rest_joints(take.betas)),
        default_body().landmark_offsets(take.betas),
    )
    assert take.camera is not None
    placed = take.camera.world_to_camera(figure_landmarks + take.trans[:, None])
    turns = axis_angle_to_matrix(take.times[:, None] * np.array([0.0, turn, 0.0]))
    pixels = take.camera.project(placed @ turns)
    seen = np.concatenate((pixels, np.ones((*pixels.shape[:2], 1))), axis=-1)
    return replace(take, keypoints2d=seen, camera_turns=turns if turn else np.empty(0))


def test_a_camera_that_turns_moves_no_foot():
    still, turning = (
        foot_evidence(take, take.times) for take in (filmed_landmarks(0.0), filmed_landmarks(0.5))
    )
    assert still.seen.min() == 1 and still.speed.max() > 1
    np.testing.assert_allclose(turning.speed, still.speed, atol=0.02)


def test_a_camera_that_zooms_moves_no_foot():
    take = filmed_landmarks(0.0)
    assert take.camera is not None
    zoom, seen = 1.6 ** np.linspace(0, 1, len(take)), take.keypoints2d.copy()
    seen[..., :2] = take.camera.through_zoom(seen[..., :2], zoom)
    zoomed = foot_evidence(replace(take, keypoints2d=seen, camera_zoom=zoom), take.times)
    np.testing.assert_allclose(zoomed.speed, foot_evidence(take, take.times).speed, atol=1e-6)


def test_the_picture_shows_the_speed_of_feet_across_it():
    take = filmed_landmarks(0.0)
    evidence = foot_evidence(take, take.times)
    pose = posed(
        FIGURE, axis_angle_to_quaternion(take.poses.reshape(-1, 24, 3)), take.joints()[:, 0]
    )
    heels = pose.soles[:, :, HEEL]
    velocity = np.gradient(heels, take.times, axis=0)
    sight = heels - evidence.eye[:, None]
    sight /= np.linalg.norm(sight, axis=-1, keepdims=True)
    across = np.linalg.norm(velocity - (velocity * sight).sum(-1, keepdims=True) * sight, axis=-1)
    middle = slice(5, -5)
    assert np.abs(across - evidence.speed[..., 0])[middle].mean() < 0.2 * across[middle].mean()


@pytest.mark.parametrize("slope", [0.0, 0.1])
def test_the_lower_envelope_ignores_jumps(slope):
    seconds = np.arange(150) / 30
    flight = np.maximum(0.4 * np.sin(np.pi * (seconds - 2) / 0.6), 0) * (abs(seconds - 2.3) < 0.3)
    found = lower_envelope(flight + slope * seconds, 1 / 30)
    assert np.abs(found - slope * seconds).max() < 0.05


def test_intervals_of_flags():
    assert intervals(np.array([1, 1, 0, 1, 0, 0, 1], bool)) == [(0, 2), (3, 4), (6, 7)]
    assert intervals(np.zeros(4, bool)) == []
