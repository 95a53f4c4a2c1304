"""The file of corrections: JSON beside the takes, read without trusting it, written whole.

::

    {"format": "int-mocap-corrections-1",
     "pins": [{"person": 1, "time": 1.5, "joint": "left_knee", "rotation": [0.9, 0, 0]},
              {"person": 1, "time": 1.5, "joint": "left_wrist", "place": [0.2, -0.4, 1.1],
               "soft": true}],
     "landmarks": [{"person": 1, "time": 2.0, "landmark": "left_wrist", "at": [812, 400]},
                   {"person": 1, "start": 2.1, "end": 2.6, "landmark": "left_wrist",
                    "hidden": true}],
     "sides": [{"person": 1, "start": 3.0, "end": 3.4, "limbs": "legs"}],
     "fills": [{"person": 1, "start": 5.0, "end": 5.4, "joints": ["left_shoulder"]}],
     "contacts": [{"person": 1, "start": 2.0, "end": 4.5, "limb": "seat", "height": 0.45},
                  {"person": 1, "start": 5.0, "end": 6.0, "limb": "left_foot",
                   "surface": [[[0, 0, 0], [1, 0, 0], [1, 1, 0.3]]]},
                  {"person": 1, "start": 0.5, "end": 0.9, "limb": "left_foot", "touches": false}],
     "identities": [{"people": [1, 2], "from": 4.2}, {"drop": 3}]}

`person` is the number of the take in its folder, from 1. Rotations are axis-angle vectors in
radians: local as SMPL's, of the pelvis from SMPL space to the world; places are metres in the world
of the takes (Z up), pixels those of the upright picture. A place may say by how much the figure was
`moved` by the bake in which it was seen, metres: then it is there again once it is baked. The
height of what is touched is that of the floor, 0, unless it is given, in metres, or is "found": as
high as it was captured. A `surface` instead is triangles, metres in that world. A foot that `rolls`
goes over heel and ball meanwhile.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.corrections.entries import FOUND, entries_of
from core_model.corrections.records import (
    LIMBS,
    TOUCHING,
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
from core_model.errors import CorrectionError, OutputError
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.storage.atomic import replaced_when_complete

CORRECTIONS_NAME = "corrections.json"
CORRECTIONS_FORMAT = "int-mocap-corrections-1"

_MOST_BYTES = 2**24  # some hundred thousand corrections
_MOST_PEOPLE = 1000
_MOST_TRIANGLES = 10_000
_FARTHEST = 1e5  # metres, pixels and seconds beyond all measure


def load_corrections(path: Path) -> Corrections:
    """Read a file of corrections.

    Raises
    ------
    CorrectionError
        When it cannot be read, is damaged or something else; the sentence names the entry.
    """
    if path.exists() and not path.is_file():
        raise CorrectionError(f"{path} is no file: write the corrections into one, and name that.")
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise CorrectionError(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > _MOST_BYTES:
        raise CorrectionError(f"{path} is larger than any file of corrections.")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CorrectionError(f"{path} is damaged, or no JSON at all.") from error
    if not isinstance(content, dict) or content.get("format") != CORRECTIONS_FORMAT:
        raise CorrectionError(
            f'{path} is no file of corrections: it does not say "format": "{CORRECTIONS_FORMAT}".'
        )
    return _Reading(path).corrections(content)


def save_corrections(path: Path, corrections: Corrections) -> None:
    """Write a file of corrections; one of that name is replaced once the new one is complete.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    content = {"format": CORRECTIONS_FORMAT, **entries_of(corrections)}
    try:
        with replaced_when_complete(path) as temporary:
            temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}.") from error


