"""Packs of motion: clips of one source in one `.npz`, their channels as they were recorded.

Angles lie end to end as hundredths of a degree, `clips` and `skeletons` are JSON. A clip's skeleton
is of type "asf" (bones with axes of their own, as in `asf_amc`) or "bvh" (joints with offsets and
channels); the `README.txt` beside the packs describes every field.
"""

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from core_model.storage.npz import NpzError, names_in_npz
from train.databases import asf_amc, daz_bvh
from train.databases.daz_bvh import BvhMotion
from train.databases.skeletons import bones_of

_ARRAYS = {"rot", "pos", "suspect", "clips", "skeletons"}
_SHORTEST = 16
"""Frames; what is left between suspect ones may be shorter than any window."""

# None of ACCAD's skeletons has a T-pose at zero: somebody who stands upright is the rest pose.
_STANDING = {
    "accad_0": "accad_Male1_A1_Stand",
    "accad_1": "accad_Female-Stand",
    "accad_2": "accad_Male2_A1_Stand",
}
_LEFT_OUT = ("kaykit",)
"""Cartoons, whose bones stretch."""


def is_pack(path: Path) -> bool:
    """Tell whether an `.npz` is a pack of motion; whatever else it may be."""
    try:
        return names_in_npz(path) >= _ARRAYS
    except NpzError:
        return False


@dataclass(frozen=True)
class PackedClip:
    """A clip of a pack.

    Parameters
    ----------
    name : str
        The subject, an underscore and the rest.
    body : str
        Kind of skeleton and subject: who is bent alike.
    rotations : (T, 24, 3, 3)
        SMPL's, local, in a Y-up world.
    frame_rate : float
    """

    name: str
    body: str
    rotations: np.ndarray
    frame_rate: float


def read_pack(path: Path) -> Iterator[PackedClip]:
    """Read the clips of a pack, cut where a joint turned faster than any can."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in _ARRAYS}
    clips = json.loads(bytes(arrays["clips"]))
    skeletons = json.loads(bytes(arrays["skeletons"]))
    by_name = {clip["name"]: clip for clip in clips}
    rests = {
        key: _global(_bvh(by_name[name], skeletons[key], arrays))
        for key, name in _STANDING.items()
        if key in skeletons and name in by_name
    }
    for clip in clips:
        key = clip["skeleton"]
        if key.startswith(_LEFT_OUT):
            continue
        rotations = _smpl(clip, skeletons[key], arrays, rests.get(key))
        bad = _part(arrays["suspect"], clip["frame_start"], clip["frames"]) > 0
        for number, (first, end) in enumerate(_sound(bad)):
            name = _name(clip) + (f"_part{number}" if bad.any() else "")
            body = f"{key.partition('_')[0]} {clip['subject']}"
            yield PackedClip(name, body, rotations[first:end], float(clip["fps"]))


def _name(clip: dict[str, Any]) -> str:
    subject = "".join(filter(str.isalnum, clip["subject"]))
    return clip["name"] if clip["name"].startswith(f"{subject}_") else f"{subject}_{clip['name']}"


def _sound(bad: np.ndarray) -> list[tuple[int, int]]:
    """Return where frames without a suspect one begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], bad, [True])).astype(int)))
    spans = edges.reshape(-1, 2).tolist()
    return [(first, end) for first, end in spans if end - first >= _SHORTEST]


def _part(values: np.ndarray, start: int, count: int) -> np.ndarray:
    return values[start : start + count]


def _smpl(
    clip: dict[str, Any],
    skeleton: dict[str, Any],
    arrays: dict[str, np.ndarray],
    rest: np.ndarray | None,
) -> np.ndarray:
    if skeleton["type"] == "asf":
        return asf_amc.smpl_rotations(*_asf(clip, skeleton, arrays))
    motion = _bvh(clip, skeleton, arrays)
    if daz_bvh.is_daz(motion):
        return daz_bvh.smpl_rotations(motion)
    if rest is not None:
        return asf_amc.from_bones(*bones_of(motion, rest, standing=True), level_feet=True)
    rest = np.broadcast_to(np.eye(3), (len(motion.names), 3, 3))
    if "rest_rot_zyx_deg" in skeleton:
        euler = np.array(skeleton["rest_rot_zyx_deg"])
        local = Rotation.from_euler("ZYX", euler, degrees=True).as_matrix()
        rest = _global(dataclasses.replace(motion, rotations=local[None]))
    return asf_amc.from_bones(*bones_of(motion, rest))


def _global(motion: BvhMotion) -> np.ndarray:
    """Return the global rotations (J, 3, 3) of the frame in the middle."""
    return motion.global_rotations()[len(motion.rotations) // 2]


def _channels(clip: dict[str, Any], arrays: dict[str, np.ndarray]) -> np.ndarray:
    count = clip["frames"] * clip["nrot"]
    angles = _part(arrays["rot"], clip["rot_start"], count)
    return angles.reshape(clip["frames"], clip["nrot"]) / 100.0


def _bvh(
    clip: dict[str, Any], skeleton: dict[str, Any], arrays: dict[str, np.ndarray]
) -> BvhMotion:
    angles = _channels(clip, arrays)
    rotations = np.tile(np.eye(3), (len(angles), len(skeleton["names"]), 1, 1))
    column = 0
    for joint, channels in enumerate(skeleton["channels"]):
        order = "".join(kind[0] for kind in channels if kind.endswith("rotation"))
        if order:
            turns = angles[:, column : column + len(order)]
            rotations[:, joint] = Rotation.from_euler(order, turns, degrees=True).as_matrix()
        column += len(order)
    return BvhMotion(
        skeleton["names"],
        skeleton["parents"],
        np.array(skeleton["offset"]),
        rotations,
        np.zeros((len(angles), 3)),  # where the hips are is of no use to SMPL's rotations
        float(clip["fps"]),
    )


def _asf(
    clip: dict[str, Any], skeleton: dict[str, Any], arrays: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], dict[str, asf_amc.AsfBone]]:
    angles = _channels(clip, arrays)
    names, parents = skeleton["names"], skeleton["parents"]
    bones: dict[str, asf_amc.AsfBone] = {}
    turned: dict[str, np.ndarray] = {}
    column = 0
    for index, name in enumerate(names):
        frame = Rotation.from_euler("xyz", skeleton["axis"][index], degrees=True).as_matrix()
        offset = np.array(skeleton["offset"][index])
        length = float(np.linalg.norm(offset))
        dofs = tuple(skeleton["dof"][index])
        parent = names[parents[index]] if parents[index] >= 0 else ""
        direction = offset / length if length else offset
        bones[name] = asf_amc.AsfBone(parent, direction, length * skeleton["unit_m"], frame, dofs)
        turns = ["xyz".index(dof[-1]) for dof in dofs if dof in ("rx", "ry", "rz")]
        euler = np.zeros((len(angles), 3))
        euler[:, turns] = angles[:, column : column + len(turns)]
        column += len(turns)
        local = frame @ Rotation.from_euler("xyz", euler, degrees=True).as_matrix() @ frame.T
        turned[name] = turned[parent] @ local if parent else local
    return turned, bones
