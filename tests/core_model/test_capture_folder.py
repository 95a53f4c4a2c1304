"""What a capture may replace in its folder, and what it leaves alone."""

import json
import shutil

import numpy as np
import pytest

from core_model.capture_folder import save_capture
from core_model.errors import OutputError
from core_model.take import Take
from core_model.take.writing import scratch_folder
from core_model.video.clip import Video, open_video
from tests.bake.motions import walking
from tests.places import DEMO


@pytest.fixture(scope="module")
def video() -> Video:
    return open_video(DEMO)


def _capture(folder, video, people, warnings=()):
    """Leave what a capture of so many people leaves."""
    takes = [walking(frames=3 + number) for number in range(people)]
    with scratch_folder(folder) as scratch:
        save_capture(folder, scratch, takes, video, list(warnings), {})
    return json.loads((folder / "capture.json").read_text(encoding="utf-8"))


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_earlier_capture_is_replaced_and_nothing_else(tmp_path, video):
    _capture(tmp_path, video, people=3)
    (tmp_path / "person_02.npz").rename(tmp_path / "person_final_hand_edited.npz")
    (tmp_path / "person_7.npz").write_bytes(b"mine")
    (tmp_path / "notes.txt").write_text("mine")
    kept = (tmp_path / "person_final_hand_edited.npz").read_bytes()
    _capture(tmp_path, video, people=1)
    assert _names(tmp_path) == [
        *("capture.json", "notes.txt", "person_01.npz"),
        *("person_7.npz", "person_final_hand_edited.npz"),
    ]
    assert (tmp_path / "person_final_hand_edited.npz").read_bytes() == kept
    assert len(Take.load(tmp_path / "person_01.npz")) == 3


def test_a_take_of_nobodys_keeps_its_name_and_the_new_one_gets_the_next(tmp_path, video):
    (tmp_path / "person_01.npz").write_bytes(b"mine")
    summary = _capture(tmp_path, video, people=2)
    assert (tmp_path / "person_01.npz").read_bytes() == b"mine"
    assert [person["file"] for person in summary["people"]] == ["person_02.npz", "person_03.npz"]
    assert "person_01.npz in" in summary["warnings"][0]
    again = _capture(tmp_path, video, people=1)
    assert [person["file"] for person in again["people"]] == ["person_02.npz"]
    assert _names(tmp_path) == ["capture.json", "person_01.npz", "person_02.npz"]


@pytest.mark.parametrize("name", ["../precious.npz", "notes.txt", "/precious.npz", "", 3, None])
def test_names_in_a_summary_that_are_no_takes_of_the_folder_are_left_alone(tmp_path, video, name):
    folder = tmp_path / "takes"
    folder.mkdir()
    for path in (tmp_path / "precious.npz", folder / "notes.txt"):
        path.write_text("precious")
    summary = {"format": "int-mocap-capture-1", "people": [{"file": name}]}
    (folder / "capture.json").write_text(json.dumps(summary))
    try:
        _capture(folder, video, people=1)
    except OutputError as error:
        assert "damaged" in str(error)
    for path in (tmp_path / "precious.npz", folder / "notes.txt"):
        assert path.read_text() == "precious"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b'{"format": "other"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"[1" * 5_000,
    ],
)
def test_a_summary_of_somebody_else_is_found_out_before_the_work(tmp_path, video, content):
    (tmp_path / "capture.json").write_bytes(content)
    with pytest.raises(OutputError, match="choose another folder"), scratch_folder(tmp_path):
        raise AssertionError("the work has begun")
    assert (tmp_path / "capture.json").read_bytes() == content


def test_what_cannot_be_written_leaves_the_earlier_capture(tmp_path, video):
    _capture(tmp_path, video, people=1)
    before = (tmp_path / "person_01.npz").read_bytes()
    (tmp_path / "person_01.npz").unlink()
    (tmp_path / "person_01.npz").mkdir()
    (tmp_path / "person_01.npz" / "kept").write_bytes(before)
    with pytest.raises(OutputError, match="Cannot write"):
        _capture(tmp_path, video, people=1)
    assert (tmp_path / "person_01.npz" / "kept").read_bytes() == before


def test_the_first_error_is_the_one_that_is_told(tmp_path):
    """Also when somebody has taken the folder away by then."""
    with pytest.raises(ZeroDivisionError), scratch_folder(tmp_path / "a" / "b"):
        shutil.rmtree(tmp_path / "a")
        raise ZeroDivisionError


def test_folders_that_were_made_for_nothing_are_taken_away(tmp_path):
    with pytest.raises(ZeroDivisionError), scratch_folder(tmp_path / "a" / "b"):
        raise ZeroDivisionError
    assert not (tmp_path / "a").exists()
    with pytest.raises(OutputError), scratch_folder(tmp_path / "c" / ("x" * 300)):
        pass
    assert not (tmp_path / "c").exists()


def test_times_are_what_they_were(tmp_path, video):
    summary = _capture(tmp_path, video, people=1, warnings=["Careful."])
    take = Take.load(tmp_path / "person_01.npz")
    (person,) = summary["people"]
    assert person["frames"] == len(take) and person["end"] == pytest.approx(take.times[-1])
    assert summary["warnings"] == ["Careful."] and np.isfinite(person["confidence"])
