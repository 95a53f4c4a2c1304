"""The pipeline: the stages between a clip and its Takes, in their order.

`capture` runs all of `STAGES`; the evaluation switches those with a title on one after the other,
so that what it measures is the product.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core_model import __version__
from core_model.errors import NoPersonError
from core_model.fit.stature import set_stature
from core_model.fit.steadying import refine_steadied, turned
from core_model.hands.pipeline import apply_hands
from core_model.lifting.lift import lift_crops, lift_landmarks, with_sides_right
from core_model.pipeline.choosing import shots_of, wanted
from core_model.pipeline.filming import know_filming
from core_model.pipeline.leaving import while_shown
from core_model.pipeline.real_people import hardly_people, tiny_people
from core_model.pipeline.work import Work
from core_model.tracking.hands_beside import HandsBeside
from core_model.tracking.track_cache import clip_part, load_tracks
from core_model.tracking.track_people import track_people
from core_model.tracking.tracks import Observation
from core_model.tracking.work_ahead import WorkAhead
from core_model.world.camera_motion import CameraMotion
from core_model.world.to_takes import figure_confidence, into_world


@dataclass(frozen=True)
class Stage:
    """A step of the pipeline.

    Parameters
    ----------
    name : str
        As in progress and in the times of `capture.json`.
    run : callable
        Does it, in place.
    title : str
        As in the evaluation's tables, which show what the stage is worth; empty where nothing can
        be measured without it.
    """

    name: str
    run: Callable[[Work], None]
    title: str = ""


def run(work: Work, stages: Sequence[Stage]) -> None:
    """Let a clip go through stages, in place.

    Raises
    ------
    MocapError
        Whatever goes wrong in one of them.
    """
    for stage in stages:
        stage.run(work)
        work.clock.lap(stage.name)


def follow(work: Work) -> None:
    """Find who is in the clip, unless that is known, and keep whom the options want."""
    options, video = work.options, work.video
    ahead = work_ahead(work)

    def tell(done: int, total: int | None, seen: Sequence[Observation]) -> None:
        ahead.see(seen)
        work.progress("people", done, total, ahead.amounts)

    if not work.tracks:
        part = clip_part(video.path, options.start, options.end, options.fps, options.quality)
        tracked = load_tracks(options.tracks, part) if options.tracks else None
        if tracked is None:
            with hands_beside(work) as hands:
                tracked = track_people(video, tell, work.clock.lap, options.quality, hands)
        work.know(tracked)
    if not work.tracks:
        raise NoPersonError(f"Nobody was found in {Path(video.path).name}.")
    work.tracks = wanted(work.tracks, options.people, shots_of(work.tracks, work.times, work.cuts))
    work.tracks = while_shown(work.tracks, work.times, (video.width, video.height))
    ahead.know(work.times, work.tracks, hands_seen=work.looks is not None)
    work.progress("sides", 0, None, ahead.amounts)


def steady(work: Work) -> None:
    """Find how the camera turned and zoomed, its lens, and what is level and plumb."""
    know_filming(work, work.background, work.edges)
    work.tracks = [work.motion.zoomed(track) for track in work.tracks]


def guard_sides(work: Work) -> None:
    """Put left and right back where the detector exchanged them."""
    work.tracks = [
        with_sides_right(track, work.times, work.camera, work.network, work.device, work.body)
        for track in work.tracks
    ]


def find_hands(work: Work) -> None:
    """Find hands, if wanted; the points of the hands become as exact as these are seen."""
    if not work.options.hands:
        return
    work.progress("hands", 0, None)
    work.hands = work.observe_hands(
        work.tracks,
        work.video,
        work.times,
        lambda done, total: work.progress("hands", done, total),
        work.looks,
        work.options.quality,
    )
    work.tracks = work.hands.tracks


def lift(work: Work) -> None:
    """Let the network turn tracks into figures, as tall as the options say."""
    given = (work.times, work.camera, work.network, work.device, work.body)
    if work.from_pictures:
        work.figures = lift_crops(
            work.tracks,
            work.video,
            *given,
            window=work.options.window,
            progress=lambda done, total: work.progress("network", done, total),
            warn=work.warnings.append,
        )
    else:
        whole = sum(len(track.frames) for track in work.tracks)
        work.figures = []  # the evaluation lifts the same work more than once
        work.progress("network", 0, whole)
        for track in work.tracks:
            work.figures.append(lift_landmarks(track, *given))
            done = sum(int(figure.seen.sum()) for figure in work.figures)
            work.progress("network", done, whole)
    _set_height(work)


def fit(work: Work) -> None:
    """Fit the figures to their landmarks, if wanted."""
    if not _is_fitted(work):
        return
    whole = sum(int(figure.seen.sum()) for figure in work.figures)

    def tell(share: float) -> None:
        work.progress("fit", round(share * whole), whole)

    tell(0.0)
    turns = [work.motion.of(figure) for figure in work.figures]
    given = (work.times, work.camera, work.device, work.body)
    refine_steadied(work.figures, turns, *given, tell, _up(work))


def _up(work: Work) -> np.ndarray | None:
    """Return up (3,) before a camera that stands still, where edges tell it."""
    if work.room is None:
        return None
    spines = []
    for figure in work.figures:
        turns = work.motion.of(figure)
        still = figure if turns is None else turned(figure, turns)
        spines.append(still.rotations[still.seen, 0, :, 1])
    spine = np.concatenate(spines)
    return work.room.up_along(spine.mean(axis=0)) if len(spine) else None


def turn_hands(work: Work) -> None:
    """Turn wrists and bend fingers as hands were seen."""
    if work.hands:
        apply_hands(work.figures, work.hands, work.times, work.camera, work.body)
    # The fit changes the proportions, and with them how tall a body is.
    _set_height(work)


def place(work: Work) -> None:
    """Put everybody into one world with gravity and a floor: the Takes.

    Shapes that only look like people are left out.
    """
    work.progress("world", 0, None)
    given = (work.times, work.camera, work.body)
    figures = [each for each in work.figures if each.seen.any()]
    sure = [figure_confidence(each, *given) for each in figures]
    if _is_fitted(work):  # others are far from what was seen in any case
        wished = isinstance(work.options.people, tuple)
        seen, scores = [each.seen for each in figures], [each.score for each in figures]
        left_out, warnings = hardly_people(sure, seen, scores, wished, work.people_before)
        figures = [each for each, gone in zip(figures, left_out, strict=True) if not gone]
        sure = [each for each, gone in zip(sure, left_out, strict=True) if not gone]
        heights = [float(np.median(each.bbox[each.seen, 3])) for each in figures]
        work.warnings += [*warnings, *tiny_people(heights, work.people_before)]
    about = source_of(work)
    known = [bool(work.options.height) and each is work.figures[0] for each in figures]
    work.takes = into_world(figures, *given, about, work.motion, sure, work.room, known)


STAGES: tuple[Stage, ...] = (
    Stage("people", follow),
    Stage("background", steady),
    Stage("sides", guard_sides, "left-right guard"),
    Stage("hands", find_hands, "points of the hands"),
    Stage("network", lift),
    Stage("fit", fit, "fit to the landmarks"),
    Stage("hands", turn_hands, "wrists from the hands"),
    Stage("world", place, "gravity and floor"),
)
"""Every stage, in its order."""


def work_ahead(work: Work) -> WorkAhead:
    """Return what counts the work of a clip while its people are tracked."""
    options, video = work.options, work.video
    return WorkAhead(
        video.frame_rate,
        video.width * video.height,
        options.most_people,
        quality=options.quality,
        hands=options.hands,
        fitted=_is_fitted(work),
        copied=not video.plays_in_blender,
        frames=video.frame_count,
    )


def hands_beside(work: Work) -> AbstractContextManager[HandsBeside | None]:
    """Return what looks at hands while people are followed, if they are wanted."""
    if not work.options.hands:
        return nullcontext()
    size, options = (work.video.width, work.video.height), work.options
    return HandsBeside(*size, options.most_people, options.quality)


def _is_fitted(work: Work) -> bool:
    wanted = work.options.refine
    return not work.from_pictures if wanted is None else wanted


def _set_height(work: Work) -> None:
    if work.options.height:
        set_stature(work.figures[0], work.body, work.options.height)


def camera_of(motion: CameraMotion) -> dict[str, object]:
    """Return what a Take says of how its camera moved."""
    moved = {"turning": motion.turns is not None, "zooming": motion.zoom is not None}
    told = " and ".join(name for name, did in moved.items() if did) or "still"
    sure = {} if motion.zoom is None else {"zoom_confidence": round(motion.zoom_sure, 3)}
    return {"camera": told, **sure}


def source_of(work: Work) -> dict[str, object]:
    """Return what a Take says of where it came from."""
    options = work.options
    return {
        "video": str(work.video.path),
        "model": f"INT, {work.network.config.evidence} evidence",
        "body": options.body.name if options.body else "default",
        "weights_sha256": work.weights_sha256,
        "version": __version__,
        "quality": options.quality,
        "focal": work.focal_told_by,
        "height": "given" if options.height else "assumed",
        **camera_of(work.motion),
        **_shot_of(work),
        **({"stored": work.video.stored} if work.video.stored else {}),
    }


def _shot_of(work: Work) -> dict[str, object]:
    """Return what a Take says of its shot."""
    if not work.shot:
        return {}
    start, end = float(work.times[0]), float(work.times[-1])
    return {"shot": {"number": work.shot, "start": round(start, 6), "end": round(end, 6)}}
