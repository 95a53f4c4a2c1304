"""Catalogues are added to a library's file, and all else in it stays."""

from pathlib import Path

import pytest

from bake.assets.catalogues import FILE_NAME, library_of, put_catalogue
from core_model.errors import OutputError

THEIRS = """\
# A comment of theirs.
VERSION 1

11111111-2222-3333-4444-555555555555:Props/Chairs:Props-Chairs
"""


def entries(folder: Path) -> dict[str, str]:
    lines = (folder / FILE_NAME).read_text(encoding="utf-8").splitlines()
    parts = [line.split(":") for line in lines if ":" in line]
    return {path: identifier for identifier, path, _ in parts}


def test_a_catalogue_is_added_once(tmp_path):
    first = put_catalogue(tmp_path, "Motion Capture/Walks")
    assert put_catalogue(tmp_path, " Motion Capture / Walks/") == first
    other = put_catalogue(tmp_path, "Motion Capture")
    assert entries(tmp_path) == {"Motion Capture/Walks": first, "Motion Capture": other}
    lines = (tmp_path / FILE_NAME).read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")][0] == "VERSION 1"


def test_what_others_wrote_stays(tmp_path):
    (tmp_path / FILE_NAME).write_text(THEIRS)
    new = put_catalogue(tmp_path, "Tänze: neu")
    text = (tmp_path / FILE_NAME).read_text(encoding="utf-8")
    assert text.startswith(THEIRS)
    assert entries(tmp_path)["Tänze- neu"] == new
    assert put_catalogue(tmp_path, "Props/Chairs") == "11111111-2222-3333-4444-555555555555"
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("content", [b"VERSION 2\n", b"\xff\xfe\x00"])
def test_a_file_of_another_kind_is_left_alone(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(OutputError, match=FILE_NAME):
        put_catalogue(tmp_path, "Walks")
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_a_file_in_a_library_has_the_catalogues_of_that(tmp_path):
    inside = tmp_path / "library" / "moves"
    assert library_of(inside, [tmp_path / "library", tmp_path / "other"]) == tmp_path / "library"
    assert library_of(inside, [tmp_path / "other"]) == inside
