"""Bars are told from what a clip shows."""

import cv2
import numpy as np
import pytest

from core_model.video.bars import part_of_clip, part_shown


def _picture(width: int = 320, height: int = 240, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    coarse = cv2.GaussianBlur(random.normal(size=(height, width)), (0, 0), 12)
    fine = cv2.GaussianBlur(random.normal(size=(height, width)), (0, 0), 1)
    grey = 120 + 50 * coarse / coarse.std() + 15 * fine / fine.std()
    return np.clip(grey, 0, 255).astype(np.uint8)


def _compressed(grey: np.ndarray) -> np.ndarray:
    _, coded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)


def _in_blurred(grey: np.ndarray, high: int) -> np.ndarray:
    """Put a picture amid a blurred, larger copy of itself."""
    height, width = grey.shape
    grown = cv2.resize(grey, None, fx=high / height, fy=high / height)
    aside = (grown.shape[1] - width) // 2
    behind = cv2.GaussianBlur(grown[:, aside : aside + width], (0, 0), 0.03 * high)
    top = (high - height) // 2
    behind[top : top + height] = grey
    return behind


def test_a_picture_without_bars_is_shown_whole() -> None:
    assert part_shown(_picture()) == (0, 0, 320, 240)


@pytest.mark.parametrize("black", [0, 16])
def test_black_bars(black: int) -> None:
    grey = _picture()
    above = cv2.copyMakeBorder(grey, 40, 42, 0, 0, cv2.BORDER_CONSTANT, value=[black])
    beside = cv2.copyMakeBorder(grey, 0, 0, 60, 60, cv2.BORDER_CONSTANT, value=[black])
    both = cv2.copyMakeBorder(above, 0, 0, 60, 60, cv2.BORDER_CONSTANT, value=[black])
    expected = {(0, 40, 320, 280): above, (60, 0, 380, 240): beside, (60, 40, 380, 280): both}
    for part, picture in expected.items():
        np.testing.assert_allclose(part_shown(_compressed(picture)), part, atol=1)


@pytest.mark.parametrize("high", [420, 568])
def test_a_blurred_copy_around(high: int) -> None:
    picture = _in_blurred(_picture(), high)
    top = (high - 240) // 2
    np.testing.assert_allclose(part_shown(_compressed(picture)), (0, top, 320, top + 240), atol=1)
    aside = np.ascontiguousarray(_compressed(picture).T)
    np.testing.assert_allclose(part_shown(aside), (top, 0, top + 240, 320), atol=1)


def test_a_night_above_a_roof_is_no_bar() -> None:
    grey = _picture()
    grey[:50] = 5
    assert part_shown(grey) == (0, 0, 320, 240)


def test_what_is_out_of_focus_is_no_bar() -> None:
    grey = _picture()
    blurred = cv2.GaussianBlur(grey, (0, 0), 8)
    share = np.clip(np.abs(np.arange(240) - 120) / 60 - 0.5, 0, 1)[:, None]  # a shallow depth
    picture = (share * blurred + (1 - share) * grey).astype(np.uint8)
    assert part_shown(picture) == (0, 0, 320, 240)
    assert part_shown(np.zeros((240, 320), np.uint8)) == (0, 0, 320, 240)


def test_a_clip_has_the_bars_that_most_of_its_pictures_have() -> None:
    bars, none = (0, 80, 640, 400), (0, 0, 640, 480)
    assert part_of_clip([bars] * 6 + [none] * 3, 640, 480) == bars
    assert part_of_clip([bars] * 4 + [none] * 5, 640, 480) == none
    assert part_of_clip([(0, 1, 640, 479)] * 5, 640, 480) == none, "rounding is no bar"
    assert part_of_clip([], 640, 480) == none
