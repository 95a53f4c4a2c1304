import numpy as np
import pytest
import torch

from core_model.geometry import weak_perspective
from core_model.geometry.camera import Camera

SIZE = np.array([1920, 1080])
CROP_FOCAL = 5000.0
"""Pixels; the focal length that the reference assumes for a crop."""


def seen_on_crop(points, camera):
    """Return where points of a figure are on its crop, -1 to 1."""
    square = np.array([0.0, 0.0, weak_perspective.CROP_SIDE])
    at = weak_perspective.whole_picture_translation(camera, square, CROP_FOCAL, square[:2])
    placed = points + at[..., None, :]
    return CROP_FOCAL / (weak_perspective.CROP_SIDE / 2) * placed[..., :2] / placed[..., 2:]


def whole_picture_camera(camera, squares):
    """Return scales and shifts: a point p is seen at scale * (p + shift), -1 to 1 of `SIZE`."""
    scales = camera[..., :1] * squares[..., 2:3] / SIZE
    shifts = camera[..., 1:] + (squares[..., :2] - SIZE / 2) / (SIZE / 2 * scales)
    return np.concatenate((scales, shifts), axis=-1)


def test_projection_agrees_with_the_reference(vectors):
    points, camera = (vectors[f"fn/proj_{name}"].astype(float) for name in ("joints", "cam"))
    expected = vectors["fn/proj_out"]
    np.testing.assert_allclose(seen_on_crop(points, camera), expected, atol=1e-6)
    tensors = seen_on_crop(torch.from_numpy(points), torch.from_numpy(camera))
    np.testing.assert_allclose(tensors.numpy(), expected, atol=1e-6)


def test_projection_agrees_with_the_reference_on_the_output_of_the_network(vectors):
    points = np.random.RandomState(7).standard_normal((1, 49, 3)).astype(np.float32)
    camera = vectors["emb4_T4_B1/cam"].astype(float)
    projected = seen_on_crop(points[None].astype(float), camera)
    np.testing.assert_allclose(projected, vectors["emb4_T4_B1/kp_2d"], rtol=1e-5, atol=1e-5)


def test_camera_of_the_whole_picture_agrees_with_the_reference(vectors):
    camera, boxes = (vectors[f"fn/cam_{name}"].astype(float) for name in ("crop", "bbox"))
    found = whole_picture_camera(camera, boxes[:, :3])
    np.testing.assert_allclose(found, vectors["fn/cam_full_1920x1080"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("focal", [900.0, 5000.0, 60000.0])
def test_translation_puts_the_figure_where_the_crop_saw_it(focal):
    random = np.random.default_rng(0)
    pinhole = Camera.assumed(1920, 1080, focal)
    weak = np.column_stack((random.uniform(0.6, 1.1, 20), random.normal(0, 0.1, (20, 2))))
    squares = np.column_stack((random.uniform(300, 900, (20, 2)), random.uniform(200, 400, 20)))
    at = weak_perspective.whole_picture_translation(weak, squares, focal, pinhole.center)
    assert (at[:, 2] > 0).all()
    # A point of the figure's own origin, and one beside it at the same depth.
    for point in (np.zeros(3), np.array([0.3, -0.4, 0.0])):
        seen = weak[:, :1] * (point[:2] + weak[:, 1:])
        expected = squares[:, :2] + seen * squares[:, 2:] / 2
        np.testing.assert_allclose(pinhole.project(point + at), expected, rtol=1e-9)


def test_whole_picture_camera_is_the_limit_of_a_long_lens():
    weak, square = np.array([0.9, 0.05, -0.1]), np.array([700.0, 400.0, 300.0])
    point = np.array([0.2, 0.5, 0.1])
    scale, shift = np.split(whole_picture_camera(weak, square), 2)
    flat = scale * (point[:2] + shift)
    pinhole = Camera.assumed(1920, 1080, 1e7)
    at = weak_perspective.whole_picture_translation(weak, square, 1e7, pinhole.center)
    np.testing.assert_allclose(pinhole.project(point + at), (flat + 1) / 2 * SIZE, atol=0.01)
