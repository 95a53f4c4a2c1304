from dataclasses import replace

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.body.skeleton import SMPL_TO_CAMERA
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import rotation_angle
from core_model.hands.pipeline import ObservedHands, apply_hands
from core_model.lifting.figure import Figure
from core_model.tracking.hand_tracker import HandObservations
from core_model.tracking.tracks import Track
from tests.core_model.hands.hands import GESTURES, landmarks_of

FRAMES = np.array([3, 4, 5, 8, 9, 10])
TIMES = np.arange(12) / 30
CAMERA = Camera.assumed(1000, 1000)


def figure() -> Figure:
    count = 8
    rotations = np.tile(np.eye(3), (count, 24, 1, 1))
    rotations[:, 0] = SMPL_TO_CAMERA
    return Figure(
        first=3,
        seen=np.isin(np.arange(3, 11), FRAMES),
        landmarks=np.zeros((count, 33, 3)),
        bbox=np.zeros((count, 4)),
        rotations=rotations,
        betas=np.zeros(10),
        pelvis=np.tile([0.0, 0.0, 3.0], (count, 1)),
    )


def seen_hands(presence: float) -> ObservedHands:
    """A left fist in the middle of the picture, in the frames in which its owner was seen."""
    count = len(FRAMES)
    pose = np.tile(np.eye(3), (count, 24, 1, 1))
    pose[:, 0] = SMPL_TO_CAMERA
    sights = HandObservations(
        np.full((count, 2, 21, 2), 500.0),
        np.zeros((count, 2, 21, 3)),
        np.zeros((count, 2)),
        np.full((count, 2), 300.0),
    )
    sights.world[:, 0] = landmarks_of(np.tile(GESTURES["fist"], (count, 1)), 0, pose)
    sights.presence[:, 0] = presence
    empty = np.zeros((count, 33, 3), np.float32)
    return ObservedHands([Track(1, FRAMES, empty, empty[:, 0], empty[:, 0, 0])], [sights])


@pytest.mark.parametrize("fingers", [True, False])
def test_figures_get_the_hands_that_were_seen_whatever_their_body(fingers):
    body = default_body()
    if not fingers:
        body = replace(body, finger_regressor=None, fingertip_regressor=None, finger_weights=None)
    person = figure()
    apply_hands([person], seen_hands(0.99), TIMES, CAMERA, body)
    assert person.hands is not None and person.hands.fingers.shape == (8, 30, 3, 3)
    assert (person.hands.confidence[person.seen, 0] > 0.9).all()
    assert not person.hands.confidence[~person.seen].any()
    assert not person.hands.confidence[:, 1].any()
    # The two frames in between are bridged.
    bends = np.degrees(rotation_angle(person.hands.fingers[:, 1], np.eye(3)))
    assert bends.min() > 50
    # Where hand and body say the same, the wrist stays.
    np.testing.assert_allclose(person.rotations, figure().rotations, atol=1e-6)


def test_figures_whose_hands_were_never_seen_stay_as_they_are():
    person = figure()
    apply_hands([person], seen_hands(0.0), TIMES, CAMERA, default_body())
    assert person.hands is None
    np.testing.assert_array_equal(person.rotations, figure().rotations)


def test_a_zoom_turns_no_palm():
    still, zoomed = seen_hands(0.99), seen_hands(0.99)
    still.sights[0].landmarks[:] = (700.0, 300.0)
    zoom = np.linspace(1.0, 2.0, len(FRAMES))
    pixels = CAMERA.through_zoom(still.sights[0].landmarks, zoom)
    zoomed.sights[0] = replace(still.sights[0], landmarks=pixels)
    zoomed.tracks[0] = replace(zoomed.tracks[0], zoom=zoom)
    people = [figure(), figure()]
    for person, seen in zip(people, (still, zoomed), strict=True):
        apply_hands([person], seen, TIMES, CAMERA, default_body())
    assert not np.allclose(people[0].rotations, figure().rotations, atol=1e-3)
    np.testing.assert_allclose(people[1].rotations, people[0].rotations, atol=1e-6)
