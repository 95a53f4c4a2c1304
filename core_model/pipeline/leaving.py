"""Frames in which somebody has all but left: when a track begins and ends, and before a break.

Whoever steps out of the picture, or behind something, is followed for some frames more by what
still shows. Nothing tells where such a body is: the figure shoots away, and takes the frames before
with it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core_model.tracking.gaps import stretches
from core_model.tracking.tracks import Track

_BODY = slice(11, 33)  # shoulders to toes
_FAINT = 0.4  # of what usually shows of somebody
_HARDLY, _HALF = 0.22, 0.6  # of a body, as far as that is less than so much of what usually shows
_LONGEST = 1.0  # seconds: whoever shows as little for longer is half hidden, and stays


def while_shown(
    tracks: Sequence[Track],
    times: np.ndarray,
    size: tuple[int, int],
    goes_on: tuple[bool, bool] = (False, False),
) -> list[Track]:
    """Return tracks without the frames, as they come and go, in which hardly anything shows.

    Parameters
    ----------
    tracks : sequence of Track
    times : (T,)
        Seconds of all frames of the clip.
    size : (int, int)
        Width and height of its pictures, pixels.
    goes_on : (bool, bool)
        Whether there is more of the clip before the first frame, and after the last: who is there
        then did not come or go.
    """
    return [_while_shown(track, times, size, goes_on) for track in tracks]


def _while_shown(
    track: Track, times: np.ndarray, size: tuple[int, int], goes_on: tuple[bool, bool]
) -> Track:
    shown = _shown(track, size)
    usual = float(np.median(shown))
    faint = shown < max(_FAINT * usual, min(_HARDLY, _HALF * usual))
    kept = np.ones(len(shown), bool)
    first = 0
    for frames in stretches(track.frames, times):
        part = slice(first, first + len(frames))
        moments, hidden = times[frames], faint[part]
        first += len(frames)
        clear = np.flatnonzero(~hidden)
        if not len(clear):
            continue
        low, high = clear[0], clear[-1] + 1
        comes = not (goes_on[0] and frames[0] == 0)
        goes = not (goes_on[1] and frames[-1] == len(times) - 1)
        if comes and moments[low] - moments[0] <= _LONGEST:
            kept[part][:low] = False
        if goes and moments[-1] - moments[high - 1] <= _LONGEST:
            kept[part][high:] = False
    if kept.all():
        return track
    names = ("frames", "landmarks", "bbox", "presence")
    zoom = track.zoom[kept] if np.size(track.zoom) else track.zoom
    return replace(track, zoom=zoom, **{name: getattr(track, name)[kept] for name in names})


def _shown(track: Track, size: tuple[int, int]) -> np.ndarray:
    """Return how much of a body is seen inside the picture in each frame (N,), 0 to 1."""
    points = track.landmarks[:, _BODY]
    inside = ((points[..., :2] >= 0) & (points[..., :2] < size)).all(axis=-1)
    return np.asarray((points[..., 2] * inside).mean(axis=1))
