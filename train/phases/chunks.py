"""Windows of videos: how long ones are cut, and what fills up short ones."""

import numpy as np

from core_model.lifting.windows import CHUNK, reflected


def video_bounds(videos: np.ndarray) -> list[tuple[int, int]]:
    """Return the first row and the row behind the last of each run of equal names (N,)."""
    changes = np.flatnonzero(videos[1:] != videos[:-1]) + 1
    edges = [0, *changes.tolist(), len(videos)]
    return list(zip(edges[:-1], edges[1:], strict=True))


def chunks(count: int, stride: int, length: int = CHUNK) -> tuple[np.ndarray, np.ndarray]:
    """Cut a video into windows; what is missing at its end goes to and fro between its ends.

    Parameters
    ----------
    count : int
        Frames of the video.
    stride : int
        Frames from one window to the next.
    length : int
        Frames of a window.

    Returns
    -------
    frames : (C, length) int
    kept : (C, length) bool
        Which frames are the video's own: those that lie behind the one before them in the window.
        Of videos shorter than half a window some come twice, as in the reference.
    """
    padded = -(-count // length) * length
    starts = np.arange(0, padded - length + 1, stride)
    frames = reflected(starts[:, None] + np.arange(length), count)
    kept = np.ones(frames.shape, bool)
    kept[:, 1:] = np.diff(frames, axis=1) > 0
    return frames, kept


def interleaved(length: int, clip: int) -> np.ndarray:
    """Return the places (L // clip, clip) in a window of the clips that it is evaluated in.

    Clip i has every (L // clip)-th frame from i on.
    """
    return np.arange(length).reshape(clip, length // clip).T
