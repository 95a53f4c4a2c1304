"""Which files of a folder are takes, and what its `capture.json` may say."""

import json
import tracemalloc

import numpy as np
import pytest

from core_model.errors import TakeError
from core_model.take.folder import (
    SUMMARY_FORMAT,
    SUMMARY_NAME,
    CaptureSummary,
    PersonSummary,
    find_take_files,
    read_summary,
    sound_start_of,
)
from tests.core_model.take.test_take import make_take


def _shape_of_a_subject(path):
    np.savez(path, betas=np.zeros(16), gender="neutral")


def test_files_without_motion_are_left_out_and_named(tmp_path):
    for name in ("walk_stageii.npz", "run_stageii.NPZ"):
        make_take().save(tmp_path / name)
    _shape_of_a_subject(tmp_path / "neutral_stagei.npz")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "folder.npz").mkdir()
    for hidden in ("._walk_stageii.npz", ".person_01-x3k.npz"):
        (tmp_path / hidden).write_bytes(b"\0\5\x16\7")
    files, warnings = find_take_files([tmp_path])
    assert [path.name for path in files] == ["run_stageii.NPZ", "walk_stageii.npz"]
    assert len(warnings) == 1 and "neutral_stagei.npz holds no motion" in warnings[0]
    given = [tmp_path / "walk_stageii.npz", tmp_path / "neutral_stagei.npz"]
    assert find_take_files(given) == (given[:1], warnings)


def test_damaged_files_are_not_left_out(tmp_path):
    (tmp_path / "person_01.npz").write_text("damaged")
    missing = tmp_path / "missing.npz"
    assert find_take_files([tmp_path, missing]) == ([tmp_path / "person_01.npz", missing], [])


def test_nothing_but_shapes_is_one_sentence(tmp_path):
    with pytest.raises(TakeError, match="holds no takes"):
        find_take_files([tmp_path])
    _shape_of_a_subject(tmp_path / "shape.npz")
    with pytest.raises(TakeError, match="it has no 'poses'"):
        find_take_files([tmp_path])


@pytest.mark.shared
def test_the_folder_of_a_subject_of_amass(shared):
    files, warnings = find_take_files([shared / "cases" / "amass_subject_folder" / "subject"])
    assert [path.stem for path in files] == ["run_stageii", "walk_stageii"]
    assert len(warnings) == 1 and "neutral_stagei.npz" in warnings[0]


def _written(tmp_path, content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (tmp_path / "capture.json").write_bytes(data)
    return tmp_path


def test_what_a_capture_says_is_read(tmp_path):
    person = {
        "file": "person_01.npz",
        "start": 1,
        "end": 2.5,
        "frames": 46,
        "seen": 40,
        "confidence": 0.8,
    }
    content = {
        "format": SUMMARY_FORMAT,
        "version": "0.1.0",
        "video": "/clips/踊り.mp4",
        "size": [640, 480],
        "sound_start": -0.25,
        "warnings": ["The clip is short."],
        "people": [person],
        "stages": {"decode": 0.25},
    }
    expected = CaptureSummary(
        people=(PersonSummary("person_01.npz", 1.0, 2.5, 46, 40, 0.8),),
        warnings=("The clip is short.",),
        video="/clips/踊り.mp4",
        version="0.1.0",
        sound_start=-0.25,
        stages={"decode": 0.25},
    )
    assert read_summary(_written(tmp_path, content)) == expected
    marked = b"\xef\xbb\xbf" + json.dumps(content).encode()
    assert read_summary(_written(tmp_path, marked)) == expected
    assert read_summary(_written(tmp_path, {"format": SUMMARY_FORMAT})) == CaptureSummary()
    assert read_summary(tmp_path / "elsewhere") is None


def _ours(**content):
    return {"format": SUMMARY_FORMAT} | content


def _person(**changed):
    return _ours(people=[{"file": "person_01.npz", "start": 0.0} | changed])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe{",
        "größer".encode("latin1"),
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b'{"people": [], "start": ' + b"9" * 10_000 + b"}",
        b" " * 50_000_000 + b"{}",
        [],
        7,
        {},
        {"frames": []},
        {"format": "nerf-capture-3", "frames": []},
        _ours(people={}),
        _ours(people=[7]),
        _ours(people=[{}]),
        _ours(warnings="no list"),
        _ours(warnings=[None]),
        _ours(video=["clip.mp4"]),
        _ours(video="clip\0.mp4"),
        _ours(stages={"decode": "long"}),
        _person(start="0"),
        _person(start=True),
        _person(start=float("nan")),
        _person(start=10**400),
        _person(frames=1.5),
        _person(file=7),
        *(
            _person(file=name)
            for name in (
                "",
                ".",
                "..",
                "../person_01.npz",
                "/tmp/person_01.npz",
                "takes/person_01.npz",
                "..\\person_01.npz",
                "C:person_01.npz",
                "C:\\person_01.npz",
                "person_01.npz:hidden.npz",
                "person\0.npz",
                "final.blend",
            )
        ),
    ],
    ids=lambda content: str(content)[:40],
)
def test_damage_of_any_kind_is_one_sentence(tmp_path, content):
    folder = _written(tmp_path, content)
    tracemalloc.start()
    with pytest.raises(TakeError, match="capture.json") as caught:
        read_summary(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "\n" not in str(caught.value) and peak < 12 * 2**20


def test_when_the_sound_begins_is_known_to_the_takes_of_the_capture_alone(tmp_path):
    named = {"people": [{"file": "person_01.npz"}], "sound_start": 0.5}
    folder = _written(tmp_path, _ours(**named))
    assert sound_start_of(folder / "person_01.npz") == 0.5
    assert sound_start_of(folder / "elsewhere.npz") == 0
    (folder / SUMMARY_NAME).write_text("no summary")
    assert sound_start_of(folder / "person_01.npz") == 0
