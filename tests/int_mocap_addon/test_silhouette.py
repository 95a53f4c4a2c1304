"""A captured figure stands where the person is in the clip, in the scene that Blender starts with.

Measured is the share of the person's box that the box around the silhouette shares with it:
intersection over union of the two rectangles. The person's box is the one around their landmarks in
the take and their crown, which is no landmark; the silhouette is what the take's camera renders of
the figure.
"""

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.headless import silent_stderr
from core_model.take import Take
from tests.places import DEMO, SHARED

LEAST = 0.8
EYES, ANKLES = (2, 5), (27, 28)
CROWN = 0.07
"""Of the way from the ankles to the eyes, that the crown lies above them."""

_PORTRAIT = SHARED / "data" / "clips" / "people" / "handheld_turn.mp4"


@pytest.fixture
def factory(mocap: Any) -> Any:
    """Return the scene that Blender starts with."""
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    return bpy.context.scene


def silhouette(scene: Any, frame: int, path: Path) -> np.ndarray:
    """Return where the scene's camera sees anything: (H, W) bool, the first row on top."""
    scene.frame_set(frame)
    render = scene.render
    render.engine, render.film_transparent = "BLENDER_WORKBENCH", True
    render.resolution_percentage = 50
    render.filepath = str(path)
    with silent_stderr():
        bpy.ops.render.render(write_still=True)
    image: Any = bpy.data.images.load(render.filepath)
    alpha = np.array(image.pixels[:]).reshape(image.size[1], image.size[0], 4)[::-1, :, 3]
    bpy.data.images.remove(image)
    return alpha > 0.5


def box_around(places: np.ndarray) -> np.ndarray:
    """Return left, top, right, bottom of points (N, 2)."""
    return np.concatenate((places.min(axis=0), places.max(axis=0)))


def box_of_person(landmarks: np.ndarray) -> np.ndarray:
    """Return the box around landmarks (33, 2) and the crown of an upright head."""
    eyes, ankles = (landmarks[list(each)].mean(axis=0) for each in (EYES, ANKLES))
    return box_around(np.concatenate((landmarks, [eyes + CROWN * (eyes - ankles)])))


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Return intersection over union of two boxes."""
    inside = np.prod(np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0))
    return float(inside / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - inside))


@pytest.mark.parametrize(
    ("clip", "start"),
    [
        # A window looks at this one, too.
        pytest.param(DEMO, 1.0, id="landscape", marks=pytest.mark.long),
        pytest.param(_PORTRAIT, 0.5, id="portrait", marks=pytest.mark.shared),
    ],
)
def test_the_silhouette_is_over_the_person(factory, tmp_path, clip, start):
    capture = factory.int_mocap.capture
    capture.clip, capture.people, capture.hands = str(clip), "LARGEST", False
    capture.use_range, capture.start, capture.end = True, start, start + 0.5
    assert bpy.ops.int_mocap.capture() == {"FINISHED"}
    (item,) = factory.int_mocap.takes
    take = Take.load(item.path)
    assert take.camera and factory.camera == item.camera
    size = np.array([factory.render.resolution_x, factory.render.resolution_y])
    assert (size == take.camera.size).all()
    rate = factory.render.fps / factory.render.fps_base
    found = []
    for index in np.linspace(0, len(take) - 1, 5).round().astype(int):
        frame = round(factory.frame_start + (take.times[index] - take.times[0]) * rate)
        seen = silhouette(factory, frame, tmp_path / "seen.png")
        rows, columns = np.nonzero(seen)
        scale = size / [seen.shape[1], seen.shape[0]]
        figure = box_around(np.stack((columns, rows), axis=1) * scale)
        found.append(overlap(figure, box_of_person(take.keypoints2d[index, :, :2])))
    print(f"overlap: {np.round(found, 2)}")
    assert np.mean(found) >= LEAST and min(found) >= LEAST - 0.1
