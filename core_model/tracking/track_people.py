"""The one pass over a clip in which people are tracked, and what is behind them is looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core_model.detection.qualities import BEST
from core_model.tracking.background import Background, BackgroundMatch
from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Observation, Track
from core_model.video.clip import Video


@dataclass(frozen=True)
class TrackingResult:
    """What the pass over a clip of T frames found.

    Parameters
    ----------
    times : (T,)
        Seconds.
    tracks : list of Track
        The most important person first.
    background : list of BackgroundMatch
        What lies behind the people, from which `camera_motion` tells how the camera moved.
    """

    times: np.ndarray
    tracks: list[Track]
    background: list[BackgroundMatch]


def track_people(
    video: Video,
    progress: Callable[[int, int | None, Sequence[Observation]], None] = lambda done, total, seen: (
        None
    ),
    lap: Callable[[str], None] = lambda task: None,
    quality: str = BEST,
) -> TrackingResult:
    """Read a clip once and follow everybody in it.

    Parameters
    ----------
    video : Video
    progress : callable
        Is told how many frames are done, of how many (None when not known), and who was seen in
        the last.
    lap : callable
        Is told what the time since the last call was spent on.
    quality : str
        One of `core_model.detection.qualities.MODELS`.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    """
    tracker = PeopleTracker(video.width, video.height, quality)
    background = Background(video.width, video.height)
    times: list[float] = []
    for frame in video:
        lap("decode")
        seen = tracker.update(frame)
        lap("people")
        background.update(frame, [each.bbox for each in seen])
        lap("background")
        times.append(frame.time)
        progress(len(times), video.frame_count, seen)
    tracks = tracker.finish()
    lap("people")
    return TrackingResult(np.array(times), tracks, background.matches)
