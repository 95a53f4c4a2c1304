"""Hands of real people, followed through clips; the body's landmarks are those of a track."""

from itertools import islice

import numpy as np
import pytest

from core_model.body.fingers import SIDES
from core_model.body.landmarks import DETECTOR_OFFSETS, LANDMARK_INDEX
from core_model.body.model import default_body
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.hands.evidence import with_hand_points
from core_model.tracking.hand_tracker import HandObservations, track_hands
from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Track
from core_model.video.clip import open_video
from tests.core_model.hands.hands import GESTURES, landmarks_of

FRAMES = 30


def clip(shared):
    return islice(open_video(shared / "data" / "clips" / "pose2sim_single" / "cam04.mp4"), FRAMES)


@pytest.fixture(scope="module")
def track(shared) -> Track:
    tracker = None
    for frame in clip(shared):
        height, width = frame.image.shape[:2]
        tracker = tracker or PeopleTracker(width, height)
        tracker.update(frame)
    assert tracker is not None
    return tracker.finish()[0]


@pytest.mark.shared
def test_a_hand_in_plain_sight_is_followed_every_frame(shared, track):
    times = np.array([frame.time for frame in clip(shared)])
    (sights,) = track_hands([track], clip(shared), times)
    left = sights.presence[:, 0]
    assert (left > 0.8).mean() > 0.9  # the clip has 60 frames a second, every other is looked at
    wrist = track.landmarks[:, LANDMARK_INDEX["left_wrist"], :2]
    assert np.median(np.linalg.norm(sights.landmarks[:, 0, 0] - wrist, axis=1)) < 20
    shaking = np.linalg.norm(np.diff(sights.landmarks[:, 0], n=2, axis=0), axis=-1)
    assert np.median(shaking) < 4
    palm = np.linalg.norm(sights.world[left > 0, 0, 9] - sights.world[left > 0, 0, 0], axis=1)
    assert 0.06 < np.median(palm) < 0.11


@pytest.mark.shared
def test_what_the_network_takes_for_the_other_hand_is_seen_from_its_other_side(shared, track):
    times = np.array([frame.time for frame in clip(shared)])
    swapped = track.landmarks.copy()
    for part in ("shoulder", "elbow", "wrist", "index", "pinky", "thumb"):
        left, right = (LANDMARK_INDEX[f"{side}_{part}"] for side in SIDES)
        swapped[:, [left, right]] = swapped[:, [right, left]]
    other = Track(1, track.frames, swapped, track.bbox, track.presence)
    (as_left,) = track_hands([track], clip(shared), times)
    (as_right,) = track_hands([other], clip(shared), times)
    both = (as_left.presence[:, 0] > 0.9) & (as_right.presence[:, 1] > 0.9)
    assert both.sum() > 10
    mirrored = as_right.world[both, 1] * [1, 1, -1]
    np.testing.assert_allclose(mirrored, as_left.world[both, 0], atol=0.02)


def test_a_clip_in_which_all_hands_are_tiny_is_not_even_read():
    def unread():
        raise AssertionError("the clip was read")
        yield

    landmarks = np.random.default_rng(0).uniform(100, 110, (5, 33, 3)).astype(np.float32)
    nobody = Track(1, np.arange(5), landmarks, np.zeros((5, 4)), np.ones(5))
    (sights,) = track_hands([nobody], unread(), np.arange(5) / 30)
    assert sights.presence.shape == (5, 2) and not sights.presence.any()


@pytest.mark.parametrize("side", [0, 1])
def test_points_of_the_hand_are_put_where_the_body_expects_them(side):
    """In any direction of sight: what is projected is the body's own landmark."""
    body, name = default_body(), SIDES[side]
    turn = axis_angle_to_matrix(np.random.default_rng(3).normal(0, 1, (8, 3)))
    pose = np.tile(np.eye(3), (8, 24, 1, 1))
    pose[:, 0] = turn
    points = 500 * landmarks_of(np.tile(GESTURES["open"], (8, 1)), side, pose)
    assert body.landmark_regressor is not None
    anatomy = body.landmark_regressor @ body.v_template
    pelvis = body.rest_joints(np.zeros(10))[0]
    sights = HandObservations(*(np.zeros((8, 2, *rest)) for rest in ((21, 2), (21, 3), (), ())))
    sights.landmarks[:, side] = points[..., :2]
    sights.presence[:, side] = 1.0
    empty = np.zeros((8, 33, 3), np.float32)
    seen = with_hand_points(
        Track(1, np.arange(8), empty, empty[:, 0], empty[:, 0, 0]), sights, body
    ).landmarks
    for part in ("wrist", "index", "pinky"):
        row = LANDMARK_INDEX[f"{name}_{part}"]
        # Above and below the palm nothing can be told from it: those few millimetres are left out.
        offset = DETECTOR_OFFSETS[row]
        place = anatomy[row] + offset - pelvis
        expected = 500 * ((turn @ place) + pelvis)[:, :2]
        error = np.linalg.norm(seen[:, row, :2] - expected, axis=1) / 500
        assert error.max() < 0.012, part
        assert (seen[:, row, 2] == 1).all()
    other = LANDMARK_INDEX[f"{SIDES[1 - side]}_wrist"]
    assert not seen[:, other].any()
