"""A zoom on its way through the pipeline: out of the landmarks, and into the take."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core_model.geometry.camera import Camera
from core_model.lifting.figure import new_figure
from core_model.pipeline.stages import camera_of, steady
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.tracks import Track
from core_model.world.camera_motion import CameraMotion
from core_model.world.to_takes import into_world
from core_model.world.zoom import find_zoom
from tests.core_model.solving.clips import BODY, true_take

RATE = 15
CAMERA = Camera.assumed(640, 480)
ZOOM = 1.5 ** np.clip((np.arange(40) - 8) / 20, 0, 1)


def matches(lost: tuple[int, ...] = ()) -> list[BackgroundMatch]:
    """Return looks at 40 corners while a lens zooms; the picture before is the key one."""
    places = np.random.default_rng(0).uniform((0, 0), (640, 480), (40, 2))
    none = np.empty((0, 2))
    found = [BackgroundMatch(0.0, 0, None, None)]
    for index in range(1, len(ZOOM)):
        seen = [CAMERA.through_zoom(places, np.full(40, each)) for each in ZOOM[index - 1 :][:2]]
        before, after = (none, none) if index in lost else seen
        found.append(BackgroundMatch(index / RATE, index - 1, before, after, 40, len(before)))
    return found


def test_a_look_in_which_nothing_was_found_does_not_stop_the_zoom():
    zoom = find_zoom(matches(lost=(17,)), CAMERA)
    assert zoom is not None
    np.testing.assert_allclose(zoom.factors, ZOOM, rtol=0.002)
    assert find_zoom(matches(lost=(14, 15, 16, 18, 19)), CAMERA) is None


def test_where_few_corners_grow_alike_the_camera_was_carried():
    carried = [replace(each, corners=60) for each in matches()]
    assert find_zoom(carried, CAMERA) is None


def test_people_before_a_zoom_are_seen_through_one_lens():
    frames, still = np.arange(40), np.full((40, 33, 3), (500.0, 100.0, 1.0))
    seen = still.copy()
    seen[..., :2] = CAMERA.through_zoom(still[..., :2], ZOOM)
    nothing = np.zeros((40, 33, 3))
    track = Track(1, frames, seen, nothing[:, 0, :1], np.ones(40))
    work: Any = SimpleNamespace(
        options=SimpleNamespace(focal=640.0),
        background=matches(),
        edges=[],
        focal_told_by="given",
        times=frames / RATE,
        camera=CAMERA,
        tracks=[track],
        warnings=[],
    )
    for _ in range(2):  # once more changes nothing
        steady(work)
        figure = new_figure(work.tracks[0], work.camera)
        np.testing.assert_allclose(figure.landmarks, still, atol=1.0)
        np.testing.assert_array_equal(work.tracks[0].landmarks, seen)


def test_a_take_says_how_its_camera_moved():
    turns = np.tile(np.eye(3), (40, 1, 1))
    assert camera_of(CameraMotion()) == {"camera": "still"}
    assert camera_of(CameraMotion(turns)) == {"camera": "turning"}
    told = camera_of(CameraMotion(turns, None, ZOOM, 0.9))
    assert told == {"camera": "turning and zooming", "zoom_confidence": 0.9}


@pytest.mark.parametrize("turns", [False, True])
def test_a_take_keeps_what_the_clip_shows_and_how_it_was_zoomed(turns):
    truth = true_take(frames=40)
    assert truth.camera is not None
    camera, seen = replace(truth.camera, to_world=np.eye(4)), truth.keypoints2d.copy()
    seen[..., :2] = camera.through_zoom(seen[..., :2], ZOOM)
    track = Track(1, np.arange(40), seen, truth.bbox, np.ones(40), zoom=ZOOM)
    figure = new_figure(track, camera)
    figure.rotations = truth.rotations()
    figure.rotations[:, 0] = truth.camera.to_world[:3, :3].T @ figure.rotations[:, 0]
    hips = truth.trans + BODY.rest_joints(truth.betas)[0]
    figure.betas, figure.pelvis = truth.betas, truth.camera.world_to_camera(hips)
    motion = CameraMotion(np.tile(np.eye(3), (40, 1, 1)) if turns else None, None, ZOOM, 0.9)
    (take,) = into_world([figure], truth.times, camera, BODY, {}, motion)
    np.testing.assert_array_equal(take.camera_zoom, ZOOM)
    np.testing.assert_allclose(take.keypoints2d, seen)
    assert take.camera is not None
    pixels = [take.lens_at(row).project(take.camera_joints(BODY)[row, 0]) for row in (0, 20, 39)]
    hips_seen = truth.camera.project(truth.camera_joints(BODY)[[0, 20, 39], 0])
    expected = camera.through_zoom(hips_seen, ZOOM[[0, 20, 39]])
    np.testing.assert_allclose(pixels, expected, atol=0.5)
