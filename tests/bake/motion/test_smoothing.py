"""What smoothing must do to real motion, and must not."""

from dataclasses import replace

import numpy as np
import pytest

from bake.motion.smoothing import BODY_PARTS, PROFILE_NAMES, load_profile, part_of, scaled, smooth
from bake.motion.track import Track, track_of
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES, forward_kinematics
from core_model.errors import AssetError
from core_model.geometry.rotations import (
    axis_angle_to_quaternion,
    quaternion_multiply,
    quaternion_to_axis_angle,
    quaternion_to_matrix,
)
from core_model.take import Take
from tests.bake.motions import filmed_from_the_front, tumbling, turning_joint, walking
from train.places import DEMO_FOLDER

ELBOW = JOINT_INDEX["left_elbow"]
DEFAULT = load_profile("default")


def _elbow_angle(track: Track) -> np.ndarray:
    """Angle about Y of the left elbow, radians, that is all that it does here."""
    w, y = track.quaternions[:, ELBOW, 0], track.quaternions[:, ELBOW, 2]
    return np.unwrap(2 * np.arctan2(y, w))


def _elbow_track(angle: np.ndarray, times: np.ndarray) -> Track:
    return track_of(turning_joint("left_elbow", angle, times), np.zeros(3))


def _jittered(track: Track, degrees: float, seed: int = 0) -> Track:
    random = np.random.default_rng(seed)
    noise = axis_angle_to_quaternion(
        np.radians(degrees) * random.normal(size=(*track.quaternions.shape[:2], 3))
    )
    moved = track.positions + random.normal(0, 0.01, track.positions.shape)
    return Track(track.times, quaternion_multiply(track.quaternions, noise), moved)


def _jitter(values: np.ndarray) -> float:
    return float(np.sqrt((np.diff(values, n=3, axis=0) ** 2).mean()))


def _degrees_apart(a: Track, b: Track) -> np.ndarray:
    """Angle between the rotations of two tracks (N, 24), degrees."""
    away = quaternion_multiply(a.quaternions * [1, -1, -1, -1], b.quaternions)
    return np.degrees(np.linalg.norm(quaternion_to_axis_angle(away), axis=-1))


def test_none_leaves_the_motion_as_it_is():
    track = track_of(tumbling(), np.zeros(3))
    same = smooth(track, load_profile("none"), filmed_from_the_front())
    assert np.allclose(same.quaternions, track.quaternions, atol=1e-12)
    assert np.allclose(same.positions, track.positions, atol=1e-12)


@pytest.mark.parametrize("rate", [24, 30, 60])
@pytest.mark.parametrize(("rise", "what"), [(0.06, "punch"), (0.09, "step")])
def test_the_peak_of_fast_motion_is_kept(rate, rise, what):
    times = np.arange(0, 2, 1 / rate)
    angle = np.radians(100) * np.exp(-0.5 * ((times - 1) / rise) ** 2)
    smoothed = _elbow_angle(smooth(_elbow_track(angle, times), DEFAULT))
    assert abs(smoothed.max() / angle.max() - 1) < 0.05
    assert abs(times[smoothed.argmax()] - times[angle.argmax()]) < 1e-9


@pytest.mark.parametrize("rate", [30, 60])
def test_the_punch_is_kept_under_jitter_too(rate):
    times = np.arange(0, 2, 1 / rate)
    angle = np.radians(100) * np.exp(-0.5 * ((times - 1) / 0.07) ** 2)
    smoothed = smooth(_jittered(_elbow_track(angle, times), 1.0), DEFAULT)
    assert abs(_elbow_angle(smoothed).max() / angle.max() - 1) < 0.05


@pytest.mark.parametrize("rate", [30, 60])
@pytest.mark.parametrize(("profile", "factor"), [("light", 2.5), ("default", 10), ("heavy", 30)])
def test_white_noise_on_a_still_figure_drops_strongly(profile, factor, rate):
    times = np.arange(0, 4, 1 / rate)
    still = _elbow_track(np.zeros(len(times)), times)
    noisy = _jittered(still, 1.5)
    calm = smooth(noisy, load_profile(profile))
    assert _jitter(calm.quaternions) < _jitter(noisy.quaternions) / factor
    assert _jitter(calm.positions) < _jitter(noisy.positions) / factor
    assert _degrees_apart(calm, still).mean() < 0.8 * _degrees_apart(noisy, still).mean()


def test_a_noisy_walk_comes_nearer_to_the_clean_one():
    clean = track_of(walking(frames=240, rate=60), np.zeros(3))
    noisy = _jittered(clean, 2.0)
    smoothed = smooth(noisy, DEFAULT)
    assert _degrees_apart(smoothed, clean).mean() < 0.6 * _degrees_apart(noisy, clean).mean()


