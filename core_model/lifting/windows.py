"""Which frames an image INT sees together.

The reference cuts a clip into chunks of 128 frames and takes every F-th frame of a chunk, so that
16 frames span over four seconds at 30 frames per second. What does not fill up is reflected: after
the last frame the clip goes backward.
"""

from typing import NamedTuple

import numpy as np

CHUNK = 128
"""Frames that a window spans, at the frame rate of the training clips."""

LONGEST_WINDOW = 1024
"""Frames; what is seen together is kept in memory together."""

TRAINED_RATE = 30.0


class Window(NamedTuple):
    """Frames that are seen together.

    Attributes
    ----------
    places : (T,) int
        Which frames.
    targets : (T,) int
        The same, but -1 where a frame only fills up the window.
    """

    places: np.ndarray
    targets: np.ndarray


def reflected(indices: np.ndarray, count: int) -> np.ndarray:
    """Fold indices 0, 1, ... into a clip of `count` frames, going to and fro between its ends."""
    if count == 1:
        return np.zeros_like(indices)
    folded = indices % (2 * (count - 1))
    return np.minimum(folded, 2 * (count - 1) - folded)


def step_between_frames(frame_rate: float, length: int) -> int:
    """Return how many frames apart those of a window of `length` lie, as when evaluated."""
    return max(1, round(frame_rate / TRAINED_RATE * CHUNK / length))


def overlapping_windows(count: int, length: int, step: int) -> list[Window]:
    """Cut a clip into windows that overlap by half, in the order in which they are complete.

    Parameters
    ----------
    count : int
        Frames of the clip.
    length : int
        Frames of a window.
    step : int
        Frames from one frame of a window to the next.
    """
    windows = []
    for phase in range(min(step, count)):
        own = np.arange(phase, count, step)
        starts = list(range(0, max(len(own) - length, 0) + 1, max(length // 2, 1)))
        if starts[-1] + length < len(own):
            starts.append(len(own) - length)
        for start in starts:
            wanted = phase + step * (start + np.arange(length))
            windows.append(Window(reflected(wanted, count), np.where(wanted < count, wanted, -1)))
    return sorted(windows, key=lambda window: window.places.max())
