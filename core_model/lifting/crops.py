"""Square crops of people as an image INT was trained on: where they lie, and cutting them out.

A square is (centre x, centre y, side) in pixels of the picture, its origin in the upper left corner
and no half-pixel shift, as OpenCV counts.
"""

import cv2
import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d, median_filter
from torch import Tensor

from core_model.geometry.weak_perspective import CROP_SIDE

CROP_SCALE = 1.1
"""How much larger than the person's square the reference cuts when it evaluates."""

SQUARE_SCALE = 1.1
"""Side of a person's square over the diagonal of the body's joints, as in 3DPW's preparation."""

_SEEN = 0.3
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)
_SMOOTHED_SIZE = 150.0  # what is smoothed is this over the diagonal, so that errors weigh alike


def smoothed_boxes(
    keypoints: np.ndarray, median: int = 11, sigma: float = 8.0
) -> tuple[np.ndarray, int]:
    """Follow a person by a steady box around the joints that are seen.

    Frames without a joint lie on a line between their neighbours; then a running median takes out
    single wrong boxes and a Gaussian the trembling.

    Parameters
    ----------
    keypoints : (T, N, 3)
        Pixels and confidence.
    median : int
        Frames of the running median, odd. Shorter tracks have a shorter one.
    sigma : float
        Frames of the Gaussian.

    Returns
    -------
    boxes : (M, 3)
        Centre and diagonal in pixels of the frames from the first to the last with a joint.
    first : int
        The first such frame. M is 0 when there is none.
    """
    seen = keypoints[..., 2] > _SEEN
    known = np.flatnonzero(seen.any(axis=1))
    if not len(known):
        return np.empty((0, 3)), 0
    rows = []
    for points, visible in zip(keypoints[known, :, :2], seen[known], strict=True):
        low, high = points[visible].min(axis=0), points[visible].max(axis=0)
        diagonal = max(float(np.linalg.norm(high - low)), 1.0)
        rows.append((*((low + high) / 2), _SMOOTHED_SIZE / diagonal))
    every = np.arange(known[0], known[-1] + 1)
    columns = [np.interp(every, known, column) for column in np.array(rows, np.float64).T]
    window = min(median, len(every) - 1 + len(every) % 2)
    smooth = [
        gaussian_filter1d(median_filter(column, window, mode="constant"), sigma)
        for column in columns
    ]
    smooth[2] = _SMOOTHED_SIZE / smooth[2]
    return np.stack(smooth, axis=1), int(known[0])


def squares_around(keypoints: np.ndarray, frame_rate: float) -> np.ndarray:
    """Return the squares (T, 3) that a person's crops are cut from, pixels.

    Parameters
    ----------
    keypoints : (T, N, 3)
        Pixels and confidence of the twelve limb joints.
    frame_rate : float
        The smoothing lasts as long as it does at 30 frames per second.
    """
    median, sigma = 2 * round(5 * frame_rate / 30) + 1, 8 * frame_rate / 30
    boxes, first = smoothed_boxes(keypoints, median, sigma)
    if not len(boxes):
        # Nothing is seen for sure: then the guesses count.
        certain = keypoints.copy()
        certain[..., 2] = 1
        boxes, first = smoothed_boxes(certain, median, sigma)
    boxes[:, 2] *= SQUARE_SCALE * CROP_SCALE
    after = len(keypoints) - len(boxes) - first
    return np.pad(boxes, ((first, after), (0, 0)), mode="edge")


def crop_matrix(square: np.ndarray) -> np.ndarray:
    """Return the affine map (2, 3) from pixels of the picture to pixels of the crop.

    Parameters
    ----------
    square : (3,)
        Centre and side in pixels of what becomes the crop.
    """
    half = square[2] / 2
    corners = np.array([[0, 0], [0, half], [half, 0]]) + square[:2]
    # Single precision, as in the reference, so that the crops are the same to the last pixel.
    middle = CROP_SIDE / 2
    targets = np.array([[middle, middle], [middle, CROP_SIDE], [CROP_SIDE, middle]], np.float32)
    return cv2.getAffineTransform(corners.astype(np.float32), targets)


def cut_crop(image: np.ndarray, square: np.ndarray) -> np.ndarray:
    """Cut a square out of a picture (H, W, 3) uint8 as (224, 224, 3) uint8, black outside."""
    return cv2.warpAffine(
        image, crop_matrix(square), (CROP_SIDE, CROP_SIDE), flags=cv2.INTER_LINEAR
    )


def normalised(crops: Tensor) -> Tensor:
    """Turn crops (F, 224, 224, 3) uint8 into network input (F, 3, 224, 224) float32.

    The numbers stay where they are in memory, so that the result is laid out channels-last.
    """
    mean, deviation = (torch.tensor(row, device=crops.device) for row in (_MEAN, _DEVIATION))
    return ((crops.float() / 255 - mean) / deviation).permute(0, 3, 1, 2)
