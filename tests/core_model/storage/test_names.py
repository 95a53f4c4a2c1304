"""Every name of a file can be shown and kept as text."""

import subprocess
import sys

import pytest

from core_model.storage.names import readable

NAMES = ["dance.mp4", "踊り.mp4", "caf\udce9.mp4", "naïve 💃.mp4", "\udce9\udc81"]


@pytest.mark.parametrize("name", NAMES)
def test_a_readable_name_is_text_and_otherwise_the_same(name):
    text = readable(name)
    assert text.encode("utf-8").decode("utf-8") == text and text
    if name.isprintable():
        assert text == name


def test_what_cannot_be_read_does_not_take_neighbours_with_it():
    assert readable("caf\udce9_踊.mp4") == "caf\ufffd_踊.mp4"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_every_name_can_be_printed_into_every_pipe(encoding):
    code = (
        "from core_model.storage.names import print_any_name\nimport sys\nprint_any_name()\n"
        f"for name in {NAMES!r}:\n    print(name)\n    print(name, file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert result.returncode == 0, result.stderr
    for output in (result.stdout, result.stderr):
        lines = output.decode(encoding).splitlines()
        assert len(lines) == len(NAMES) and lines[0] == "dance.mp4"
        assert lines[2] == "caf\\udce9.mp4"
