"""Every option of every command line with values that make no sense: one sentence, no traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bake.__main__ as bake_command
import build_addon
import core_model.__main__ as capture_command
import core_model.capture
import train.__main__ as train_command
import train.calibrate.confidence as calibrate_command
import train.evaluate.cli as evaluate_command
from tests.bake.motions import walking
from tests.places import DEMO, ROOT

NUMBERS = (
    "nan",
    "inf",
    "-inf",
    "-1",
    "0",
    "1e300",
    "1e9",
    "9" * 5000,
    "",
    "²",
    "x",
    " ",
    "%s",
    "\n",
)
FILES = ("missing", "empty", "text", "folder", "a.png", "pictures", "x.npz", "x.pkl", "x" * 300)


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """Return a folder of files that are not what their names say."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "text").write_text("hello")
    for name in ("folder", "a.png", "pictures", "pictures/a.png", "x.npz", "x.pkl"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def capture(place, monkeypatch, capsys) -> Callable[..., str]:
    """Return a function that calls the capture command, which is fine if the work would begin."""

    class BegunError(Exception): ...

    def begin(*_: object) -> None:
        raise BegunError

    monkeypatch.setattr(core_model.capture, "follow_long", begin)
    return lambda *given: _ended(capture_command.main, capsys, *given)


@pytest.fixture
def bake(place, capsys) -> Callable[..., str]:
    """Return a function that calls the bake command."""
    walking(frames=5).save(place / "walk.npz")
    return lambda *given: _ended(bake_command.main, capsys, *given)


def _ended(
    main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str], *given: str
) -> str:
    """Call a command and return what it says; check that it ends as a command should."""
    try:
        code: object = main(list(given))
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr().err.strip()
    assert "Traceback" not in said
    begun = "(BegunError)" in said
    assert code in ((70,) if begun else (0, 1, 2)), said
    if code == 1:
        assert said.startswith("Error: ") and "\n" not in said and said.endswith("."), said
    if code == 2:
        assert ": error: " in said.splitlines()[-1], said
    return "" if begun or code == 0 else said


@pytest.mark.parametrize(
    "option",
    ["people", "start", "end", "fps", "quality", "focal", "height", "window", "device"],
)
def test_numbers_of_a_capture(capture, option):
    fine = {"start": {"0"}, "end": {"1e9"}, "fps": {"1e9"}, "focal": {"1e9"}}
    for value in NUMBERS:
        said = capture(str(DEMO), "-o", "out", f"--{option}={value}")
        assert bool(said) != (value in fine.get(option, ())), (value, said)
        assert not Path("out").exists()


@pytest.mark.parametrize("option", ["--weights=", "--body=", "check ", ""])
def test_files_of_a_capture(capture, option):
    if option == "check ":
        assert all(capture_command.main(["check", name]) == 1 for name in FILES)
        return
    for value in ("", *FILES):
        given = [f"{option}{value}"] if not option else [str(DEMO), f"{option}{value}"]
        assert capture(*given, "-o", "out")
        assert not Path("out").exists()


def test_outputs_of_a_capture(capture):
    for value in ("", "empty", "text", "text/out", "x" * 300, "a/" + "x" * 300):
        assert capture(str(DEMO), "-o", value)
    assert not Path("a").exists()


@pytest.mark.parametrize("option", ["fps", "picture-times", "picture-count", "smooth", "feet"])
def test_numbers_of_a_bake(bake, option):
    fine = {"picture-times": {"-1", "0"}}
    for value in NUMBERS:
        said = bake("walk.npz", "-o", "a/out.blend", "--no-body", f"--{option}={value}")
        assert bool(said) != (value in fine.get(option, ())), (value, said)
        assert Path("a").exists() == (not said)
        for path in Path().glob("a/*"):
            path.unlink()
        Path("a").rmdir() if Path("a").exists() else None


@pytest.mark.parametrize("option", ["--body=", "--pictures=", ""])
def test_files_of_a_bake(bake, option):
    fine = {"missing", "folder", "a.png", "pictures", "x.npz", "x.pkl"}
    for value in ("", *FILES):
        if option == "--pictures=" and value in fine:
            continue
        given = [f"{option}{value}"] if not option else ["walk.npz", f"{option}{value}"]
        assert bake(*given, "-o", "out.blend")


def test_outputs_of_a_bake(bake):
    Path("folder.blend").mkdir()
    for value in ("", "out", ".blend", "folder.blend", "text/x.blend", "x" * 300 + ".blend"):
        assert bake("walk.npz", "--no-body", "-o", value)


OTHERS: dict[str, Callable[[list[str]], int]] = {
    "train": train_command.main,
    "train.evaluate": evaluate_command.main,
    "train.calibrate": calibrate_command.main,
    "build_addon": build_addon.main,
}


@pytest.mark.parametrize(
    "command",
    [
        ["train", "--minutes", "nan", "configs/keypoints.yaml"],
        ["train", "."],
        ["train", "text"],
        ["train", ""],
        ["train.evaluate", "demo", "--weights", "text"],
        ["train.evaluate", "demo", "--takes", "folder"],
        ["train.evaluate", "demo", "--device", ""],
        ["train.calibrate", "--weights", "missing"],
        ["build_addon", "-o", ""],
    ],
    ids=" ".join,
)
def test_other_commands(place, capsys, command):
    assert _ended(OTHERS[command[0]], capsys, *command[1:])


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-m", "train", "text"], marks=pytest.mark.long),
        pytest.param(["-m", "train.calibrate", "--weights", "missing"], marks=pytest.mark.long),
        ["-m", "train.demo", "--video", "text", "-o", "text"],
        ["build_addon.py", "-o", ""],
        ["build_addon.py", "--torch", "cpu", "--offline", "text"],
    ],
    ids=" ".join,
)
def test_other_commands_in_processes_of_their_own(place, command):
    if command[0] == "build_addon.py":
        command = [str(ROOT / command[0]), *command[1:]]
    result = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=300)
    assert result.returncode in (1, 2), result.stderr
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ") or ": error: " in last, result.stderr
