"""4D-Humans (PHALP): `results/demo_<video>.pkl`, a table of pictures with the people in each."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, sequence, shaped, table
from core_model.results.crops import likely_lens
from core_model.results.parameters import poses_of, ten
from core_model.results.record import CAMERA, Lens, Person, Result

_FOCAL, _CROP = 5000.0, 256.0
"""Pixels, of a crop that is as large as the longer side of the picture."""

_MOST_PEOPLE = 200  # in one picture
_MOST_LISTED = 300  # of what is said of one person in one picture
_MOST_ROWS = 2**20  # of all people in all pictures

_NEEDED = {"tid", "smpl", "camera"}


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    pictures = table(content)
    first = table(next(iter(pictures.values()), None)) if pictures else None
    return first is not None and _NEEDED <= set(first)


def _lens(content: Mapping[Any, Any]) -> Lens | None:
    """Return the lens that people are put before, None where no picture tells its size."""
    for value in content.values():
        sizes = sequence((table(value) or {}).get("size"))
        if sizes:
            height, width = shaped(sizes[0], "size", 2)
            return likely_lens((float(width), float(height))) if _is_size(width, height) else None
    return None


def read(content: Any, path: Path) -> Result:
    """Read all people of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read, or nobody is in it.
    """
    rows: dict[int, list[tuple[int, Mapping[Any, Any], np.ndarray]]] = defaultdict(list)
    left = _MOST_ROWS
    for number, value in enumerate(content.values()):
        picture = table(value)
        if picture is None or not _NEEDED <= set(picture):
            raise TakeError(f"{path}: what it says of picture {number} is incomplete.")
        time = picture.get("time")
        there = _seen(picture, path)
        left -= len(there)
        if left < 0:
            raise TakeError(f"{path} has more people than any video.")
        for person, parameters, camera in there:
            rows[person].append((time if type(time) is int else number, parameters, camera))
    if not rows:
        raise TakeError(f"{path} has nobody in it.")
    people = [_person(person, rows[person]) for person in sorted(rows)]
    warning = "was filmed by a camera that is taken to stand still, and level"
    return Result("4D-Humans", people, CAMERA, lens=_lens(content), warnings=(warning,))


def _seen(
    picture: Mapping[Any, Any], path: Path
) -> list[tuple[int, Mapping[Any, Any], np.ndarray]]:
    """Return the people who are really in a picture: number, parameters and place."""
    ids, bodies, cameras = (sequence(picture[name]) for name in ("tid", "smpl", "camera"))
    ghosts = sequence(picture.get("tracked_time"))
    sizes = sequence(picture.get("size"))
    if not len(ids) == len(bodies) == len(cameras):
        ids = sequence(picture.get("tracked_ids"))
    if not len(ids) == len(bodies) == len(cameras):
        raise TakeError(f"{path}: a picture has {len(bodies)} bodies for {len(ids)} people.")
    if len(ids) > _MOST_PEOPLE:
        raise TakeError(f"{path}: {len(ids)} people are in one picture.")
    if len(ghosts) != len(ids):
        ghosts = [0] * len(ids)
    found = []
    for number, (person, body, camera) in enumerate(zip(ids, bodies, cameras, strict=True)):
        parameters = table(body)
        # Whoever was lost is written down for a while as last seen.
        if parameters is None or array(ghosts[number], "tracked_time", 1).item() > 0:
            continue
        place = shaped(camera, "camera", 3)
        if number < len(sizes):
            place = _nearer(place, shaped(sizes[number], "size", 2))
        found.append((int(array(person, "tid", 1).item()), parameters, place))
    return found


def _is_size(width: float, height: float) -> bool:
    return bool(1 <= min(width, height) <= max(width, height) < 1e6)


def _nearer(place: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Put somebody where a lens that people film with would see them so large."""
    height, width = size
    if not _is_size(width, height):
        return place
    focal = _FOCAL / _CROP * max(width, height)
    return place * [1.0, 1.0, likely_lens((width, height)).focal / focal]


def _person(number: int, rows: list[tuple[int, Mapping[Any, Any], np.ndarray]]) -> Person:
    rows.sort(key=lambda row: row[0])
    names = ("global_orient", "body_pose")
    stacked = {
        name: np.stack([array(row[1].get(name), name, _MOST_LISTED) for row in rows])
        for name in names
    }
    poses, _, _ = poses_of(stacked)
    return Person(
        poses=poses,
        places=np.stack([place for _, _, place in rows]),
        betas=ten(
            np.stack([array(row[1].get("betas", [0.0]), "betas", _MOST_LISTED) for row in rows])
        ),
        frames=np.array([time for time, _, _ in rows]),
        name=str(number),
    )
