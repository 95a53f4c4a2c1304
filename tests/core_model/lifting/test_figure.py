"""A figure is seen through one lens, whatever the lens of the clip did."""

import numpy as np

from core_model.geometry.camera import Camera
from core_model.lifting.figure import landmarks_in_clip, new_figure
from core_model.tracking.tracks import Track

CAMERA = Camera.assumed(640, 480)


def test_landmarks_of_a_zoom_are_seen_through_one_lens_and_kept_as_they_were_filmed():
    frames, random = np.array([3, 4, 6, 7]), np.random.default_rng(0)
    still = np.append(random.uniform(200, 300, (4, 33, 2)), np.ones((4, 33, 1)), axis=-1)
    zoom = np.array([1.0, 1.2, 1.4, 1.5])
    seen = still.copy()
    seen[..., :2] = CAMERA.through_zoom(still[..., :2], zoom)
    nothing = np.zeros((4, 33, 3))
    track = Track(1, frames, seen, nothing[:, 0, :1], np.ones(4), zoom=zoom)
    figure = new_figure(track, CAMERA)
    np.testing.assert_allclose(figure.landmarks[figure.seen], still)
    every = np.array([1.0, 1.2, 1.3, 1.4, 1.5])
    kept = landmarks_in_clip(figure, CAMERA, every)
    np.testing.assert_allclose(kept[figure.seen], seen)
    assert not kept[~figure.seen].any()
