"""What the preparation of every set does: rows gathered, boxes, names of pictures, files."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import MocapError
from train.databases.pictures.database_file import write_table


class Rows:
    """The rows of a database that grows."""

    def __init__(self) -> None:
        self._parts: dict[str, list[np.ndarray]] = {}

    def add(self, **columns: Any) -> None:
        """Add rows: an array for each key, all of one length; a single text stands for all rows."""
        count = max(len(each) for each in columns.values() if not isinstance(each, str))
        for key, values in columns.items():
            array = np.full(count, values) if isinstance(values, str) else np.asarray(values)
            assert len(array) == count, key
            self._parts.setdefault(key, []).append(array)

    def write(self, out: Path, name: str, part: str, **empty: np.ndarray) -> Path:
        """Write `OUT/database/NAME_PART_db.pt`.

        Parameters
        ----------
        out : Path
            The folder `data`.
        name : str
        part : str
        **empty : numpy.ndarray
            Keys that the reference's files have, and nothing in them.

        Raises
        ------
        MocapError
            When nobody is in the set.
        """
        if not self._parts:
            raise MocapError(f"Nobody is seen in {name} {part}: no database was written.")
        path = out / "database" / f"{name}_{part}_db.pt"
        path.parent.mkdir(parents=True, exist_ok=True)
        table = {key: np.concatenate(parts) for key, parts in self._parts.items()}
        write_table(path, table | empty)
        return path


def square_boxes(points: np.ndarray, seen: np.ndarray, scale: float) -> np.ndarray:
    """Return boxes (T, 4) about the joints (T, J, 2) that are seen (T, J) bool.

    Parameters
    ----------
    points : (T, J, 2)
        Pixels; at least one of every frame is seen.
    seen : (T, J) bool
    scale : float
        Side of the box over the longer side about the joints.
    """
    low = np.where(seen[..., None], points, np.inf).min(axis=1)
    high = np.where(seen[..., None], points, -np.inf).max(axis=1)
    side = scale * (high - low).max(axis=1, keepdims=True)
    return np.concatenate(((low + high) / 2, side, side), axis=1)


def name_of(picture: Path, out: Path) -> str:
    """Return how a database names a picture: from the folder above `data` if it lies there."""
    picture = picture.resolve()
    above = out.resolve().parent
    return str(picture.relative_to(above) if picture.is_relative_to(above) else picture)


def names_of(pictures: Iterable[Path], out: Path) -> np.ndarray:
    """Return the names of pictures (T,)."""
    return np.array([name_of(each, out) for each in pictures])


def found(paths: Iterable[Path], what: str) -> list[Path]:
    """Return files in order.

    Raises
    ------
    MocapError
        When there is none.
    """
    files = sorted(paths)
    if not files:
        raise MocapError(f"There is no {what}: is this the folder as it was downloaded?")
    return files
