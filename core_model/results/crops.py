"""From people seen in crops of pictures to metres before the camera.

A system that looks at crops tells a weak perspective for each: size s and place (tx, ty) in a crop
that reaches from -1 to 1. With a focal length that is the distance at which a body has that size.
"""

import numpy as np

from core_model.geometry.weak_perspective import whole_picture_translation
from core_model.results.record import Lens

_SMALLEST = 1e-6


def likely_lens(size: tuple[float, float]) -> Lens:
    """Return the lens that is guessed where nobody knows it: its focal length is the diagonal."""
    return Lens(float(np.hypot(*size)), size)


def full_picture(
    scale: np.ndarray, whole: np.ndarray, side: np.ndarray
) -> tuple[float, float] | None:
    """Find the size of a picture from the same sizes in the crop and in the whole picture.

    Parameters
    ----------
    scale : (F,)
        Of the body in the crop.
    whole : (F, 2)
        In the picture, across and down.
    side : (F,)
        Of the crop, pixels.

    Returns
    -------
    (float, float) or None
        Width and height in pixels; None if they cannot be told.
    """
    with np.errstate(all="ignore"):
        sizes = (scale * side)[:, None] / whole
    sizes = sizes[np.isfinite(sizes).all(axis=1) & (sizes > 1).all(axis=1)]
    if len(sizes) == 0:
        return None
    width, height = np.median(sizes, axis=0)
    return float(width), float(height)


def seen_in_crops(
    camera: np.ndarray,
    centres: np.ndarray,
    sides: np.ndarray,
    lens: Lens,
) -> np.ndarray:
    """Return the translation (F, 3) before the camera, metres; NaN where a size is none.

    Parameters
    ----------
    camera : (F, 3)
        s, tx, ty in the crops.
    centres : (F, 2)
        Of the crops, pixels.
    sides : (F,)
        Pixels.
    lens : Lens
    """
    spread = np.where(sides * camera[:, 0] > _SMALLEST, camera[:, 0], np.nan)
    seen = np.column_stack((spread, camera[:, 1:]))
    squares = np.column_stack((centres, sides))
    middle = np.array(lens.size) / 2
    return np.asarray(whole_picture_translation(seen, squares, lens.focal, middle))
