import numpy as np
import pytest

from core_model.geometry.rotations import rotation_angle
from core_model.hands.model import RELAXED, finger_rotations
from core_model.hands.motion import hand_motion, relaxed_where_unseen
from core_model.hands.plausible import most_likely
from core_model.tracking.hand_tracker import HandObservations
from tests.core_model.hands.hands import GESTURES, landmarks_of, model

TIMES = np.arange(90) / 30


def sights_of(world: np.ndarray, seen: np.ndarray, size: float) -> HandObservations:
    """Left hands (T, 21, 3) seen where `seen` (T,) says; nothing of right ones."""
    count = len(world)
    both = np.zeros((count, 2, 21, 3))
    both[seen, 0] = world[seen]
    presence = np.zeros((count, 2))
    presence[seen, 0] = 0.99
    return HandObservations(
        np.zeros((count, 2, 21, 2)), both, presence, np.where(presence > 0, size, 0)
    )


def motion_of(name: str, seen: np.ndarray, size: float = 400.0):
    angles = np.tile(GESTURES[name], (90, 1))
    world = landmarks_of(angles, 0, np.tile(np.eye(3), (90, 24, 1, 1)))
    return hand_motion(sights_of(world, seen, size), TIMES, (model(0), model(1)))


def test_hands_that_were_never_seen_are_relaxed_and_say_so():
    motion = motion_of("fist", np.zeros(90, bool))
    relaxed = finger_rotations(model(1), RELAXED[None])[0]
    np.testing.assert_allclose(motion.fingers[:, 15:], np.tile(relaxed, (90, 1, 1, 1)), atol=1e-9)
    assert not motion.confidence.any()


@pytest.mark.parametrize("name", sorted(GESTURES))
def test_a_hand_that_is_seen_large_does_what_was_seen(name):
    motion = motion_of(name, np.ones(90, bool))
    wanted = finger_rotations(model(0), GESTURES[name][None])[0, :12]
    error = np.degrees(rotation_angle(motion.fingers[:, :12], wanted))
    assert error.mean() < 8 and (motion.confidence[:, 0] > 0.9).all()


def test_a_short_gap_is_bridged_and_a_long_one_relaxes():
    seen = np.ones(90, bool)
    seen[20:26] = seen[40:] = False
    motion = motion_of("fist", seen)
    fist, relaxed = (
        finger_rotations(model(0), angles[None])[0, :12] for angles in (GESTURES["fist"], RELAXED)
    )
    away = np.degrees(rotation_angle(motion.fingers[:, :12], fist)).mean(axis=1)
    assert away[23] < 10
    assert np.degrees(rotation_angle(motion.fingers[89, :12], relaxed)).mean() < 8
    step = rotation_angle(motion.fingers[1:], motion.fingers[:-1])
    assert np.degrees(step).max() < 6  # without a jump at either end


def test_the_smaller_a_hand_is_seen_the_more_it_is_taken_to_be_relaxed():
    angles = np.tile(GESTURES["point"], (3, 1))
    likely = most_likely(angles, np.array([60.0, 120.0, 500.0]))
    away = np.abs(likely - angles).mean(axis=1)
    assert away[0] > away[1] > away[2]
    # A closed hand is known from all its fingers, so it stays closed when it is small.
    fist = most_likely(GESTURES["fist"][None], np.array([100.0]))[0]
    bends = [0, 2, 4, 6, 8, 10, 12, 14]
    assert np.degrees(fist[bends]).mean() > 70


def test_noise_of_single_frames_is_steadied_without_lag():
    random = np.random.default_rng(0)
    curve = RELAXED + np.outer(np.sin(2 * np.pi * 0.5 * TIMES), np.ones(21))
    noisy = curve + random.normal(0, 0.2, curve.shape)
    calm = relaxed_where_unseen(noisy, np.ones(90), TIMES)
    inside = slice(5, -5)
    assert np.abs(calm - curve)[inside].mean() < 0.65 * np.abs(noisy - curve)[inside].mean()
    lags = [np.abs(calm[10 + k : 80 + k] - curve[10:80]).mean() for k in (-2, -1, 0, 1, 2)]
    assert int(np.argmin(lags)) == 2
