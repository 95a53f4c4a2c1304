"""BlazePose's landmark networks: 33 landmarks of the person in a region."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.special import expit

from core_model.body.landmarks import LANDMARK_COUNT
from core_model.detection.litert import PoseModel, on_all_threads
from core_model.detection.qualities import BEST, MODELS
from core_model.detection.region import Region

INPUT_SIZE = 256
_OUTPUTS = "Identity", "Identity_1", "Identity_3"  # landmarks, presence, heat maps
_POINTS = 39  # 33 landmarks, middle of the hips, top of the body's circle, and four unused
_WINDOW = 9  # heat-map cells that refine a landmark; 7 would be 0.4 px worse against MediaPipe
_MIN_PEAK = 0.5

_TRUST = {"fast": (3.8, -2.5), "best": (3.0, -2.5)}
"""By quality: slope and offset with which a landmark's visibility rises with the greatest logit of
its heat map. By `python -m train.calibrate.trust` it is the chance that the landmark is found, but
for a logit's offset of 0.8 on the careful side; its cube weighs landmarks in the fit.

What the network itself calls visibility says whether a landmark is hidden, not whether it is found:
where the heat map has a clear peak, landmarks were off by 0.035 of the figure's spread (root mean
square) whatever it said, and where not, by 0.25 and more. Only of landmarks that it hardly believes
in a peak is often something else.
"""

_HARDLY_VISIBLE = 0.1

_BODY = slice(11, LANDMARK_COUNT)

_CLOSER = 0.87
"""Share of its region at which somebody is looked at who is followed: the cells of the heat maps
are that much finer on the body."""

_SEES_ITS_SIZE = 0.75
"""How far the network's region for the next picture is the body's where all of it is shown. For the
rest, and for what is hidden, it is the one that it was given: looked at from ever closer, somebody
behind a pillar would shrink to a head."""

_UNSURE = 0.95  # presence below which the whole region is looked at, too


@dataclass(frozen=True)
class Pose:
    """What the network saw in one region.

    Parameters
    ----------
    landmarks : (33, 3)
        x, y in pixels of the picture, visibility 0 to 1: how well each is found.
    presence : float
        0 to 1, whether there is a person in the region.
    next_region : Region
        Where the person is, to look there in the next picture.
    patch : (256, 256, 3) uint8
        The region as the network saw it, RGB.
    in_patch : (33, 2)
        The landmarks in pixels of `patch`.
    """

    landmarks: np.ndarray
    presence: float
    next_region: Region
    patch: np.ndarray
    in_patch: np.ndarray


class Landmarker:
    """Finds the landmarks of one person at a time.

    Parameters
    ----------
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    threads : callable
        Asked before each look on how many threads the network is to run.

    Raises
    ------
    AssetError
        When the model is missing or damaged.
    """

    def __init__(self, quality: str = BEST, threads: Callable[[], int] = on_all_threads) -> None:
        self._model = PoseModel(MODELS[quality], _OUTPUTS, threads=threads)
        self._slope, self._offset = _TRUST[quality]

    def follow(self, image: np.ndarray, region: Region) -> Pose:
        """Find the landmarks of somebody whose `region` in `image` (H, W, 3) is known well.

        They are more exact than those of `find`, which is asked, too, where nobody is seen so: the
        region is closer, and all of its pixels count.
        """
        pose = self._found(image, region.scaled(_CLOSER), averaged=True)
        seen = _SEES_ITS_SIZE * float(pose.landmarks[_BODY, 2].mean())
        pose = replace(pose, next_region=pose.next_region.scaled(_CLOSER ** (seen - 1)))
        if pose.presence >= _UNSURE:
            return pose
        return max(pose, self.find(image, region), key=lambda each: each.presence)

    def find(self, image: np.ndarray, region: Region) -> Pose:
        """Find the landmarks of the person in `region` of `image` (H, W, 3), RGB uint8.

        As MediaPipe does.
        """
        return self._found(image, region, averaged=False)

    def _found(self, image: np.ndarray, region: Region, averaged: bool) -> Pose:
        patch = region.cut(image, INPUT_SIZE, cv2.BORDER_REPLICATE, averaged=averaged)
        outputs = self._model(patch * np.float32(1 / 255))
        raw = outputs["Identity"].reshape(_POINTS, 5)
        points = _refined(raw[:, :2] / INPUT_SIZE, outputs["Identity_3"])
        pixels = region.points_to_pixels(points)
        peaks = outputs["Identity_3"][..., :LANDMARK_COUNT].max(axis=(0, 1))
        found = expit(self._slope * peaks + self._offset)
        shown = expit(raw[:LANDMARK_COUNT, 3])
        visibility = found * np.minimum(shown / _HARDLY_VISIBLE, 1)
        return Pose(
            landmarks=np.column_stack((pixels[:LANDMARK_COUNT], visibility)).astype(np.float32),
            presence=float(outputs["Identity_1"][0]),
            next_region=Region.around_body(pixels[LANDMARK_COUNT], pixels[LANDMARK_COUNT + 1]),
            patch=patch,
            in_patch=points[:LANDMARK_COUNT] * INPUT_SIZE,
        )


def _refined(points: np.ndarray, heat_maps: np.ndarray) -> np.ndarray:
    """Move points to the centre of mass of their heat maps' peaks.

    Parameters
    ----------
    points : (39, 2)
        0 to 1 in the region.
    heat_maps : (S, S, 39)
        Logits.
    """
    size = heat_maps.shape[0]
    reach = _WINDOW // 2
    cell = np.trunc(points * size).astype(np.int64)
    offsets = np.arange(-reach, reach + 1)
    columns = cell[:, 0, None] + offsets
    rows = cell[:, 1, None] + offsets
    allowed = ((rows >= 0) & (rows < size))[:, :, None] & ((columns >= 0) & (columns < size))[
        :, None
    ]
    # A point outside the map has no peak of its own there.
    allowed &= ((cell >= 0) & (cell < size)).all(axis=1)[:, None, None]
    index = np.arange(len(points))[:, None, None]
    logits = heat_maps[
        np.clip(rows, 0, size - 1)[:, :, None], np.clip(columns, 0, size - 1)[:, None], index
    ]
    heat = np.where(allowed, expit(logits), 0)
    total = heat.sum(axis=(1, 2))
    use = heat.max(axis=(1, 2)) >= _MIN_PEAK
    total = np.where(use, total, 1)
    x = (heat * columns[:, None]).sum(axis=(1, 2)) / total / size
    y = (heat * rows[:, :, None]).sum(axis=(1, 2)) / total / size
    return np.where(use[:, None], np.column_stack((x, y)), points)
