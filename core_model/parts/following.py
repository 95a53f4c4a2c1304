"""Following people through a clip of any length: a tracker for each part, which overlap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core_model.parts.kept import Kept, Part
from core_model.tracking.background import Background
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracker import PeopleTracker
from core_model.tracking.tracks import Observation
from core_model.video.clip import Frame, Video, open_video


@dataclass(frozen=True)
class Limits:
    """How long a part may be.

    Parameters
    ----------
    frames : int
    sights : int
        Of people, in all frames together: each takes memory.
    overlap : float
        Seconds that a part goes on when the next has begun.
    """

    frames: int
    sights: int
    overlap: float = 2.0


WHOLE = Limits(18_000, 36_000)
"""Ten minutes of one or two people: what is no longer is captured in one."""

PARTS = Limits(3_000, 12_000)
"""Of what is longer."""


class _Following:
    """A part in which people are being followed."""

    def __init__(self, video: Video, quality: str, first: int) -> None:
        self._tracker = PeopleTracker(video.width, video.height, quality)
        self.first, self.sights = first, 0
        self.times: list[float] = []

    def update(self, frame: Frame) -> list[Observation]:
        seen = self._tracker.update(frame)
        self.times.append(frame.time)
        self.sights += len(seen)
        return seen

    @property
    def end(self) -> int:
        return self.first + len(self.times)

    def part(self, next_first: int) -> Part:
        return Part(self.first, len(self.times), next_first)

    def finish(self, background: Background) -> TrackingResult:
        tracks, times = self._tracker.finish(), np.array(self.times)
        return TrackingResult(times, tracks, background.take_out())


def follow_in_parts(
    video: Video,
    fps: float | None,
    end: float | None,
    quality: str,
    kept: Kept,
    limits: tuple[Limits, Limits] = (WHOLE, PARTS),
    progress: Callable[[int, int | None, Sequence[Observation]], None] = lambda done, total, seen: (
        None
    ),
    lap: Callable[[str], None] = lambda task: None,
) -> TrackingResult | None:
    """Follow everybody in a clip, or in the rest of one of which parts are known.

    Parameters
    ----------
    video : Video
    fps, end : float or None
        As the video was opened with.
    quality : str
        One of `core_model.detection.landmarker.MODELS`.
    kept : Kept
        What is known already; each part is added to it, unless there is only one.
    limits : tuple of Limits
        Of a clip that is not cut, and of the parts of one that is.
    progress : callable
        Is told how many frames are done, of how many (None when not known), and who was seen in
        the last.
    lap : callable
        Is told what the time since the last call was spent on.

    Returns
    -------
    TrackingResult or None
        Of a clip that is short enough; None where the parts are in `kept`.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    OutputError
        When a part cannot be kept.
    """
    if kept.is_whole:
        return None
    total, (whole, cut) = video.frame_count, limits
    limit = cut if kept.parts or (total or 0) > whole.frames else whole
    first, rest, background = 0, video, Background(video.width, video.height)
    if kept.parts:
        # The part that was not finished begins before the last one ended.
        first = kept.parts[-1].next_first
        times = kept.followed(len(kept.parts) - 1).times
        rest = open_video(video.path, float(times[first - kept.parts[-1].first]), end, fps)
        looks = [match.time for match in kept.matches()]
        background = Background(video.width, video.height, len(looks), looks[-1])
    now, coming = _Following(video, quality, first), None
    for frame in rest:
        lap("decode")
        seen = now.update(frame)
        if coming is not None:
            coming.update(frame)
        lap("people")
        background.update(frame, [each.bbox for each in seen])
        lap("background")
        progress(now.end, total, seen)
        if coming is None:
            if len(now.times) >= limit.frames or now.sights >= limit.sights:
                coming = _Following(video, quality, now.end)
        elif frame.time - coming.times[0] >= limit.overlap:
            kept.add_followed(now.part(coming.first), now.finish(background))
            now, coming, limit = coming, None, cut
    tracked = now.finish(background)
    lap("people")
    if not kept.parts:
        return tracked
    kept.add_followed(now.part(now.end), tracked)
    kept.finish_following(video.warnings if rest is video else rest.warnings)
    return None
