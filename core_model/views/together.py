"""Clips that were captured alone explained by one motion of everybody in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from core_model.body.landmarks import LANDMARK_COUNT
from core_model.body.model import Body
from core_model.engine.side_by_side import Share
from core_model.fit.confidence import joint_confidence
from core_model.fit.optimise import Fitted
from core_model.fit.placed_camera import PlacedCamera
from core_model.fit.stature import set_stature, stature
from core_model.fit.weights import FitWeights
from core_model.geometry.rotations import matrix_to_rot6d, rot6d_to_matrix
from core_model.lifting.figure import Figure
from core_model.views.clips import ClipMotion, interpolated
from core_model.views.joint import first_guess, fit_people
from core_model.views.placing import Placed
from core_model.views.rooms import shared_room
from core_model.views.telling import telling


@dataclass
class Together:
    """Everybody in several clips, in the space of the first camera, in frames of the first clip.

    Parameters
    ----------
    figures : list of Figure
        Landmarks and boxes are what the first camera saw, as if it stood still.
    confidences : list of (F, 24)
    cameras : list of PlacedCamera
    people : list of dict of int to int
        As in `Placed`, of the same people.
    """

    figures: list[Figure]
    confidences: list[np.ndarray]
    cameras: list[PlacedCamera]
    people: list[dict[int, int]]


def same_stature(
    clips: Sequence[ClipMotion], people: Sequence[dict[int, int]], body: Body, height: float | None
) -> None:
    """Make everybody as tall in all clips, in place: as on average, or the first as they are.

    Parameters
    ----------
    clips : sequence of ClipMotion
    people : sequence of dict of int to int
    body : Body
    height : float or None
        Of the first person, metres, where it is known.
    """
    for number, person in enumerate(people):
        own = [clips[clip].figures[figure] for clip, figure in person.items()]
        known = height if number == 0 else None
        if known is None and len(own) < 2:
            continue
        tall = known or float(np.mean([stature(body, figure.betas) for figure in own]))
        for figure in own:
            set_stature(figure, body, tall)


def explain_together(
    clips: Sequence[ClipMotion],
    placed: Placed,
    body: Body,
    device: torch.device,
    progress: Share,
    quick: FitWeights | None = None,
) -> Together:
    """Fit one motion of everybody, and the cameras, to what all clips show.

    Parameters
    ----------
    clips : sequence of ClipMotion
    placed : Placed
    body : Body
    device : torch.device
    progress : callable
        Is told the share that is done, 0 to 1.
    quick : FitWeights, optional
        Of a search that only compares: a piece of the motion is enough.
    """
    spans = [_frames_of(person, clips, placed.cameras) for person in placed.people]
    people = [
        (person, frames)
        for person, frames in zip(placed.people, spans, strict=True)
        if len(frames) >= 3
    ]
    guesses = [
        first_guess(person, clips, placed.cameras, clips[0].times[frames], body)
        for person, frames in people
    ]
    room = shared_room(clips, placed.cameras)
    if room and guesses:
        spine = np.mean([guess.rotations[:, 0, :, 1].mean(axis=0) for guess in guesses], axis=0)
        guesses = [replace(guess, up=room.up_along(spine)) for guess in guesses]
    shared = [number for number, (person, _) in enumerate(people) if len(person) > 1]
    fitted, cameras = fit_people(
        [guesses[number] for number in shared],
        placed.cameras,
        body,
        device,
        progress,
        telling([people[number][0] for number in shared], clips, placed.cameras, body),
        quick,
    )
    found = dict(zip(shared, fitted, strict=True))
    together = Together([], [], cameras, [])
    for number, (person, frames) in enumerate(people):
        guess = guesses[number]
        alone = Fitted(guess.rotations, guess.pelvis, guess.betas)
        figure = _figure(person, frames, found.get(number, alone), clips, cameras)
        if figure.seen.any():  # not only between two frames of the first clip
            together.figures.append(figure)
            together.confidences.append(_confidence(person, frames, figure, clips, cameras, body))
            together.people.append(person)
    return together


def alone_in_first(
    clips: Sequence[ClipMotion],
    cameras: Sequence[PlacedCamera],
    clip: int,
    who: int,
    body: Body,
) -> tuple[Figure, np.ndarray]:
    """Return somebody as one clip alone had them, and how sure each joint is (F, 24).

    In frames of the first clip, and in its camera's space.

    Parameters
    ----------
    clips : sequence of ClipMotion
    cameras : sequence of PlacedCamera
    clip, who : int
        Which clip, and which of its figures.
    body : Body
    """
    person = {clip: who}
    frames = _frames_of(person, clips, cameras)
    guess = first_guess(person, clips, cameras, clips[0].times[frames], body)
    motion = Fitted(guess.rotations, guess.pelvis, guess.betas)
    alone = _figure(person, frames, motion, clips, cameras)
    return alone, _confidence(person, frames, alone, clips, cameras, body)


def _frames_of(
    person: dict[int, int], clips: Sequence[ClipMotion], cameras: Sequence[PlacedCamera]
) -> np.ndarray:
    """Return the frames of the first clip from the first to the last sight in any clip."""
    times = clips[0].times
    begin, end = np.inf, -np.inf
    for index, number in person.items():
        figure = clips[index].figures[number]
        own = cameras[index].on_first_clock(clips[index].own_times(figure)[figure.seen])
        begin, end = min(begin, own[0]), max(end, own[-1])
    return np.flatnonzero((times >= begin - 1e-6) & (times <= end + 1e-6))


def on_grid(figure: Figure, own: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a figure's landmarks (T, 33, 3) at `times` (T,), and where it was seen.

    Parameters
    ----------
    figure : Figure
    own : (F,)
        Seconds of its frames, on the clock of `times`.
    times : (T,)
    """
    landmarks = interpolated(times, own, figure.landmarks)
    seen = np.interp(times, own, figure.seen.astype(float), left=0, right=0) > 0.49
    landmarks[~seen] = 0
    return landmarks, seen


