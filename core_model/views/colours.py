"""Whether two clips can show somebody in the same clothes at the same place, by their colours."""

from itertools import combinations

import cv2
import numpy as np

from core_model.tracking.appearance import GROUND, Appearance, mean_colours

_COUNTS = {0: 0.5, 2: 1.0, 3: 0.6, 4: 0.6, 5: 0.8, 6: 0.8, GROUND: 1.0}
"""How much parts of an `Appearance` count that look about alike from all sides: hair, torso, upper
arms, forearms, thighs, shins and the ground. Not the face: from behind it is hair."""

_GLANCES = 1.0  # at a part, from which on it counts fully
_LEAST_GLANCES = 0.3
_FEWEST = 3  # parts
_BLACK = 0.02  # linear; below it nothing is told of a colour

# Of brightness, red by green and blue by green, natural logarithms: standard deviations.
_SIDES = np.array([0.5, 0.12, 0.15])  # between two sides: shade, folds, what is printed on
_GROUND_SIDES = np.array([0.7, 0.2, 0.25])  # likewise, before and behind the feet
_PHONES = np.array([0.7, 0.15, 0.25])  # exposure and white balance: the same for all parts
_CONTRAST = 0.2  # contrast and saturation: by what share all differences grow


def colours_apart(first: Appearance, second: Appearance) -> float | None:
    """Return how far colours are from being those of the same person at the same place.

    The squared Mahalanobis distance; exposure, white balance, contrast and saturation of each
    camera are unknown and integrated out, as they change all parts alike. The part of a person
    that fits worst is left out: a print, a backpack or an open jacket look otherwise from behind.
    Whoever dresses alike at the same place cannot be told apart. Pairs of clips that belong
    together were measured to stay below 12.

    Parameters
    ----------
    first, second : Appearance
        Each as one clip shows somebody.

    Returns
    -------
    float or None
        None where fewer than three parts of a person were seen of both.
    """
    parts = np.array(list(_COUNTS))
    seen = np.minimum(*(np.append(each.weights, each.ground[0].sum()) for each in (first, second)))
    counts = np.clip(seen[parts] / _GLANCES, 0, 1) * np.array(list(_COUNTS.values()))
    known = np.flatnonzero(seen[parts] >= _LEAST_GLANCES)
    own = known[parts[known] != GROUND]
    if len(own) < _FEWEST:
        return None
    spread = np.where((parts == GROUND)[:, None], _GROUND_SIDES, _SIDES) ** 2 / counts[:, None]
    left, right = (_colours(each)[parts] for each in (first, second))
    kept = [
        [*rows, *known[parts[known] == GROUND]] for rows in combinations(own.tolist(), len(own) - 1)
    ]
    return min(_distance(left[rows], right[rows], spread[rows]) for rows in kept)


def _colours(looks: Appearance) -> np.ndarray:
    """Return brightness, red by green and blue by green of each part (P, 3), logarithms."""
    linear = cv2.cvtColor(mean_colours(looks)[None].astype(np.float32), cv2.COLOR_Lab2LRGB)[0]
    red, green, blue = np.log(np.maximum(linear, 0) + _BLACK).T
    return np.stack(((red + green + blue) / 3, red - green, blue - green), axis=1)


def _distance(left: np.ndarray, right: np.ndarray, spread: np.ndarray) -> float:
    """Return the squared Mahalanobis distance of colours (P, 3) whose variances are `spread`.

    What all parts of a clip have in common is Gaussian too and part of the covariance.
    """
    apart, middle = left - right, (left + right) / 2
    middle[:, 0] -= np.average(middle[:, 0], weights=1 / spread[:, 0])
    found = 0.0
    for channel, phones in enumerate(_PHONES):
        stretched = np.outer(middle[:, channel], middle[:, channel])
        covariance = np.diag(spread[:, channel]) + phones**2 + _CONTRAST**2 * stretched
        found += apart[:, channel] @ np.linalg.solve(covariance, apart[:, channel])
    return float(found)
