"""People cut out of pictures, with their labels."""

from dataclasses import dataclass

import cv2
import numpy as np

from core_model.errors import MocapError
from core_model.geometry.weak_perspective import CROP_SIDE
from core_model.lifting.crops import crop_matrix, cut_crop
from train.databases.pictures.database import Database
from train.databases.pictures.joints import SPIN_COUNT
from train.phases.augmentation import CropDraw, cropped_keypoints

_READ = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
"""How OpenCV reads pictures of which so many pixels along each side become one."""


@dataclass(frozen=True)
class Labelled:
    """Crops (T, 224, 224, 3) with keypoints (T, 49, 3) in their pixels, joints and theta."""

    crops: np.ndarray
    keypoints: np.ndarray
    joints: np.ndarray
    theta: np.ndarray
    has_smpl: bool


def cut_out(
    database: Database, rows: np.ndarray, draw: CropDraw, reduced: bool = False
) -> Labelled:
    """Cut people out of pictures, all by one draw, with their labels.

    Parameters
    ----------
    database : Database
    rows : (T,) int
    draw : CropDraw
    reduced : bool
        Read a picture in less than its size where the crop has no use for more.

    Raises
    ------
    MocapError
        When a picture cannot be read.
    """
    crops, keypoints = [], []
    for row in rows.tolist():
        path = database.picture(row)
        square = None
        if database.boxes is not None:
            square = draw.square(np.asarray(database.boxes[row], np.float64))
        over = _pixels_over(square) if reduced and square is not None else 1
        image = cv2.imread(str(path), _READ[over])
        if image is None:
            raise MocapError(f"The picture {path} is missing or damaged.")
        if square is None:
            height, width = image.shape[:2]
            square = np.array([width / 2, height / 2, max(width, height)])
        crops.append(cv2.cvtColor(cut_crop(image, _square_in(square, over)), cv2.COLOR_BGR2RGB))
        keypoints.append(cropped_keypoints(database.keypoints(row), crop_matrix(square)))
    return Labelled(
        np.stack(crops),
        np.stack(keypoints),
        np.stack([database.joints(row) for row in rows.tolist()]),
        np.stack([database.theta(row) for row in rows.tolist()]),
        database.has_smpl,
    )


def cut_out_readable(
    database: Database, rows: np.ndarray, draw: CropDraw
) -> tuple[Labelled, np.ndarray]:
    """Cut people out of pictures, those that cannot be read as black crops.

    Returns
    -------
    Labelled
        Of all rows; each picture is read once.
    read : (T,) bool
    """
    kept: dict[int, Labelled | None] = {}
    for row in dict.fromkeys(rows.tolist()):
        try:
            kept[row] = cut_out(database, np.array([row]), draw)
        except MocapError:
            kept[row] = None
    every = [kept[row] or _unread(database, row) for row in rows.tolist()]
    labelled = Labelled(
        crops=np.concatenate([each.crops for each in every]),
        keypoints=np.concatenate([each.keypoints for each in every]),
        joints=np.concatenate([each.joints for each in every]),
        theta=np.concatenate([each.theta for each in every]),
        has_smpl=database.has_smpl,
    )
    return labelled, np.array([kept[row] is not None for row in rows.tolist()])


def _unread(database: Database, row: int) -> Labelled:
    return Labelled(
        np.zeros((1, CROP_SIDE, CROP_SIDE, 3), np.uint8),
        np.zeros((1, SPIN_COUNT, 3), np.float32),
        database.joints(row)[None],
        database.theta(row)[None],
        database.has_smpl,
    )


def _pixels_over(square: np.ndarray) -> int:
    """Return how many pixels may become one along each side, before a crop lacks some."""
    return max(over for over in _READ if over == 1 or square[2] >= over * CROP_SIDE)


def _square_in(square: np.ndarray, over: int) -> np.ndarray:
    """Return where a square (3,) lies in a picture of which each pixel was `over` by `over`."""
    return np.array([*((square[:2] + 0.5) / over - 0.5), square[2] / over])