def _figure(
    person: dict[int, int],
    frames: np.ndarray,
    motion: Fitted,
    clips: Sequence[ClipMotion],
    cameras: Sequence[PlacedCamera],
) -> Figure:
    """Return somebody's motion as a figure of the first clip."""
    count, first = len(frames), int(frames[0])
    figure = Figure(
        first,
        np.zeros(count, bool),
        np.zeros((count, LANDMARK_COUNT, 3)),
        np.zeros((count, 4)),
        motion.rotations,
        motion.betas,
        motion.pelvis,
    )
    for index, number in person.items():
        own = clips[index].figures[number]
        moments = cameras[index].on_first_clock(clips[index].own_times(own))
        figure.seen |= on_grid(own, moments, clips[0].times[frames])[1]
        if index == 0:
            inside = slice(own.first - first, own.first - first + len(own.seen))
            figure.landmarks[inside] = np.where(own.seen[:, None, None], own.landmarks, 0.0)
            figure.bbox[inside] = own.bbox
            figure.seen[inside] |= own.seen
    return figure


def _confidence(
    person: dict[int, int],
    frames: np.ndarray,
    figure: Figure,
    clips: Sequence[ClipMotion],
    cameras: Sequence[PlacedCamera],
    body: Body,
) -> np.ndarray:
    """Return how sure each joint is (F, 24): as the camera tells that sees it best."""
    times = clips[0].times[frames]
    best = np.zeros((len(frames), figure.rotations.shape[1]))
    for index, number in person.items():
        own, placed = clips[index].figures[number], cameras[index]
        landmarks, seen = on_grid(own, placed.on_first_clock(clips[index].own_times(own)), times)
        rotations = figure.rotations.copy()
        rotations[:, 0] = placed.rotation @ rotations[:, 0]
        sure = joint_confidence(
            rotations,
            figure.betas,
            placed.from_first(figure.pelvis),
            landmarks,
            times,
            placed.camera,
            body,
        )
        best = np.maximum(best, np.where(seen[:, None], sure, 0.0))
    return best


def average_turns(rotations: Sequence[np.ndarray], weights: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean of rotations (T, ..., 3, 3), each by its weights (T, ...)."""
    total = sum(
        weight[..., None] * matrix_to_rot6d(each)
        for each, weight in zip(rotations, weights, strict=True)
    )
    share = np.maximum(sum(weights), 1e-9)[..., None]
    return np.asarray(rot6d_to_matrix(np.asarray(total) / share))


def unsteadied(figure: Figure, turns: np.ndarray | None) -> Figure:
    """Return a figure as the camera filmed it that turned, by the turns (T, 3, 3) of its clip."""
    if turns is None:
        return figure
    own = np.swapaxes(turns[figure.first : figure.first + len(figure.seen)], 1, 2)
    rotations = figure.rotations.copy()
    rotations[:, 0] = own @ rotations[:, 0]
    return replace(figure, rotations=rotations, pelvis=(own @ figure.pelvis[..., None])[..., 0])
