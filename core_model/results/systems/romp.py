"""ROMP and BEV: an `.npz` whose `results` are a table of pictures with the people in each."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, shaped, table
from core_model.results.parameters import poses_of, ten
from core_model.results.record import CAMERA, Person, Result
from core_model.results.systems.frame_numbers import numbers_in_names

_IDS = ("track_ids", "track_id", "subject_ids")


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    found = table(content)
    pictures = table(found.get("results")) if found and "results" in found else None
    if not pictures:
        return False
    first = table(next(iter(pictures.values())))
    return first is not None and "smpl_thetas" in first


def read(content: Any, path: Path) -> Result:
    """Read all people of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read, or nothing tells who is who.
    """
    pictures = table(content["results"]) or {}
    names = list(pictures)
    frames = numbers_in_names(names)
    if frames is None:
        frames = np.arange(len(names))
    rows: dict[int, list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]] = defaultdict(list)
    for frame, value in zip(frames.tolist(), pictures.values(), strict=True):
        picture = table(value)
        if not picture or picture.get("smpl_thetas") is None:
            continue  # nobody was found
        thetas = shaped(picture["smpl_thetas"], "smpl_thetas", -1, 72)
        count = len(thetas)
        betas = array(picture.get("smpl_betas", np.zeros((count, 10))), "smpl_betas")
        places = shaped(picture.get("cam_trans"), "cam_trans", count, 3)
        for number, person in enumerate(_who(picture, count, path)):
            rows[person].append((frame, thetas[number], places[number], betas[number]))
    if not rows:
        raise TakeError(f"{path} has nobody in it.")
    people = []
    for person in sorted(rows):
        seen, thetas, places, betas = (
            np.stack(column)
            for column in zip(*sorted(rows[person], key=lambda row: row[0]), strict=True)
        )
        poses, _, _ = poses_of({"pose": thetas})
        people.append(Person(poses, places, ten(betas), seen, name=str(person)))
    warning = "was filmed by a camera that is taken to stand still, and level"
    return Result("ROMP", people, CAMERA, warnings=(warning,))


def _who(picture: Mapping[Any, Any], count: int, path: Path) -> list[int]:
    name = next((each for each in _IDS if picture.get(each) is not None), None)
    if name is not None:
        return [int(each) for each in shaped(array(picture[name], name).ravel(), name, count)]
    if count > 1:
        raise TakeError(
            f"{path} has {count} people in one picture and does not tell who is who in the next: "
            "run ROMP again with its tracker (--temporal_optimize), or with --show_largest."
        )
    return [0] * count
