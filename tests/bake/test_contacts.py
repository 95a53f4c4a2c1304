"""When feet stand, and when they do not."""

import numpy as np
import pytest

from bake.contacts import find_contacts, intervals, lower_envelope
from bake.figure import posed
from bake.foot_evidence import FootEvidence, foot_evidence, no_evidence
from core_model.take import Take
from tests.bake.motions import filmed_from_the_front
from tests.bake.standing import FIGURE, RATE, jumping, stepping
from train.benchmarks import DEMO_FOLDER


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
    filmed = FootEvidence(camera.to_world[:3, 3], nothing.speed, nothing.seen, nothing.certain)
    standing = (seconds < 0.9) | (seconds > 4.2)
    assert contacts_of(keys, filmed).points[standing].mean() > 0.9
    assert contacts_of(keys).points[standing].mean() < 0.5


def test_a_foot_that_was_hardly_seen_must_be_surer_to_stand():
    keys = stepping(noise=0.0, drift=0.0)
    seen = no_evidence(len(keys.frames))
    hidden = FootEvidence(None, seen.speed, seen.seen, np.full_like(seen.certain, 0.2))
    clear, doubtful = contacts_of(keys, seen), contacts_of(keys, hidden)
    assert doubtful.points.sum() < clear.points.sum()
    assert doubtful.weights.max() < 0.5 * clear.weights.max()


def test_always_keeps_the_lower_foot_down():
    keys = stepping()
    assert contacts_of(keys, always=True).points.any(axis=(1, 2)).all()


def test_landmarks_that_rest_in_the_picture_rest():
    take = Take.load(DEMO_FOLDER / "demo_truth.npz")
    evidence = foot_evidence(take, take.times)
    assert evidence.eye is not None
    # The rendered truth has no landmarks: nothing was seen of them.
    assert evidence.seen.max() == 0 or evidence.speed[take.times > 2.2].max() < 0.3


@pytest.mark.parametrize("slope", [0.0, 0.1])
def test_the_lower_envelope_ignores_jumps(slope):
    seconds = np.arange(150) / 30
    flight = np.maximum(0.4 * np.sin(np.pi * (seconds - 2) / 0.6), 0) * (abs(seconds - 2.3) < 0.3)
    found = lower_envelope(flight + slope * seconds, 1 / 30)
    assert np.abs(found - slope * seconds).max() < 0.05


def test_intervals_of_flags():
    assert intervals(np.array([1, 1, 0, 1, 0, 0, 1], bool)) == [(0, 2), (3, 4), (6, 7)]
    assert intervals(np.zeros(4, bool)) == []
