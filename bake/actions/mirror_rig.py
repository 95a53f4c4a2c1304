"""The action of any armature in a mirror: bones change places with those of the other side."""

import re
from typing import Any

import bpy
import numpy as np
from mathutils import Euler, Matrix, Quaternion

from bake.actions.any_rig import begun, frames_of
from bake.actions.curves import group_of, put_in_group, write_sampled
from bake.scene.animation.action import bone_path
from bake.scene.animation.evaluate import evaluated
from bake.scene.animation.raw_curves import read_curve, write_raw
from core_model.errors import OutputError

_TURNED = {
    "location": (0,),
    "rotation_euler": (1, 2),
    "rotation_quaternion": (2, 3),
    "rotation_axis_angle": (2, 3),
}
"""Which numbers of a channel change their sign where axes lie as in a mirror."""

_OPPOSITE = {"left": "right", "right": "left"}
_ACROSS = np.diag([-1.0, 1.0, 1.0])
_EVEN = 1e-3


def mirrored_action(armature: Any, name: str) -> bpy.types.Action:
    """Return an armature's action in the mirror of its own X axis, as a new one.

    Sides are told by the names of bones. Where the axes of two bones lie as in a mirror, keys stay
    keys; where they do not, every frame gets one.

    Parameters
    ----------
    armature : bpy.types.Object
    name : str
        Of the new action.

    Raises
    ------
    OutputError
        When no action is active, or no bone's name tells a side.
    """
    others = {bone.name: other_side(bone.name, armature) for bone in armature.data.bones}
    if all(bone == other for bone, other in others.items()):
        raise OutputError(
            f"No bone of {armature.name} says by its name which side it is on (.L and .R, or Left "
            "and Right): which bones should change places?"
        )
    frames = frames_of(armature)
    action, holder, curves = begun(armature, name)
    askew: dict[tuple[str, str], list[Any]] = {}
    for curve in curves:
        path, channel = curve.data_path, curve.data_path.rsplit(".", 1)[-1]
        bone = path.split('"')[1] if path.startswith('pose.bones["') else ""
        bone = bone if bone in others else ""
        other = others.get(bone, "")
        if bone and channel in _TURNED and not _alike(armature, bone, other):
            askew.setdefault((bone, channel), []).append(curve)
            continue
        if bone:
            path = path.replace(bone_path(bone, "")[:-1], bone_path(other, "")[:-1], 1)
        raw = read_curve(curve)
        if curve.array_index in _TURNED.get(channel, ()):
            raw.points[:, 1] *= -1
            raw.handles[:, 1::2] *= -1
        made = write_raw(holder, path, curve.array_index, raw)
        put_in_group(holder, made, other or group_of(curve))
    for (bone, channel), found in askew.items():
        _write_askew(armature, holder, bone, others[bone], channel, found, frames)
    return action


def other_side(bone: str, armature: Any) -> str:
    """Return the bone of the other side, or the same where there is none."""
    flipped: str = bpy.utils.flip_name(bone)
    if flipped != bone and flipped in armature.data.bones:
        return flipped
    swapped = re.sub("left|right", _opposite, bone, flags=re.IGNORECASE)
    return swapped if swapped in armature.data.bones else bone


def _opposite(found: re.Match[str]) -> str:
    word = found[0]
    other = _OPPOSITE[word.lower()]
    return other.upper() if word.isupper() else other.title() if word[0].isupper() else other


def _alike(armature: Any, bone: str, other: str) -> bool:
    """Tell whether keys of a bone serve its opposite but for signs."""
    modes = {armature.pose.bones[each].rotation_mode for each in (bone, other)}
    return len(modes) == 1 and bool(np.abs(_across(armature, bone, other) - _ACROSS).max() < _EVEN)


def _across(armature: Any, bone: str, other: str) -> np.ndarray:
    """Return what takes axes of a bone at rest to those of its opposite in a mirror (3, 3)."""
    rests = [
        np.array(armature.data.bones[each].matrix_local.to_3x3().normalized())
        for each in (bone, other)
    ]
    return np.asarray(rests[1].T @ _ACROSS @ rests[0])


def _write_askew(
    armature: Any,
    holder: Any,
    bone: str,
    other: str,
    channel: str,
    curves: list[Any],
    frames: np.ndarray,
) -> None:
    """Write what a bone does to its opposite, whose axes lie otherwise, on every frame."""
    posed, across = armature.pose.bones[bone], _across(armature, bone, other)
    still = list(getattr(posed, channel))
    columns = [np.full(len(frames), value) for value in still]
    for curve in curves:
        columns[curve.array_index] = evaluated(curve, frames)
    values = np.stack(columns, axis=1)
    if channel == "location":
        path, mirrored = "location", values @ across.T
    else:
        if not _turns(posed.rotation_mode, channel):
            return  # nobody sees these keys
        path, mirrored = _turned(values, posed.rotation_mode, across, armature.pose.bones[other])
    for index, column in enumerate(mirrored.T):
        write_sampled(holder, bone_path(other, path), index, frames, column, other)


def _turns(mode: str, channel: str) -> bool:
    own = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}
    return channel == own.get(mode, "rotation_euler")


def _turned(
    values: np.ndarray, mode: str, across: np.ndarray, other: Any
) -> tuple[str, np.ndarray]:
    """Return the channel and values (K, C) with which a bone turns as its opposite in a mirror."""
    path = "rotation_euler"
    if other.rotation_mode == "QUATERNION":
        path = "rotation_quaternion"
    elif other.rotation_mode == "AXIS_ANGLE":
        path = "rotation_axis_angle"
    found: list[list[float]] = []
    before: Any = None
    for value in values.tolist():
        turn = Matrix((across @ _matrix(value, mode) @ across.T).tolist())
        if path == "rotation_euler":
            before = (
                turn.to_euler(other.rotation_mode, before)
                if before
                else turn.to_euler(other.rotation_mode)
            )
            found.append(list(before))
            continue
        quaternion = turn.to_quaternion()
        if before is not None and before.dot(quaternion) < 0:
            quaternion.negate()
        before = quaternion
        if path == "rotation_quaternion":
            found.append([*quaternion[:]])
        else:
            axis, angle = quaternion.to_axis_angle()
            found.append([angle, *axis[:]])
    return path, np.array(found)


def _matrix(value: list[float], mode: Any) -> np.ndarray:
    if mode == "QUATERNION":
        return np.array(Quaternion(value).normalized().to_matrix())
    if mode == "AXIS_ANGLE":
        return np.array(Quaternion(value[1:], value[0]).to_matrix())
    return np.array(Euler(value, mode).to_matrix())
