"""Squares cut out of a picture for the networks."""

import cv2
import numpy as np
import pytest

from core_model.detection.region import Region

REGIONS = [
    Region(np.array([400.0, 300.0]), 390.0, 0.3),
    Region(np.array([400.0, 300.0]), 500.0, -1.2),
    Region(np.array([420.5, 310.25]), 1100.0, 2.0),
    Region(np.array([20.0, 580.0]), 700.0, 0.1),  # mostly beyond the picture
]


def cut(region: Region, image: np.ndarray, averaged: bool) -> np.ndarray:
    return region.cut(image, 256, cv2.BORDER_REPLICATE, averaged=averaged).astype(int)


@pytest.mark.parametrize("region", REGIONS)
def test_of_smooth_pictures_means_are_what_is_in_between(region):
    """To a hundredth of a pixel that is cut out: landmarks lie where they are in the picture."""
    y, x = np.mgrid[:600, :800]
    image = np.stack((x / 800, y / 600, (x + y) / 1400), axis=2)
    fine = (255 * image).astype(np.uint8)
    inside = np.ones((600, 800, 3), np.uint8)
    within = region.cut(cv2.erode(inside, np.ones((25, 25))), 256, cv2.BORDER_CONSTANT) > 0
    apart = cut(region, fine, averaged=True) - cut(region, fine, averaged=False)
    assert np.abs(apart[within]).max() <= 1
    assert abs(apart[within].mean()) < 0.5


@pytest.mark.parametrize("region", REGIONS[:3])
def test_grain_is_evened_out(region):
    grain = np.random.default_rng(0).integers(0, 256, (600, 800, 3)).astype(np.uint8)
    step = region.size / 256
    sampled, averaged = (cut(region, grain, each) for each in (False, True))
    middle = (slice(100, 156), slice(100, 156))
    assert averaged[middle].std() < 1.3 * 74 / step < 1.3 * sampled[middle].std()


def test_a_small_region_is_sampled_as_it_is():
    image = np.random.default_rng(0).integers(0, 256, (600, 800, 3)).astype(np.uint8)
    region = Region(np.array([400.0, 300.0]), 300.0, 0.3)
    assert (cut(region, image, averaged=True) == cut(region, image, averaged=False)).all()


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (40, 700)])
def test_a_picture_smaller_than_what_is_averaged_is_cut(size):
    image = np.full((*size, 3), 90, np.uint8)
    region = Region(np.array([size[1] / 2, size[0] / 2]), 5000.0)
    assert (cut(region, image, averaged=True) == 90).all()
