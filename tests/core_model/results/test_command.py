"""`python -m core_model.results`: a folder of takes, or one sentence and nothing."""

import json

import pytest

from core_model.results.__main__ import main
from core_model.take import Take
from tests.core_model.results.samples import SYSTEMS


def test_everybody_becomes_a_take(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    sample = SYSTEMS["phalp"](tmp_path / "in")
    out = tmp_path / "takes"
    assert main([str(sample.path), "-o", str(out), "--clip-fps", "25"]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        *("capture.json", "person_01.npz", "person_02.npz"),
    ]
    summary = json.loads((out / "capture.json").read_text(encoding="utf-8"))
    assert [person["seen"] for person in summary["people"]] == [45, 27]
    assert Take.load(out / "person_02.npz").times[0] == pytest.approx(8 / 25)
    printed = capsys.readouterr()
    assert "4D-Humans 4: 0.32 s to 1.56 s at 25 frames per second" in printed.out
    assert "level" in printed.err and "frames a second" not in printed.err


def test_what_is_wrong_is_one_sentence_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "a.pt").write_bytes(b"no file of PyTorch")
    assert main([str(tmp_path / "a.pt"), "-o", str(tmp_path / "takes")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Error: ") and error.count("\n") == 1
    assert not (tmp_path / "takes").exists()


def test_the_help_names_every_system(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for name in ("GVHMR", "WHAM", "VIBE", "PARE", "4D-Humans", "TRAM", "PromptHMR", "SLAHMR"):
        assert name in text
