"""How landmarks move across the picture: what stands, and what is flung about.

Values at a frame come from polynomials fitted to its neighbours in time, with Gaussian weights, so
that uneven frame times are nothing special.
"""

import numpy as np
from scipy.ndimage import median_filter
from scipy.sparse import csr_array

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX
from core_model.geometry.camera import Camera

_SIDES = ("left", "right")
_STEADIED = 0.06  # seconds, sigma of the weights
_USUAL = 8.0  # seconds in which somebody is about as near, and as large, whatever they do
_QUICK = 0.05  # seconds, likewise for accelerations, which pass sooner

_PIECE = 256
"""Frames that are evened at once: what is near all of these is in memory."""

_FAR = 8.0
"""In sigmas: what is further away weighs less than numbers are exact."""

_FLUNG = 5.0  # metres per second squared: at the top of a jump feet are slow, too

_TREMBLING = 2.0  # likewise, of landmarks of somebody who keeps still

FEET = [LANDMARK_INDEX[f"{side}_{part}"] for part in ("heel", "foot_index") for side in _SIDES]

_SHOWN_BY = {
    "collar": "elbow",
    "shoulder": "elbow",
    "elbow": "wrist",
    "wrist": "wrist",
    "hand": "wrist",
    "hip": "knee",
    "knee": "ankle",
    "ankle": "ankle",
    "foot": "foot_index",
}
"""Joint of a limb: the landmark whose acceleration shows how that joint is swung and pushed."""


def smoothing(times: np.ndarray) -> np.ndarray:
    """Return the matrix (T, T) that replaces values at `times` (T,) by straight lines through them.

    Parameters
    ----------
    times : (T,)
        Seconds, increasing.
    """
    return np.asarray(_operators(times, _STEADIED, degree=1)[0].toarray())


def evened(values: np.ndarray, times: np.ndarray, sigma: float) -> np.ndarray:
    """Return values (T, C) at `times` (T,) with parabolas fitted over about `sigma` seconds."""
    result = np.empty_like(values)
    for start in range(0, len(times), _PIECE):
        end = min(start + _PIECE, len(times))
        reach = times[start] - _FAR * sigma, times[end - 1] + _FAR * sigma
        first, last = np.searchsorted(times, reach)
        rows = _operators(times[first:last], sigma, degree=2)[0][start - first : end - first]
        result[start:end] = rows @ values[first:last]
    return result


