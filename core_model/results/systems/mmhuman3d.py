"""HumanData, the files of mmhuman3d: an `.npz` with a row for each person in each picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, sequence, table
from core_model.results.parameters import NUMBERS, person_of
from core_model.results.record import CAMERA, Result
from core_model.results.systems.frame_numbers import numbers, numbers_in_names

_MODELS = ("smplx", "smplh", "smpl")


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    found = table(content)
    return found is not None and _parameters(found) is not None


def read(content: Any, path: Path) -> Result:
    """Read all people of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    parameters = _parameters(content)
    assert parameters is not None
    count = len(array(parameters["global_orient"], "global_orient"))
    who, frames = _given(content, "person_id", count), _given(content, "frame_id", count)
    if frames is None and who is None:
        names = sequence(content.get("image_path"))
        frames = numbers_in_names(names) if len(names) == count else None
    if frames is None and who is not None and len(np.unique(who)) > 1:
        raise TakeError(f"{path} has several people, and no 'frame_id' that says when they are.")
    who = np.zeros(count, np.int64) if who is None else who
    people, warnings = [], []
    for number in np.unique(who):
        rows = np.flatnonzero(who == number)
        seen = None if frames is None else frames[rows]
        person, told = person_of(_rows(parameters, rows, count), seen, str(number))
        people.append(person)
        warnings += told
    warnings.append("was filmed by a camera that is taken to stand still, and level")
    return Result("mmhuman3d", people, CAMERA, warnings=tuple(dict.fromkeys(warnings)))


def _parameters(content: Mapping[Any, Any]) -> Mapping[Any, Any] | None:
    for name in _MODELS:
        found = table(content.get(name)) if name in content else None
        if found and {"body_pose", "global_orient"} <= set(found):
            return found
    return None


def _given(content: Mapping[Any, Any], name: str, count: int) -> np.ndarray | None:
    return numbers(content.get(name), count, name)


def _rows(parameters: Mapping[Any, Any], rows: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Return the parameters of some rows; what has no row for each is everybody's."""
    taken = {}
    for name in NUMBERS:
        if parameters.get(name) is not None:
            numbers_of = array(parameters[name], name)
            taken[name] = numbers_of[rows] if numbers_of.shape[:1] == (count,) else numbers_of
    return taken
