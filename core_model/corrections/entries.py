"""What is said of takes as entries of the file of corrections: plain numbers, lists and texts."""

from typing import Any

import numpy as np

from core_model.body.landmarks import LANDMARK_NAMES
from core_model.body.skeleton import JOINT_NAMES
from core_model.corrections.records import (
    Contact,
    Corrections,
    Fill,
    HiddenLandmark,
    MovedLandmark,
    Pin,
    PlacePin,
)
from core_model.geometry.rotations import matrix_to_axis_angle

FOUND = "found"
"""The height of what is as high as it was captured."""

_DIGITS = 5  # of a metre: hundredths of a millimetre


def entries_of(corrections: Corrections) -> dict[str, list[Any]]:
    """Return what the file says, without its format."""
    return {
        "pins": [_pin(pin) for pin in corrections.pins],
        "landmarks": [_landmark(each) for each in corrections.landmarks],
        "sides": [vars(swap) for swap in corrections.swaps],
        "fills": [_fill(each) for each in corrections.fills],
        "contacts": [_contact(each) for each in corrections.contacts],
        "identities": [
            *({"people": list(each.people), "from": each.time} for each in corrections.exchanges),
            *({"drop": number} for number in corrections.dropped),
        ],
    }


def _pin(pin: Pin) -> dict[str, Any]:
    about = {"person": pin.person, "time": pin.time, "joint": JOINT_NAMES[pin.joint]}
    if isinstance(pin, PlacePin):
        about["place"] = np.asarray(pin.place).tolist()
        if pin.moved is not None:
            about["moved"] = np.asarray(pin.moved).tolist()
    else:
        about["rotation"] = matrix_to_axis_angle(np.asarray(pin.rotation)).tolist()
    return about | ({"soft": True} if pin.soft else {})


def _landmark(said: MovedLandmark | HiddenLandmark) -> dict[str, Any]:
    name = LANDMARK_NAMES[said.landmark]
    if isinstance(said, MovedLandmark):
        at = np.asarray(said.at).tolist()
        return {"person": said.person, "time": said.time, "landmark": name, "at": at}
    span = {"start": said.start, "end": said.end}
    return {"person": said.person, **span, "landmark": name, "hidden": True}


def _fill(fill: Fill) -> dict[str, Any]:
    joints = [JOINT_NAMES[each] for each in fill.joints]
    return {"person": fill.person, "start": fill.start, "end": fill.end, "joints": joints}


def _contact(contact: Contact) -> dict[str, Any]:
    said = {name: value for name, value in vars(contact).items() if value is not None}
    if not contact.rolls:
        del said["rolls"]
    if not contact.touches:  # it has no height
        return {name: value for name, value in said.items() if name not in ("height", "surface")}
    if contact.surface is not None:
        said.pop("height", None)
        return said | {"surface": np.round(contact.surface, _DIGITS).tolist()}
    return said | {"height": FOUND if contact.height is None else contact.height}