def test_there_is_no_lag():
    times = np.arange(0, 4, 1 / 30)
    angle = np.radians(20) * np.sin(2 * np.pi * 1.0 * times)
    smoothed = _elbow_angle(smooth(_elbow_track(angle, times), DEFAULT))
    lags = np.arange(-3, 4)
    inner = slice(10, -10)
    match = [np.dot(np.roll(smoothed, -lag)[inner], angle[inner]) for lag in lags]
    assert lags[int(np.argmax(match))] == 0
    backwards = smooth(_elbow_track(angle[::-1], times), DEFAULT)
    assert np.allclose(_elbow_angle(backwards)[::-1], smoothed, atol=1e-9)


def test_a_steady_turn_stays_as_it_is_to_its_very_ends():
    times = np.arange(0, 1.5, 1 / 30)
    angle = 0.8 * times
    smoothed = _elbow_angle(smooth(_elbow_track(angle, times), DEFAULT))
    assert np.abs(smoothed - angle).max() < np.radians(0.05)


def test_the_result_does_not_depend_on_the_frame_rate():
    def angle(times):
        shake = np.sin(2 * np.pi * 7 * times) + np.sin(2 * np.pi * 5.3 * times + 1)
        return np.radians(40) * np.sin(2 * np.pi * 0.4 * times) + np.radians(2) * shake

    slow, fast = np.arange(0, 4, 1 / 30), np.arange(0, 4, 1 / 120)
    at_30 = _elbow_angle(smooth(_elbow_track(angle(slow), slow), DEFAULT))
    at_120 = _elbow_angle(smooth(_elbow_track(angle(fast), fast), DEFAULT))[::4]
    removed = np.degrees(np.abs(at_30 - angle(slow)))[15:-15]
    difference = np.degrees(np.abs(at_30 - at_120))[15:-15]
    assert removed.max() > 2 and difference.max() < 0.2


