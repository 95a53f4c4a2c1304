"""Frames whose place before the camera cannot be: nobody is suddenly twice as far away."""

import numpy as np

_NEARBY = 0.5  # seconds to either side
_FEWEST = 4  # frames there; of fewer nothing is concluded
_TIMES_AS_FAR = 1.6


def astray(depths: np.ndarray, placed: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Tell in which frames (T,) a figure is much farther away or nearer than around them.

    Landmarks that have fallen together, as those of somebody who has all but left the picture do,
    fit a body at any distance.

    Parameters
    ----------
    depths : (T,)
        Distance along the camera's axis, metres.
    placed : (T,) bool
        Where that is known.
    times : (T,)
        Seconds.
    """
    wrong = np.zeros(len(depths), bool)
    known = np.flatnonzero(placed)
    logs = np.log(np.maximum(depths[known], 1e-3))
    lows = np.searchsorted(times[known], times[known] - _NEARBY)
    highs = np.searchsorted(times[known], times[known] + _NEARBY, side="right")
    for index, (low, high) in enumerate(zip(lows, highs, strict=True)):
        around = np.delete(logs[low:high], index - low)
        if len(around) >= _FEWEST:
            wrong[known[index]] = abs(logs[index] - np.median(around)) > np.log(_TIMES_AS_FAR)
    return wrong