class _Reading:
    """Reads entries, and says which one is wrong.

    Parameters
    ----------
    path : Path
        Of the file, for sentences.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = ""

    def corrections(self, content: dict[str, Any]) -> Corrections:
        """Read all of them."""
        known = {"format", "pins", "landmarks", "sides", "fills", "contacts", "identities"}
        if strange := sorted(set(content) - known):
            raise self.wrong(f'has "{strange[0]}", which nobody knows')
        identities = self.each(content, "identities", self.identity)
        return Corrections(
            pins=tuple(self.each(content, "pins", self.pin)),
            landmarks=tuple(self.each(content, "landmarks", self.landmark)),
            swaps=tuple(self.each(content, "sides", self.swap)),
            fills=tuple(self.each(content, "fills", self.fill)),
            contacts=tuple(self.each(content, "contacts", self.contact)),
            exchanges=tuple(
                sorted(
                    (each for each in identities if isinstance(each, Exchange)),
                    key=lambda each: each.time,
                )
            ),
            dropped=tuple(sorted({each for each in identities if isinstance(each, int)})),
        )

    def each(self, content: dict[str, Any], kind: str, read: Any) -> list[Any]:
        """Read all entries of a kind."""
        entries = content.get(kind, [])
        if not isinstance(entries, list):
            raise self.wrong(f'has no list of "{kind}"')
        found = []
        for number, entry in enumerate(entries, 1):
            self.where = f"{kind}, entry {number}"
            if not isinstance(entry, dict):
                raise self.wrong("is no object")
            found.append(read(entry))
        self.where = ""
        return found

    def pin(self, entry: dict[str, Any]) -> Pin:
        """Read a pin."""
        person, time = self.person(entry), self.number(entry, "time")
        joint = self.named(entry, "joint", JOINT_INDEX)
        soft = self.flag(entry, "soft")
        if ("rotation" in entry) == ("place" in entry):
            raise self.wrong('needs either a "rotation" or a "place"')
        if "place" in entry:
            moved = self.vector(entry, "moved", 3) if "moved" in entry else None
            return PlacePin(person, time, joint, self.vector(entry, "place", 3), soft, moved)
        turn = axis_angle_to_matrix(self.vector(entry, "rotation", 3))
        return RotationPin(person, time, joint, turn, soft)

    def landmark(self, entry: dict[str, Any]) -> MovedLandmark | HiddenLandmark:
        """Read a landmark that was moved or hidden."""
        person = self.person(entry)
        landmark = self.named(entry, "landmark", LANDMARK_INDEX)
        if self.flag(entry, "hidden"):
            return HiddenLandmark(person, *self.span(entry), landmark)
        time = self.number(entry, "time")
        return MovedLandmark(person, time, landmark, self.vector(entry, "at", 2))

    def swap(self, entry: dict[str, Any]) -> Swap:
        """Read a stretch with left and right exchanged."""
        limbs = entry.get("limbs", LIMBS[0])
        if limbs not in LIMBS:
            raise self.wrong(f'has "limbs" that are none of {", ".join(LIMBS)}')
        return Swap(self.person(entry), *self.span(entry), limbs)

    def fill(self, entry: dict[str, Any]) -> Fill:
        """Read a stretch that is led from before to after."""
        names = entry.get("joints")
        if not isinstance(names, list) or not names:
            raise self.wrong('needs the names of "joints"')
        joints = [self.named({"joints": name}, "joints", JOINT_INDEX) for name in names]
        return Fill(self.person(entry), *self.span(entry), tuple(sorted(set(joints))))

    def contact(self, entry: dict[str, Any]) -> Contact:
        """Read what touches for a while, or does not."""
        limb = entry.get("limb")
        if limb not in TOUCHING:
            raise self.wrong(f'has a "limb" that is none of {", ".join(TOUCHING)}')
        person, (start, end) = self.person(entry), self.span(entry)
        if not self.flag(entry, "touches", True):
            return Contact(person, start, end, limb, touches=False)
        if entry.get("surface") is not None:
            return Contact(person, start, end, limb, surface=self.triangles(entry, "surface"))
        found = entry.get("height") == FOUND
        height = None if found else self.number({"height": 0, **entry}, "height")
        rolls = self.flag(entry, "rolls")
        if rolls and not limb.endswith("_foot"):
            raise self.wrong('has "rolls" of something that is no foot')
        return Contact(person, start, end, limb, height=height, rolls=rolls)

    def identity(self, entry: dict[str, Any]) -> Exchange | int:
        """Read who is who: two people who were exchanged, or one who is none."""
        if "drop" in entry:
            return self.whole(entry["drop"], "drop")
        people = entry.get("people")
        if not isinstance(people, list) or len(people) != 2 or people[0] == people[1]:
            raise self.wrong('needs "people", two different numbers, or "drop", one')
        first, second = (self.whole(each, "people") for each in people)
        return Exchange((first, second), self.number(entry, "from"))

    def person(self, entry: dict[str, Any]) -> int:
        """Read whom it is about; the first person if nobody is named."""
        return self.whole(entry.get("person", 1), "person")

    def whole(self, value: Any, name: str) -> int:
        """Check the number of a person."""
        if type(value) is not int or not 1 <= value <= _MOST_PEOPLE:
            raise self.wrong(f'has a "{name}" that is no number of a take (1, 2, ...)')
        return value

    def number(self, entry: dict[str, Any], name: str) -> float:
        """Read a number."""
        return float(self.measured(entry.get(name), name))

    def span(self, entry: dict[str, Any]) -> tuple[float, float]:
        """Read start and end."""
        start, end = self.number(entry, "start"), self.number(entry, "end")
        if end < start:
            raise self.wrong("ends before it starts")
        return start, end

    def vector(self, entry: dict[str, Any], name: str, length: int) -> np.ndarray:
        """Read some numbers."""
        values = entry.get(name)
        if not isinstance(values, Sequence) or isinstance(values, str) or len(values) != length:
            raise self.wrong(f'needs {length} numbers as "{name}"')
        return np.array([self.measured(value, name) for value in values])

    def triangles(self, entry: dict[str, Any], name: str) -> np.ndarray:
        """Read a surface (F, 3, 3)."""
        listed = entry.get(name)
        if not isinstance(listed, list) or not 1 <= len(listed) <= _MOST_TRIANGLES:
            raise self.wrong(f'needs 1 to {_MOST_TRIANGLES:,} triangles as "{name}"')
        for triangle in listed:
            if not isinstance(triangle, list) or len(triangle) != 3:
                raise self.wrong(f'has a "{name}" whose triangles are not of three corners')
        corners = [{name: corner} for triangle in listed for corner in triangle]
        found = np.array([self.vector(each, name, 3) for each in corners]).reshape(-1, 3, 3)
        edges = found[:, 1:] - found[:, :1]
        if not np.cross(edges[:, 0], edges[:, 1]).any():
            raise self.wrong(f'has a "{name}" without any area')
        return found

    def measured(self, value: Any, name: str) -> float:
        """Check a number."""
        if type(value) not in (int, float) or not abs(value) <= _FARTHEST:
            raise self.wrong(f'needs a number as "{name}"')
        return float(value)

    def named(self, entry: dict[str, Any], name: str, index: dict[str, int]) -> int:
        """Read the name of a joint or a landmark."""
        value = entry.get(name)
        if not isinstance(value, str) or value not in index:
            raise self.wrong(f'has a "{name}" that nobody knows: {str(value)[:40]}')
        return index[value]

    def flag(self, entry: dict[str, Any], name: str, usual: bool = False) -> bool:
        """Read a yes or no; `usual` if nothing is said."""
        value = entry.get(name, usual)
        if not isinstance(value, bool):
            raise self.wrong(f'needs true or false as "{name}"')
        return value

    def wrong(self, what: str) -> CorrectionError:
        """Return the error of an entry."""
        return CorrectionError(f"{self.path}{': ' if self.where else ''}{self.where} {what}.")
