"""How every command line ends: with an exit code, and one sentence if something was wrong."""

import argparse
import functools
import math
import os
import platform
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec

from core_model import __version__
from core_model.engine.failures import exit_code, explained, quoted
from core_model.engine.logs import logs_folder, new_log
from core_model.engine.parent import end_with_parent_if_asked
from core_model.engine.signals import stopped_by_signals
from core_model.errors import OutputError
from core_model.storage.names import print_any_name

P = ParamSpec("P")

CTRL_C = 130
_BROKEN_PIPE = 141
_LARGEST = 1e9
"""No option of ours has a use for larger numbers, and many libraries fail on them."""


def command(
    program: str, stopped: str = "Stopped.", logs: Callable[[], Path] = logs_folder
) -> Callable[[Callable[P, int]], Callable[P, int]]:
    """Decorate the function of a command line, so that whatever happens in it becomes an exit code.

    Our own errors are a sentence on standard error and their exit code; Ctrl-C is 130, SIGTERM and
    SIGHUP are 143 and 129; what nobody foresaw is 70, with the traceback in a log that is named.

    Parameters
    ----------
    program : str
        As it is called.
    stopped : str
        What to say after Ctrl-C or a signal.
    logs : callable
        Returns the folder for logs.
    """

    def decorated(main: Callable[P, int]) -> Callable[P, int]:
        @functools.wraps(main)
        def run(*args: P.args, **kwargs: P.kwargs) -> int:
            print_any_name()
            with stopped_by_signals() as received:
                try:
                    end_with_parent_if_asked()
                    code = main(*args, **kwargs)
                    sys.stdout.flush()
                except KeyboardInterrupt:
                    code = CTRL_C
                    _say(stopped)
                    _flush()
                except BrokenPipeError:
                    code = _BROKEN_PIPE
                    _stop_printing()
                except Exception as error:
                    # A signal may also end as an error: of a terminal that is gone, for example.
                    code = 0 if received.exit_code else _failed(program, error, logs)
            return received.exit_code or code

        return run

    return decorated


def _failed(program: str, error: Exception, logs: Callable[[], Path]) -> int:
    kind, sentence = explained(error)
    _flush()
    if kind == "crash":
        about = f"{type(error).__name__}: {quoted(str(error))}".rstrip(": ")
        sentence = f"{program} failed unexpectedly ({about}); {_logged(program, error, logs)}."
    _say(f"Error: {' '.join(sentence.splitlines())}")
    return getattr(error, "exit_code", exit_code(kind))


def _logged(program: str, error: Exception, logs: Callable[[], Path]) -> str:
    """Write the traceback to a log and say where that is."""
    try:
        path = new_log(logs(), "command")
        with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
            print(f"{program}, INT Mocap {__version__}, Python {sys.version}", file=file)
            print(f"{platform.platform()}\n{sys.argv}\n", file=file)
            traceback.print_exception(error, file=file)
    except (OSError, OutputError) as refused:
        return f"no log could be written ({quoted(str(refused)).rstrip('.')})"
    return f"the log {path} tells more"


def _say(sentence: str) -> None:
    with suppress(OSError):  # nobody may be there any more
        print(sentence, file=sys.stderr, flush=True)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _stop_printing()


def _stop_printing() -> None:
    """Let nothing more be written to standard output, which would fail again at the end."""
    with suppress(OSError, ValueError):  # what stands for it may be no file
        descriptor = sys.stdout.fileno()
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), descriptor)


def a_path(text: str) -> Path:
    """Read the path of an option; `-o "$OUT"` with nothing in OUT does not mean this folder.

    Raises
    ------
    argparse.ArgumentTypeError
        When it is empty.
    """
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return Path(text)


def a_number(text: str) -> float:
    """Read the number of an option.

    Raises
    ------
    argparse.ArgumentTypeError
        When it is none, infinite or absurdly large.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= _LARGEST:
        raise argparse.ArgumentTypeError(f"'{quoted(text)}' is no number that can be used")
    return value


def a_whole_number(text: str) -> int:
    """Read the whole number of an option.

    Raises
    ------
    argparse.ArgumentTypeError
        When it is none, or absurdly large.
    """
    with suppress(ValueError):  # also for more digits than Python reads
        if abs(value := int(text)) <= _LARGEST:
            return value
    raise argparse.ArgumentTypeError(f"'{quoted(text)}' is no whole number that can be used")
