"""Shapes that fool the detector are no people."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from core_model.body.landmarks import place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import SMPL_TO_CAMERA, forward_kinematics
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.options import CaptureOptions
from core_model.pipeline.real_people import hardly_people
from core_model.pipeline.stages import place
from core_model.pipeline.work import Work

BODY, CAMERA, COUNT = default_body(), Camera.assumed(1280, 720), 30


def somebody(trembling: float, visibility: float, away: float) -> Figure:
    """Return a figure that stands so far away, its landmarks off by so many pixels."""
    rotations = np.tile(np.eye(3), (COUNT, 24, 1, 1))
    rotations[:, 0] = SMPL_TO_CAMERA
    pelvis = np.tile([0.0, 0.0, away], (COUNT, 1))
    joints, turned = forward_kinematics(rotations, BODY.rest_joints(np.zeros(10)))
    points = place_landmarks(joints, turned, BODY.landmark_offsets(np.zeros(10)))
    pixels = CAMERA.project(points - joints[:, :1] + pelvis[:, None])
    pixels = pixels + np.random.default_rng(0).normal(0, trembling, pixels.shape)
    low, high = pixels.min(axis=1), pixels.max(axis=1)
    return Figure(
        first=0,
        seen=np.ones(COUNT, bool),
        landmarks=np.concatenate((pixels, np.full((COUNT, 33, 1), visibility)), axis=-1),
        bbox=np.concatenate((low, high - low), axis=1),
        rotations=rotations,
        betas=np.zeros(10),
        pelvis=pelvis,
    )


def placed(people: list[Figure], options: CaptureOptions | None = None) -> Work:
    clip: Any = SimpleNamespace(path=Path("clip.mp4"), stored=None, told_focal=None)
    network: Any = SimpleNamespace(config=SimpleNamespace(evidence="keypoints"))
    options = options or CaptureOptions()
    work = Work(clip, CAMERA, network, torch.device("cpu"), BODY, options)
    work.times, work.figures = np.arange(COUNT) / 30, people
    place(work)
    return work


def test_furniture_is_left_out_and_told():
    work = placed([somebody(1.0, 0.9, 4.0), somebody(30.0, 0.3, 9.0)])
    assert len(work.takes) == 1
    assert work.takes[0].confidence.mean() > 0.5
    assert "left out" in work.warnings[0]


def test_whom_the_user_names_or_who_is_alone_stays_with_a_word():
    both = [somebody(1.0, 0.9, 4.0), somebody(30.0, 0.3, 9.0)]
    chosen = placed(both, CaptureOptions(people=(1, 2)))
    assert len(chosen.takes) == 2
    assert chosen.warnings[0].startswith("Person 2 may be nobody")
    alone = placed([somebody(30.0, 0.3, 9.0)])
    assert len(alone.takes) == 1
    assert "nobody" in alone.warnings[0]


def test_who_is_tiny_is_captured_with_a_warning():
    work = placed([somebody(0.3, 0.9, 60.0)])
    assert len(work.takes) == 1
    assert "pixels tall" in work.warnings[0]


@pytest.mark.parametrize("weakest", [0.19, 0.26])
def test_the_weakest_real_people_stay(weakest):
    sure = [np.full((5, 24), 0.7), np.full((5, 24), weakest)]
    seen = [np.ones(5, bool)] * 2
    assert hardly_people(sure, seen, [0.7, 0.7], wished=False) == ([False, False], [])


def test_whom_the_detector_is_sure_of_stays_however_little_is_seen():
    """People in a street, 55 pixels tall, beside a shape and somebody who is seen well."""
    sure = [np.full((5, 24), value) for value in (0.3, 0.05, 0.02)]
    left_out, warnings = hardly_people(
        sure, [np.ones(5, bool)] * 3, [0.98, 0.88, 0.96], wished=False
    )
    assert left_out == [False, True, False]
    assert warnings[0].startswith("Person 2 is seen too badly")
    assert "left out" in warnings[1] and len(warnings) == 2
