"""SLAHMR: `*_world_results.npz`, all people over the same frames, Y down."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.skeleton import SMPL_TO_CAMERA
from core_model.geometry.rotations import rotation_between
from core_model.results.content import array, shaped, table
from core_model.results.parameters import person_of
from core_model.results.placing import moved
from core_model.results.record import CAMERA, Y_UP, Result

_NEEDED = {"root_orient", "pose_body", "trans"}
_TRACKS = "track_info.json"
_MOST_JSON = 2**26
_OCCLUDED = 0.3
_LEVEL = 1e-6


def fits(content: Any) -> bool:
    """Tell whether a file is one of this system's."""
    found = table(content)
    if found is None or not _NEEDED <= set(found) or "poses" in found:
        return False
    return array(found["root_orient"], "root_orient").ndim == 3


def read(content: Any, path: Path) -> Result:
    """Read all people of a file.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    roots = shaped(content["root_orient"], "root_orient", -1, -1, 3)
    tracks, frames, _ = roots.shape
    bodies = shaped(content["pose_body"], "pose_body", tracks, frames, 63)
    places = shaped(content["trans"], "trans", tracks, frames, 3)
    betas = array(content["betas"], "betas") if "betas" in content else np.zeros((tracks, 10))
    betas = np.broadcast_to(betas.reshape(-1, betas.shape[-1]), (tracks, betas.shape[-1]))
    seen = _seen(path, tracks, frames)
    people = []
    for number in range(tracks):
        person, _ = person_of(
            {
                "root_orient": roots[number],
                "pose_body": bodies[number],
                "trans": places[number],
                "betas": betas[number],
            },
            name=str(number),
        )
        state = np.ones(frames, int) if seen is None else seen[number]
        rows = np.flatnonzero(state >= 0)
        if len(rows) == 0:
            continue
        people.append(
            replace(
                person,
                poses=person.poses[rows],
                places=person.places[rows],
                frames=rows,
                confidence=np.where(state[rows] > 0, 1.0, _OCCLUDED),
            )
        )
    warnings = []
    if seen is None and tracks > 1:
        warnings.append(
            f"has no {_TRACKS} beside it, which says when each person is there: everyone is "
            "there from the first frame to the last"
        )
    normal = _floor_normal(content)
    if normal is None:
        return Result("SLAHMR", people, CAMERA, warnings=tuple(warnings))
    turn = rotation_between(normal, np.array([0.0, 1.0, 0.0])) @ SMPL_TO_CAMERA
    level = [moved(person, turn) for person in people]
    return Result("SLAHMR", level, Y_UP, warnings=tuple(warnings))


def newest(paths: Sequence[Path]) -> list[Path]:
    """Leave out earlier iterations of the same motion, which lie beside the last one."""
    numbered: dict[tuple[Path, str], tuple[int, Path]] = {}
    for path in paths:
        match = re.fullmatch(r"(.*)_([0-9]+)_world_results\.npz", path.name)
        name, number = (match[1], int(match[2])) if match else (path.name, 0)
        key = (path.parent, name)
        if key not in numbered or numbered[key][0] < number:
            numbered[key] = (number, path)
    return [path for _, path in numbered.values()]


def _floor_normal(content: Any) -> np.ndarray | None:
    """Return the direction (3,) away from the floor in a frame with Y up, if the file tells."""
    if "floor_plane" not in content:
        return None
    planes = array(content["floor_plane"], "floor_plane")
    if planes.size == 0 or planes.shape[-1] not in (3, 4):
        return None
    normal = SMPL_TO_CAMERA @ planes.reshape(-1, planes.shape[-1])[:, :3].mean(axis=0)
    length = np.linalg.norm(normal)
    if not np.isfinite(length) or length < _LEVEL:
        return None
    return np.asarray(normal / length * (1 if normal[1] > 0 else -1))


def _seen(path: Path, tracks: int, frames: int) -> np.ndarray | None:
    """Read -1 out, 0 occluded, 1 seen (tracks, frames) from the file beside, None without it."""
    for folder in (path.parent, path.parent.parent):
        try:
            with open(folder / _TRACKS, "rb") as file:
                known = json.loads(file.read(_MOST_JSON))["tracks"]
            seen = np.full((tracks, frames), -1)
            for track in known.values():
                mask = np.asarray(track["vis_mask"], dtype=np.int64)[:frames]
                seen[track["index"], : len(mask)] = mask
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            RecursionError,
        ):
            continue
        return seen
    return None
