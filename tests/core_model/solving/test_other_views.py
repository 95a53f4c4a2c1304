"""A take of several cameras is solved again with what all of them saw."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core_model.body.placement import landmarks_in_picture
from core_model.body.skeleton import JOINT_INDEX
from core_model.corrections.records import Corrections, RotationPin, Swap
from core_model.fit.seen_elsewhere import SeenElsewhere
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.solving.other_views import seen_elsewhere
from core_model.solving.solve import solve
from core_model.take import Take
from core_model.take.view import View
from tests.core_model.solving.clips import BODY, apart, true_take, turned

_ELBOW = JOINT_INDEX["left_elbow"]


def from_the_side(take: Take, late: float = 0.0) -> View:
    """Return what a camera sees of a take from the side, its clock running late."""
    assert take.camera
    rotations = take.rotations()
    rotations[:, 0] = take.camera.to_world[:3, :3].T @ rotations[:, 0]
    pelvis = take.camera.world_to_camera(take.trans + BODY.rest_joints(take.betas)[0])
    turn, middle = axis_angle_to_matrix(np.array([0.0, np.radians(80), 0.0])), pelvis.mean(axis=0)
    move = middle - turn @ middle
    rotations[:, 0] = turn @ rotations[:, 0]
    there = pelvis @ turn.T + move
    pixels = landmarks_in_picture(rotations, take.betas, there, take.camera, BODY)
    seen = np.concatenate((pixels, np.full((*pixels.shape[:2], 1), 0.95)), axis=-1)
    to_first = np.eye(4)
    to_first[:3, :3], to_first[:3, 3] = turn.T, -turn.T @ move
    camera = replace(take.camera, to_world=to_first)
    return View("side.mp4", camera, take.times - late, late, 1.0, seen)


@pytest.fixture(scope="module")
def truth() -> Take:
    return true_take(frames=48)


def read(take: Take) -> list[SeenElsewhere]:
    """Return what the further cameras of a take saw, of which nothing was corrected."""
    return seen_elsewhere(take, Corrections(), np.zeros(len(take), bool))


def test_what_another_camera_saw_is_read_in_the_frames_of_the_first(truth):
    side = from_the_side(truth, late=0.5)
    side.keypoints2d[:4, :, 2] = 0
    zoom = np.linspace(1.0, 1.5, len(side.times))
    zoomed = replace(side, zoom=zoom, keypoints2d=side.keypoints2d.copy())
    pixels = side.camera.through_zoom(side.keypoints2d[..., :2], zoom)
    zoomed.keypoints2d[..., :2] = pixels
    few = replace(truth, times=truth.times + 0.2 * np.median(np.diff(truth.times)))
    (seen,) = read(replace(few, views=(side,)))
    between = 0.8 * side.keypoints2d[10, :, :2] + 0.2 * side.keypoints2d[11, :, :2]
    assert np.allclose(seen.landmarks[10, :, :2], between)
    (through_zoom,) = read(replace(few, views=(zoomed,)))
    assert np.allclose(through_zoom.landmarks, seen.landmarks)
    assert not seen.landmarks[:4, :, 2].any() and (seen.landmarks[4:, :, 2] == 0.95).all()
    said = Corrections(swaps=(Swap(1, few.times[20], few.times[30]),))
    (exchanged,) = seen_elsewhere(replace(few, views=(side,)), said, np.arange(48) == 40)
    rows = [*range(20, 31), 40]
    assert np.array_equal(exchanged.landmarks[rows, 13], seen.landmarks[rows, 14])
    assert np.array_equal(exchanged.landmarks[41:], seen.landmarks[41:])
    late = replace(side, offset=9.0)
    (nothing,) = read(replace(few, views=(late,)))
    assert not nothing.landmarks[..., 2].any()


def test_another_camera_tells_where_a_limb_is_that_the_first_hardly_tells(truth):
    wrong = turned(truth, "left_shoulder", (0.0, 0.9, 0.0), slice(8, 40))
    unsure = wrong.confidence.copy()
    unsure[8:40, [JOINT_INDEX["left_shoulder"], _ELBOW]] = 0.2
    hidden = wrong.keypoints2d.copy()
    hidden[8:40, [13, 15, 17, 19, 21], 2] = 0.0
    wrong = replace(wrong, confidence=unsure, keypoints2d=hidden)
    pin = RotationPin(1, float(truth.times[24]), _ELBOW, truth.rotations()[24, _ELBOW])
    several = replace(wrong, views=(from_the_side(truth),))
    cpu = torch.device("cpu")

    def off(take: Take) -> float:
        solved = solve(take, Corrections(pins=(pin,)), BODY, _never, cpu)
        return float(apart(solved, truth)[14:34, JOINT_INDEX["left_wrist"]].mean())

    alone, together = off(wrong), off(several)
    assert together < 0.6 * alone, (alone, together)


def _never(figure, times):
    raise AssertionError("nothing had to be lifted anew")
