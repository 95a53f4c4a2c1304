"""From people in the frame of reference of some system to Takes: Z up, metres, seconds."""

from dataclasses import replace
from typing import Any

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.errors import TakeError
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.results.floor import lowest_soles
from core_model.results.record import CAMERA, Y_UP, Z_UP, Lens, Person, Result
from core_model.take import Take

CAMERA_TO_WORLD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""A level camera looks along +Y, so that whoever faces it faces -Y."""

_TO_WORLD = {CAMERA: CAMERA_TO_WORLD, Y_UP: SMPL_TO_WORLD, Z_UP: np.eye(3)}
_FEW_FRAMES = 100_000
_SPARSEST = 50  # times as many frames as there are poses


def moved(person: Person, turn: np.ndarray, shift: np.ndarray | float = 0.0) -> Person:
    """Move a person: turn about the origin, then shift.

    Parameters
    ----------
    person : Person
    turn : (3, 3) or (F, 3, 3)
    shift : (3,) or (F, 3)
        Metres.
    """
    poses = person.poses.copy()
    poses[:, :3] = matrix_to_axis_angle(turn @ axis_angle_to_matrix(poses[:, :3]))
    # SMPL turns about the pelvis; its translation is of the model's origin.
    pelvis = np.zeros(3) if person.at_pelvis else rest_pelvis(person)
    places = np.einsum("...ab,...b->...a", turn, person.places + pelvis) + shift - pelvis
    return replace(person, poses=poses, places=places)


def rest_pelvis(person: Person) -> np.ndarray:
    """Return where the pelvis of the body that a person gets is at rest, (3,), metres."""
    return np.asarray(default_body().rest_joints(person.betas)[0])


def takes_of(result: Result, rate: float, source: dict[str, Any]) -> list[Take]:
    """Place people in our world.

    Parameters
    ----------
    result : Result
    rate : float
        Frames per second.
    source : dict
        What to keep with each take of where it came from.

    Raises
    ------
    TakeError
        When the numbers are none of people.
    """
    people = [moved(person, _TO_WORLD[result.frame]) for person in result.people]
    known = [_known(person) for person in people]
    heights = [0.0] * len(people)
    if not result.floor:
        heights = [
            lowest_soles(*_posed(person, seen)) for person, seen in zip(people, known, strict=True)
        ]
        if result.shared and heights:
            heights = [min(heights)] * len(heights)
        people = [
            replace(person, places=person.places - [0.0, 0.0, height])
            for person, height in zip(people, heights, strict=True)
        ]
    return [
        _take(person, seen, rate, source | {"person": person.name}, _camera(result.lens, height))
        for person, seen, height in zip(people, known, heights, strict=True)
    ]


def _known(person: Person) -> np.ndarray:
    """Return which rows (F,) hold numbers; a `TakeError` if none does."""
    rows = np.concatenate((person.poses, person.places), axis=1)
    known = np.isfinite(rows).all(axis=1)
    if not known.any():
        raise TakeError("it has no frame in which the person was seen.")
    return np.asarray(known)


def _posed(person: Person, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    shift = np.zeros(3) if not person.at_pelvis else rest_pelvis(person)
    return person.poses[seen], person.places[seen] - shift, person.betas


def _camera(lens: Lens | None, floor: float) -> Camera | None:
    """Return the camera of people in its own frame of reference, whose floor is at a height."""
    if lens is None:
        return None
    to_world = np.eye(4)
    to_world[:3, :3] = CAMERA_TO_WORLD
    to_world[2, 3] = -floor
    size = np.array(lens.size)
    if not 1 <= size.min() <= size.max() < 2**20:
        raise TakeError("its picture has an impossible size.")
    return Camera(lens.focal, size / 2, np.rint(size).astype(np.int64), to_world)


def _take(
    person: Person, seen: np.ndarray, rate: float, source: dict[str, Any], camera: Camera | None
) -> Take:
    frames = np.arange(len(person.poses)) if person.frames is None else person.frames
    rows = np.flatnonzero(seen)
    numbers, first = np.unique(frames[rows], return_index=True)
    rows = rows[first]
    span = int(numbers[-1] - numbers[0]) + 1
    if span > max(_FEW_FRAMES, _SPARSEST * len(numbers)):
        raise TakeError(f"it has {len(numbers)} poses that are spread over {span} frames.")
    every = numbers[0] + np.arange(span)
    valid = np.isin(every, numbers)
    nearest = rows[_nearest(numbers, every)]
    confidence = np.ones(len(frames)) if person.confidence is None else person.confidence
    hands = None if person.hands is None else np.nan_to_num(person.hands[nearest])
    places = person.places - rest_pelvis(person) if person.at_pelvis else person.places
    return Take(
        poses=person.poses[nearest],
        trans=places[nearest],
        betas=person.betas,
        times=every / rate,
        gender=person.gender,
        confidence=np.repeat((confidence[nearest] * valid)[:, None], 24, axis=1),
        frame_valid=valid,
        camera=camera,
        poses_hands=hands,
        source=source,
    )


def _nearest(numbers: np.ndarray, every: np.ndarray) -> np.ndarray:
    """Return which of increasing numbers (N,) is nearest to each of `every`."""
    after = np.searchsorted(numbers, every).clip(0, len(numbers) - 1)
    before = (after - 1).clip(0)
    return np.where(every - numbers[before] <= numbers[after] - every, before, after)
