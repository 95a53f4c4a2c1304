"""Between the list of corrections in the .blend and the records that the solve reads."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_NAMES
from core_model.body.skeleton import JOINT_INDEX, JOINT_NAMES
from core_model.corrections.records import (
    Contact,
    Corrections,
    Exchange,
    Fill,
    HiddenLandmark,
    MovedLandmark,
    Pin,
    PlacePin,
    RotationPin,
    Swap,
)
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle

from .kinds import (
    FILL,
    HIDDEN,
    LANDMARK,
    LIFTS,
    NOBODY,
    PERSON,
    PLACE,
    ROTATION,
    SIDES,
    STANDS,
    TOUCHES,
)
from .surfaces import triangles_in

_SAME_TIME = 1e-3  # seconds; Blender keeps single precision


def corrections_of(takes: Sequence[Any], numbers: dict[str, int]) -> Corrections:
    """Return what is said of the takes of one capture, without what is switched off.

    Parameters
    ----------
    takes : sequence of TakeItem
    numbers : dict
        Number of each take in its folder, from 1, by uid.
    """
    pins: list[Pin] = []
    landmarks: list[MovedLandmark | HiddenLandmark] = []
    swaps: list[Swap] = []
    exchanges: list[Exchange] = []
    dropped: list[int] = []
    fills: list[Fill] = []
    contacts: list[Contact] = []
    for take in takes:
        person = numbers[take.uid]
        for item in take.corrections:
            if not item.enabled:
                continue
            values = np.array(item.values, np.float64)
            if item.kind == ROTATION:
                turn = axis_angle_to_matrix(values)
                joint = JOINT_INDEX[item.part]
                pins.append(RotationPin(person, item.time, joint, turn, item.soft))
            elif item.kind == PLACE:
                moved = np.array(item.moved, np.float64) if any(item.moved) else None
                joint = JOINT_INDEX[item.part]
                pins.append(PlacePin(person, item.time, joint, values, item.soft, moved))
            elif item.kind == LANDMARK:
                landmark = LANDMARK_INDEX[item.part]
                landmarks.append(MovedLandmark(person, item.time, landmark, values[:2]))
            elif item.kind == HIDDEN:
                landmark = LANDMARK_INDEX[item.part]
                landmarks.append(HiddenLandmark(person, item.time, item.end, landmark))
            elif item.kind == SIDES:
                swaps.append(Swap(person, item.time, item.end, item.limbs))
            elif item.kind == PERSON and item.other in numbers:
                exchanges.append(Exchange((person, numbers[item.other]), item.time))
            elif item.kind == FILL:
                joints = tuple(JOINT_INDEX[name] for name in item.part.split(","))
                fills.append(Fill(person, item.time, item.end, joints))
            elif item.kind in (TOUCHES, LIFTS):
                touches = item.kind == TOUCHES
                height = None if item.found else float(values[0])
                span = (item.time, item.end, item.part)
                surface = triangles_in(item) if touches else None
                rolls = touches and item.rolls
                contacts.append(Contact(person, *span, touches, height, surface, rolls))
            elif item.kind == NOBODY:
                dropped.append(person)
    return Corrections(
        tuple(pins),
        tuple(landmarks),
        tuple(swaps),
        tuple(sorted(exchanges, key=lambda each: each.time)),
        tuple(sorted(dropped)),
        tuple(fills),
        tuple(contacts),
    )


def list_corrections(take: Any, said: Corrections, uids: dict[int, str]) -> None:
    """Put what is said of one person into the list of its take; what is there already stays.

    Parameters
    ----------
    take : TakeItem
    said : Corrections
        Of this person alone, apart from exchanges: those whose first is this person count.
    uids : dict
        Of the takes of the capture, by their number.
    """
    for pin in said.pins:
        add_pin(take, pin)
    for moved in said.landmarks:
        name = LANDMARK_NAMES[moved.landmark]
        if isinstance(moved, MovedLandmark):
            add_landmark(take, moved.time, name, moved.at)
        else:
            item = _added(take, HIDDEN, moved.start, name)
            item.end = moved.end
    for swap in said.swaps:
        item = _added(take, SIDES, swap.start, "")
        item.end, item.limbs = swap.end, swap.limbs
    for fill in said.fills:
        joints = ",".join(JOINT_NAMES[each] for each in fill.joints)
        _added(take, FILL, fill.start, joints).end = fill.end
    for contact in said.contacts:
        add_contact(take, contact)
    number = next((number for number, uid in uids.items() if uid == take.uid), None)
    for exchange in said.exchanges:
        if exchange.people[0] == number and exchange.people[1] in uids:
            _added(take, PERSON, exchange.time, "").other = uids[exchange.people[1]]
    if number in said.dropped:
        _added(take, NOBODY, 0.0, "")


def add_pin(take: Any, pin: Pin) -> None:
    """Put a pin into the list of a take, in the place of one that says otherwise."""
    kind = PLACE if isinstance(pin, PlacePin) else ROTATION
    item = _added(take, kind, pin.time, JOINT_NAMES[pin.joint])
    given = pin.place if isinstance(pin, PlacePin) else matrix_to_axis_angle(pin.rotation)
    item.values, item.soft = np.asarray(given).tolist(), pin.soft
    moved = pin.moved if isinstance(pin, PlacePin) else None
    item.moved = (0.0, 0.0, 0.0) if moved is None else np.asarray(moved).tolist()


def add_landmark(take: Any, time: float, name: str, at: np.ndarray) -> None:
    """Put a moved landmark into the list of a take, in the place of one that says otherwise."""
    _added(take, LANDMARK, time, name).values = (float(at[0]), float(at[1]), 0.0)


def add_contact(take: Any, contact: Contact) -> int:
    """Put a contact into the list of a take; what says otherwise of that part is switched off.

    What the bake found by itself there is taken out: the next bake finds anew what is left of it.

    Returns
    -------
    int
        How many were.
    """
    off = 0
    for index in range(len(take.corrections) - 1, -1, -1):
        item = take.corrections[index]
        if (item.kind, item.part) == (STANDS, contact.limb):
            if item.time <= contact.end and item.end >= contact.start:
                take.corrections.remove(index)
    for item in take.corrections:
        if item.kind in (TOUCHES, LIFTS) and item.part == contact.limb and item.enabled:
            if item.time <= contact.end and item.end >= contact.start:
                item.enabled = False
                off += 1
    kind = TOUCHES if contact.touches else LIFTS
    item = add_span(take, kind, contact.start, contact.end, contact.limb)
    item.found = contact.height is None
    item.values = (contact.height or 0.0, 0.0, 0.0)
    item.rolls, item.thing = contact.rolls, None
    surface = contact.surface
    item.surface = "" if surface is None else json.dumps(np.asarray(surface).tolist())
    return off


def add_span(take: Any, kind: str, start: float, end: float, part: str = "") -> Any:
    """Put what is said of a stretch into the list of a take, and return it."""
    item = _added(take, kind, start, part)
    item.end = end
    return item


def sort_corrections(take: Any) -> None:
    """Bring the list into the order of time; the active one stays so.

    What the bake found by itself comes last.
    """
    items = take.corrections
    active = take.active_correction

    def comes_after(one: Any, other: Any) -> bool:
        if (one.kind == STANDS) != (other.kind == STANDS):
            return bool(one.kind == STANDS)
        return bool(one.time > other.time + _SAME_TIME)

    for place in range(1, len(items)):
        at = place
        while at and comes_after(items[at - 1], items[at]):
            items.move(at, at - 1)
            active = {at: at - 1, at - 1: at}.get(active, active)
            at -= 1
    take.active_correction = active


def _added(take: Any, kind: str, time: float, part: str) -> Any:
    """Return the entry of a kind, a moment and a part, made if there is none."""
    for number, item in enumerate(take.corrections):
        if (item.kind, item.part) == (kind, part) and abs(item.time - time) < _SAME_TIME:
            item.enabled = True
            take.active_correction = number
            return item
    place = sum(item.kind != STANDS for item in take.corrections)
    take.corrections.add()
    take.corrections.move(len(take.corrections) - 1, place)
    item = take.corrections[place]
    item.kind, item.time, item.part = kind, time, part
    take.active_correction = place
    return item