def test_variable_frame_rate_smooths_the_same_motion():
    random = np.random.default_rng(3)
    even = np.arange(0, 3, 1 / 60)
    uneven = np.sort(random.choice(even, len(even) * 2 // 3, replace=False))

    def angle(times):
        return np.radians(30) * np.sin(2 * np.pi * 0.7 * times)

    smoothed = _elbow_angle(smooth(_elbow_track(angle(uneven), uneven), DEFAULT))
    assert np.degrees(np.abs(smoothed - angle(uneven))).max() < 0.5


def test_long_gaps_are_not_smeared_across():
    times = np.concatenate((np.arange(0, 1, 1 / 30), [1.35], np.arange(1.7, 2.7, 1 / 30)))
    angle = np.where(times < 1.35, 0.0, np.radians(120))
    take = turning_joint("left_elbow", angle, times)
    take.frame_valid[times == 1.35] = False
    track = smooth(track_of(take, np.zeros(3)), load_profile("heavy"))
    assert np.abs(_elbow_angle(track) - angle[take.frame_valid]).max() < 1e-6


def test_rotations_past_a_half_turn_do_not_wrap():
    times = np.arange(0, 3, 1 / 30)
    angle = 1.5 * np.pi * times  # axis-angle numbers jump from pi to -pi on the way
    smoothed = smooth(_elbow_track(angle, times), load_profile("heavy"))
    assert np.degrees(np.abs(_elbow_angle(smoothed) - angle)).max() < 1


def test_depth_is_smoothed_more_than_what_the_picture_shows():
    camera = filmed_from_the_front()
    times = np.arange(0, 4, 1 / 30)
    still = track_of(turning_joint("left_elbow", 0 * times, times), np.zeros(3))
    random = np.random.default_rng(5)
    seen = camera.world_to_camera(still.positions) + random.normal(0, 0.02, (len(times), 3))
    noisy = Track(still.times, still.quaternions, camera.camera_to_world(seen))
    calm = camera.world_to_camera(smooth(noisy, DEFAULT, camera).positions)
    spread = calm.std(axis=0)
    assert spread[2] < 0.75 * spread[:2].min() and spread.max() < 0.02


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_the_shortest_takes_pass_unharmed(frames):
    track = track_of(walking(frames=frames), np.zeros(3))
    smoothed = smooth(track, DEFAULT)
    assert _degrees_apart(smoothed, track).max() < 1


def test_every_joint_belongs_to_one_part():
    assert {part_of(joint) for joint in JOINT_NAMES} == set(BODY_PARTS)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_profiles_have_a_strength_for_every_part(name):
    assert set(load_profile(name).seconds) == set(BODY_PARTS)


def test_an_unknown_profile_names_those_that_there_are():
    with pytest.raises(AssetError, match="none, light, default, heavy"):
        load_profile("silky")


def test_strength_multiplies_only_its_own_part():
    profile = load_profile("default")
    changed = scaled(profile, {"arms": 2.0, "root": 0.0})
    assert changed.seconds["arms"] == 2 * profile.seconds["arms"]
    assert changed.seconds["legs"] == profile.seconds["legs"]
    assert changed.seconds["root"] == changed.position_seconds == changed.depth_seconds == 0


@pytest.mark.parametrize("tremble", [0.0, 0.15])
def test_the_fastest_punch_of_the_demo_keeps_its_speed_and_its_moment(tremble):
    take = Take.load(DEMO_FOLDER / "demo_truth.npz")
    track = _jittered(track_of(take, np.zeros(3)), tremble)
    hands = [JOINT_INDEX["left_wrist"], JOINT_INDEX["right_wrist"]]
    rest = default_body().rest_joints(take.betas)

    def speed(motion):
        joints, _ = forward_kinematics(quaternion_to_matrix(motion.quaternions), rest)
        apart = joints[:, hands] - joints[:, :1]
        return np.linalg.norm(np.diff(apart, axis=0), axis=-1).max(axis=1) * 30

    before, after = speed(track), speed(smooth(track, DEFAULT))
    assert before.max() > 4
    assert after.max() == pytest.approx(before.max(), rel=0.05)
    assert abs(after.argmax() - before.argmax()) <= (tremble > 0)


def test_who_trembles_more_is_smoothed_more():
    times = np.arange(0, 4, 1 / 30)
    angle = np.radians(15) * np.sin(2 * np.pi * 1.5 * times)
    left = []
    for degrees in (0.1, 2.0):
        clean = _elbow_track(angle, times)
        noisy = _jittered(clean, degrees)
        after = _jitter(smooth(noisy, DEFAULT).quaternions - clean.quaternions)
        left.append(after / _jitter(noisy.quaternions - clean.quaternions))
    assert left[1] < 0.6 * left[0]


def test_every_step_calms_the_wrists_more_and_only_heavy_softens_what_is_fast():
    take = Take.load(DEMO_FOLDER / "demo_truth.npz")
    track = track_of(take, np.zeros(3))
    rest = default_body().rest_joints(take.betas)
    wrists = [JOINT_INDEX["left_wrist"], JOINT_INDEX["right_wrist"]]

    def acceleration(profile):
        turns = quaternion_to_matrix(smooth(track, load_profile(profile)).quaternions)
        places = forward_kinematics(turns, rest)[0][:, wrists]
        return np.sqrt((np.diff(places, n=2, axis=0) ** 2).sum(axis=-1).mean())

    none, light, default, heavy = (acceleration(name) for name in PROFILE_NAMES)
    assert light < 0.995 * none and default < 0.99 * light
    assert default > 0.85 * none and heavy < 0.7 * default


def test_an_arm_that_hits_is_not_held_back_by_its_slower_joints():
    """The shoulder of a quick blow turns slowly; a hand moves by all joints of its arm."""
    times = np.arange(0, 2, 1 / 30)
    take = turning_joint(
        "left_elbow", np.radians(100) * np.exp(-0.5 * ((times - 1) / 0.06) ** 2), times
    )
    shoulder = JOINT_INDEX["left_shoulder"]
    alone = turning_joint(
        "left_shoulder", np.radians(20) * np.exp(-0.5 * ((times - 1) / 0.06) ** 2), times
    )
    together = replace(take, poses=take.poses + alone.poses)

    def kept(each):
        smoothed = smooth(track_of(each, np.zeros(3)), DEFAULT).quaternions[:, shoulder]
        return np.degrees(np.linalg.norm(quaternion_to_axis_angle(smoothed), axis=-1)).max() / 20

    assert kept(together) > 0.97 and kept(alone) < 0.9


def test_a_small_hop_is_not_smoothed_away():
    take = walking(frames=90, camera=filmed_from_the_front())
    since = take.times - 1.5
    hop = np.clip(0.06 - 9.81 / 2 * since**2, 0, None)
    take.trans = np.array([0.0, 0.0, 0.95]) + hop[:, None] * [0.0, 0.0, 1.0]
    track = track_of(take, np.zeros(3))
    for camera in (take.camera, None):
        up = smooth(track, load_profile("default"), camera).positions[:, 2] - 0.95
        assert up.max() > 0.9 * hop.max()
