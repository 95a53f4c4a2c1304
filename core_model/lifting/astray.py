"""Frames whose place before the camera cannot be: nobody is suddenly twice as far away."""

import numpy as np

_NEARBY = 0.5  # seconds to either side
_FEWEST = 4  # frames there; of fewer nothing is concluded
_TIMES_AS_FAR = 1.6


def brought_back(pelvis: np.ndarray, placed: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return places (T, 3) of which none is much farther away or nearer than those around it.

    Landmarks that have fallen together, as those of somebody who has all but left the picture do,
    fit a body at any distance, and one frame at 200 m takes many others with it in the fit. It
    stays where it is in the picture, as far away as the frames around it.

    Parameters
    ----------
    pelvis : (T, 3)
        Metres, camera space.
    placed : (T,) bool
        Where that is known.
    times : (T,)
        Seconds.
    """
    known = np.flatnonzero(placed)
    logs = np.log(np.maximum(pelvis[known, 2], 1e-3))
    lows = np.searchsorted(times[known], times[known] - _NEARBY)
    highs = np.searchsorted(times[known], times[known] + _NEARBY, side="right")
    astray = np.zeros(len(known), bool)
    for index, (low, high) in enumerate(zip(lows, highs, strict=True)):
        around = np.delete(logs[low:high], index - low)
        if len(around) >= _FEWEST:
            astray[index] = abs(logs[index] - np.median(around)) > np.log(_TIMES_AS_FAR)
    if not astray.any() or astray.all():
        return pelvis
    wanted = np.interp(times[known[astray]], times[known[~astray]], logs[~astray])
    result = pelvis.copy()
    result[known[astray]] *= np.exp(wanted - logs[astray])[:, None]
    return result
