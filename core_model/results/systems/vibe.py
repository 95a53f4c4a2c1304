"""VIBE and PARE: `vibe_output.pkl`, `pare_output.pkl`; a table of people, seen in crops."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, shaped, table
from core_model.results.crops import full_picture, likely_lens, seen_in_crops
from core_model.results.parameters import poses_of, ten
from core_model.results.record import CAMERA, Lens, Person, Result
from core_model.results.systems.frame_numbers import numbers

_CROP = 1.1
"""Both cut out so many times the box that they write down."""


def fits(content: Any) -> bool:
    """Tell whether a file is one of these systems'."""
    people = table(content)
    first = table(next(iter(people.values()), None)) if people else None
    return first is not None and {"pose", "betas", "pred_cam", "bboxes"} <= set(first)


def read(content: Any, path: Path) -> Result:
    """Read all people of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    people, warnings, system = [], [], "VIBE"
    lens: Lens | None = None
    for key, value in content.items():
        track = table(value)
        if track is None:
            raise TakeError(f"{path}: person {key} is no table.")
        if array(track["pose"], "pose").ndim == 4:
            system = "PARE"
        person, seen_by = _person(track, str(key))
        people.append(person)
        lens = lens or seen_by
        if seen_by is None:
            warnings.append(f"does not say where person {key} stood; the figure moves on the spot")
    warnings.append("was filmed by a camera that is taken to stand still, and level")
    return Result(system, people, CAMERA, lens=lens, warnings=tuple(warnings))


def _person(track: Mapping[Any, Any], name: str) -> tuple[Person, Lens | None]:
    poses, _, _ = poses_of({"pose": track["pose"]})
    count = len(poses)
    camera = shaped(track["pred_cam"], "pred_cam", count, 3)
    boxes = shaped(track["bboxes"], "bboxes", count, 4)
    places = np.zeros((count, 3))
    size = None
    if track.get("orig_cam") is not None:
        whole = shaped(track["orig_cam"], "orig_cam", count, 4)
        size = full_picture(camera[:, 0], whole[:, :2], boxes[:, 3])
    lens = None if size is None else likely_lens(size)
    if lens is not None:
        places = seen_in_crops(camera, boxes[:, :2], _CROP * boxes[:, 3], lens)
    return (
        Person(
            poses=poses,
            places=places,
            betas=ten(array(track["betas"], "betas")),
            frames=numbers(track.get("frame_ids"), count, "frame_ids"),
            name=name,
        ),
        lens,
    )
