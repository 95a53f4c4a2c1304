"""Pictures that are shown twice: a clip of 30 a second played as 60, or of 24 as 30.

Who moves stands still in them and then makes up for it, which looks like a tremble. Where they are
the same as the one before, people are taken to be between where they were seen before and after.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from core_model.tracking.tracks import Track

_SIDE = 480  # pixels of the longer side that are compared
_SAME = 3.0  # grey levels of 255, of the mean over a few pixels
_FEW = 5  # pixels along their side
_LONGEST = 3  # pictures that are the same one after the other: more is a clip that stands still


class Repeats:
    """Tells which pictures of a clip are the same as the one before.

    Attributes
    ----------
    found : list of bool
        Of each picture so far.
    """

    def __init__(self) -> None:
        self._last: np.ndarray | None = None
        self.found: list[bool] = []

    def see(self, image: np.ndarray) -> None:
        """Look at the next picture (H, W, 3), uint8."""
        step = max(max(image.shape[:2]) // _SIDE, 1)
        now = cv2.cvtColor(np.ascontiguousarray(image[::step, ::step]), cv2.COLOR_RGB2GRAY)
        same = False
        if self._last is not None:
            changed = cv2.blur(cv2.absdiff(now, self._last).astype(np.float32), (_FEW, _FEW))
            same = float(changed.max()) < _SAME
        self.found.append(same)
        self._last = now

    @property
    def again(self) -> bool:
        """Whether the last picture need not be looked at: of a clip that stands still some are."""
        return self.found[-1] and not all(self.found[-_LONGEST - 1 :])


def between_repeats(track: Track, repeated: Sequence[bool], times: np.ndarray) -> Track:
    """Return a track with landmarks between the frames around those that were shown twice.

    Parameters
    ----------
    track : Track
    repeated : sequence of bool
        Of each frame of the clip.
    times : (T,)
        Seconds.
    """
    again = np.array(repeated, bool)[track.frames]
    before, after = _around(again, track.frames)
    inside = np.flatnonzero(again & (before >= 0) & (after >= 0))
    if not len(inside):
        return track
    low, high = before[inside], after[inside]
    moments = times[track.frames]
    share = (moments[inside] - moments[low]) / (moments[high] - moments[low])
    landmarks, bbox = track.landmarks.copy(), track.bbox.copy()
    for values in (landmarks, bbox):
        part = share.reshape(-1, *[1] * (values.ndim - 1)).astype(values.dtype)
        values[inside] = (1 - part) * values[low] + part * values[high]
    return replace(track, landmarks=landmarks, bbox=bbox)


def _around(again: np.ndarray, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sights (N,) around each in which a picture was new; -1 where that is too far."""
    places = np.arange(len(again))
    new = np.flatnonzero(~again)
    if not len(new):
        return np.full(len(again), -1), np.full(len(again), -1)
    later = np.searchsorted(new, places)
    after = np.where(later < len(new), new[np.minimum(later, len(new) - 1)], -1)
    before = np.where(later > 0, new[np.maximum(later - 1, 0)], -1)
    near = (before >= 0) & (after >= 0) & (frames[after] - frames[before] <= _LONGEST + 1)
    return np.where(near, before, -1), np.where(near, after, -1)
