"""Whatever went wrong as one sentence, its kind and an exit code."""

from core_model.errors import (
    AssetError,
    MocapError,
    NoPersonError,
    OutputError,
    TakeError,
    VideoError,
    ViewsError,
)

UNEXPECTED = 70
"""Exit code of a failure that nobody foresaw (EX_SOFTWARE of sysexits.h)."""

_KINDS: dict[type[MocapError], str] = {
    VideoError: "clip",
    ViewsError: "views",
    NoPersonError: "nobody",
    TakeError: "take",
    AssetError: "asset",
    OutputError: "output",
}
_EXIT_CODES = {"nobody": NoPersonError.exit_code, "crash": UNEXPECTED}
_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "bad_alloc")
_MEMORY_SENTENCE = (
    "Memory ran out: capture a shorter part of the clip, a smaller clip or fewer people, "
    "or close other programs."
)
_LONGEST_TEXT = 300
"""Characters of somebody else's message that are quoted."""


def explained(error: Exception) -> tuple[str, str]:
    """Return the kind of an error, and one sentence with what to do about it.

    The kinds are "clip", "views", "nobody", "take", "asset", "output" and "options" for our own
    errors, "memory", "engine" (something is not installed), "system" (a file or the system
    refused), and "crash" for what nobody foresaw, of which a log tells more.
    """
    if isinstance(error, MocapError):
        return _KINDS.get(type(error), "options"), str(error)
    text = quoted(str(error))
    if isinstance(error, MemoryError) or any(words in text.lower() for words in _OUT_OF_MEMORY):
        return "memory", _MEMORY_SENTENCE
    if isinstance(error, ImportError):
        return "engine", (
            f"The engine is incomplete ({text}): install INT Mocap and what it needs into the "
            "Engine Python, or install the add-on for your system again."
        )
    if isinstance(error, OSError) and error.strerror:
        about = f"{error.filename} cannot be used" if error.filename else "The system refused"
        return "system", f"{about}: {error.strerror}."
    return "crash", f"The engine failed ({type(error).__name__}: {text})."


def exit_code(kind: str) -> int:
    """Return what a command line returns for a kind of failure."""
    return _EXIT_CODES.get(kind, MocapError.exit_code)


def quoted(text: str) -> str:
    """Return somebody else's message in one line and without its end, if it is a long one."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else f"{line[:_LONGEST_TEXT]} ..."
