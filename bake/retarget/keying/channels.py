"""What is keyed on the bones of a rig: each in the way it turns, without what is locked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bake.reduction.axis_angle import quaternion_to_axis_and_angle
from bake.reduction.euler import euler_to_quaternion, quaternion_to_euler
from bake.retarget.motion import RigMotion
from bake.retarget.rig import AXIS_ANGLE, BY_QUATERNION, Bone, Rig
from core_model.geometry.rotations import without_sign_flips

LOCATION = "location"
_PATHS = {BY_QUATERNION: "rotation_quaternion", AXIS_ANGLE: "rotation_axis_angle"}
_STILL = 1e-4  # of a bone's length, or radians: what is locked hardly moves anyway


@dataclass(frozen=True)
class BoneChannel:
    """One property of one bone, at every frame of a motion.

    Parameters
    ----------
    bone : str
    path : str
        `LOCATION`, or how the bone turns.
    mode : str
        Rotation mode of the bone; "" for a location.
    values : (K, C)
        As Blender shows them: quaternions without sign flips, angles without jumps; what is locked
        stays as it is at rest.
    columns : tuple of int
        Those that are keyed: not locked.
    """

    bone: str
    path: str
    mode: str
    values: np.ndarray
    columns: tuple[int, ...]


def channels_of(rig: Rig, motion: RigMotion) -> tuple[list[BoneChannel], list[str]]:
    """Return what the bones of a rig are keyed with, and what the user should know about locks.

    Parameters
    ----------
    rig : Rig
    motion : RigMotion
        Of bones that the rig has.
    """
    places, channels = rig.place_of(), []
    held: list[str] = []
    for name in (*motion.moves, *(each for each in motion.turns if each not in motion.moves)):
        bone = rig.bones[places[name]]
        if name in motion.moves:
            moved = _location(bone, motion.moves[name], held)
            channels += [moved] if moved.columns else []
        if name in motion.turns:
            turned = _rotation(bone, motion.turns[name], held)
            channels += [turned] if turned.columns else []
    if not held:
        return channels, []
    one = len(held) == 1
    return channels, [
        f"{_listed(held)} of {rig.name} {'has' if one else 'have'} locked channels, which were "
        "not keyed."
    ]


def every(motion: RigMotion, step: int) -> np.ndarray:
    """Return every `step`-th frame of each run of a motion, and the last one of each, (K,) bool."""
    count = len(motion.frames)
    ends = np.flatnonzero(motion.last_of_run)
    starts = np.concatenate(([0], ends[:-1] + 1))
    run = np.searchsorted(ends, np.arange(count))
    kept = (motion.frames - motion.frames[starts[run]]) % step == 0
    return np.asarray(kept | motion.last_of_run)


def within(motion: RigMotion, kept: np.ndarray | slice) -> RigMotion:
    """Return some frames of a motion; the last of them ends a run."""
    ends = motion.last_of_run[kept].copy()
    ends[-1] = True
    return replace(
        motion,
        frames=motion.frames[kept],
        last_of_run=ends,
        turns={bone: turns[kept] for bone, turns in motion.turns.items()},
        moves={bone: values[kept] for bone, values in motion.moves.items()},
        seen={bone: turns[kept] for bone, turns in motion.seen.items()},
        travel=None if motion.travel is None else motion.travel[kept],
    )


def _location(bone: Bone, values: np.ndarray, held: list[str]) -> BoneChannel:
    locked = np.array(bone.locked_location)
    length = float(np.linalg.norm(bone.tail - bone.head))
    if (np.abs(values[:, locked]) > _STILL * length).any():
        held.append(bone.name)
    return BoneChannel(bone.name, LOCATION, "", np.where(locked, 0.0, values), _free(locked))


def _rotation(bone: Bone, turns: np.ndarray, held: list[str]) -> BoneChannel:
    turns = without_sign_flips(turns)
    locked = np.array(bone.locked_rotation)
    mode = bone.mode
    if mode not in _PATHS:
        angles = quaternion_to_euler(turns, mode)
        if (np.abs(angles[:, locked]) > _STILL).any() and bone.name not in held:
            held.append(bone.name)
        angles = np.where(locked, 0.0, angles)
        return BoneChannel(bone.name, "rotation_euler", mode, angles, _free(locked))
    columns: tuple[int, ...] = () if locked.all() else (0, 1, 2, 3)
    if locked.any():
        # Blender holds such bones by their angles about X, Y and Z, whatever they turn by.
        angles = quaternion_to_euler(turns, "XYZ")
        if (np.abs(angles[:, locked]) > _STILL).any() and bone.name not in held:
            held.append(bone.name)
        turns = without_sign_flips(euler_to_quaternion(np.where(locked, 0.0, angles), "XYZ"))
    if mode == AXIS_ANGLE:
        turns = quaternion_to_axis_and_angle(turns)
    return BoneChannel(bone.name, _PATHS[mode], mode, turns, columns)


def _free(locked: np.ndarray) -> tuple[int, ...]:
    return tuple(np.flatnonzero(~locked).tolist())


def _listed(names: Sequence[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