def usual(values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return the median (T,) of values (T,) in the eight seconds around each of their `times` (T,).

    Beyond the ends it goes on with the values before, so that of a short motion it is that of all.
    """
    if len(times) < 2:
        return values
    frames = round(_USUAL / float(np.median(np.diff(times))))
    return np.asarray(median_filter(values, min(frames, len(values)) | 1, mode="reflect"))


def usual_size(landmarks: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return how large somebody usually is in the picture around each frame, (T,) pixels.

    Where nobody is seen, as between the frames before and after; all 1 where nobody ever is.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds.
    """
    seen = landmarks[..., 2].any(axis=1)
    if not seen.any():
        return np.ones(len(times))
    sizes = np.ptp(landmarks[seen][..., :2], axis=1).max(axis=-1)
    return usual(np.interp(times, times[seen], sizes), times)


def still_feet(
    landmarks: np.ndarray,
    times: np.ndarray,
    camera: Camera,
    distance: np.ndarray | float,
    lifted: float,
) -> np.ndarray:
    """Return how surely points of the feet stand from each frame to the next, (T - 1, 4), 0 to 1.

    By how fast they move across the picture.

    Parameters
    ----------
    landmarks : (T, 33, 3)
        Pixels and visibility.
    times : (T,)
        Seconds.
    camera : Camera
    distance : (T,) or float
        Of the figure, metres: makes speeds of angles.
    lifted : float
        Speed of a foot that stands as likely as not, m/s.
    """
    rays = camera.rays(landmarks[:, FEET, :2])[..., :2]
    slopes = _operators(times, _STEADIED, degree=1)[1]
    far = np.reshape(distance, (-1, 1))
    speed = far * np.linalg.norm(_applied(slopes, rays), axis=-1)
    bends = _operators(times, _QUICK, degree=2)[2]
    push = far * np.linalg.norm(_applied(bends, rays), axis=-1)
    still = landmarks[:, FEET, 2] / (1 + (speed / lifted) ** 4 + (push / _FLUNG) ** 4)
    return np.asarray(np.minimum(still[1:], still[:-1]))


def calmness(
    landmarks: np.ndarray,
    times: np.ndarray,
    camera: Camera,
    distance: np.ndarray | float,
    lively: float,
) -> np.ndarray:
    """Return how calmly each joint moves in the inner frames, (T - 2, 24): 1, or less when flung.

    The trunk and what is hidden count as calm.

    Parameters
    ----------
    landmarks : (T, 33, 3)
    times : (T,)
    camera : Camera
    distance : (T,) or float
        All as in `still_feet`.
    lively : float
        Acceleration across the picture, m/s^2, from which calmness falls in proportion.
    """
    rays = camera.rays(landmarks[..., :2])[..., :2]
    bends = _operators(times, _QUICK, degree=2)[2]
    shown = np.linalg.norm(_applied(bends, rays), axis=-1)
    shown *= np.reshape(distance, (-1, 1)) * landmarks[..., 2] ** 2
    near = np.maximum(shown[1:-1], np.maximum(shown[:-2], shown[2:]))
    calm = np.ones((len(times) - 2, JOINT_COUNT))
    for side in _SIDES:
        for part, shower in _SHOWN_BY.items():
            acceleration = near[:, LANDMARK_INDEX[f"{side}_{shower}"]]
            joint = JOINT_INDEX[f"{side}_{part}"]
            calm[:, joint] = 1 / np.sqrt(1 + (acceleration / lively) ** 2)
    return calm


_LANDMARKS_OF = {
    "collar": "shoulder",
    "shoulder": "shoulder",
    "elbow": "elbow",
    "wrist": "wrist",
    "hand": "wrist",
    "hip": "hip",
    "knee": "knee",
    "ankle": "ankle",
    "foot": "foot_index",
}
"""Joint of a limb: the landmark that lies at it, or near."""

_TRUNK = [LANDMARK_INDEX[f"{side}_{part}"] for side in _SIDES for part in ("shoulder", "hip")]


def shown_acceleration(
    landmarks: np.ndarray, times: np.ndarray, camera: Camera, distance: np.ndarray | float
) -> np.ndarray:
    """Return how joints are pushed across the picture in the inner frames, (T - 2, 24, 3), m/s^2.

    Nothing is shown along the line of sight, and little of what is hidden.

    Parameters
    ----------
    landmarks : (T, 33, 3)
    times : (T,)
    camera : Camera
    distance : (T,) or float
        All as in `still_feet`.
    """
    rays = camera.rays(landmarks[..., :2])[..., :2]
    bends = _operators(times, _QUICK, degree=2)[2]
    shown = _applied(bends, rays) * np.reshape(distance, (-1, 1, 1))
    shown = shown[1:-1] * landmarks[1:-1, :, 2:] ** 2
    found = np.zeros((len(times) - 2, JOINT_COUNT, 3))
    found[..., :2] = shown[:, _TRUNK].mean(axis=1, keepdims=True)
    for side in _SIDES:
        for part, landmark in _LANDMARKS_OF.items():
            joint = JOINT_INDEX[f"{side}_{part}"]
            found[:, joint, :2] = shown[:, LANDMARK_INDEX[f"{side}_{landmark}"]]
    # What is small is the trembling of landmarks.
    size = np.square(found).sum(axis=-1, keepdims=True)
    return found * size / (size + _TREMBLING**2)


def _operators(times: np.ndarray, sigma: float, degree: int) -> list[csr_array]:
    """Return matrices (T, T) that give values, first and further derivatives of local fits."""
    first = np.searchsorted(times, times - _FAR * sigma)
    last = np.searchsorted(times, times + _FAR * sigma, side="right")
    near = first[:, None] + np.arange((last - first).max())
    inside = near < last[:, None]
    near = np.minimum(near, len(times) - 1)
    apart = (times[near] - times[:, None]) / sigma
    weight = np.where(inside, np.exp(-0.5 * apart**2), 0.0)
    weighed = weight * np.stack([apart**power for power in range(2 * degree + 1)])
    which = np.arange(degree + 1)
    normal = np.moveaxis(weighed.sum(axis=2)[which[:, None] + which], 2, 0)
    # A little ridge: with few neighbours higher powers are not determined.
    solved = np.linalg.solve(
        normal + 1e-6 * np.eye(degree + 1), np.swapaxes(weighed[: degree + 1], 0, 1)
    )
    factorial = np.cumprod([1, *range(1, degree + 1)])
    rows = near.shape[1] * np.arange(len(times) + 1)
    return [
        csr_array(
            ((solved[:, k] * factorial[k] / sigma**k).ravel(), near.ravel(), rows),
            shape=(len(times), len(times)),
        )
        for k in range(degree + 1)
    ]


def _applied(operator: csr_array, values: np.ndarray) -> np.ndarray:
    """Apply a matrix to values (T, ...) along time."""
    return np.asarray(operator @ values.reshape(len(values), -1)).reshape(values.shape)
