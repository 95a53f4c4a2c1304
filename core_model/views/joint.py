"""One motion out of several views: the first guess, and the fit in pieces that share cameras."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from core_model.body.model import Body
from core_model.engine.side_by_side import Share, Task, untold
from core_model.fit.optimise import Fitted
from core_model.fit.pieces import at_once, blended, pieces_of
from core_model.fit.placed_camera import PlacedCamera, Sight
from core_model.fit.views import SeenByViews, fit_views
from core_model.fit.weights import FitWeights
from core_model.geometry.rotations import matrix_to_rot6d, rot6d_to_matrix
from core_model.network.devices import calculated, one_thread
from core_model.views.clips import ClipMotion, interpolated, nearest
from core_model.views.trust import sureness

# What two views see needs the network's word less than what one does.
_FREE = FitWeights(iterations=300, tie=20.0, tie_ends=14.0, tie_root=60.0)
_FIXED = FitWeights(iterations=150, tie=20.0, tie_ends=14.0, tie_root=60.0)
_UNSEEN = 1e-6
_SHARPER = 2  # power of how sure views are, by which their rotations are averaged
_MOST_FREE = 128  # frames of all people together with which cameras are looked for


def first_guess(
    person: dict[int, int],
    clips: Sequence[ClipMotion],
    cameras: Sequence[PlacedCamera],
    times: np.ndarray,
    body: Body,
) -> SeenByViews:
    """Put together what each view says of somebody, at `times` (T,) of the first clip's clock.

    Rotations are averaged (as 6D vectors), places too; who sees better counts more, joint by joint:
    an arm that one view hides is as the other one shows it.

    Parameters
    ----------
    person : dict of int to int
        Which of its figures they are in which clip.
    clips : sequence of ClipMotion
    cameras : sequence of PlacedCamera
    times : (T,)
        Seconds on the first clip's clock.
    body : Body
    """
    frames = len(times)
    turns = np.zeros((frames, 24, 6))
    places = np.zeros((frames, 3))
    shares = np.zeros((frames, 24))
    betas = np.zeros(10)
    sights = []
    for index, number in person.items():
        clip, placed = clips[index], cameras[index]
        figure = clip.figures[number]
        own = clip.own_times(figure)
        moments, seen = placed.on_first_clock(own), figure.seen
        rotations = figure.rotations[seen].copy()
        rotations[:, 0] = placed.rotation.T @ rotations[:, 0]
        trust = _within(times, moments, sureness(clip, number, body) ** _SHARPER)
        # Where no view shows them, whoever saw them last or will see them next is believed.
        away = np.abs(times - moments[seen][nearest(times, moments[seen])])
        trust = trust + (_UNSEEN / (1 + away))[:, None]
        at = times, moments[seen]
        turns += trust[..., None] * interpolated(*at, matrix_to_rot6d(rotations))
        places += trust[:, :1] * interpolated(*at, placed.to_first(figure.pelvis[seen]))
        shares += trust
        betas += figure.betas * figure.seen.sum()
        landmarks = np.where(seen[:, None, None], figure.landmarks, 0.0)
        sights.append(Sight(index, own, landmarks))
    total = sum(clips[clip].figures[number].seen.sum() for clip, number in person.items())
    return SeenByViews(
        rot6d_to_matrix(turns / shares[..., None]),
        places / shares[:, :1],
        betas / total,
        times,
        sights,
    )


def _within(times: np.ndarray, own: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return values (N, C) known at `own` (N,) at other times (T,); beyond them 0."""
    columns = [np.interp(times, own, column, left=0.0, right=0.0) for column in values.T]
    return np.stack(columns, axis=1)


def fit_people(
    people: Sequence[SeenByViews],
    cameras: Sequence[PlacedCamera],
    body: Body,
    device: torch.device,
    progress: Share = untold,
    telling: Sequence[int] | None = None,
    quick: FitWeights | None = None,
) -> tuple[list[Fitted], list[PlacedCamera]]:
    """Find the cameras from some pieces of the motion, then the motion with these cameras.

    Parameters
    ----------
    people : sequence of SeenByViews
    cameras : sequence of PlacedCamera
    body : Body
    device : torch.device
    progress : callable
        Is told the share that is done, 0 to 1.
    telling : sequence of int, optional
        Those of the people who tell where the cameras stand; everybody if not given.
    quick : FitWeights, optional
        Of a search that only compares.
    """
    whose = range(len(people)) if telling is None else telling
    chosen = _telling([people[number] for number in whose], cameras)
    alone = len(chosen) == len(people) and all(
        len(part.times) == len(whole.times) for part, whole in zip(chosen, people, strict=True)
    )
    share = 1.0 if alone else 0.4
    fitting = quick or _FREE
    fitted, found = list[Fitted](), list(cameras)
    if chosen:  # else the cameras stay where they are thought to stand
        with one_thread():
            fitted, found = fit_views(
                chosen, cameras, body, device, fitting, True, True, lambda x: progress(share * x)
            )
    if alone:
        return fitted, found
    pieces = [pieces_of(len(person.times)) for person in people]
    last = quick or _FIXED

    def task(person: SeenByViews, piece: tuple[int, int]) -> Task[Fitted]:
        part = _part(person, slice(*piece))
        return Task(
            len(part.times),
            lambda tell: fit_views([part], found, body, device, last, False, True, tell)[0][0],
        )

    tasks = [
        task(person, piece) for person, own in zip(people, pieces, strict=True) for piece in own
    ]
    most = at_once([task.size for task in tasks])
    done = iter(calculated(tasks, device, lambda part: progress(share + (1 - share) * part), most))
    return [
        blended(len(person.times), own, [next(done) for _ in own])
        for person, own in zip(people, pieces, strict=True)
    ], found


def _part(person: SeenByViews, which: slice) -> SeenByViews:
    return replace(
        person,
        rotations=person.rotations[which],
        pelvis=person.pelvis[which],
        times=person.times[which],
    )


def _telling(people: Sequence[SeenByViews], cameras: Sequence[PlacedCamera]) -> list[SeenByViews]:
    """Return the pieces of motion that tell most about where the cameras stand."""
    left = _MOST_FREE
    chosen = []
    for person in people:
        if len(person.sights) < 2 or left < 3:
            continue
        seen = np.zeros(len(person.times))
        for sight in person.sights:
            moments = cameras[sight.camera].on_first_clock(sight.times)
            visible = sight.landmarks[..., 2].mean(axis=1)
            seen += np.minimum(np.interp(person.times, moments, visible, left=0.0, right=0.0), 1.0)
        length = min(len(person.times), left)
        inside = np.convolve(seen, np.ones(length), "valid")
        start = int(inside.argmax())
        chosen.append(_part(person, slice(start, start + length)))
        left -= length
    return chosen
