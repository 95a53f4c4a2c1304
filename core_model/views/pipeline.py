"""The pipeline for several clips of one performance: each alone, then all together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from core_model.lifting.figure import Figure
from core_model.lifting.lift import lift_landmarks
from core_model.pipeline.stages import STAGES, source_of
from core_model.pipeline.work import Work
from core_model.progress import NOTHING, Progress
from core_model.take import Take
from core_model.take.view import View
from core_model.tracking.tracks import Track
from core_model.video.cuts import listed
from core_model.views.agreement import agreed
from core_model.views.clips import FOCAL_SPREAD, ClipMotion, steadied
from core_model.views.deciding import chosen_by_fit
from core_model.views.hands import give_seen_hands
from core_model.views.placing import Placed, place_clips
from core_model.views.rooms import shared_room, turned_by_rooms
from core_model.views.sides import exchanged_together, mirrored_landmarks
from core_model.views.sound import HeardOffset, hear, heard_offset
from core_model.views.together import Together, explain_together, same_stature, unsteadied
from core_model.views.trust import doubt_worse_views
from core_model.world.to_takes import into_world

ALONE = tuple(stage for stage in STAGES if stage.name not in ("world",))[:-1]
"""What is done with each clip by itself: all but wrists and world."""

_SECONDS = 1000.0
_CUT = (
    "The clip is cut at {} s: only clips that show the performance in one go can be put together."
)


def run_together(works: Sequence[Work], offsets: Sequence[float | None]) -> None:
    """Capture people whom several clips show; the Takes are those of the first work, in place.

    Parameters
    ----------
    works : sequence of Work
        Prepared, one for each clip.
    offsets : sequence of float or None
        Of each further clip: seconds on the first clip's clock at which it begins, where known.

    Raises
    ------
    MocapError
        Whatever goes wrong with one of them.
    ViewsError
        When clips do not show the same.
    """
    first = works[0]
    tell = first.progress
    for number, work in enumerate(works):
        work.progress = partial(_of_all, tell, number, len(works))
    for stage in ALONE:
        for work in works:
            stage.run(work)
        first.clock.lap(stage.name)
    for work in works:
        if work.cuts:
            work.warnings.append(_CUT.format(listed(work.cuts)))
    first.progress = tell
    explain(works, offsets)


def explain(works: Sequence[Work], offsets: Sequence[float | None]) -> None:
    """Explain what clips show that were captured alone; the Takes are the first work's, in place.

    Parameters
    ----------
    works : sequence of Work
        After the stages `ALONE`.
    offsets : sequence of float or None
        As in `run_together`.

    Raises
    ------
    ViewsError
        When clips do not show the same.
    """
    first = works[0]
    tell = first.progress
    for work in works[1:]:
        own = [*work.video.warnings, *work.warnings]
        first.warnings += [f"{work.video.path.name}: {sentence}" for sentence in own]
    tell("views", 0, int(_SECONDS))
    clips = [_clip(work) for work in works]
    heard = _heard(works)
    choose = partial(chosen_by_fit, body=first.body, device=first.device)
    placed = place_clips(clips, first.body, offsets, heard, choose)
    exchanged = _sides(works, clips, placed)
    same_stature(clips, placed.people, first.body, first.options.height)
    if exchanged or first.options.height:
        placed = place_clips(clips, first.body, offsets, heard, choose)
    if first.options.people != "all":  # whom the other clips show besides was not asked for
        placed.people = [person for person in placed.people if 0 in person]
    placed.cameras = turned_by_rooms(clips, placed.cameras)
    doubt_worse_views(clips, placed.cameras, placed.people, first.body)
    together = explain_together(
        clips,
        placed,
        first.body,
        first.device,
        lambda share: tell("views", round(_SECONDS * share), int(_SECONDS)),
    )
    together, sentences = agreed(clips, placed, together, first.body)
    first.warnings += sentences
    first.clock.lap("views")
    tell("world", 0, None)
    give_seen_hands(together, clips, [work.hands for work in works], first.body)
    first.takes = _takes(works, clips, together, placed)
    first.clock.lap("world")


def _of_all(
    tell: Progress,
    number: int,
    count: int,
    stage: str,
    done: int,
    total: int | None,
    ahead: Mapping[str, int] = NOTHING,
) -> None:
    """Tell how far one of several clips has come as a share of all of them."""
    whole = None if total is None else total * count
    so_far = done if total is None else done + number * total
    tell(stage, so_far, whole, {name: count * amount for name, amount in ahead.items()})


def _clip(work: Work) -> ClipMotion:
    figures, whole = steadied(work.figures, work.motion.turns, work.camera)
    if not whole:
        work.warnings.append(
            f"{work.video.path.name} turns too far to be one picture: what it shows of that is "
            "left out."
        )
    spread = work.focal_spread or FOCAL_SPREAD[work.focal_told_by]
    looks = [track.looks for track in work.tracks]
    return ClipMotion(
        work.video.path.name,
        work.times,
        work.camera,
        work.motion.turns,
        figures,
        spread,
        looks,
        work.room,
    )


def _heard(works: Sequence[Work]) -> list[HeardOffset | None]:
    """Return when each further clip begins as it is heard; None where it is not."""
    own = hear(works[0].video.path, works[0].video.sound_start)
    heard: list[HeardOffset | None] = []
    for work in works[1:]:
        other = hear(work.video.path, work.video.sound_start) if own else None
        heard.append(heard_offset(own, other) if own and other else None)
    return heard


def _sides(works: Sequence[Work], clips: Sequence[ClipMotion], placed: Placed) -> bool:
    """Put left and right where all views agree, in place; tell whether anything was changed."""
    changed = False
    for person in placed.people:
        views = sorted(person.items())
        if len(views) < 2 or works[0].from_pictures:
            continue
        options = {clip: _both_ways(works[clip], number) for clip, number in views}
        wrong = {clip: np.zeros(len(options[clip][0].seen), bool) for clip, _ in views}
        (base, _), *others = views
        for clip, _ in others:
            times = [
                placed.cameras[each].on_first_clock(clips[each].own_times(options[each][0]))
                for each in (base, clip)
            ]
            found = exchanged_together(
                options[base], options[clip], times[0], times[1], works[0].body
            )
            if clip == others[0][0]:
                wrong[base] = found[0]
            wrong[clip] = found[1]
        for clip, number in views:
            if wrong[clip].any():
                changed = True
                _exchange(works[clip], clips[clip], number, wrong[clip])
    return changed


def _both_ways(work: Work, number: int) -> tuple[Figure, Figure]:
    """Return somebody lifted as labelled, and with left and right exchanged everywhere."""
    track = work.tracks[number]
    other = replace(track, landmarks=mirrored_landmarks(track.landmarks))
    return _lifted(work, track), _lifted(work, other)


def _lifted(work: Work, track: Track) -> Figure:
    given = (work.times, work.camera, work.network, work.device, work.body)
    figure = lift_landmarks(track, *given)
    return steadied([figure], work.motion.turns, work.camera)[0][0]


def _exchange(work: Work, clip: ClipMotion, number: int, wrong: np.ndarray) -> None:
    """Exchange left and right of somebody in some frames (F,) of a clip, in place."""
    track = work.tracks[number]
    frames = wrong[track.frames - work.figures[number].first]
    landmarks = track.landmarks.copy()
    landmarks[frames] = mirrored_landmarks(landmarks[frames])
    work.tracks[number] = replace(track, landmarks=landmarks)
    clip.figures[number] = _lifted(work, work.tracks[number])
    if work.hands:
        # What was seen as a left hand was looked at as a left hand: nothing of it is known now.
        work.hands.sights[number].presence[frames] = 0.0


def _takes(
    works: Sequence[Work], clips: Sequence[ClipMotion], together: Together, placed: Placed
) -> list[Take]:
    first = works[0]
    camera = together.cameras[0].camera
    figures = []
    for figure, person in zip(together.figures, together.people, strict=True):
        figure = unsteadied(figure, clips[0].turns)
        if 0 in person:
            own = first.figures[person[0]]
            inside = slice(own.first - figure.first, own.first - figure.first + len(own.seen))
            figure.landmarks[inside] = own.landmarks
        figures.append(figure)
    takes = into_world(
        figures,
        first.times,
        camera,
        first.body,
        source_of(first),
        first.motion,
        together.confidences,
        shared_room(clips, together.cameras),
        # Who is seen from several sides is as large against the others as these sides tell.
        [
            len(person) > 1 or (index == 0 and bool(first.options.height))
            for index, person in enumerate(together.people)
        ],
    )
    for take, person in zip(takes, together.people, strict=True):
        take.views = tuple(
            _view(works[index], together, placed, index, person.get(index))
            for index in range(1, len(works))
        )
    return takes


def _view(work: Work, together: Together, clips: Placed, index: int, number: int | None) -> View:
    """Return what a Take keeps of a further clip, and of somebody in it."""
    placed = together.cameras[index]
    to_first = np.eye(4)
    to_first[:3, :3] = placed.rotation.T
    to_first[:3, 3] = placed.to_first(np.zeros(3))
    landmarks = np.zeros((len(work.times), 33, 3))
    if number is not None:
        track = work.tracks[number]
        landmarks[track.frames] = track.landmarks
    match = clips.matches[index - 1]
    about = {
        "stored": work.video.stored,
        "sound_start": work.video.sound_start or 0.0,
        "focal": work.focal_told_by,
        "matched": {
            "told_by": clips.told_by[index - 1],
            "sure": round(match.sure, 3),
            "missed": round(match.missed, 4),
        },
    }
    return View(
        str(work.video.path),
        replace(placed.camera, to_world=to_first),
        work.times,
        placed.offset,
        placed.rate,
        landmarks,
        np.empty(0) if work.motion.turns is None else work.motion.turns,
        np.empty(0) if work.motion.zoom is None else work.motion.zoom,
        about,
    )
