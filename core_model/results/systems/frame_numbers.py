"""Which picture a pose is of: whole numbers, or the names of pictures."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array

_LARGEST = 2**40


def numbers(given: Any, count: int, name: str) -> np.ndarray | None:
    """Read the number of the picture of each of `count` poses, None if the file has none.

    Raises
    ------
    TakeError
        When they are no whole numbers, or others than there are poses.
    """
    if given is None:
        return None
    found = array(given, name).reshape(-1)
    if found.shape != (count,):
        raise TakeError(f"'{name}' has {len(found)} numbers for {count} poses.")
    if not np.isfinite(found).all() or (np.abs(found) > _LARGEST).any():
        raise TakeError(f"'{name}' holds numbers that no picture of a video has.")
    return np.rint(found).astype(np.int64)


def numbers_in_names(names: Sequence[Any]) -> np.ndarray | None:
    """Return the last number in each name of a picture, None unless they tell them apart."""
    found = []
    for name in names:
        digits = re.findall(r"[0-9]{1,9}", PurePosixPath(str(name).replace("\\", "/")).stem)
        if not digits:
            return None
        found.append(int(digits[-1]))
    return np.array(found) if len(set(found)) == len(found) else None
