"""The camera that an image INT gives for a crop, and what it means in the whole picture.

Weak perspective: a scale and a shift (s, tx, ty) in units of half a crop. Camera space is x right,
y down, z forward. Arrays may be numpy or torch.
"""

from core_model.geometry.rotations import Array, namespace

CROP_SIDE = 224
"""Pixels along the side of the square picture that an image INT looks at."""


def whole_picture_translation(camera: Array, squares: Array, focal: float, center: Array) -> Array:
    """Return where the figure stands before a pinhole camera that saw the whole picture.

    Parameters
    ----------
    camera : (..., 3)
        Scale, x, y on the crop.
    squares : (..., 3)
        Centre and side of what was cut out, pixels.
    focal : float
        Of the camera that filmed, pixels.
    center : (2,)
        Its principal point, pixels.

    Returns
    -------
    (..., 3)
        Metres, camera space; to be added to points about the figure's own origin.
    """
    extent = camera[..., 0] * squares[..., 2]
    x = camera[..., 1] + 2 * (squares[..., 0] - center[0]) / extent
    y = camera[..., 2] + 2 * (squares[..., 1] - center[1]) / extent
    return namespace(camera).stack((x, y, 2 * focal / extent), -1)
