"""What an animator changed in a bake: told in words, and kept as a layer over the next one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Euler, Quaternion

from bake.scene.animation.action import holder_at, place_of_bake, places
from bake.scene.animation.channels import EULER, QUATERNION
from bake.scene.animation.evaluate import evaluated, raw_values
from bake.scene.animation.raw_curves import RawCurves, edited_frames, raw_curves, read_curve
from core_model.geometry.rotations import quaternion_multiply, without_sign_flips

_SIZES = {QUATERNION: 4, EULER: 3, "rotation_axis_angle": 4, "location": 3, "scale": 3}
_SAME, _CONVERTED = 1e-5, 1e-3
"""Radians or units: what is nearer is the same, also after it was turned into other angles."""

_MOCAP = '["mocap_'
"""How the data paths of properties begin that a bake keys beside the bones."""

_INVERSE = np.array([1.0, -1.0, -1.0, -1.0])


@dataclass(frozen=True)
class Edit:
    """A bone that was changed since it was baked.

    Parameters
    ----------
    bone : str
    keys : int
        How many frames have keys that were changed, added or taken away; 0 where the curves were
        changed otherwise: taken away, muted, modified, or given another kind of angles.
    """

    bone: str
    keys: int


@dataclass(frozen=True)
class Change:
    """How one property of a bone differs from what was baked, at whole frames.

    Parameters
    ----------
    bone : str
    channel : str
        "rotation", or the name of a property that is added to.
    frames : (K,)
    raw, edited : (K, 3) or (K, 4)
        Quaternions for rotations.
    """

    bone: str
    channel: str
    frames: np.ndarray
    raw: np.ndarray
    edited: np.ndarray


def source_of(armature: bpy.types.Object) -> Any:
    """Return what plays a bake, or what the user made of one; None if nothing does.

    Returns
    -------
    bpy.types.AnimData or bpy.types.NlaStrip or None
    """
    data = armature.animation_data
    if data is None:
        return None
    return place_of_bake(data) or next(
        (each for each in places(data) if raw_curves(each.action)), None
    )


def edits_of(armature: Any, place: Any) -> list[Edit]:
    """Return what was changed in the action of `source_of` since it was baked."""
    raw = raw_curves(place.action)
    found = []
    for bone, paths in _by_bone(raw).items():
        if bone not in armature.pose.bones:  # nobody sees its keys any more
            continue
        frames: set[float] = set()
        otherwise = False
        for path in paths:
            for index in sorted(each for name, each in raw if name == path):
                now = _playing(armature, place, path, index)
                if now is None or not now.is_valid:
                    otherwise = True
                    continue
                frames |= edited_frames(raw[path, index], read_curve(now))
                otherwise |= bool(now.modifiers)
            otherwise |= _path_seen(armature, place, bone, path) != path
        if frames or otherwise:
            found.append(Edit(bone, len(frames)))
    return found


def is_worked_on(armature: bpy.types.Object, place: Any) -> bool:
    """Return whether the action of `source_of` has edits, or channels that no bake made."""
    baked = {path for path, _ in raw_curves(place.action)}
    return bool(edits_of(armature, place)) or any(
        curve.data_path not in baked and not curve.data_path.startswith(_MOCAP)
        for curve in holder_at(place, armature).fcurves
    )


def changes_of(armature: bpy.types.Object, place: Any) -> list[Change]:
    """Work out how the edits of `edits_of` move the bones."""
    raw = raw_curves(place.action)
    edited = {edit.bone for edit in edits_of(armature, place)}
    return [
        change
        for bone, paths in _by_bone(raw).items()
        if bone in edited
        for path in paths
        if (change := _change(armature, place, raw, bone, path)) is not None
    ]


def _change(armature: Any, place: Any, raw: RawCurves, bone: str, path: str) -> Change | None:
    seen, channel = _path_seen(armature, place, bone, path), path.rsplit(".", 1)[1]
    frames = _whole_frames(armature, place, raw, path, seen)
    was = raw_values(raw, path, frames, _SIZES[channel])
    now = np.stack(
        [_now(armature, place, bone, seen, index, frames) for index in range(_size(seen))], axis=1
    )
    if not channel.startswith("rotation"):
        return _worth(Change(bone, channel, frames, was, now), _SAME)
    posed = armature.pose.bones[bone]
    raw_order = posed.rotation_mode if channel == EULER and seen == path else "XYZ"
    change = Change(
        bone,
        "rotation",
        frames,
        _quaternions(was, channel, raw_order),
        _quaternions(now, seen.rsplit(".", 1)[1], posed.rotation_mode),
    )
    return _worth(change, _SAME if seen == path else _CONVERTED)


def _worth(change: Change, tolerance: float) -> Change | None:
    """Return a change with all that is no change exactly the same, None where nothing is one."""
    apart = np.abs(change.raw - change.edited)
    if change.channel == "rotation":
        apart = np.minimum(apart, np.abs(change.raw + change.edited))
    same = (apart < tolerance).all(axis=1)
    if same.all():
        return None
    edited = np.where(same[:, None], change.raw, change.edited)
    return Change(change.bone, change.channel, change.frames, change.raw, edited)


def difference(change: Change, mode: Any, near: np.ndarray | None) -> tuple[str, np.ndarray]:
    """Return the property of a bone and its values (K, C) that combine with the bake to the edit.

    Parameters
    ----------
    change : Change
    mode : str
        Rotation mode of the bone.
    near : (K, 3) or None
        Euler angles that the new bake has there: one turn can be told by many.
    """
    if change.channel != "rotation":
        return change.channel, change.edited - change.raw
    if near is None:
        turns = quaternion_multiply(change.raw * _INVERSE, change.edited)
        turns[0] *= np.sign(turns[0, 0]) or 1
        return QUATERNION, without_sign_flips(turns[:, None])[:, 0]
    angles = []
    for raw, edited, other in zip(change.raw, change.edited, near, strict=True):
        before = Quaternion(raw.tolist()).to_euler(mode, Euler(other.tolist(), mode))
        after = Quaternion(edited.tolist()).to_euler(mode, before)
        angles.append(np.array(after) - np.array(before))
    return EULER, np.array(angles)


def _by_bone(raw: RawCurves) -> dict[str, list[str]]:
    """Return the data paths of each bone."""
    found: dict[str, list[str]] = {}
    for path, _ in raw:
        paths = found.setdefault(path.split('"')[1], [])
        if path not in paths:
            paths.append(path)
    return found


def _path_seen(armature: Any, place: Any, bone: str, path: str) -> str:
    """Return the data path that turns a bone now, if it was `path` when it was baked."""
    posed = armature.pose.bones.get(bone)
    if posed is None or ".rotation" not in path:
        return path
    own = {"QUATERNION": QUATERNION, "AXIS_ANGLE": "rotation_axis_angle"}
    now = f"{path.rsplit('.', 1)[0]}.{own.get(posed.rotation_mode, EULER)}"
    keyed = any(_playing(armature, place, now, index) for index in range(_size(now)))
    return now if keyed else path


def _size(path: str) -> int:
    return _SIZES[path.rsplit(".", 1)[1]]


def _playing(armature: Any, place: Any, path: str, index: int) -> Any:
    """Return the curve of a property, None where it does not move anything."""
    curve = holder_at(place, armature).fcurves.find(path, index=index)
    return None if curve is None or curve.mute else curve


def _whole_frames(armature: Any, place: Any, raw: RawCurves, path: str, seen: str) -> np.ndarray:
    def ends() -> Iterator[np.ndarray]:
        yield from (curve.points[:, 0] for (name, _), curve in raw.items() if name == path)
        for index in range(_size(seen)):
            curve = _playing(armature, place, seen, index)
            if curve and len(curve.keyframe_points):
                yield np.array(curve.range())

    every = np.concatenate(list(ends()))
    return np.arange(np.floor(every.min()), np.ceil(every.max()) + 1)


def _now(
    armature: Any, place: Any, bone: str, path: str, index: int, frames: np.ndarray
) -> np.ndarray:
    curve = _playing(armature, place, path, index)
    if curve is not None:
        return evaluated(curve, frames)
    still = getattr(armature.pose.bones[bone], path.rsplit(".", 1)[1])[index]
    return np.full(len(frames), still)


def _quaternions(values: np.ndarray, channel: str, order: str) -> np.ndarray:
    if channel == EULER:
        return np.array([Euler(each, order).to_quaternion() for each in values.tolist()])
    if channel != QUATERNION:
        return np.array([Quaternion(each[1:], each[0]) for each in values.tolist()])
    return values / np.linalg.norm(values, axis=1, keepdims=True).clip(1e-9)
