"""The motion of people in one part of a clip, by the same stages as that of a whole clip."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core_model.engine.forecast import usual_seconds
from core_model.engine.memory import give_back
from core_model.fit.stature import growth, with_stature
from core_model.fit.steadying import turned
from core_model.lifting.figure import Figure
from core_model.parts.kept import Kept
from core_model.parts.people import Person
from core_model.pipeline.leaving import while_shown
from core_model.pipeline.stages import (
    find_hands,
    fit,
    guard_sides,
    lift,
    turn_hands,
    work_ahead,
)
from core_model.pipeline.work import Work
from core_model.progress import NOTHING, Progress, silent
from core_model.tracking.track_people import TrackingResult
from core_model.world.camera_motion import CameraMotion
from core_model.world.to_takes import figure_confidence

_STAGES = (("sides", guard_sides), ("hands", find_hands), ("network", lift))


def first_shapes(work: Work, kept: Kept, people: Sequence[Person]) -> list[np.ndarray]:
    """Return the betas (10,) of people, of each from the part in which it was seen longest.

    All parts begin with the same, so that nobody gets another size where two of them meet.
    """
    shapes = []
    for person in people:
        number = max(person.seen, key=lambda each: person.seen[each])
        piece = _piece(work, kept, number, [person], work.motion)
        guard_sides(piece)
        lift(piece)
        shapes.append(piece.figures[0].betas)
    if work.options.height:
        shapes[0] = with_stature(work.body, shapes[0], work.options.height)
    return shapes


def find_motion(
    work: Work,
    kept: Kept,
    number: int,
    people: Sequence[Person],
    shapes: Sequence[np.ndarray],
    motion: CameraMotion,
    progress: Progress,
) -> None:
    """Find how people moved in a part, and keep it.

    Parameters
    ----------
    work : Work
        Of the whole clip.
    kept : Kept
    number : int
        Of the part.
    people : sequence of Person
    shapes : sequence of (10,)
        From `first_shapes`.
    motion : CameraMotion
        Through the whole clip.
    progress : Progress
    """
    here = [index for index, person in enumerate(people) if number in person.tracks]
    first = kept.parts[number].first
    with kept.adding_motion(number) as arrays:
        arrays["people"] = np.array(here, np.int64)
        if not here:
            return
        piece = _piece(work, kept, number, [people[index] for index in here], motion)
        piece.progress = progress
        for name, run in _STAGES:
            run(piece)
            give_back()
            work.clock.lap(name)
        for index, figure in zip(here, piece.figures, strict=True):
            figure.pelvis = figure.pelvis * growth(work.body, figure.betas, shapes[index])
            figure.betas = shapes[index]
        fit(piece)
        give_back()
        work.clock.lap("fit")
        turn_hands(piece)
        work.clock.lap("hands")
        for index, figure in zip(here, piece.figures, strict=True):
            sure = figure_confidence(figure, piece.times, work.camera, work.body)
            turns = piece.motion.of(figure)
            still = figure if turns is None else turned(figure, turns)
            arrays |= {
                f"{name}_{index}": array for name, array in _arrays(still, first, sure).items()
            }
        work.warnings += [each for each in piece.warnings if each not in work.warnings]


def amounts_in_part(
    work: Work, tracked: TrackingResult, number: int, people: Sequence[Person]
) -> dict[str, int]:
    """Return how much work a part makes, as `WorkAhead.amounts` counts it."""
    ahead = work_ahead(work)
    own = [person.tracks[number] for person in people if number in person.tracks]
    tracks = [tracked.tracks[index] for index in own]
    ahead.know(tracked.times, tracks, hands_seen=tracked.looks is not None)
    return ahead.amounts


class PartProgress:
    """Tells how far a part has come as a share of all parts, which are told as one fit.

    Parameters
    ----------
    tell : Progress
    amounts : mapping
        Of the part.
    before, own, whole : int
        Work of the parts before this, of this and of all, as frames whose fit takes as long.
    """

    def __init__(
        self, tell: Progress, amounts: Mapping[str, int], before: int, own: int, whole: int
    ) -> None:
        self._tell, self._before, self._own, self._whole = tell, before, own, whole
        seconds = usual_seconds({name: count for name, count in amounts.items() if name != "copy"})
        stages = [name for name in ("sides", "hands", "network", "fit") if name in seconds]
        total = sum(seconds[name] for name in stages) or 1.0
        passed = np.cumsum([0.0, *(seconds[name] / total for name in stages)])
        self._spans: dict[str, tuple[float, float]] = {
            name: (float(passed[index]), float(passed[index + 1]))
            for index, name in enumerate(stages)
        }

    def __call__(
        self, stage: str, done: int, total: int | None, ahead: Mapping[str, int] = NOTHING
    ) -> None:
        """Hear of a stage of the part."""
        begin, end = self._spans.get(stage, (0.0, 0.0))
        share = begin + (end - begin) * (done / total if total else 0.0)
        self._tell("fit", self._before + round(share * self._own), self._whole)


def _piece(
    work: Work, kept: Kept, number: int, people: Sequence[Person], motion: CameraMotion
) -> Work:
    """Return the work of a part for some people who are in it, as if it were a clip."""
    part, tracked = kept.parts[number], kept.followed(number)
    times, options = tracked.times, work.options
    video = work.video.between(float(times[0]), float(times[-1]))
    here = motion.between(part.first, part.end)
    tracks = while_shown(
        [tracked.tracks[person.tracks[number]] for person in people],
        times,
        (video.width, video.height),
        goes_on=(number > 0, number < len(kept.parts) - 1),
    )
    return replace(
        work,
        video=video,
        # The height is that of the whole clip's first person, who may be somewhere else.
        options=replace(options, height=None),
        progress=silent,
        times=times,
        tracks=[here.zoomed(track) for track in tracks],
        background=[],
        looks=tracked.looks,
        motion=here,
        hands=None,
        figures=[],
        takes=[],
        warnings=[],
    )


def _arrays(figure: Figure, first: int, sure: np.ndarray) -> dict[str, np.ndarray]:
    """Return what is kept of a figure in a part that begins with frame `first` of the clip."""
    arrays = {
        "first": np.array(first + figure.first),
        "seen": figure.seen,
        "landmarks": figure.landmarks.astype(np.float32),
        "bbox": figure.bbox.astype(np.float32),
        "rotations": figure.rotations.astype(np.float32),
        "betas": figure.betas,
        "pelvis": figure.pelvis,
        "confidence": sure.astype(np.float32),
    }
    if figure.hands:
        arrays["fingers"] = figure.hands.fingers.astype(np.float32)
        arrays["confidence_hands"] = figure.hands.confidence.astype(np.float32)
    return arrays
