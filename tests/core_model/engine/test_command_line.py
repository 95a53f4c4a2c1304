"""How commands end: exit code and sentence of whatever happens in them."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core_model.engine.command_line import a_number, a_path, a_whole_number, command
from core_model.errors import NoPersonError, OutputError

_PROGRAM = """
import os, signal, sys, time
from contextlib import suppress
from core_model.engine.command_line import command
from core_model.engine.signals import held_back

@command("program", stopped="Stopped here.")
def main():
    {body}
    return 0

sys.exit(main())
"""


def _ended(body: str, state: Path, **options) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(body=body)],
        text=True,
        env=os.environ | {"XDG_STATE_HOME": str(state)},
        timeout=60,
        **({"capture_output": True} | options),
    )


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OutputError("No room."), 1, "Error: No room."),
        (NoPersonError("Nobody."), 3, "Error: Nobody."),
        (MemoryError(), 1, "Memory ran out"),
        (ModuleNotFoundError("No module named 'torch'"), 1, "incomplete (No module named 'torch')"),
        (PermissionError(13, "Permission denied", "/a"), 1, "/a cannot be used: Permission denied"),
        (ValueError("two\nlines"), 70, "failed unexpectedly (ValueError: two lines); the log "),
        (AssertionError(), 70, "failed unexpectedly (AssertionError); the log "),
        (RecursionError("x" * 10_000), 70, "xxx ..."),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), 70, "UnicodeDecodeError"),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_every_end_is_a_code_and_a_sentence(tmp_path, capsys, error, code, words):
    @command("program", logs=lambda: tmp_path / "logs")
    def main() -> int:
        raise error

    assert main() == code
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1 and len(said) < 800
    logs = list(tmp_path.glob("logs/*.log"))
    assert len(logs) == (code == 70)
    for log in logs:
        assert str(log) in said
        assert "Traceback" in log.read_text() and type(error).__name__ in log.read_text()


def test_a_log_that_cannot_be_written_is_no_second_failure(tmp_path, capsys):
    (tmp_path / "file").write_text("")

    @command("program", logs=lambda: tmp_path / "file" / "logs")
    def main() -> int:
        raise ZeroDivisionError

    assert main() == 70
    assert "ZeroDivisionError); no log could be written" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_ends_as_ctrl_c_does(tmp_path, name):
    code = 128 + getattr(signal, name)
    raised = f"os.kill(os.getpid(), signal.{name})"
    result = _ended(f"{raised}; time.sleep(60)", tmp_path)
    assert (result.returncode, result.stderr) == (code, "Stopped here.\n")
    for swallowed in (
        f"\n    with suppress(KeyboardInterrupt): {raised}; time.sleep(60)",
        f"\n    try: {raised}; time.sleep(60)\n    finally: raise OSError(5, 'Input/output error')",
    ):
        result = _ended(swallowed, tmp_path)
        assert result.returncode == code and "Error" not in result.stderr
    together = f"\n    try: {raised}; time.sleep(60)\n    finally:\n        {raised}; print('tidy')"
    result = _ended(together, tmp_path)
    assert (result.returncode, result.stdout) == (code, "tidy\n"), "a second one disturbs nothing"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_what_was_to_be_ignored_stays_ignored(tmp_path):
    body = "os.kill(os.getpid(), signal.SIGHUP)"
    result = _ended(body, tmp_path, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert result.returncode == 0, "nohup"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_steps_that_belong_together_are_finished_first(tmp_path, name):
    body = f"\n    with held_back():\n        os.kill(os.getpid(), signal.{name}); print('both')"
    result = _ended(f"{body}\n    time.sleep(60)", tmp_path)
    code = 143 if name == "SIGTERM" else 130
    assert (result.returncode, result.stdout) == (code, "both\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_standard_output_that_is_full_or_closed(tmp_path):
    with open("/dev/full", "w") as full:
        result = _ended("print('x')", tmp_path, stdout=full, stderr=-1, capture_output=False)
    assert result.returncode == 1 and result.stderr == (
        "Error: The system refused: No space left on device.\n"
    )
    reader, writer = os.pipe()
    os.close(reader)
    result = _ended("print('x')", tmp_path, stdout=writer, stderr=-1, capture_output=False)
    os.close(writer)
    assert (result.returncode, result.stderr) == (141, "")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e10", "-1e300", "", "x", "²", "1,5"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="no number"):
        a_number(text)


@pytest.mark.parametrize("text", ["1.0", "²", "", "9" * 5000, "10000000000", "nan"])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="no whole number"):
        a_whole_number(text)


def test_numbers_and_paths_are_read():
    assert a_number("-2.5") == -2.5 and a_whole_number("٣") == 3
    assert a_path("a b/踊り") == Path("a b", "踊り")
    with pytest.raises(argparse.ArgumentTypeError, match="empty"):
        a_path("")
