import json

import numpy as np
import pytest

from bake.motion.touches import Touch, touches_of
from core_model.__main__ import main
from core_model.body.skeleton import JOINT_INDEX
from core_model.corrections.file import CORRECTIONS_FORMAT, CORRECTIONS_NAME
from core_model.take import Take
from core_model.take.folder import read_summary
from core_model.take.writing import save_takes, scratch_folder
from tests.core_model.solving.clips import BODY, apart, true_take

ABOUT = {"video": "clip.mp4", "size": [640, 360], "frame_rate": 30.0}


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("captured")
    takes = [true_take("crossing_01", 24), true_take("crossing_02", 24)]
    with scratch_folder(folder) as scratch:
        save_takes(folder, scratch, takes, ABOUT, [])
    return folder


def solve(folder, output, **entries) -> int:
    path = folder / "mine.json"
    path.write_text(json.dumps({"format": CORRECTIONS_FORMAT} | entries))
    return int(main(["solve", str(folder), "--corrections", str(path), "-o", str(output)]))


def pin(take: Take, frame: int, joint: str, person: int = 1):
    place = take.joints(BODY)[frame, JOINT_INDEX[joint]] + [0.0, 0.0, 0.05]
    return {
        "person": person,
        "time": float(take.times[frame]),
        "joint": joint,
        "place": place.tolist(),
    }


def test_a_folder_is_solved_into_another(captured, tmp_path):
    before = Take.load(captured / "person_02.npz")
    wanted = pin(before, 10, "left_wrist", 2)
    assert solve(captured, tmp_path / "out", pins=[wanted]) == 0
    after = Take.load(tmp_path / "out" / "person_02.npz")
    reached = after.joints(BODY)[10, JOINT_INDEX["left_wrist"]]
    assert np.linalg.norm(reached - wanted["place"]) < 0.005
    assert after.source["corrected"] == {"pins": 1, "landmarks": 0, "sides": 0}
    one = Take.load(tmp_path / "out" / "person_01.npz")
    assert apart(one, Take.load(captured / "person_01.npz")).max() < 1e-6
    summary = read_summary(tmp_path / "out")
    assert summary and summary.video == "clip.mp4" and len(summary.people) == 2
    assert (tmp_path / "out" / CORRECTIONS_NAME).read_bytes() == (
        captured / "mine.json"
    ).read_bytes()


def test_contacts_go_along_with_a_take_whose_motion_stays(captured, tmp_path):
    seat = {"person": 2, "start": 0.1, "end": 0.5, "limb": "seat", "height": "found"}
    lifts = {"person": 2, "start": 0.1, "end": 0.3, "limb": "left_foot", "touches": False}
    assert solve(captured, tmp_path / "out", contacts=[seat, lifts]) == 0
    after = Take.load(tmp_path / "out" / "person_02.npz")
    assert touches_of(after) == [
        Touch("seat", 0.1, 0.5, height=None),
        Touch("left_foot", 0.1, 0.3, touches=False),
    ]
    assert apart(after, Take.load(captured / "person_02.npz")).max() < 1e-9
    assert not touches_of(Take.load(tmp_path / "out" / "person_01.npz"))


def test_who_is_nobody_is_left_out(captured, tmp_path):
    assert solve(captured, tmp_path / "out", identities=[{"drop": 1}]) == 0
    assert len(list((tmp_path / "out").glob("*.npz"))) == 1
    assert (
        apart(
            Take.load(tmp_path / "out" / "person_01.npz"), Take.load(captured / "person_02.npz")
        ).max()
        < 1e-6
    )


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (
            {"contacts": [{"start": 0, "end": 0.4, "limb": "seat"}] * 2},
            "Two things are said of what the seat of person 1 touches at 0.00 s",
        ),
        ({"contacts": [{"start": 8, "end": 9, "limb": "seat"}]}, "the take has no frame"),
        ({"pins": [{"person": 3, "time": 0, "joint": "head", "place": [0, 0, 1]}]}, "only 2 takes"),
        ({"pins": [{"time": 9, "joint": "head", "place": [0, 0, 1]}]}, "the take has no frame"),
        (
            {"pins": 2 * [{"time": 0.1, "joint": "head", "place": [0, 0, 1]}]},
            "is placed in two ways at 0.10 s",
        ),
        (
            {"landmarks": [{"time": 0.1, "landmark": "nose", "at": [9999, 3]}]},
            "far outside the picture",
        ),
        ({"sides": [{"start": 7, "end": 8}]}, "from 7.00 s to 8.00 s"),
        ({"identities": [{"drop": 1}, {"drop": 2}]}, "keep at least one person"),
        ({"identities": [{"people": [1, 5], "from": 0.2}]}, "person 5"),
    ],
)
def test_what_does_not_fit_is_a_sentence_and_nothing_is_written(
    captured, tmp_path, capsys, entries, sentence
):
    assert solve(captured, tmp_path / "out", **entries) == 1
    said = capsys.readouterr().err
    assert sentence in said and "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_what_was_captured_is_never_replaced(captured, capsys):
    assert solve(captured, captured, pins=[]) == 1
    assert "Choose another folder" in capsys.readouterr().err
