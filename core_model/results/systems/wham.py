"""WHAM: `wham_output.pkl`, a table of people in the world and before the camera."""

from pathlib import Path
from typing import Any

from core_model.errors import TakeError
from core_model.results.content import array, shaped, table
from core_model.results.parameters import poses_of, ten
from core_model.results.record import Y_UP, Person, Result
from core_model.results.systems.frame_numbers import numbers


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    people = table(content)
    first = table(next(iter(people.values()), None)) if people else None
    return first is not None and {"pose_world", "trans_world"} <= set(first)


def read(content: Any, path: Path) -> Result:
    """Read all people of a file, each in a world of their own.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    people = []
    for key, value in content.items():
        track = table(value)
        if track is None or not {"pose_world", "trans_world"} <= set(track):
            raise TakeError(f"{path}: person {key} has no motion in the world.")
        poses, _, _ = poses_of({"pose": track["pose_world"]})
        people.append(
            Person(
                poses=poses,
                # It is the middle of the hips that it follows, not the origin of the model.
                places=shaped(track["trans_world"], "trans_world", len(poses), 3),
                at_pelvis=True,
                betas=ten(array(track.get("betas", [0.0]), "betas")),
                frames=numbers(track.get("frame_ids"), len(poses), "frame_ids"),
                name=str(key),
            )
        )
    warnings = (
        ("has people who do not share one space: WHAM starts everyone at an origin of their own",)
        if len(people) > 1
        else ()
    )
    return Result("WHAM", people, Y_UP, shared=False, warnings=warnings)
