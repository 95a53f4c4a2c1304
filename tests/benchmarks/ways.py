"""Ways in which a clip could have been filmed otherwise, and what leads back from them."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from core_model.body.skeleton import JOINT_NAMES

CRF = 14
"""How well H.264 compresses where nothing else is said."""

_POOR_CRF = 38
_PARTNERS = [
    JOINT_NAMES.index(
        name.replace("left", "*").replace("right", "left").replace("*", "right"),
    )
    for name in JOINT_NAMES
]
_DARK, _NOISE = 0.25, 4.0  # of the light; grey levels of 256
_CUT = 1.12  # by how much a hand's picture is enlarged
_SWAY, _ROLL, _SWAY_SECONDS = 0.012, 0.5, 0.25  # of the width and degrees, RMS; up to twice that
_UPRIGHT = 16 / 9  # of a phone's screen
_WORDS, _WORDS_SECONDS = ("When the music starts", "we turn around", "and jump"), 0.7

Pictures = list[np.ndarray]


@dataclass(frozen=True)
class Seen:
    """Somebody as a bake shows them in a clip of T frames, NaN where they are not seen.

    Parameters
    ----------
    joints : (T, 24, 3)
        From the pelvis, camera space, metres.
    pixels : (T, 24, 2)
        In the clip as it was.
    """

    joints: np.ndarray
    pixels: np.ndarray

    def apart(self, other: "Seen") -> tuple[np.ndarray, np.ndarray]:
        """Return how far joints are apart on average in frames that show both.

        In the picture, as shares of the height, and from the pelvis, in millimetres; (N,) each.
        """
        both = np.isfinite(self.pixels + other.pixels).all(axis=(1, 2))
        mine, others = self.pixels[both], other.pixels[both]
        tall = np.median(np.ptp(mine[..., 1], axis=1)) if both.any() else 1.0
        aside = np.linalg.norm(mine - others, axis=-1).mean(axis=1) / tall
        joints = 1000 * np.linalg.norm(self.joints[both] - other.joints[both], axis=-1)
        return aside, joints.mean(axis=1)


@dataclass(frozen=True)
class Way:
    """How a clip is filmed otherwise.

    Parameters
    ----------
    change : callable
        From the pictures of the clip, and how many they are a second, to those filmed otherwise.
    back : callable
        From somebody in these, the pictures as they were, and how many they are a second, to where
        that person is without it.
    every : int
        Of so many pictures one is kept.
    crf : int
        How poorly H.264 compresses.
    """

    change: Callable[[Pictures, float], Pictures] = lambda pictures, rate: pictures
    back: Callable[[Seen, Pictures, float], Seen] = lambda seen, pictures, rate: seen
    every: int = 1
    crf: int = CRF


def _half(pictures: Pictures, rate: float) -> Pictures:
    height, width = pictures[0].shape[:2]
    size = width // 4 * 2, height // 4 * 2
    return [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in pictures]


def _unmirrored(seen: Seen, pictures: Pictures, rate: float) -> Seen:
    width = pictures[0].shape[1]
    return Seen(
        seen.joints[:, _PARTNERS] * [-1, 1, 1], seen.pixels[:, _PARTNERS] * [-1, 1] + [width, 0]
    )


def _darkened(pictures: Pictures, rate: float) -> Pictures:
    random = np.random.default_rng(0)
    return [
        np.clip(_DARK * each + random.normal(0, _NOISE, each.shape), 0, 255).astype(np.uint8)
        for each in pictures
    ]


def _hand(pictures: Pictures, rate: float) -> np.ndarray:
    """Return how a swaying hand moves the pixels of every picture (T, 2, 3)."""
    random = np.random.default_rng(3)

    def sway(seconds: float) -> np.ndarray:
        noise = random.standard_normal(len(pictures) + 400)
        curve = gaussian_filter1d(noise, seconds * rate)[200:-200]
        return np.asarray((curve / curve.std()).clip(-2, 2))

    height, width = pictures[0].shape[:2]
    aside, up, roll = sway(_SWAY_SECONDS), sway(_SWAY_SECONDS), sway(2 * _SWAY_SECONDS)
    moves = np.array(
        [cv2.getRotationMatrix2D((width / 2, height / 2), -_ROLL * angle, _CUT) for angle in roll]
    )
    moves[..., 2] += _SWAY * width * np.stack((aside, up), axis=1)
    return moves


def _held(pictures: Pictures, rate: float) -> Pictures:
    height, width = pictures[0].shape[:2]
    edge = cv2.BORDER_REPLICATE
    return [
        cv2.warpAffine(each, move, (width, height), borderMode=edge)
        for each, move in zip(pictures, _hand(pictures, rate), strict=True)
    ]


def _put_down(seen: Seen, pictures: Pictures, rate: float) -> Seen:
    back = np.array([cv2.invertAffineTransform(move) for move in _hand(pictures, rate)])
    pixels = np.einsum("tij,tkj->tki", back[..., :2], seen.pixels) + back[:, None, :, 2]
    return Seen(seen.joints, pixels)


def _between_black_bars(pictures: Pictures, rate: float) -> Pictures:
    bar = _bar(pictures, 4 / 3)
    return [cv2.copyMakeBorder(each, bar, bar, 0, 0, cv2.BORDER_CONSTANT) for each in pictures]


def _amid_its_blurred_copy(pictures: Pictures, rate: float) -> Pictures:
    height, width = pictures[0].shape[:2]
    bar = _bar(pictures, _UPRIGHT * width / height)
    high = height + 2 * bar
    across = height * width // high  # what the copy shows of the picture's width
    aside = (width - across) // 2
    framed = []
    for each in pictures:
        few = cv2.resize(
            each[:, aside : aside + across], (width // 16, high // 16), interpolation=cv2.INTER_AREA
        )
        behind = cv2.resize(few, (width, high), interpolation=cv2.INTER_CUBIC)
        behind[bar : bar + height] = each
        framed.append(behind)
    return framed


def _unframed(higher: Callable[[Pictures], float]) -> Callable[[Seen, Pictures, float], Seen]:
    def back(seen: Seen, pictures: Pictures, rate: float) -> Seen:
        return Seen(seen.joints, seen.pixels - [0, _bar(pictures, higher(pictures))])

    return back


def _bar(pictures: Pictures, higher: float) -> int:
    """Return how high bars are that make pictures so many times as high."""
    return round((higher - 1) / 2 * pictures[0].shape[0])


def _subtitled(pictures: Pictures, rate: float) -> Pictures:
    """Write something over pictures, which changes, and put a logo into a corner."""
    height, width = pictures[0].shape[:2]
    place, size, thick = (width // 6, int(0.93 * height)), height / 400, max(height // 150, 2)
    corner, opposite = (int(0.86 * width), height // 25), (int(0.97 * width), height // 8)
    shown = []
    for index, each in enumerate(pictures):
        picture = each.copy()
        text = _WORDS[int(index / rate / _WORDS_SECONDS) % len(_WORDS)]
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, size, (255,) * 3, thick)
        cv2.rectangle(picture, corner, opposite, (255, 200, 0), -1)
        shown.append(picture)
    return shown


WAYS = {
    "mirrored": Way(
        lambda pictures, rate: [np.ascontiguousarray(each[:, ::-1]) for each in pictures],
        _unmirrored,
    ),
    "half as large": Way(_half, lambda seen, pictures, rate: Seen(seen.joints, 2 * seen.pixels)),
    "backwards": Way(
        lambda pictures, rate: pictures[::-1],
        lambda seen, pictures, rate: Seen(seen.joints[::-1], seen.pixels[::-1]),
    ),
    "every second picture": Way(every=2),
    "dark": Way(_darkened),
    "poorly compressed": Way(crf=_POOR_CRF),
    "in a swaying hand": Way(_held, _put_down),
    "between black bars": Way(_between_black_bars, _unframed(lambda pictures: 4 / 3)),
    "amid its blurred copy": Way(
        _amid_its_blurred_copy,
        _unframed(lambda pictures: _UPRIGHT * pictures[0].shape[1] / pictures[0].shape[0]),
    ),
    "subtitled": Way(_subtitled),
}
