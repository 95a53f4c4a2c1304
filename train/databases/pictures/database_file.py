"""Files of MAED's data preparation: a table of arrays with a row for each picture, from joblib.

Nothing in a file is run. It is mapped into memory, so that processes share what they read of it.
"""

import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from core_model.errors import MocapError
from core_model.storage.atomic import replaced_when_complete
from core_model.storage.data_pickle import DataArray, DataUnpickler
from core_model.storage.packed import PackedError, unpacked
from core_model.storage.unpickling import RefusedPickleError

_MOST_UNPACKED = 16 * 2**30
_PICKLE = b"\x80"


class DatabaseError(MocapError):
    """A database of pictures is missing, damaged, or holds something else."""


def read_table(path: Path) -> dict[str, np.ndarray]:
    """Read a database as it is; what is no array of rows is left out.

    Returns
    -------
    dict of str to numpy.ndarray
        Numbers as views of the file, texts as arrays of `str`.

    Raises
    ------
    DatabaseError
        When it is missing, damaged or no table, or asks to run something.
    """
    try:
        with open(path, "rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # Only what was packed as a whole has to be unpacked into memory.
        data = mapped if mapped[:1] == _PICKLE else unpacked(mapped[:], _MOST_UNPACKED)
        content = DataUnpickler(data).load()
    except FileNotFoundError as error:
        raise DatabaseError(f"There is no database at {path}.") from error
    except OSError as error:
        raise DatabaseError(f"{path} cannot be read: {error.strerror or error}.") from error
    except RefusedPickleError as error:
        raise DatabaseError(
            f"{path} asks for {error}, which a database has no need of; nothing of it was run."
        ) from error
    except PackedError as error:
        raise DatabaseError(f"{path} {error}.") from error
    # A damaged file can go wrong in any way that its bytes can be misread.
    except Exception as error:
        raise DatabaseError(f"{path} is damaged, cut off or no database of joblib.") from error
    if not isinstance(content, Mapping):
        raise DatabaseError(f"{path} holds a {type(content).__name__}, not a table of arrays.")
    try:
        found = {str(name): _rows(value) for name, value in content.items()}
    except UnicodeDecodeError as error:
        raise DatabaseError(f"{path} is damaged: it holds texts that are no UTF-8.") from error
    return {name: rows for name, rows in found.items() if rows is not None}


def write_table(path: Path, table: Mapping[str, np.ndarray]) -> None:
    """Write a database as the reference's own scripts do.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced_when_complete(path) as temporary:
        joblib.dump(dict(table), temporary)


def _rows(value: Any) -> np.ndarray | None:
    if isinstance(value, DataArray):
        value = value.array if value.objects is None else value.objects
    if isinstance(value, list):
        if not value or not all(isinstance(each, (str, bytes)) for each in value):
            return None
        value = np.array([_text(each) for each in value])
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return None
    if value.dtype.kind == "S":
        return np.char.decode(value, "utf-8")
    return value


def _text(value: str | bytes) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else value
