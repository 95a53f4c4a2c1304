"""The pipeline of a clip that is too long to be captured in one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from core_model.engine.forecast import in_parts
from core_model.engine.memory import give_back
from core_model.errors import NoPersonError
from core_model.fit.stature import growth, with_stature
from core_model.lifting.figure import Figure
from core_model.parts.following import PARTS, WHOLE, Limits, follow_in_parts, keep_in_parts
from core_model.parts.joining import Joined, Rows, mean_shape, rows_of
from core_model.parts.kept import Kept
from core_model.parts.long_take import LongTake
from core_model.parts.motion import PartProgress, amounts_in_part, find_motion, first_shapes
from core_model.parts.people import Person, people_of
from core_model.pipeline.choosing import wanted
from core_model.pipeline.filming import know_filming
from core_model.pipeline.real_people import hardly_people, tiny_people
from core_model.pipeline.stages import hands_beside, source_of, work_ahead
from core_model.pipeline.work import Work
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.track_cache import clip_part, load_tracks
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Observation
from core_model.video.cuts import listed
from core_model.world.to_takes import camera_in_world

_SAMPLE = 9_000
"""Frames in which gravity, floor and sizes are looked for."""

_LOOKING_FOR_FLOOR = 0.15
"""What each of these takes, of what its fit takes; from 0.1 for a walk to 0.25 for yoga."""


_CUT = (
    "The clip is cut at {} s, and too long to be captured shot by shot: all of it is taken for one "
    "camera's. Capture its shots by their In and Out."
)


def follow_long(work: Work, kept: Kept, limits: tuple[Limits, Limits] = (WHOLE, PARTS)) -> bool:
    """Follow the people of a clip, and tell whether it is one for `takes_of_long`.

    Of one that is not, `work` then knows times, tracks and background.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    NoPersonError
        When nobody is in it.
    """
    ahead, options = work_ahead(work), work.options
    if options.tracks and not kept.parts:
        part = clip_part(work.video.path, options.start, options.end, options.fps, options.quality)
        if options.tracks.is_dir():
            with Kept(options.tracks, part) as found:
                if found.is_whole:
                    kept.take_over(found)
                    return True
        known_tracks = load_tracks(options.tracks, part)
        if known_tracks and known_tracks.tracks:
            return _take_up(work, known_tracks, kept, limits)
    known = kept.parts[-1].next_first if kept.parts else 0
    is_long = known > 0 or (work.video.frame_count or 0) > limits[0].frames

    def tell(done: int, total: int | None, seen: Sequence[Observation]) -> None:
        ahead.see(seen)
        amounts = ahead.amounts
        if is_long:
            # Of the frames that were done before, as of those that are done now.
            times = done / max(done - known, 1)
            amounts = {name: round(times * count) for name, count in in_parts(amounts).items()}
            # Of all of the clip, so that what is still to be followed makes it no larger.
            amounts["fit"] += round(_of_floor(total or done) * done / (total or done))
        work.progress("people", done, total, amounts)

    with hands_beside(work) as hands:
        tracked = follow_in_parts(
            work.video,
            options.fps,
            options.end,
            options.quality,
            kept,
            limits,
            tell,
            work.clock.lap,
            hands,
        )
    if tracked is None:
        return True
    if not tracked.tracks:
        raise NoPersonError(f"Nobody was found in {Path(work.video.path).name}.")
    work.know(tracked)
    return False


def _take_up(
    work: Work, tracked: TrackingResult, kept: Kept, limits: tuple[Limits, Limits]
) -> bool:
    """Take people who were found in all of a clip; tell whether it is to be captured in parts."""
    sights = sum(len(track.frames) for track in tracked.tracks)
    if len(tracked.times) > limits[0].frames or sights > limits[0].sights:
        keep_in_parts(tracked, kept, limits[1])
        return True
    work.know(tracked)
    return False


def takes_of_long(work: Work, kept: Kept) -> list[LongTake]:
    """Find the motion of the people of a clip that was followed in parts.

    Raises
    ------
    NoPersonError
        When nobody is in it, or could be placed before the camera.
    """
    give_back()  # what those held who were followed
    everybody = people_of(kept)
    if not everybody:
        kept.take_away()
        raise NoPersonError(f"Nobody was found in {Path(work.video.path).name}.")
    people = wanted(everybody, work.options.people)
    work.times = _times(kept)
    cuts = sorted({cut for number in range(len(kept.parts)) for cut in kept.followed(number).cuts})
    if cuts:
        work.warnings.append(_CUT.format(listed(cuts)))
    know_filming(work, _Matches(kept), list(kept.edges()))
    work.clock.lap("background")
    whole = _find_all_motion(work, kept, people)
    takes = _takes(work, kept, people)
    work.progress("fit", whole, whole)
    return takes


class _Matches:
    """What lies behind the people, read from the disk as often as asked for."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def __iter__(self) -> Iterator[BackgroundMatch]:
        return self._kept.matches()


