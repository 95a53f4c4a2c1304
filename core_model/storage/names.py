"""Names of files as text: they may hold what a terminal or Blender cannot take."""

import os
import sys
from io import TextIOWrapper


def readable(name: str) -> str:
    """Return the name of a file as text that can be kept anywhere.

    Names are bytes on Linux. Python carries those that are no UTF-8 as half characters, which
    neither Blender's names nor most files take; they become the sign for what cannot be read.
    """
    return os.fsencode(name).decode("utf-8", errors="replace") if _is_broken(name) else name


def print_any_name() -> None:
    """Let this process print every name, whatever the encoding of its output is.

    A pipe on Windows knows 250 letters; what it cannot say is spelled out by its number.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_broken(name: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in name)
