"""Clips that are zoomed by cutting grow about their middle, by as much as is said."""

import numpy as np
import pytest

from train.rendering.video_writing import write_video
from train.rendering.zooming import write_zoomed, zoom_at, zoomed_pictures


@pytest.fixture
def dot(tmp_path):
    """A clip of a white square right of the middle and below it."""
    picture = np.zeros((240, 320, 3), np.uint8)
    picture[140:148, 200:208] = 255
    write_video(tmp_path / "dot.mp4", [picture] * 20, 10, 10)
    return tmp_path / "dot.mp4"


def place(picture: np.ndarray) -> np.ndarray:
    """Return where the square is, from the middle of the picture (x, y), pixels."""
    bright = picture[..., 1].astype(float)
    bright[bright < 60] = 0
    rows, columns = np.indices(bright.shape)
    found = np.array([(bright * columns).sum(), (bright * rows).sum()]) / bright.sum()
    return found + 0.5 - np.array(bright.shape[::-1]) / 2


def test_a_zoomed_clip_grows_about_its_middle(dot):
    zoom = zoom_at(np.arange(20) / 10, 1.6)
    assert zoom[0] == zoom[-1] == 1 and zoom.max() == pytest.approx(1.6)
    for index, picture in enumerate(zoomed_pictures(dot, 1.6, 0.0)):
        np.testing.assert_allclose(place(picture), zoom[index] * np.array([44, 24]), atol=0.6)


def test_a_clip_in_a_hand_sways(dot, tmp_path):
    write_zoomed(dot, tmp_path / "swaying.mp4", 1.0, 2.0)
    places = np.array([place(each) for each in zoomed_pictures(tmp_path / "swaying.mp4", 1.0, 0.0)])
    assert np.ptp(places, axis=0).max() > 3 and len(places) == 20
