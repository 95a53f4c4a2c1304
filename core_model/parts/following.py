"""Following people through a clip of any length: a tracker for each part, which overlap."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from core_model.detection.litert import on_all_threads
from core_model.detection.people_networks import PeopleNetworks
from core_model.engine.memory import give_back
from core_model.parts.kept import Kept, Part
from core_model.tracking.background import Background
from core_model.tracking.hands_beside import HandsBeside
from core_model.tracking.track_people import Following, TrackingResult
from core_model.tracking.tracks import Observation, Track
from core_model.video.clip import Video, open_video
from core_model.video.cuts import Cuts
from core_model.video.light import in_light
from core_model.video.prefetch import prefetched


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
    hands: HandsBeside | None = None,
) -> TrackingResult | None:
    """Follow everybody in a clip, or in the rest of one of which parts are known.

    Parameters
    ----------
    video : Video
    fps, end : float or None
        As the video was opened with.
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    kept : Kept
        What is known already; each part is added to it, unless there is only one.
    limits : tuple of Limits
        Of a clip that is not cut, and of the parts of one that is.
    progress : callable
        Is told how many frames are done, of how many (None when not known), and who was seen in
        the last.
    lap : callable
        Is told what the time since the last call was spent on.
    hands : HandsBeside, optional
        What looks at hands meanwhile.

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
    cuts = Cuts()
    if kept.parts:
        # The part that was not finished begins before the last one ended.
        first = kept.parts[-1].next_first
        times = kept.followed(len(kept.parts) - 1).times
        rest = open_video(video.path, float(times[first - kept.parts[-1].first]), end, fps)
        looks = [match.time for match in kept.matches()]
        edges = max((look.time for look in kept.edges()), default=-np.inf)
        background = Background(video.width, video.height, len(looks), looks[-1], edges)
    networks = PeopleNetworks.load(quality, hands.threads if hands else on_all_threads)
    now, coming = Following(video, networks, hands, first), None
    with closing(prefetched(in_light(rest))) as frames:
        for frame in frames:
            lap("decode")
            anew = cuts.see(frame.time, frame.image)
            seen = now.update(frame, anew, lap)
            if coming is not None:
                coming.update(frame, anew, lap)
            background.update(frame, [each.bbox for each in seen], anew)
            lap("background")
            progress(now.end, total, seen)
            if coming is None:
                if len(now.times) >= limit.frames or now.sights >= limit.sights:
                    coming = Following(video, networks, hands, now.end)
            elif frame.time - coming.times[0] >= limit.overlap:
                kept.add_followed(_part(now, coming.first), now.finish(background, cuts, lap))
                now, coming, limit = coming, None, cut
                give_back()
    tracked = now.finish(background, cuts, lap)
    if not kept.parts:
        return tracked
    kept.add_followed(_part(now, now.end), tracked)
    kept.finish_following(video.warnings if rest is video else rest.warnings)
    return None


def _part(following: Following, next_first: int) -> Part:
    return Part(following.first, len(following.times), next_first)


def keep_in_parts(tracked: TrackingResult, kept: Kept, limit: Limits) -> None:
    """Keep in parts who was found in all of a clip.

    Parameters
    ----------
    tracked : TrackingResult
    kept : Kept
        Without any parts.
    limit : Limits
        Of a part.

    Raises
    ------
    OutputError
        When a part cannot be kept.
    """
    times, count = tracked.times, len(tracked.times)
    sights = np.zeros(count)
    for track in tracked.tracks:
        sights[track.frames] += 1
    moments = np.array([match.time for match in tracked.background])
    passed = np.concatenate(([0.0], np.cumsum(sights)))
    first = known = 0
    begin = -np.inf  # seconds, of the edges of this part
    while True:
        full = int(np.searchsorted(passed, passed[first] + limit.sights))
        following = min(first + limit.frames, max(full, first + 1))
        end = int(np.searchsorted(times, times[min(following, count - 1)] + limit.overlap)) + 1
        is_last = following >= count or end >= count
        end, following = (count, count) if is_last else (end, following)
        seen = int(np.searchsorted(moments, times[end - 1], side="right"))
        part = TrackingResult(
            times[first:end],
            [found for each in tracked.tracks if len((found := _cut(each, first, end)).frames)],
            tracked.background[known:seen],
            edges=[each for each in tracked.edges if begin <= each.time < times[end - 1]],
            cuts=[each for each in tracked.cuts if times[first] < each <= times[end - 1]],
        )
        kept.add_followed(Part(first, end - first, following), part)
        if is_last:
            break
        first, known, begin = following, seen, float(times[end - 1])
    kept.finish_following([])


def _cut(track: Track, first: int, end: int) -> Track:
    """Return a track in frames `first` to `end`, counted from `first`."""
    inside = slice(*np.searchsorted(track.frames, (first, end)))
    names = ("landmarks", "bbox", "presence")
    return replace(
        track,
        frames=track.frames[inside] - first,
        **{name: getattr(track, name)[inside] for name in names},
    )
