"""Landmarks by hand: where the view shows them, what is said of them, and what becomes of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import numpy as np
import pytest
from mathutils import Matrix

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.take import Take
from int_mocap_addon.corrections.stances import said_of

WRIST = "left_wrist"


def looking_through(camera: Any, width: int = 800, height: int = 600) -> Any:
    """Return region and view of a 3D View that looks through a camera, as Blender has them."""
    graph = bpy.context.evaluated_depsgraph_get()
    window = camera.calc_matrix_camera(graph, x=width, y=height)
    view = camera.matrix_world.inverted()
    perspective = window @ view
    region = SimpleNamespace(width=width, height=height)
    seen = SimpleNamespace(
        perspective_matrix=perspective,
        view_matrix=view,
        window_matrix=window,
        is_perspective=True,
        view_perspective="CAMERA",
    )
    return region, seen


def test_the_view_shows_landmarks_where_they_are_in_the_clip(mended, spoilt):
    from int_mocap_addon.corrections.landmarks import Landmarks, nearest, to_clip, to_screen

    camera, known = mended.camera, Landmarks.of(mended)
    bpy.context.scene.frame_set(10)
    row = known.row(bpy.data.scenes["Scene"], mended)
    assert row == 9
    size = spoilt.camera.size
    view = looking_through(camera, int(size[0]), int(size[1]))
    pixels = spoilt.keypoints2d[row, :, :2]
    places = to_screen(known, row, camera, view, pixels)
    # The region is as large as the clip, and its origin is the lower left corner.
    assert np.allclose(places[:, 0], pixels[:, 0], atol=1.0)
    assert np.allclose(size[1] - places[:, 1], pixels[:, 1], atol=1.0)
    for place, pixel in zip(places, pixels, strict=True):
        assert np.allclose(to_clip(known, row, camera, view, tuple(place)), pixel, atol=0.1)
    wrist = LANDMARK_INDEX[WRIST]
    assert nearest(places[wrist : wrist + 1], tuple(places[wrist] + 5), 1.0) == 0
    assert nearest(places, (1e4, 1e4), 1.0) is None
    assert camera.matrix_world != Matrix.Identity(4)


def test_a_moved_landmark_and_a_hidden_one_are_said_and_solved(mended, truth, spoilt):
    scene: Any = bpy.context.scene
    scene.frame_set(24)
    at = truth.keypoints2d[23, LANDMARK_INDEX[WRIST], :2]
    assert bpy.ops.int_mocap.move_landmark(landmark=WRIST, x=at[0] + 30, y=at[1]) == {"FINISHED"}
    bpy.ops.int_mocap.move_landmark(landmark=WRIST, x=at[0], y=at[1])
    scene.use_preview_range = True
    scene.frame_preview_start, scene.frame_preview_end = 5, 9
    scene.frame_set(6)
    bpy.ops.int_mocap.move_landmark(landmark="right_heel", hidden=True)
    assert [(i.kind, i.part) for i in said_of(mended)] == [
        ("HIDDEN", "right_heel"),
        ("LANDMARK", WRIST),
    ]
    assert bpy.ops.int_mocap.solve_again() == {"FINISHED"}
    take = bpy.context.scene.int_mocap.takes[0]
    solved = Take.load(Path(bpy.path.abspath(take.solved)))
    assert np.allclose(solved.keypoints2d[23, LANDMARK_INDEX[WRIST]], [*at, 1.0], atol=0.01)
    assert not solved.keypoints2d[4:9, LANDMARK_INDEX["right_heel"], 2].any()


def test_what_is_said_is_shown(mended, spoilt):
    from int_mocap_addon.corrections.landmarks import Landmarks

    bpy.context.scene.frame_set(10)
    bpy.ops.int_mocap.move_landmark(landmark=WRIST, x=100, y=50)
    bpy.ops.int_mocap.move_landmark(landmark="nose", hidden=True)
    shown = Landmarks.of(mended).at(mended, 9)
    assert shown[LANDMARK_INDEX[WRIST]].tolist() == [100, 50, 1]
    assert shown[LANDMARK_INDEX["nose"], 2] == 0
    assert np.array_equal(
        Landmarks.of(mended).at(mended, 12), Take.load(mended.path).keypoints2d[12]
    )


def test_a_landmark_outside_the_picture_is_a_sentence(mended):
    with pytest.raises(RuntimeError, match="far outside the picture"):
        bpy.ops.int_mocap.move_landmark(landmark=WRIST, x=-9000, y=0)
    bpy.context.scene.frame_set(600)
    with pytest.raises(RuntimeError, match="has no frame here"):
        bpy.ops.int_mocap.move_landmark(landmark=WRIST, x=10, y=10)
    assert not said_of(mended)
