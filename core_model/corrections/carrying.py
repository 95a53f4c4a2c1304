"""Corrections of an earlier capture of a clip, as they are for another capture of it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core_model.body.skeleton import JOINT_INDEX
from core_model.corrections.records import Contact, Corrections, MovedLandmark, Pin, PlacePin
from core_model.take import Take

_LEAST_OVERLAP = 0.3  # of the boxes around two people that are one
_PELVIS = JOINT_INDEX["pelvis"]


def same_person(take: Take, others: Sequence[Take]) -> int | None:
    """Return which of other takes of the same clip shows the same person, None if none does.

    Parameters
    ----------
    take : Take
    others : sequence of Take
        Of one capture.
    """
    overlaps = [_overlap(take, other) for other in others]
    best = int(np.argmax(overlaps)) if overlaps else 0
    return best if overlaps and overlaps[best] >= _LEAST_OVERLAP else None


def carried(corrections: Corrections, old: Take, new: Take, person: int) -> Corrections:
    """Return what is said of one take as they are for another of that person.

    Places and the facing are seen from the camera: two captures may have found another floor.
    What the new take has no frame near is left out.

    Parameters
    ----------
    corrections : Corrections
        Of one person alone.
    old, new : Take
        Of the same clip.
    person : int
        Number of the new take.
    """
    landmarks = [
        each
        for each in corrections.landmarks
        if (
            _has_frame_at(new, each.time)
            if isinstance(each, MovedLandmark)
            else _has_frame_in(new, each.start, each.end)
        )
    ]
    swaps = [each for each in corrections.swaps if _has_frame_in(new, each.start, each.end)]
    fills = [each for each in corrections.fills if _has_frame_in(new, each.start, each.end)]
    contacts = [each for each in corrections.contacts if _has_frame_in(new, each.start, each.end)]
    return Corrections(
        pins=tuple(
            replace(_seen_from(pin, old, new), person=person)
            for pin in corrections.pins
            if _has_frame_at(new, pin.time)
        ),
        landmarks=tuple(replace(each, person=person) for each in landmarks),
        swaps=tuple(replace(each, person=person) for each in swaps),
        fills=tuple(replace(each, person=person) for each in fills),
        contacts=tuple(_of_surface(replace(each, person=person), old, new) for each in contacts),
    )


def _seen_from(pin: Pin, old: Take, new: Take) -> Pin:
    """Return a pin in the world of another take."""
    if old.camera is None or new.camera is None:
        return pin
    if isinstance(pin, PlacePin):
        place = new.camera.camera_to_world(old.camera.world_to_camera(pin.place))
        return replace(pin, place=place, moved=None)
    if pin.joint != _PELVIS:
        return pin
    turn = new.camera.to_world[:3, :3] @ old.camera.to_world[:3, :3].T
    return replace(pin, rotation=turn @ pin.rotation)


def _of_surface(contact: Contact, old: Take, new: Take) -> Contact:
    """Return a contact whose surface is in the world of another take."""
    if contact.surface is None or old.camera is None or new.camera is None:
        return contact
    corners = np.reshape(contact.surface, (-1, 3))
    placed = new.camera.camera_to_world(old.camera.world_to_camera(corners))
    return replace(contact, surface=placed.reshape(-1, 3, 3))


def _has_frame_at(take: Take, time: float) -> bool:
    return bool(np.abs(take.times - time).min() < 0.51 / take.frame_rate)


def _has_frame_in(take: Take, start: float, end: float) -> bool:
    return bool(((take.times >= start - 1e-6) & (take.times <= end + 1e-6)).any())


def _overlap(one: Take, other: Take) -> float:
    """Return how much the boxes of two takes lie over each other, 0 to 1, in frames that both have.

    Their intersection over their union, a mean over all frames of the shorter take.
    """
    near = np.searchsorted(other.times, one.times).clip(max=len(other) - 1)
    close = np.abs(other.times[near] - one.times) < 0.51 / min(one.frame_rate, other.frame_rate)
    both = close & one.frame_valid & other.frame_valid[near]
    if not both.any():
        return 0.0
    first, second = one.bbox[both], other.bbox[near[both]]
    low = np.maximum(first[:, :2], second[:, :2])
    high = np.minimum(*(each[:, :2] + each[:, 2:] for each in (first, second)))
    common = (high - low).clip(min=0).prod(axis=1)
    areas = [each[:, 2:].clip(min=0).prod(axis=1) for each in (first, second)]
    shares = common / np.maximum(areas[0] + areas[1] - common, 1e-9)
    return float(shares.sum() / min(one.frame_valid.sum(), other.frame_valid.sum()))
