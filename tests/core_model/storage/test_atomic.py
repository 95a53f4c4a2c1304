"""A file is there whole or not at all, whatever it is called."""

import pytest

from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete


@pytest.mark.parametrize("name", ["x" * 241 + ".blend", "踊" * 80 + ".blend", "caf\udce9.npz"])
def test_every_legal_name_is_written(tmp_path, name):
    with replaced_when_complete(tmp_path / name) as temporary:
        temporary.write_text("whole")
        assert temporary.parent == tmp_path and temporary.suffix == (tmp_path / name).suffix
        str(temporary).encode()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "whole"


def test_a_name_that_no_file_can_have_is_one_sentence(tmp_path):
    with pytest.raises(OutputError, match="too long"):
        with replaced_when_complete(tmp_path / ("x" * 300 + ".npz")) as temporary:
            temporary.write_text("whole")
    assert not list(tmp_path.iterdir())


def test_what_was_there_stays_when_writing_fails(tmp_path):
    path = tmp_path / "take.npz"
    path.write_text("before")
    with pytest.raises(KeyError):
        with replaced_when_complete(path) as temporary:
            temporary.write_text("half")
            raise KeyError
    assert path.read_text() == "before" and len(list(tmp_path.iterdir())) == 1
