"""Frames in which a person was missed: short gaps are bridged for the network, long ones split."""

import numpy as np

LONGEST_BRIDGE = 0.5
"""Seconds over which a guess between what was seen before and after is any good."""


def stretches(frames: np.ndarray, times: np.ndarray) -> list[np.ndarray]:
    """Split the frame numbers (n,) of a track where it was lost for long.

    Parameters
    ----------
    frames : (n,) int
        Increasing indices into `times`.
    times : (T,)
        Seconds of all frames of the clip.
    """
    pauses = np.diff(times[frames])
    return np.split(frames, np.flatnonzero(pauses > LONGEST_BRIDGE) + 1)


def bridged(frames: np.ndarray, values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return landmarks for every frame from first to last, guesses having visibility 0.

    Parameters
    ----------
    frames : (n,) int
    values : (n, 33, 3)
        Pixels and visibility in those frames.
    times : (T,)
        Seconds of all frames of the clip.

    Returns
    -------
    (frames[-1] - frames[0] + 1, 33, 3)
    """
    every = np.arange(frames[0], frames[-1] + 1)
    position = np.interp(times[every], times[frames], np.arange(len(frames)))
    lower = np.floor(position).astype(int)
    upper = np.minimum(lower + 1, len(frames) - 1)
    share = (position - lower)[:, None, None]
    filled = (1 - share) * values[lower] + share * values[upper]
    filled[~np.isin(every, frames), :, 2] = 0
    return filled


def bridged_places(frames: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return places (frames[-1] + 1, 3) for every frame, in between those of `frames` (n,)."""
    every = np.arange(frames[-1] + 1)
    return np.stack([np.interp(every, frames, places[:, axis]) for axis in range(3)], axis=1)
