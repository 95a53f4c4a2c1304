"""Arrays that grow row by row on disk, and become an `.npz` without ever being in memory."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.storage.npz import write_npz_in_pieces

_AT_ONCE = 2**22  # bytes


class Columns:
    """Arrays that all have a row for each frame.

    Parameters
    ----------
    folder : Path
        For their files, one for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kinds: dict[str, tuple[np.dtype[Any], tuple[int, ...]]] = {}
        self._rows = 0

    def append(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Add rows to every array; all of one length, and of the same names every time.

        Raises
        ------
        OSError
            When they cannot be written.
        """
        for name, array in arrays.items():
            with (self._folder / name).open("ab") as file:
                file.write(np.ascontiguousarray(array).data)
            self._kinds[name] = (array.dtype, array.shape[1:])
        self._rows += len(next(iter(arrays.values())))

    def write(self, path: Path, others: Mapping[str, Any]) -> None:
        """Write them and other arrays as an `.npz`.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        pieces = {
            name: ((self._rows, *shape), dtype, self._pieces(name))
            for name, (dtype, shape) in self._kinds.items()
        }
        write_npz_in_pieces(path, others, pieces)

    def _pieces(self, name: str) -> Iterator[bytes]:
        with (self._folder / name).open("rb") as file:
            while piece := file.read(_AT_ONCE):
                yield piece
