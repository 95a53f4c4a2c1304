"""TRAM: `hps/hps_track_<k>.npy`, one file a person, and `camera.npy` beside or above them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array, open_content, sentences_about, shaped, table
from core_model.results.parameters import padded, ten
from core_model.results.placing import moved
from core_model.results.record import CAMERA, Y_UP, Person, Result
from core_model.results.rotations import joint_turns
from core_model.results.systems.frame_numbers import numbers


def fits(content: Any) -> bool:
    """Tell whether a file is one person of this system's."""
    found = table(content)
    return found is not None and {"pred_rotmat", "pred_trans"} <= set(found)


def is_camera(content: Any) -> bool:
    """Tell whether a file is the camera of this system's."""
    found = table(content)
    return found is not None and "world_cam_R" in found


def read(content: Any, path: Path) -> Result:
    """Read the person of one file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    return read_all({path: content})


def read_all(contents: Mapping[Path, Any]) -> Result:
    """Read the files of all people of one video.

    Raises
    ------
    TakeError
        When something of them cannot be read.
    """
    folder = next(iter(contents)).parent
    beside = (folder / "camera.npy", folder.parent / "camera.npy")
    path = next((each for each in beside if each.is_file()), None)
    camera = table(open_content(path)) if path else None
    people = []
    for each, content in contents.items():
        with sentences_about(each):
            person = _person(table(content) or {}, each.stem)
        if camera is not None and path is not None:
            with sentences_about(path):
                person = _in_world(person, camera, path)
        people.append(person)
    if camera is None:
        missing = "has no camera.npy beside or above it; the camera is taken to stand still"
        return Result("TRAM", people, CAMERA, warnings=(missing,))
    return Result("TRAM", people, Y_UP)


def _person(track: Mapping[Any, Any], name: str) -> Person:
    turns = joint_turns(array(track["pred_rotmat"], "pred_rotmat"), "pred_rotmat", (24,))
    places = array(track["pred_trans"], "pred_trans").reshape(len(turns), -1)
    return Person(
        poses=padded(turns.reshape(len(turns), -1)),
        places=shaped(places, "pred_trans", len(turns), 3),
        betas=ten(array(track.get("pred_shape", [0.0]), "pred_shape")),
        frames=numbers(track.get("frame"), len(turns), "frame"),
        name=name,
    )


def _in_world(person: Person, camera: Mapping[Any, Any], path: Path) -> Person:
    turns = shaped(camera["world_cam_R"], "world_cam_R", -1, 3, 3)
    shifts = shaped(camera["world_cam_T"], "world_cam_T", len(turns), 3)
    frames = np.arange(len(person.poses)) if person.frames is None else person.frames
    if frames.min() < 0 or frames.max() >= len(turns):
        raise TakeError(
            f"{path} has {len(turns)} pictures, and {person.name} is seen in picture "
            f"{frames.max()}: they are of different videos."
        )
    return moved(person, turns[frames], shifts[frames])
