"""What a person looks like: the colours of hair, clothes and skin, part by part, and the ground."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX as L

_BINS = 8
_RANGES = np.array([[0, 255], [88, 168], [88, 168]], np.float32)  # of OpenCV's L, a, b in 8 bits
_ALONG = np.linspace(0.15, 0.85, 8)
_BONES = (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
_LIMBS = [[(L[f"{s}_{a}"], L[f"{s}_{b}"]) for s in ("left", "right")] for a, b in _BONES]
_SHOULDERS = [L["left_shoulder"], L["right_shoulder"]]
_HIPS = [L["left_hip"], L["right_hip"]]
_EARS = [L["left_ear"], L["right_ear"]]
_FEET = [L[f"{s}_{part}"] for s in ("left", "right") for part in ("ankle", "heel", "foot_index")]
_ANKLES = [L["left_ankle"], L["right_ankle"]]
_PART_COUNT = 3 + len(_LIMBS)

GROUND = _PART_COUNT
"""Row of the ground in `mean_colours`, after those of the parts."""

# Where ground is looked at, in lengths of the torso: below the lowest foot, and to both sides.
_BELOW = (0.12, 0.22, 0.32)
_ASIDE = 0.35
_ANKLES_SEEN = 0.5  # visibility


@dataclass
class Appearance:
    """A running mean of colour histograms.

    Parameters
    ----------
    sums : (P, 3, 8)
        Of the histograms of hair, face, torso, upper arms, forearms, thighs and shins, in
        lightness and two colours.
    weights : (P,)
        How much was seen of each part.
    ground : (3, 8)
        Sum of the histograms of the ground before the feet; it tells nobody from their neighbours.
    """

    sums: np.ndarray = field(default_factory=lambda: np.zeros((_PART_COUNT, 3, _BINS)))
    weights: np.ndarray = field(default_factory=lambda: np.zeros(_PART_COUNT))
    ground: np.ndarray = field(default_factory=lambda: np.zeros((3, _BINS)))

    @property
    def glances(self) -> float:
        """In how many frames the best seen part was seen."""
        return float(self.weights.max())

    def add(self, other: "Appearance") -> None:
        """Take what `other` saw into the mean."""
        self.sums = self.sums + other.sums
        self.weights = self.weights + other.weights
        self.ground = self.ground + other.ground

    def distance(self, other: "Appearance") -> float | None:
        """Return how different two look, 0 to 1; None when no part was seen of both.

        On the development clips the same person differs by up to 0.045 from one part of a clip
        to another under the same light, two people in similar black clothes by 0.075.
        """
        trust = np.minimum(np.minimum(self.weights, other.weights), 1)
        if trust.sum() < 0.5:
            return None
        mine = self.sums / np.maximum(self.weights, 1e-9)[:, None, None]
        others = other.sums / np.maximum(other.weights, 1e-9)[:, None, None]
        apart = 1 - np.sqrt(mine * others).sum(axis=2).mean(axis=1)
        # Squared, because bare forearms under the same shirt are reason enough for a doubt.
        return float(np.sqrt((trust * np.clip(apart, 0, 1) ** 2).sum() / trust.sum()))


def mean_colours(looks: Appearance) -> np.ndarray:
    """Return the mean colour of each part and of the ground, CIE L*a*b* (P + 1, 3).

    Exact but for colours beyond the ends of the histograms; black where nothing was seen.
    """
    sums = np.concatenate((looks.sums, looks.ground[None]))
    whole = sums.sum(axis=2, keepdims=True)
    bins = sums / np.maximum(whole, 1e-9) @ np.arange(_BINS) / (_BINS - 1)
    in_bytes = _RANGES[:, 0] + bins * (_RANGES[:, 1] - _RANGES[:, 0])
    return np.asarray((in_bytes - [0, 128, 128]) * [100 / 255, 1, 1] * (whole[:, :1, 0] > 0))


def measured_appearance(
    patch: np.ndarray, points: np.ndarray, visibility: np.ndarray
) -> Appearance:
    """Describe a person from the landmarker's patch.

    Parameters
    ----------
    patch : (S, S, 3) uint8
        RGB.
    points : (33, 2)
        Landmarks in pixels of `patch`.
    visibility : (33,)
        0 to 1.
    """
    hair_and_face = _head(points)
    half = len(hair_and_face) // 2
    places = [hair_and_face[half:], hair_and_face[:half], _torso(points)]
    trust = [visibility[_SHOULDERS].mean()] * 2 + [visibility[_SHOULDERS + _HIPS].min()]
    for bones in _LIMBS:
        starts, ends = zip(*bones, strict=True)
        places.append(_between(points[list(starts)], points[list(ends)]).reshape(-1, 2))
        trust.append(visibility[[*starts, *ends]].mean())
    appearance = Appearance()
    side = patch.shape[0]
    for part, place in enumerate(places):
        column, row = np.round(place).astype(np.int64).T
        inside = (column >= 0) & (column < side) & (row >= 0) & (row < side)
        if inside.mean() < 0.5:
            continue
        appearance.sums[part] = trust[part] * _histogram(patch[row[inside], column[inside]])
        appearance.weights[part] = trust[part]
    appearance.ground = measured_ground(patch, points, visibility)
    return appearance


def measured_ground(patch: np.ndarray, points: np.ndarray, visibility: np.ndarray) -> np.ndarray:
    """Return histograms (3, 8) of the ground before somebody's feet, zeros where it is not seen.

    Parameters
    ----------
    patch : (H, W, 3) uint8
    points : (33, 2)
    visibility : (33,)
        As of `measured_appearance`.
    """
    hips, shoulders = points[_HIPS].mean(axis=0), points[_SHOULDERS].mean(axis=0)
    length = float(np.linalg.norm(hips - shoulders))
    nothing = np.zeros((3, _BINS))
    if visibility[_ANKLES].min() < _ANKLES_SEEN or length < 1:
        return nothing
    down = (hips - shoulders) / length
    across = np.array([-down[1], down[0]])
    feet = points[_FEET] @ np.stack((across, down), axis=1)
    left, right = feet[:, 0].min() - _ASIDE * length, feet[:, 0].max() + _ASIDE * length
    aside, below = np.meshgrid(np.linspace(left, right, 10), _BELOW)
    depth = feet[:, 1].max() + length * below
    place = aside.reshape(-1, 1) * across + depth.reshape(-1, 1) * down
    column, row = np.round(place).astype(np.int64).T
    inside = (column >= 0) & (column < patch.shape[1]) & (row >= 0) & (row < patch.shape[0])
    return _histogram(patch[row[inside], column[inside]]) if inside.mean() > 0.4 else nothing


def _between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    return start[:, None] + _ALONG[:, None] * (end - start)[:, None]


def _torso(points: np.ndarray) -> np.ndarray:
    left, right = _between(points[_SHOULDERS], points[_HIPS])
    return _between(left, right).reshape(-1, 2)


def _head(points: np.ndarray) -> np.ndarray:
    """Return points (36, 2) of a square over the ears, its lower half first, as seen upright."""
    ears, neck = points[_EARS].mean(axis=0), points[_SHOULDERS].mean(axis=0)
    up = (ears - neck) * 0.35
    sideways = np.array([-up[1], up[0]])
    steps = np.linspace(-1, 1, 6)
    x, y = np.meshgrid(steps, steps)
    return ears + x.reshape(-1, 1) * sideways + y.reshape(-1, 1) * up


def _histogram(colors: np.ndarray) -> np.ndarray:
    """Return histograms (3, 8) of RGB colours (N, 3), each shared by the nearest two bins."""
    lab = cv2.cvtColor(colors[None], cv2.COLOR_RGB2LAB)[0].astype(np.float32)
    place = (lab - _RANGES[:, 0]) / (_RANGES[:, 1] - _RANGES[:, 0]) * (_BINS - 1)
    place = np.clip(place, 0, _BINS - 1)
    share = np.clip(1 - np.abs(place[:, :, None] - np.arange(_BINS)), 0, 1)
    return share.mean(axis=0)
