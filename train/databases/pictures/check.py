"""What is missing or damaged among databases and their pictures, found before a run."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from train.databases.pictures.database import Database, open_database
from train.databases.pictures.database_file import DatabaseError
from train.databases.pictures.formats import Kind

_SHOWN = 10  # pictures of a set that are named
_JPEG, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_PNG, _PNG_END = b"\x89PNG", b"IEND\xaeB`\x82"
_END_WITHIN = 64  # some cameras write a little behind the end
_THREADS = 16

Wanted = tuple[str, str, Kind]
"""Name of a set, its part, and what it is used as."""


def check_databases(
    root: Path, wanted: Iterable[Wanted], pictures: bool = True
) -> tuple[list[Database], list[str]]:
    """Open databases and look at their pictures.

    Parameters
    ----------
    root : Path
        The folder `data`.
    wanted : iterable of (str, str, str)
    pictures : bool
        Whether to look for every picture, and at both its ends.

    Returns
    -------
    databases : list of Database
        Those that can be opened, in order.
    wrong : list of str
        A sentence for each thing that is missing or damaged; none if all is well.
    """
    databases, wrong = [], []
    for name, part, kind in wanted:
        try:
            database = open_database(root, name, part, kind)
        except DatabaseError as error:
            wrong += str(error).splitlines()
            continue
        databases.append(database)
        if pictures:
            wrong += _pictures_wrong(f"{name} {part}", database.files)
    return databases, wrong


def _pictures_wrong(name: str, files: Sequence[Path]) -> list[str]:
    with ThreadPoolExecutor(_THREADS) as threads:
        found = [each for each in threads.map(picture_wrong, files, chunksize=256) if each]
    named = [f"{name}: {each}" for each in found[:_SHOWN]]
    if len(found) > _SHOWN:
        named.append(f"{name}: {len(found)} of {len(files)} pictures in all.")
    return named


def picture_wrong(path: Path) -> str | None:
    """Tell what is wrong with a picture, by its first and last bytes; None if nothing is."""
    try:
        with open(path, "rb") as file:
            start = file.read(8)
            file.seek(0, 2)
            file.seek(max(file.tell() - _END_WITHIN, 0))
            end = file.read()
    except FileNotFoundError:
        return f"there is no picture {path}."
    except OSError as error:
        return f"the picture {path} cannot be read: {error.strerror}."
    if start.startswith(_JPEG):
        whole = _JPEG_END in end
    elif start.startswith(_PNG):
        whole = _PNG_END in end
    else:
        return f"{path} is no JPEG or PNG picture."
    return None if whole else f"the picture {path} is cut off."
