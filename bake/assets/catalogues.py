"""Blender's catalogues of assets: the text file `blender_assets.cats.txt` in a library's folder.

Each line says what a catalogue is: its identifier, its path in the tree of the asset browser, and a
short name, with colons between. The first line that is no comment tells the version.
"""

import uuid
from collections.abc import Iterable
from pathlib import Path

from core_model.errors import OutputError
from core_model.storage.atomic import replaced_when_complete

FILE_NAME = "blender_assets.cats.txt"

_VERSION = "VERSION 1"
_HEADING = "# This is an Asset Catalog Definition file for Blender.\n"


def library_of(folder: Path, libraries: Iterable[Path]) -> Path:
    """Return the folder whose catalogues count for a .blend in `folder`.

    Parameters
    ----------
    folder : Path
    libraries : iterable of Path
        Asset libraries of the user's preferences; a .blend in one of them has its catalogues.
    """
    around = [each for each in libraries if folder.is_relative_to(each)]
    return max(around, key=lambda each: len(each.parts), default=folder)


def put_catalogue(library: Path, name: str) -> str:
    """Return the identifier of a catalogue, which is added to a library if it is not there.

    All else in the file stays as it is, and the file is replaced only when the new one is complete.

    Parameters
    ----------
    library : Path
        Folder.
    name : str
        Path in the tree of catalogues, as "Motion Capture/Walks".

    Raises
    ------
    OutputError
        When the file cannot be read or written, or is of a version that is not known.
    """
    file, wanted = library / FILE_NAME, _clean(name)
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, UnicodeError) as error:
        raise OutputError(f"Cannot read the catalogues in {file}.") from error
    lines = [line.strip() for line in text.splitlines()]
    entries = [line for line in lines if line and not line.startswith("#")]
    if entries and entries[0] != _VERSION:
        raise OutputError(f"{file} is of another version than catalogues of this Blender.")
    for entry in entries[1:]:
        identifier, _, rest = entry.partition(":")
        if rest.partition(":")[0] == wanted:
            return identifier
    identifier = str(uuid.uuid4())
    start = text if entries else f"{text or _HEADING}\n{_VERSION}\n\n"
    gap = "" if start.endswith("\n") else "\n"
    with replaced_when_complete(file) as temporary:
        short = wanted.replace("/", "-")
        temporary.write_text(f"{start}{gap}{identifier}:{wanted}:{short}\n", encoding="utf-8")
    return identifier


def _clean(name: str) -> str:
    """Return the path of a catalogue without what the file's lines are made of."""
    parts = [part.strip() for part in name.replace("\\", "/").replace(":", "-").split("/")]
    return "/".join(" ".join(part.split()) for part in parts if part)
