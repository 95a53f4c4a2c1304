"""How training varies pictures, and their labels with them. One draw serves a whole clip.

Random numbers come from a generator that is made for the sample, so that they do not depend on
which process or worker draws it.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from core_model.body.skeleton import JOINT_COUNT, MIRROR
from core_model.geometry.weak_perspective import CROP_SIDE
from train.databases.pictures.joints import HIPS, SPIN_MIRROR


@dataclass(frozen=True)
class AugmentationConfig:
    """Ranges and probabilities.

    Parameters
    ----------
    scale : float
        Side of the crop over the person's box.
    random_crop : float
        Probability of another crop: smaller or as large, and shifted within the ordinary one.
    smallest_crop : float
        Smallest scale of those.
    flip : float
        Probability of left and right swapped.
    jitter : float
        How far brightness, contrast, saturation and hue go; 0: not at all.
    erase : float
        Probability, for each frame, that a side of it is black; 0: never.
    largest_erased : float
        Largest share of the side that is black.
    reduced_decoding : bool
        Read pictures in a half, a quarter or an eighth of their size where the crop has no use for
        more. That is up to twice as fast, and small crops of large pictures are less jagged than
        the reference's.
    reference_quirks : bool
        As the paper's code does it: always rows are erased, whichever side was drawn, and the last
        joint keeps its pose when left and right are swapped.
    """

    scale: float = 1.3
    random_crop: float = 0.2
    smallest_crop: float = 0.7
    flip: float = 0.5
    jitter: float = 0.0
    erase: float = 0.0
    largest_erased: float = 0.7
    reduced_decoding: bool = True
    reference_quirks: bool = False


@dataclass(frozen=True)
class CropDraw:
    """Where a crop lies about the person's box, in sides of that box."""

    scale: float
    shift: tuple[float, float] = (0.0, 0.0)

    def square(self, box: np.ndarray) -> np.ndarray:
        """Return centre and side (3,) in pixels, for a box (4,) of centre and sides."""
        x, y, side = box[0], box[1], box[2]
        return np.array([x + self.shift[0] * side, y + self.shift[1] * side, self.scale * side])


def draw_crop(config: AugmentationConfig, random: np.random.Generator) -> CropDraw:
    """Draw the crop of a clip."""
    if random.random() >= config.random_crop:
        return CropDraw(config.scale)
    scale = random.uniform(config.smallest_crop, config.scale)
    room = (config.scale - scale) / 2
    return CropDraw(scale, (random.uniform(-room, room), random.uniform(-room, room)))


def cropped_keypoints(keypoints: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Take keypoints (..., 3) of the picture, pixels and confidence, to pixels of a crop."""
    moved = keypoints.copy()
    moved[..., :2] = keypoints[..., :2] @ matrix[:, :2].T + matrix[:, 2]
    return moved


def mirrored_poses(poses: np.ndarray, quirks: bool = False) -> np.ndarray:
    """Mirror axis-angle poses (..., 72), radians, across the plane x = 0.

    Parameters
    ----------
    poses : (..., 72)
    quirks : bool
        Leave the last joint as it is, as the reference does.
    """
    vectors = poses.reshape(*poses.shape[:-1], JOINT_COUNT, 3)
    swapped = vectors[..., list(MIRROR), :] * np.array([1, -1, -1], poses.dtype)
    if quirks:
        swapped[..., -1, :] = vectors[..., -1, :]
    return swapped.reshape(poses.shape)


def mirrored_keypoints(keypoints: np.ndarray) -> np.ndarray:
    """Mirror keypoints (..., 49, 3) of a crop: pixels and confidence."""
    swapped = keypoints[..., list(SPIN_MIRROR), :]
    swapped[..., 0] = CROP_SIDE - 1 - swapped[..., 0]
    return swapped


def mirrored_joints(joints: np.ndarray) -> np.ndarray:
    """Mirror joints (..., 49, 4), metres and confidence, about the middle of their hips."""
    swapped = joints[..., list(SPIN_MIRROR), :]
    middle = swapped[..., list(HIPS), 0].mean(axis=-1, keepdims=True)
    swapped[..., 0] = 2 * middle - swapped[..., 0]
    return swapped


def erase_sides(
    crops: np.ndarray, config: AugmentationConfig, random: np.random.Generator
) -> np.ndarray:
    """Blacken a side of some frames of a clip (T, 224, 224, 3), the same side in all."""
    side = random.integers(4)  # left, right, top, bottom
    result = crops.copy()
    for frame in result:
        if random.random() >= config.erase:
            continue
        count = int(random.uniform(0, config.largest_erased) * CROP_SIDE)
        rows = config.reference_quirks or side >= 2
        lines = frame if rows else frame.swapaxes(0, 1)
        lines[slice(count) if side % 2 == 0 else slice(CROP_SIDE - count, None)] = 0
    return result


def jitter_colours(crops: np.ndarray, amount: float, random: np.random.Generator) -> np.ndarray:
    """Change brightness, contrast, saturation and hue of a clip (T, 224, 224, 3) uint8.

    The four in random order, the same in every frame.
    """
    factors = random.uniform(1 - amount, 1 + amount, 3)
    turn = random.uniform(-amount, amount)
    changes = [
        lambda image: _scaled(image, factors[0], 0.0),
        lambda image: _scaled(image, factors[1], (1 - factors[1]) * float(_grey(image).mean())),
        lambda image: _saturated(image, factors[2]),
        lambda image: _with_hue_turned(image, turn),
    ]
    order = random.permutation(len(changes))
    result = np.empty_like(crops)
    for frame, image in enumerate(crops):
        for each in order:
            image = changes[each](image)
        result[frame] = image
    return result


def _scaled(image: np.ndarray, factor: float, more: float) -> np.ndarray:
    """Return `factor * image + more`, by a table of the 256 values."""
    table = np.clip(np.round(factor * np.arange(256) + more), 0, 255).astype(np.uint8)
    return cv2.LUT(image, table)


def _saturated(image: np.ndarray, factor: float) -> np.ndarray:
    grey = cv2.cvtColor(_grey(image), cv2.COLOR_GRAY2RGB)
    return cv2.addWeighted(image, factor, grey, 1 - factor, 0)


def _grey(image: np.ndarray) -> np.ndarray:
    """Return how bright pixels (H, W, 3) look, (H, W); ITU-R BT.601."""
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def _with_hue_turned(image: np.ndarray, turn: float) -> np.ndarray:
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV_FULL)
    # Hue is all of a byte, so that it runs round by itself.
    hsv[..., 0] = hsv[..., 0] + np.uint8(round(256 * turn) % 256)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB_FULL)
