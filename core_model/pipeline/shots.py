"""The shots of a clip that was cut: each goes through the pipeline as a clip of its own.

Every shot has its own camera, and so its own world; nobody is in two of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from core_model.errors import NoPersonError
from core_model.pipeline.choosing import shots_of
from core_model.pipeline.stages import STAGES, Stage, run
from core_model.pipeline.work import Work
from core_model.progress import NOTHING, Progress
from core_model.tracking.background import matches_of_shot
from core_model.tracking.tracks import Track
from core_model.video.cuts import listed, split_at


def run_by_shots(work: Work) -> list[Work]:
    """Let a clip go through all stages; the Takes are those of the work, in place.

    Returns
    -------
    list of Work
        Of its shots that show somebody; the work itself where it was never cut.

    Raises
    ------
    MocapError
        Whatever goes wrong in one of the stages.
    """
    people, *others = STAGES
    run(work, [people])
    if not work.cuts:
        run(work, others)
        return [work]
    shots = _shots(work)
    for stage in others:
        _run_all(stage, shots)
        work.clock.lap(stage.name)
    work.takes = [take for shot in shots for take in shot.takes]
    if not work.takes:
        raise NoPersonError(f"Nobody was found in {Path(work.video.path).name}.")
    shown = [shot for shot in shots if shot.takes]
    work.warnings.append(_told_of_cuts(work.cuts, len(shown)))
    for shot in shown:
        told = [each for each in shot.warnings if each not in work.warnings]
        work.warnings += [f"Shot {shot.shot}: {sentence}" for sentence in told]
    return shown


def _told_of_cuts(cuts: Sequence[float], shown: int) -> str:
    """Return sentences about a clip that was cut, in so many shots of which somebody is seen."""
    empty = len(cuts) + 1 - shown
    return (
        f"The clip is cut at {listed(cuts)} s: each of its {len(cuts) + 1} shots has a camera, a "
        "floor and people of its own." + (f" Nobody is seen in {empty} of them." if empty else "")
    )


def _shots(work: Work) -> list[Work]:
    """Return the shots of a clip whose people are known, those that show somebody."""
    parts = split_at(work.times, work.cuts)
    shown = shots_of(work.tracks, work.times, work.cuts)
    sights = [len(track.frames) for track in work.tracks]
    whole, before, first = max(sum(sights), 1), 0, 0
    shots: list[Work] = []
    for number, own in enumerate(parts):
        here = [index for index, shot in enumerate(shown) if shot == number]
        if here:
            count = sum(sights[index] for index in here)
            shot = _shot(work, number + 1, own, first, [work.tracks[index] for index in here])
            shot.progress = partial(_of_all, work.progress, before / whole, count / whole, whole)
            if shots:  # how tall the clip's first person is says nothing of others
                shot.options = replace(shot.options, height=None)
            shots.append(shot)
            before += count
        first += len(own)
    return shots


def _shot(work: Work, number: int, times: np.ndarray, first: int, tracks: list[Track]) -> Work:
    """Return the work of a shot as if it were a clip, which begins with frame `first`."""
    begin, last = float(times[0]), float(times[-1])
    return replace(
        work,
        video=work.video.between(begin, last),
        shot=number,
        times=times,
        tracks=[replace(track, frames=track.frames - first) for track in tracks],
        background=matches_of_shot(work.background, begin, last),
        edges=[look for look in work.edges if begin <= look.time <= last],
        looks=work.looks and work.looks.between(first, first + len(times)),
        cuts=[],
        figures=[],
        takes=[],
        warnings=[],
    )


def _run_all(stage: Stage, shots: Sequence[Work]) -> None:
    """Let shots go through a stage, one after the other, in place."""
    people = 0
    for shot in shots:
        shot.people_before = people
        try:
            stage.run(shot)
        except NoPersonError:  # in this shot
            shot.takes = []
        people += len(shot.takes)


def _of_all(
    tell: Progress,
    before: float,
    own: float,
    whole: int,
    stage: str,
    done: int,
    total: int | None,
    ahead: Mapping[str, int] = NOTHING,
) -> None:
    """Tell how far one of several shots has come as a share of all of them."""
    share = before + own * (done / total if total else 0.0)
    tell(stage, round(share * whole), None if total is None else whole, ahead)
