"""mmhuman3d's HumanData: an `.npz` with the parameters of all people, one row after the other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, sequence, table
from core_model.results.parameters import person_of
from core_model.results.record import CAMERA, Person, Result
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
    whole, warnings = person_of(parameters)
    count = len(whole.poses)
    who, frames = _given(content, "person_id", count), _given(content, "frame_id", count)
    if frames is None and who is None:
        names = sequence(content.get("image_path"))
        frames = numbers_in_names(names) if len(names) == count else None
    if frames is None and who is not None and len(np.unique(who)) > 1:
        raise TakeError(f"{path} has several people, and no 'frame_id' that says when they are.")
    who = np.zeros(count, np.int64) if who is None else who
    people = [_one(whole, np.flatnonzero(who == each), frames, each) for each in np.unique(who)]
    warnings = [*warnings, "was filmed by a camera that is taken to stand still, and level"]
    return Result("mmhuman3d", people, CAMERA, warnings=tuple(warnings))


def _parameters(content: Mapping[Any, Any]) -> Mapping[Any, Any] | None:
    for name in _MODELS:
        found = table(content.get(name)) if name in content else None
        if found and {"body_pose", "global_orient"} <= set(found):
            return found
    return None


def _given(content: Mapping[Any, Any], name: str, count: int) -> np.ndarray | None:
    value = content.get(name) if name in content else None
    if value is None:
        return None
    listed = sequence(value)
    return numbers([array(each, name) for each in listed] if listed else value, count, name)


def _one(whole: Person, rows: np.ndarray, frames: np.ndarray | None, name: int) -> Person:
    return Person(
        poses=whole.poses[rows],
        places=whole.places[rows],
        betas=whole.betas,
        frames=None if frames is None else frames[rows],
        hands=None if whole.hands is None else whole.hands[rows],
        name=str(name),
    )
