"""Pictures as a player shows them: pixels made square, turned and mirrored, all of one size."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import cv2
import numpy as np
from av.buffer import Buffer
from av.video.frame import VideoFrame

_ROUNDING = 2  # pixels by which sizes of one shape may differ


@dataclass(frozen=True)
class Orientation:
    """How the stored picture becomes the shown one.

    Parameters
    ----------
    transposed, flip_x, flip_y : bool
        Whether it is transposed, then flipped sideways, then upside down.
    """

    transposed: bool = False
    flip_x: bool = False
    flip_y: bool = False


def orientation_of(picture: VideoFrame) -> Orientation:
    """Read the display matrix; only quarter turns and mirrors are in use."""
    # A mapping of every kind of side data; PyAV's own annotation knows only one of them.
    matrix = cast(Mapping[str, Buffer], picture.side_data).get("DISPLAYMATRIX")
    if matrix is None:
        return Orientation()
    # x' = a x + c y, y' = b x + d y.
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5]
    if abs(b) > abs(a):
        return Orientation(True, bool(c < 0), bool(b < 0))
    return Orientation(False, bool(a < 0), bool(d < 0))


def upright(picture: VideoFrame, aspect: Fraction | None, orientation: Orientation) -> np.ndarray:
    """Return RGB (H, W, 3) as a player shows it.

    Parameters
    ----------
    picture : VideoFrame
    aspect : Fraction or None
        Width of a pixel over its height, 1 if None.
    orientation : Orientation
    """
    width = max(round(picture.width * (aspect or Fraction(1))), 1)
    image: np.ndarray = picture.reformat(width=width, format="rgb24").to_ndarray()
    if orientation.transposed:
        image = cv2.transpose(image)
    flip_x, flip_y = orientation.flip_x, orientation.flip_y
    if flip_x or flip_y:
        image = cv2.flip(image, -1 if flip_x and flip_y else 1 if flip_x else 0)
    return image


def is_of_shape(image: np.ndarray, width: int, height: int) -> bool:
    """Tell whether a picture (H, W, 3) has the proportions of that size."""
    inner = _inside(image, width, height)
    return max(width - inner[0], height - inner[1]) <= _ROUNDING


def fitted(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """Bring a picture (H, W, 3) to that size, with black bars where its shape is another."""
    if image.shape[:2] == (height, width):
        return image
    inner = (width, height) if is_of_shape(image, width, height) else _inside(image, width, height)
    scaled = cv2.resize(image, inner, interpolation=cv2.INTER_AREA)
    result = np.zeros((height, width, 3), np.uint8)
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    result[top : top + inner[1], left : left + inner[0]] = scaled
    return result


def _inside(image: np.ndarray, width: int, height: int) -> tuple[int, int]:
    """Return width and height of the picture when it is made as large as fits."""
    scale = min(width / image.shape[1], height / image.shape[0])
    inner_width = min(max(round(image.shape[1] * scale), 1), width)
    return inner_width, min(max(round(image.shape[0] * scale), 1), height)
