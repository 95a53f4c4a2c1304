"""BlazePose's detector: where in a picture are people, and which way up."""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.special import expit

from core_model.detection.litert import PoseModel
from core_model.detection.region import Region

INPUT_SIZE = 224
_CELLS = ((8, 2), (16, 2), (32, 6))  # stride in pixels, anchors in each cell


@dataclass(frozen=True)
class Detection:
    """One person found by the detector, in pixels.

    Parameters
    ----------
    score : float
        0 to 1.
    box : (4,)
        Left, top, right, bottom of head and shoulders; the whole body is in `region()`.
    keypoints : (4, 2)
        Middle of the hips, top of the body's circle, middle of the shoulders, top of the
        upper body's circle.
    """

    score: float
    box: np.ndarray
    keypoints: np.ndarray

    def region(self) -> Region:
        """Return the region in which the landmarks of this person are to be looked for."""
        return Region.around_body(self.keypoints[0], self.keypoints[1])


class Detector:
    """Finds people in a square part of a picture.

    Raises
    ------
    AssetError
        When the model is missing or damaged.
    """

    def __init__(self) -> None:
        self._model = PoseModel("pose_detection.tflite", ("Identity", "Identity_1"))
        self._anchors = _anchor_centers()

    def detect(
        self, image: np.ndarray, square: Region | None = None, min_score: float = 0.5
    ) -> list[Detection]:
        """Find people, the most certain first.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB.
        square : Region, optional
            The part to look at; the whole picture, letterboxed, if not given.
        min_score : float
            Of the people returned.
        """
        square = square or whole_picture(image.shape[1], image.shape[0])
        patch = square.cut(image, INPUT_SIZE, cv2.BORDER_CONSTANT)
        outputs = self._model(patch * np.float32(2 / 255) - 1)
        scores = expit(outputs["Identity_1"][:, 0])
        likely = scores >= min_score
        if not likely.any():
            return []
        boxes, points = self._decode(outputs["Identity"][likely], self._anchors[likely])
        return [
            Detection(
                score,
                square.points_to_pixels(box.reshape(2, 2)).ravel(),
                square.points_to_pixels(keypoints),
            )
            for score, box, keypoints in _merged(scores[likely], boxes, points)
        ]

    def _decode(self, raw: np.ndarray, anchors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Turn raw boxes (N, 12) into boxes (N, 4) and points (N, 4, 2), 0 to 1 in the square."""
        values = raw / INPUT_SIZE
        center = values[:, 0:2] + anchors
        half = values[:, 2:4] / 2
        points = values[:, 4:].reshape(-1, 4, 2) + anchors[:, None]
        return np.concatenate((center - half, center + half), axis=1), points


def whole_picture(width: int, height: int) -> Region:
    """Return the smallest square around a picture."""
    return Region(np.array([width / 2, height / 2]), float(max(width, height)))


def _anchor_centers() -> np.ndarray:
    """Return the middles (2254, 2) of the network's cells, 0 to 1, one for each anchor."""
    centers = []
    for stride, repeats in _CELLS:
        cells = INPUT_SIZE // stride
        line = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(line, line)
        centers.append(np.repeat(np.column_stack((x.ravel(), y.ravel())), repeats, axis=0))
    return np.concatenate(centers).astype(np.float32)


def _merged(
    scores: np.ndarray, boxes: np.ndarray, points: np.ndarray, overlap: float = 0.3
) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """Suppress all but the best of overlapping boxes; it becomes their mean weighted by score."""
    order = np.argsort(-scores)
    found = []
    while len(order):
        best = order[0]
        close = intersection_over_union(boxes[best], boxes[order]) > overlap
        close[0] = True
        cluster, order = order[close], order[~close]
        weight = scores[cluster] / scores[cluster].sum()
        found.append(
            (
                float(scores[best]),
                weight @ boxes[cluster],
                np.tensordot(weight, points[cluster], axes=1),
            )
        )
    return found


def intersection_over_union(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Compare a box (4,) with boxes (N, 4), all left, top, right, bottom: 0 apart, 1 the same."""
    corner = np.maximum(box[:2], boxes[:, :2])
    opposite = np.minimum(box[2:], boxes[:, 2:])
    shared = np.prod(np.clip(opposite - corner, 0, None), axis=1)
    area = np.prod(box[2:] - box[:2]) + np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return shared / np.maximum(area - shared, 1e-9)
