"""Legs behind a table stay where they were while the trunk bends, and turn with the body."""

import numpy as np
import torch

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, SMPL_TO_CAMERA
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from core_model.lifting.lift import lift_landmarks
from core_model.lifting.unseen_legs import with_unseen_legs_held
from core_model.network.checkpoints import load_weights
from core_model.take import Take
from core_model.tracking.track_people import track_people
from core_model.video.clip import open_video
from tests.places import RENDERED

TIMES = np.arange(90) / 30
BENDING = slice(30, 60)
HIPS, KNEES, ANKLES = (
    [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right")]
    for part in ("hip", "knee", "ankle")
)
LEGS = [*KNEES, *ANKLES]


def _turns(joint, axis, degrees):
    """Return how a joint (T, 24, 3, 3) is turned about an axis by so many degrees (T,)."""
    turns = np.zeros((len(TIMES), 24, 3))
    turns[:, JOINT_INDEX[joint], axis] = np.radians(degrees)
    return axis_angle_to_matrix(turns)


def _bowing():
    """Return somebody before the camera who bows, as told by the trunk: knees folded meanwhile."""
    bent = np.zeros(len(TIMES))
    bent[BENDING] = 1
    turns = _turns("pelvis", 0, 50 * bent)
    for side in ("left", "right"):
        turns = turns @ _turns(f"{side}_hip", 0, -80 * bent) @ _turns(f"{side}_knee", 0, 70 * bent)
    turns[:, 0] = SMPL_TO_CAMERA @ turns[:, 0]
    return turns


def _shown(legs):
    """Return how much is seen of landmarks (T, 33), the hips less while bending."""
    shown = np.full((len(TIMES), 33), 0.95)
    shown[:, LEGS] = legs
    shown[BENDING, HIPS[0] : HIPS[1] + 1] = 0.1
    return shown


def _directions(rotations, joint):
    """Return which way a joint is turned in all (T, 3, 3)."""
    chain = {"hip": ["hip"], "knee": ["hip", "knee"], "ankle": ["hip", "knee", "ankle"]}[joint]
    turned = rotations[:, 0]
    for part in chain:
        turned = turned @ rotations[:, JOINT_INDEX[f"left_{part}"]]
    return turned


def test_legs_that_are_seen_stay():
    rotations = _bowing()
    np.testing.assert_array_equal(with_unseen_legs_held(rotations, _shown(0.9), TIMES), rotations)
    shown = _shown(0.05)
    shown[:, KNEES[0]] = 0.9  # one knee tells how somebody stands
    np.testing.assert_array_equal(with_unseen_legs_held(rotations, shown, TIMES), rotations)


def test_who_bows_behind_a_table_keeps_standing():
    rotations = _bowing()
    held = with_unseen_legs_held(rotations, _shown(0.05), TIMES)
    for joint in ("hip", "knee", "ankle"):
        off = rotation_angle(_directions(held, joint), _directions(rotations, joint)[:1])
        assert np.degrees(off).max() < 8
    others = [j for j in range(24) if j not in (1, 2, 4, 5, 7, 8, 10, 11)]
    np.testing.assert_array_equal(held[:, others], rotations[:, others])


def test_unseen_legs_turn_with_the_body_and_sit_when_seen_to():
    turned = _turns("pelvis", 1, np.linspace(0, 180, len(TIMES)))
    turned[:, 0] = SMPL_TO_CAMERA @ turned[:, 0]
    held = with_unseen_legs_held(turned, _shown(0.05), TIMES)
    np.testing.assert_allclose(held, turned, atol=1e-6)
    sitting = _turns("left_hip", 0, np.where(TIMES < 1.5, 0, -85))
    sitting[:, 0] = SMPL_TO_CAMERA @ sitting[:, 0]
    shown = _shown(0.05)
    shown[:, HIPS] = 0.95
    held = with_unseen_legs_held(sitting, shown, TIMES)
    thigh = np.degrees(rotation_angle(held[:, JOINT_INDEX["left_hip"]], np.eye(3)))
    assert thigh[0] < 15
    assert thigh[-1] > 70


def test_nobody_folds_their_legs_behind_a_table():
    """The rendered clip of somebody who laughs behind one: up to 98 degrees, by jumps of 20."""
    video = open_video(RENDERED / "laugh_table.mp4")
    track = track_people(video, quality="fast").tracks[0]
    take = Take.load(RENDERED / "laugh_table_01.npz")
    assert take.camera is not None
    figure = lift_landmarks(
        track, take.times, take.camera, load_weights(), torch.device("cpu"), default_body()
    )
    knees = figure.rotations[:, [JOINT_INDEX["left_knee"], JOINT_INDEX["right_knee"]]]
    bent = np.degrees(rotation_angle(knees, np.eye(3)))[:50]  # then the detector sees a knee
    assert bent.max() < 75
    assert np.abs(np.diff(bent, axis=0)).max() < 4
