"""What was pinned is not smoothed away, and what beside it is smoothed does not jump."""

import numpy as np

from bake.motion.held import HeldMoment, held, moments_of
from bake.motion.smoothing import load_profile, smooth
from bake.motion.track import track_of
from core_model.body.model import default_body
from core_model.geometry.rotations import quaternion_to_matrix, rotation_angle
from tests.bake.motions import walking

ELBOW = 18


def tracks():
    take = walking(90)
    random = np.random.default_rng(3)
    take.poses += 0.05 * random.standard_normal(take.poses.shape)
    track = track_of(take, default_body().rest_joints(take.betas)[0])
    return take, track, smooth(track, load_profile("heavy"))


def test_a_held_joint_is_as_before_smoothing_there_and_smooth_around_it():
    _, track, smoothed = tracks()
    moments = [HeldMoment(float(track.times[row]), (ELBOW,), False) for row in (40, 43)]
    kept = held(smoothed, track, moments)
    apart = rotation_angle(
        quaternion_to_matrix(kept.quaternions), quaternion_to_matrix(track.quaternions)
    )
    assert apart[[40, 43], ELBOW].max() < 1e-6
    changed = np.abs(kept.quaternions - smoothed.quaternions).max(axis=2)
    assert np.flatnonzero(changed[:, ELBOW] > 1e-9).tolist() == [*range(35, 49)]
    assert changed[:, [j for j in range(24) if j != ELBOW]].max() < 1e-12
    assert np.array_equal(kept.positions, smoothed.positions)
    placed = held(smoothed, track, [HeldMoment(float(track.times[40]), (), True)])
    assert np.allclose(placed.positions[40], track.positions[40])


def test_what_a_file_says_wrongly_does_not_count():
    take, track, smoothed = tracks()
    take.source = {"held": [3, {}, {"time": "x", "joints": []}, {"time": 1.0, "joints": [99, 2]}]}
    assert moments_of(take) == [HeldMoment(1.0, (2,), False)]
    take.source = {"held": "no list"}
    assert moments_of(take) == []
    beyond = [HeldMoment(99.0, (ELBOW,), True)]
    assert np.array_equal(held(smoothed, track, beyond).quaternions, smoothed.quaternions)
