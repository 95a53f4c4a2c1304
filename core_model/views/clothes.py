"""Whether two clips show somebody in the same clothes, however each phone sees colours."""

from itertools import combinations

import cv2
import numpy as np

from core_model.tracking.appearance import Appearance, mean_colours

_CLOTHES = {2: 1.0, 3: 0.6, 4: 0.6, 5: 0.8, 6: 0.8}
"""Parts of an `Appearance` that look alike from all sides, and what they count: torso, upper arms,
forearms, thighs, shins. Hair and face are not: one covers the other as somebody turns."""

_GLANCES = 3.0  # at a part, from which on it counts fully
_LEAST_GLANCES = 0.3
_LEAST_PARTS = 3
_BLACK = 0.02  # linear; below it nothing is told of a colour

# Of brightness, red by green and blue by green, natural logarithms: standard deviations.
_SIDES = np.array([0.5, 0.12, 0.15])  # between a garment's sides: shade, folds, what is printed on
_PHONES = np.array([0.7, 0.15, 0.25])  # exposure and white balance: the same for all parts
_CONTRAST = 0.2  # contrast and saturation: by what share all differences grow
_GARMENTS = np.array([0.9, 0.35, 0.5])  # between garments of different people


def same_clothes(first: Appearance, second: Appearance) -> float | None:
    """Return how much likelier the colours of two people are if they wear the same clothes.

    The natural logarithm of it: below 0 for different clothes. Exposure, white balance, contrast
    and saturation of each camera are unknown and cost little, as they change all parts alike. The
    part that speaks most against it is left out: a print, a backpack, an open jacket look otherwise
    from behind. Whoever dresses alike cannot be told apart.

    Parameters
    ----------
    first, second : Appearance
        Each as one clip shows somebody.

    Returns
    -------
    evidence : float or None
        None where fewer than three parts were seen of both.
    """
    parts = list(_CLOTHES)
    seen = np.minimum(first.weights, second.weights)[parts]
    share = np.clip(seen / _GLANCES, 0, 1) * np.array(list(_CLOTHES.values()))
    known = np.flatnonzero(seen >= _LEAST_GLANCES)
    if len(known) < _LEAST_PARTS:
        return None
    left, right = (_colours(each)[parts] for each in (first, second))
    return max(
        _evidence(left[rows], right[rows], share[rows])
        for kept in combinations(known, len(known) - 1)
        if (rows := list(kept))
    )


def _colours(looks: Appearance) -> np.ndarray:
    """Return brightness, red by green and blue by green of each part (P, 3), logarithms."""
    linear = cv2.cvtColor(mean_colours(looks)[None].astype(np.float32), cv2.COLOR_Lab2LRGB)[0]
    red, green, blue = np.log(np.maximum(linear, 0) + _BLACK).T
    return np.stack(((red + green + blue) / 3, red - green, blue - green), axis=1)


def _evidence(left: np.ndarray, right: np.ndarray, share: np.ndarray) -> float:
    """Return the logarithm of the likelihood ratio of colours (P, 3) that count by `share` (P,).

    What all parts of a clip have in common is Gaussian too and integrated out.
    """
    apart, middle = left - right, (left + right) / 2
    middle[:, 0] -= (share * middle[:, 0]).sum() / share.sum()
    found = 0.0
    for channel in range(3):
        own = np.diag(1 / share)
        scaled = np.outer(middle[:, channel], middle[:, channel])
        same = _SIDES[channel] ** 2 * own + _PHONES[channel] ** 2 + _CONTRAST**2 * scaled
        other = same + 2 * _GARMENTS[channel] ** 2 * own
        found += _log_density(apart[:, channel], same) - _log_density(apart[:, channel], other)
    return found


def _log_density(values: np.ndarray, covariance: np.ndarray) -> float:
    """Return the logarithm of a Gaussian's density, but for a constant."""
    _, size = np.linalg.slogdet(covariance)
    return float(-0.5 * (size + values @ np.linalg.solve(covariance, values)))
