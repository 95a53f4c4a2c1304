"""The pelvis on its way through the world, smoothed across the picture and along the sight."""

import numpy as np

from bake.motion.local_fit import local_quadratic, local_slope, peak_nearby

_FADE = 1.0
"""How far, in sigmas, fast motion keeps its neighbourhood lightly smoothed."""

_UP_AND_DOWN = 0.2
"""Of the speed at which the pelvis is smoothed by half: walking is fast along the floor, and a hop,
which is as short, slow and seen well."""

_SPEED_SHARE = 0.6
"""Of sigma, over which the speed is measured: over all of it the shortest hits would be missed."""

_NEAREST = 0.1  # metres in front of a camera


def smooth_position(
    positions: np.ndarray,
    times: np.ndarray,
    seconds: tuple[float, float],
    half_speed: float,
    camera: np.ndarray | None,
    counts: np.ndarray | slice = slice(None),
) -> np.ndarray:
    """Return a smoothed way (N, 3), metres.

    Parameters
    ----------
    positions : (N, 3)
        Metres in the world.
    times : (N,)
        Seconds.
    seconds : (float, float)
        Sigma at rest across the picture, or in all directions without a camera; along the sight.
    half_speed : float
        Metres per second at which sigma is half of that at rest.
    camera : (3, 4) or None
        From the space of the camera that filmed it to the world.
    counts : rows
        Over which the usual distance is measured.
    """
    wide, deep = seconds
    seen = None if camera is None else (positions - camera[:, 3]) @ camera[:, :3]
    if camera is None or seen is None or (seen[:, 2] < _NEAREST).any():
        along = _adaptive(positions[:, :2], times, wide, half_speed)
        up = _adaptive(positions[:, 2:], times, wide, _UP_AND_DOWN * half_speed)
        return np.concatenate((along, up), axis=1)
    # Where in the picture, and the logarithm of how far: errors of one do not leak into the other.
    depth = seen[:, 2:]
    half_speed /= float(np.median(depth[counts]))
    across = _adaptive(seen[:, :1] / depth, times, wide, half_speed)
    up = _adaptive(seen[:, 1:2] / depth, times, wide, _UP_AND_DOWN * half_speed)
    depth = np.exp(_adaptive(np.log(depth), times, deep, half_speed))
    placed = np.concatenate((across * depth, up * depth, depth), axis=1)
    return np.asarray(placed @ camera[:, :3].T + camera[:, 3])


def _adaptive(
    values: np.ndarray, times: np.ndarray, seconds: float, half_speed: float
) -> np.ndarray:
    if seconds <= 0 or len(values) < 3:
        return values
    sigma = np.full(len(times), seconds)
    slope = local_slope(values, times, _SPEED_SHARE * sigma)
    speed = peak_nearby(np.linalg.norm(slope, axis=1), times, _FADE * seconds)
    return local_quadratic(values, times, sigma / (1 + speed / half_speed))[0]
