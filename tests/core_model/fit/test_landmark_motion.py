import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.fit.landmark_motion import (
    FEET,
    calmness,
    evened,
    shown_acceleration,
    smoothing,
    still_feet,
    usual,
    usual_size,
)
from core_model.geometry.camera import Camera

CAMERA = Camera.assumed(1280, 720)
DISTANCE = 4.0
PIXELS_PER_METRE = CAMERA.focal / DISTANCE


def uneven_times(frames=60):
    return np.cumsum(np.random.default_rng(0).uniform(0.02, 0.05, frames))


def still_landmarks(times):
    places = np.random.default_rng(1).uniform(200, 500, (33, 2))
    return np.concatenate((np.tile(places, (len(times), 1, 1)), np.ones((len(times), 33, 1))), -1)


def test_smoothing_leaves_straight_lines_alone_and_calms_noise():
    times = uneven_times()
    line = np.stack((3 * times - 1, 2 - times), axis=-1)
    np.testing.assert_allclose(smoothing(times) @ line, line, atol=1e-5)
    noise = np.random.default_rng(2).normal(size=(len(times), 5))
    assert (smoothing(times) @ noise).std() < 0.7 * noise.std()


def test_a_long_motion_is_evened_by_what_is_near_in_time():
    times = uneven_times(1300)
    values = np.random.default_rng(3).normal(size=(len(times), 2)).cumsum(axis=0)
    whole = evened(values, times, 0.5)
    part = slice(400, 900)
    inside = abs(times - times[part].mean()) < (times[899] - times[400]) / 2 - 4
    assert inside.sum() > 200
    alone = evened(values[part], times[part], 0.5)
    np.testing.assert_allclose(alone[inside[part]], whole[inside], atol=1e-9)


def test_a_long_motion_is_evened_in_pieces_as_it_would_be_at_once(monkeypatch):
    times = uneven_times(1300)
    values = np.random.default_rng(3).normal(size=(len(times), 2)).cumsum(axis=0)
    pieces = evened(values, times, 0.5)
    monkeypatch.setattr("core_model.fit.landmark_motion._PIECE", len(times))
    np.testing.assert_allclose(pieces, evened(values, times, 0.5), atol=1e-9)


def test_parabolas_are_left_alone_where_frame_times_are_uneven():
    times = uneven_times(100)
    parabola = np.stack((times**2 - times, 3 - 2 * times), axis=-1)
    np.testing.assert_allclose(evened(parabola, times, 0.2), parabola, atol=1e-4)


def test_feet_that_move_or_hide_do_not_stand():
    times = uneven_times()
    landmarks = still_landmarks(times)
    landmarks[:, FEET[1], 0] += 1.0 * PIXELS_PER_METRE * times
    landmarks[:, FEET[2], 2] = 0.1
    sure = still_feet(landmarks, times, CAMERA, DISTANCE, lifted=0.2)
    assert sure.shape == (len(times) - 1, 4)
    assert sure[:, 0].min() > 0.99
    assert sure[:, 1].max() < 0.01
    assert sure[:, 2].max() < 0.11


def test_a_flung_hand_is_not_calm_and_the_rest_is():
    times = np.arange(60) / 30
    landmarks = still_landmarks(times)
    wrist = LANDMARK_INDEX["left_wrist"]
    flung = 0.3 * np.clip((times - 1.0) / 0.1, 0, 1)
    landmarks[:, wrist, 1] += flung * PIXELS_PER_METRE
    calm = calmness(landmarks, times, CAMERA, DISTANCE, lively=20.0)
    assert calm.shape == (58, 24)
    elbow = JOINT_INDEX["left_elbow"]
    assert calm[:, elbow].min() < 0.8
    assert calm[:20, elbow].min() > 0.99
    assert calm[:, JOINT_INDEX["right_elbow"]].min() > 0.99
    landmarks[:, wrist, 2] = 0.0
    assert calmness(landmarks, times, CAMERA, DISTANCE, lively=20.0).min() > 0.99


def test_feet_at_the_top_of_a_hop_do_not_stand():
    times = np.arange(60) / 30
    landmarks = still_landmarks(times)
    air = (times - 1.0) * (0.24 - (times - 1.0))
    height = 9.81 / 2 * np.where((times > 1.0) & (times < 1.24), air, 0.0)
    landmarks[:, :, 1] -= (height * PIXELS_PER_METRE)[:, None]
    sure = still_feet(landmarks, times, CAMERA, DISTANCE, lifted=0.2)
    assert sure[32:36].max() < 0.5 and sure[:24].min() > 0.9


def test_a_fall_is_shown_by_all_joints_and_trembling_by_none():
    times = np.arange(90) / 30
    falling = still_landmarks(times)
    falling[..., 1] += (9.81 / 2 * times**2 * PIXELS_PER_METRE)[:, None]
    shown = shown_acceleration(falling, times, CAMERA, DISTANCE)
    assert shown.shape == (88, 24, 3)
    assert np.abs(shown[5:-5] - [0, 9.81, 0]).max() < 0.6
    trembling = still_landmarks(times)
    trembling[..., :2] += np.random.default_rng(3).normal(0, 0.5, (90, 33, 2))
    assert np.abs(shown_acceleration(trembling, times, CAMERA, DISTANCE)).mean() < 0.3
    falling[..., 2] = 0.1
    assert np.abs(shown_acceleration(falling, times, CAMERA, DISTANCE)).max() < 0.1, "is hidden"


def test_what_is_usual_goes_with_somebody_who_comes_near_and_not_with_a_gesture():
    times = np.arange(900) / 30
    distance = np.linspace(12.0, 2.0, 900)
    assert np.abs(usual(distance, times) - distance).max() < 1.4
    size = np.where(np.arange(90) % 30 < 10, 2.0, 1.0)  # arms are raised now and then
    assert (usual(size, times[:90]) == 1.0).all()


def test_who_is_out_of_sight_for_long_keeps_a_size():
    times = np.arange(900) / 30
    landmarks = still_landmarks(times)
    (size,) = set(usual_size(landmarks, times))
    landmarks[200:700] = 0
    assert (usual_size(landmarks, times) == size).all() and size > 1
    assert (usual_size(np.zeros_like(landmarks), times) == 1).all()
