"""Each view counts by what it sees: what one hides is as the other one shows it."""

from dataclasses import replace

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.fit.placed_camera import PlacedCamera
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from core_model.views.clips import ClipMotion
from core_model.views.joint import first_guess
from core_model.views.trust import doubt_worse_views
from tests.core_model.views.filming import BODY, around, at_origin, between, filmed
from train.places import RENDERED_FOLDER

PUNCH = at_origin(RENDERED_FOLDER / "punch_01.npz", slice(20, 40))
FIRST, SECOND = around(0), around(85)
CAMERAS = [
    PlacedCamera(FIRST, np.eye(3), np.zeros(3)),
    PlacedCamera(SECOND, *between(FIRST, SECOND)),
]


def _clips() -> list[ClipMotion]:
    return [filmed([PUNCH], FIRST), filmed([PUNCH], SECOND, name="b.mp4")]


def test_an_arm_that_one_view_hides_is_as_the_other_one_shows_it() -> None:
    clips = _clips()
    figure = clips[0].figures[0]
    rotations, landmarks = figure.rotations.copy(), figure.landmarks.copy()
    shoulder = JOINT_INDEX["left_shoulder"]
    rotations[:, shoulder] = (
        axis_angle_to_matrix(np.array([0.0, 0.0, 1.2])) @ rotations[:, shoulder]
    )
    for part in ("shoulder", "elbow", "wrist", "index", "pinky", "thumb"):
        landmarks[:, LANDMARK_INDEX[f"left_{part}"], 2] = 0.02
    clips[0].figures[0] = replace(figure, rotations=rotations, landmarks=landmarks)

    guess = first_guess({0: 0, 1: 0}, clips, CAMERAS, clips[0].times, BODY)

    off = np.degrees(rotation_angle(guess.rotations, clips[1].figures[0].rotations))
    assert np.median(off[:, shoulder]) < 8  # the mean of both is 34 degrees off
    assert np.median(off[:, JOINT_INDEX["right_shoulder"]]) < 1


def test_who_sees_badly_does_not_speak_against_who_sees_well() -> None:
    clips = _clips()
    figure = clips[0].figures[0]
    landmarks = figure.landmarks.copy()
    guesses = np.random.default_rng(3).normal(0, 60, landmarks[10:, :, :2].shape)
    landmarks[10:, :, :2] += guesses  # behind a pillar
    landmarks[10:, :, 2] = 0.5
    clips[0].figures[0] = replace(figure, landmarks=landmarks)
    before = clips[1].figures[0].landmarks.copy()

    doubt_worse_views(clips, CAMERAS, [{0: 0, 1: 0}], BODY)

    doubted = clips[0].figures[0].landmarks[..., 2]
    np.testing.assert_allclose(doubted[:9], landmarks[:9, :, 2])
    assert (doubted[11:] < 0.25).all()
    np.testing.assert_allclose(clips[1].figures[0].landmarks, before)


def test_who_alone_sees_somebody_is_believed_however_badly() -> None:
    clips = _clips()
    figure = clips[0].figures[0]
    landmarks = figure.landmarks.copy()
    landmarks[..., 2] = 0.2
    clips[0].figures[0] = replace(figure, landmarks=landmarks)

    doubt_worse_views(clips, CAMERAS, [{0: 0}, {1: 0}], BODY)

    np.testing.assert_allclose(clips[0].figures[0].landmarks, landmarks)
