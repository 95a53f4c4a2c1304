import json

import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.corrections.file import CORRECTIONS_FORMAT, load_corrections, save_corrections
from core_model.corrections.records import (
    Contact,
    Corrections,
    Exchange,
    Fill,
    HiddenLandmark,
    MovedLandmark,
    PlacePin,
    RotationPin,
    Swap,
)
from core_model.errors import CorrectionError
from core_model.geometry.rotations import axis_angle_to_matrix

KNEE, WRIST = JOINT_INDEX["left_knee"], JOINT_INDEX["right_wrist"]
ALL = Corrections(
    pins=(
        RotationPin(1, 1.5, KNEE, axis_angle_to_matrix(np.array([0.9, 0.1, -0.2]))),
        PlacePin(2, 1.75, WRIST, np.array([0.2, -0.4, 1.1]), True, np.array([0.0, 0.01, 0.03])),
    ),
    landmarks=(
        MovedLandmark(1, 2.0, LANDMARK_INDEX["left_wrist"], np.array([812.0, 400.5])),
        HiddenLandmark(1, 2.1, 2.6, LANDMARK_INDEX["nose"]),
    ),
    swaps=(Swap(1, 3.0, 3.4, "legs"), Swap(2, 0.0, 0.2)),
    exchanges=(Exchange((1, 2), 4.2),),
    dropped=(3,),
    fills=(Fill(2, 5.0, 5.4, (KNEE, WRIST)),),
    contacts=(
        Contact(1, 2.0, 4.5, "seat", height=0.45),
        Contact(1, 2.0, 2.5, "right_hand", height=None),
        Contact(2, 0.5, 0.9, "left_knee"),
        Contact(2, 0.5, 0.9, "left_foot", touches=False),
    ),
)


def same(one: Corrections, other: Corrections) -> bool:
    pairs = [
        *zip(one.pins, other.pins, strict=True),
        *zip(one.landmarks, other.landmarks, strict=True),
    ]
    for a, b in pairs:
        assert type(a) is type(b)
        for name, value in vars(a).items():
            np.testing.assert_allclose(value, getattr(b, name), atol=1e-12)
    plain = [
        (each.swaps, each.exchanges, each.dropped, each.fills, each.contacts)
        for each in (one, other)
    ]
    return plain[0] == plain[1]


def test_what_is_written_is_read(tmp_path):
    save_corrections(tmp_path / "corrections.json", ALL)
    assert same(load_corrections(tmp_path / "corrections.json"), ALL)


def test_a_surface_is_read_as_it_was_written(tmp_path):
    corners = np.arange(18.0).reshape(2, 3, 3) ** 2 / 7
    said = Corrections(contacts=(Contact(1, 0.0, 1.0, "left_hand", surface=corners),))
    save_corrections(tmp_path / "corrections.json", said)
    (found,) = load_corrections(tmp_path / "corrections.json").contacts
    assert (found.limb, found.height) == ("left_hand", 0.0)
    assert found.surface is not None
    np.testing.assert_allclose(found.surface, corners, atol=1e-5)


def test_the_help_shows_a_file_that_can_be_read(tmp_path):
    from core_model.__main__ import _SOLVE_EXAMPLE

    path = tmp_path / "example.json"
    path.write_text(_SOLVE_EXAMPLE[_SOLVE_EXAMPLE.index("{") :], encoding="utf-8")
    found = load_corrections(path)
    assert (len(found.pins), len(found.landmarks), len(found.swaps)) == (2, 2, 1)
    assert found.exchanges and found.dropped == (3,)


def test_each_person_gets_what_is_said_of_them():
    assert ALL.of(2).pins == ALL.pins[1:] and ALL.of(2).swaps == ALL.swaps[1:]
    assert not ALL.of(3)
    assert ALL.people == {1, 2, 3}


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"pins": [{"time": 1, "joint": "left_knee"}]}, "pins, entry 1 needs either"),
        ({"pins": [{"time": 1, "joint": "tail", "place": [0, 0, 0]}]}, "nobody knows: tail"),
        ({"pins": [{"joint": "head", "place": [0, 0, 0]}]}, 'needs a number as "time"'),
        ({"pins": [{"time": 1, "joint": "head", "place": [0, 0]}]}, 'needs 3 numbers as "place"'),
        ({"pins": [{"time": 1, "joint": "head", "place": [0, 0, 1e300]}]}, "needs a number"),
        ({"pins": [{"time": 10**400, "joint": "head", "place": [0, 0, 0]}]}, "needs a number"),
        ({"pins": [{"time": True, "joint": "head", "place": [0, 0, 0]}]}, "needs a number"),
        ({"pins": {"time": 1}}, 'has no list of "pins"'),
        ({"pins": [3]}, "is no object"),
        ({"landmarks": [{"time": 1, "landmark": "nose"}]}, 'needs 2 numbers as "at"'),
        ({"sides": [{"start": 2, "end": 1}]}, "ends before it starts"),
        ({"fills": [{"start": 1, "end": 2}]}, 'needs the names of "joints"'),
        ({"fills": [{"start": 1, "end": 2, "joints": ["tail"]}]}, "nobody knows: tail"),
        ({"sides": [{"start": 1, "end": 2, "limbs": "ears"}]}, "none of all, arms, legs"),
        ({"contacts": [{"start": 1, "end": 2}]}, "none of left_foot, right_foot"),
        ({"contacts": [{"start": 1, "end": 2, "limb": ["seat"]}]}, "none of left_foot"),
        ({"contacts": [{"start": 2, "end": 1, "limb": "seat"}]}, "ends before it starts"),
        ({"contacts": [{"start": 1, "end": 2, "limb": "seat", "height": "low"}]}, "needs a number"),
        ({"contacts": [{"start": 1, "end": 2, "limb": "seat", "height": None}]}, "needs a number"),
        ({"contacts": [{"start": 1, "end": 2, "limb": "seat", "touches": 1}]}, "true or false"),
        ({"contacts": [{"start": 1, "end": 2, "limb": "seat", "surface": []}]}, "triangles"),
        ({"contacts": [{"start": 1, "end": 2, "limb": "seat", "surface": [[1]]}]}, "three corners"),
        (
            {"contacts": [{"start": 1, "end": 2, "limb": "seat", "surface": [[[0, 0, "a"]] * 3]}]},
            "needs a number",
        ),
        (
            {"contacts": [{"start": 1, "end": 2, "limb": "seat", "surface": [[[0, 0, 1]] * 3]}]},
            "without any area",
        ),
        ({"identities": [{"people": [1, 1], "from": 2}]}, "two different numbers"),
        ({"identities": [{"drop": 0}]}, "no number of a take"),
        ({"pin": []}, 'has "pin", which nobody knows'),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, entries, sentence):
    path = tmp_path / "corrections.json"
    path.write_text(json.dumps({"format": CORRECTIONS_FORMAT} | entries))
    with pytest.raises(CorrectionError) as raised:
        load_corrections(path)
    assert sentence in str(raised.value)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff\xfe", b'{"format": "x"}', b"[" * 9999])
def test_what_is_no_file_of_corrections_is_a_sentence(tmp_path, data):
    path = tmp_path / "corrections.json"
    path.write_bytes(data)
    with pytest.raises(CorrectionError, match=r"damaged|no file of corrections"):
        load_corrections(path)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(CorrectionError, match="cannot be read"):
        load_corrections(tmp_path / "none.json")


def test_a_folder_or_a_pipe_is_a_sentence(tmp_path):
    with pytest.raises(CorrectionError, match="is no file"):
        load_corrections(tmp_path)
