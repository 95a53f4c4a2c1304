"""PromptHMR: `results.pkl` of a video, people in one world whose floor is known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from core_model.errors import TakeError
from core_model.results.content import open_content, table
from core_model.results.parameters import person_of, rate_in
from core_model.results.record import Y_UP, Result
from core_model.results.systems.frame_numbers import numbers


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    found = table(content)
    people = table(found.get("people")) if found else None
    first = table(next(iter(people.values()), None)) if people else None
    return first is not None and "smplx_world" in first


def read(content: Any, path: Path) -> Result:
    """Read all people of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    people, warnings = [], []
    for key, value in content["people"].items():
        track = table(value) or {}
        world = table(track.get("smplx_world"))
        if world is None:
            raise TakeError(f"{path}: person {key} has no motion in the world.")
        person, told = person_of(world, name=str(key))
        frames = numbers(track.get("frames"), len(person.poses), "frames")
        people.append(replace(person, frames=frames))
        warnings += told
    return Result("PromptHMR", people, Y_UP, _rate_beside(path), warnings=tuple(warnings))


def _rate_beside(path: Path) -> float | None:
    """Return the frame rate that the files of each person beside it tell, None if none does."""
    for each in sorted(path.parent.glob("subject-*.smpl")):
        try:
            found = table(open_content(each))
            rate = rate_in(found) if found else None
        except TakeError:  # nothing but the rate is missed
            continue
        if rate is not None:
            return rate
    return None
