"""Files on other computers that a Take names: nobody asks such a computer unless the user wants to.

Windows greets whatever computer a path names with the user's name and a proof of the password.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core_model.take.take import Take

_DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)


def computer_of(path: str | Path) -> str:
    r"""Return the computer that a path names (`\\server\share\...`), empty where it is this one.

    As Windows reads it, on every system: a file goes from one to the other.
    """
    parts = str(path).replace("\\", "/").split("/")
    if len(parts) < 3 or parts[0] or parts[1]:
        return ""
    names = [part for part in parts[2:] if part]
    if names and names[0] in ("?", "."):  # how Windows calls devices, drives among them
        names = names[2:] if names[1:2] and names[1].upper() == "UNC" else names[1:]
        if names and _DRIVE.fullmatch(names[0]):
            return ""
    return names[0].lower() if names else ""


def asked_first(named: object, beside: Path, agreed: Sequence[str] = ()) -> str:
    """Return the computer that the user has to agree to before a file is looked for there.

    Empty for a file of this computer, of the one that the take itself lies on, and of one that was
    agreed to.

    Parameters
    ----------
    named : object
        What the take says; what is no text is no path either.
    beside : Path
        The take's file.
    agreed : sequence of str
        Computers.
    """
    computer = computer_of(named) if isinstance(named, str) else ""
    known = {computer_of(beside), *(each.lower() for each in agreed)}
    return "" if computer in known else computer


def stored_nearby(source: Mapping[str, Any], beside: Path, agreed: Sequence[str] = ()) -> Any:
    """Return `stored` of a take's source, without a copy that lies on a computer to ask about."""
    stored = source.get("stored")
    if isinstance(stored, Mapping) and asked_first(stored.get("copy"), beside, agreed):
        return {name: value for name, value in stored.items() if name != "copy"}
    return stored


def without_far_files(
    take: Take, beside: Path, agreed: Sequence[str] = ()
) -> tuple[Take, list[str]]:
    """Return a take that names no file on a computer to ask about, and what the user should know.

    Parameters
    ----------
    take : Take
    beside : Path
        Its file.
    agreed : sequence of str
        Computers that may be asked.
    """
    source = dict(take.source)
    if "stored" in source:
        source["stored"] = stored_nearby(source, beside, agreed)
    computer = asked_first(source.get("video"), beside, agreed)
    if not computer:
        return replace(take, source=source), []
    clip = source.pop("video")
    return replace(take, source=source), [
        f"{beside.name} names a clip on the computer {computer} ({clip}), which was not asked for "
        f"it: --clips-from {computer} allows that."
    ]