def _find_all_motion(work: Work, kept: Kept, people: Sequence[Person]) -> int:
    """Find the motion in all parts; return what was told to be all of the work of the fit."""
    numbers = range(len(kept.parts))
    amounts = [amounts_in_part(work, kept.followed(each), each, people) for each in numbers]
    sizes = [in_parts(each)["fit"] for each in amounts]
    whole = sum(sizes) + _of_floor(len(work.times))
    copied = sum(each.get("copy", 0) for each in amounts)
    work.progress("fit", 0, whole, {"fit": whole} | ({"copy": copied} if copied else {}))
    shapes = first_shapes(work, kept, people)
    work.clock.lap("network")
    for number in numbers:
        if not kept.has_motion(number):
            before = sum(sizes[:number])
            tell = PartProgress(work.progress, amounts[number], before, sizes[number], whole)
            find_motion(work, kept, number, people, shapes, work.motion, tell)
    return whole


def _of_floor(frames: int) -> int:
    """Return what gravity and floor of so many frames take, in frames whose fit takes as long."""
    return round(_LOOKING_FOR_FLOOR * min(frames, _SAMPLE))


def _takes(work: Work, kept: Kept, people: Sequence[Person]) -> list[LongTake]:
    """Put everybody into one world."""
    body, found = (
        work.body,
        [mean_shape(kept, index, sorted(person.tracks)) for index, person in enumerate(people)],
    )
    shapes = [betas for betas, _ in found]
    grown = [1.0] * len(people)
    if work.options.height:
        betas = with_stature(body, shapes[0], work.options.height)
        grown[0], shapes[0] = growth(body, shapes[0], betas), betas
    frames = _sampled(kept, people)
    figures = [
        _sample(kept, index, frames, betas, factor)
        for index, (betas, factor) in enumerate(zip(shapes, grown, strict=True))
    ]
    left_out = _left_out(work, kept, people)
    placed = [
        index for index, figure in enumerate(figures) if figure.seen.any() and not left_out[index]
    ]
    if not placed:
        raise NoPersonError("The people in the clip could not be placed before the camera.")
    sampled = [figures[index] for index in placed]
    known = [bool(work.options.height) and index == 0 for index in placed]
    camera = camera_in_world(
        sampled, work.times[np.concatenate(frames)], work.camera, body, work.room, known
    )
    for index, figure in zip(placed, sampled, strict=True):
        grown[index] *= growth(body, shapes[index], figure.betas)
        shapes[index] = figure.betas
    return [
        LongTake(
            kept, index, person, shapes[index], grown[index], found[index][1],
            work.times, camera, work.motion, body, source_of(work),
        )
        for index, person in enumerate(people)
        if not left_out[index]
    ]  # fmt: skip


def _left_out(work: Work, kept: Kept, people: Sequence[Person]) -> list[bool]:
    """Tell who can hardly be a person, and is left out."""
    sure, seen, heights = [], [], []
    for index, person in enumerate(people):
        told = [_told_of(kept.motion(number), index) for number in sorted(person.tracks)]
        confidence, frames, tall = (np.concatenate(each) for each in zip(*told, strict=True))
        sure.append(confidence)
        seen.append(frames)
        heights.append(float(np.median(tall[frames])) if frames.any() else np.inf)
    scores = [person.score for person in people]
    gone, warnings = hardly_people(sure, seen, scores, isinstance(work.options.people, tuple))
    kept_heights = [height for height, out in zip(heights, gone, strict=True) if not out]
    work.warnings += [*warnings, *tiny_people(kept_heights)]
    return gone


def _told_of(arrays: Rows, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return how sure a part is of a person (F, 1), when it saw it (F,), and how tall (F,)."""
    confidence, seen, boxes = (arrays[f"{name}_{index}"] for name in ("confidence", "seen", "bbox"))
    # Copies: a view would hold all that is known of the part.
    return confidence.mean(axis=1, keepdims=True), seen, boxes[:, 3].copy()


def _times(kept: Kept) -> np.ndarray:
    """Return the seconds of all frames of the clip, (T,)."""
    times = [
        kept.followed(number).times[: part.next_first - part.first]
        for number, part in enumerate(kept.parts)
    ]
    return np.concatenate(times)


def _sampled(kept: Kept, people: Sequence[Person]) -> list[np.ndarray]:
    """Return frames of each part in which somebody is seen, the first person if possible."""
    length = max(_SAMPLE // len(kept.parts), 30)
    frames = []
    for number, part in enumerate(kept.parts):
        own = next((index for index, each in enumerate(people) if number in each.tracks), None)
        middle = part.first + part.count // 2
        if own is not None:
            arrays = kept.motion(number)
            seen = int(arrays[f"first_{own}"]) + np.flatnonzero(arrays[f"seen_{own}"])
            if own == 0 and number == min(people[0].tracks):
                middle = people[0].first + length // 2  # who starts at the world's origin
            elif len(seen):
                middle = int(np.median(seen))
        low = max(middle - length // 2, part.first)
        frames.append(np.arange(low, min(low + length, part.next_first)))
    return frames


def _sample(
    kept: Kept, index: int, frames: Sequence[np.ndarray], betas: np.ndarray, factor: float
) -> Figure:
    """Return a person in some frames of each part, as if there were no others."""
    rows = [
        rows_of(kept.motion(number), index, int(own[0]), int(own[-1]) + 1)
        for number, own in enumerate(frames)
        if len(own)
    ]
    together = {name: np.concatenate([each[name] for each in rows]) for name in rows[0]}
    figure = Joined(0, together).figure(betas, None)
    figure.pelvis = figure.pelvis * factor
    return figure
