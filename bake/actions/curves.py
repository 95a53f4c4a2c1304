"""Curves of any action cut, played at another speed, written on every frame."""

from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from bake.reduction.bezier import keys_on_every_frame
from bake.scene.animation.action import write_keys
from bake.scene.animation.evaluate import evaluated
from bake.scene.animation.raw_curves import read_curve, write_raw

POSED = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle")
"""Channels of a bone that a motion is made of."""

_SAME = 1e-3  # of a frame


def write_sampled(
    holder: Any, path: str, index: int, frames: np.ndarray, values: np.ndarray, group: str
) -> None:
    """Write one curve with a key on every frame.

    Parameters
    ----------
    holder : bpy.types.Action or bpy.types.ActionChannelbag
    path : str
    index : int
    frames : (K,)
    values : (K,)
    group : str
        Of channels, made if missing.
    """
    columns = np.repeat(values[:, None], index + 1, axis=1)
    keys = keys_on_every_frame(frames, columns, np.zeros(len(frames), bool))
    write_keys(holder, path, group, keys, [index])


def write_cut(holder: Any, curve: bpy.types.FCurve, frames: np.ndarray) -> None:
    """Write a curve as far as it lies within frames; its keys stay where it has one at either end.

    Parameters
    ----------
    holder : bpy.types.Action or bpy.types.ActionChannelbag
        Of the new curve.
    curve : bpy.types.FCurve
    frames : (K,)
        One after the other.
    """
    raw = read_curve(curve)
    at = raw.points[:, 0]
    first, last = frames[0], frames[-1]
    within = at[0] >= first - _SAME and at[-1] <= last + _SAME
    keyed = np.abs(at - first).min() < _SAME and np.abs(at - last).min() < _SAME
    if curve.modifiers or not (within or keyed):
        values = evaluated(curve, frames)
        write_sampled(holder, curve.data_path, curve.array_index, frames, values, group_of(curve))
        return
    inside = (at >= first - _SAME) & (at <= last + _SAME)
    part = replace(
        raw,
        points=raw.points[inside],
        interpolation=raw.interpolation[inside],
        handles=raw.handles[inside],
    )
    made = write_raw(holder, curve.data_path, curve.array_index, part)
    put_in_group(holder, made, group_of(curve))


def write_slower(holder: Any, curve: bpy.types.FCurve, first: float, slowness: float) -> None:
    """Write a curve whose time passes more slowly from a frame on; every key stays one.

    Parameters
    ----------
    holder : bpy.types.Action or bpy.types.ActionChannelbag
        Of the new curve.
    curve : bpy.types.FCurve
    first : float
        The frame that stays.
    slowness : float
        2 takes twice as long.
    """
    raw = read_curve(curve)
    points, handles = raw.points.copy(), raw.handles.copy()
    for times in (points[:, 0], handles[:, 0], handles[:, 2]):
        times[:] = first + slowness * (times - first)
    slow = replace(raw, points=points, handles=handles)
    made = write_raw(holder, curve.data_path, curve.array_index, slow)
    put_in_group(holder, made, group_of(curve))


def group_of(curve: bpy.types.FCurve) -> str:
    """Return the name of the group of channels of a curve, or what it may be listed under."""
    if curve.group:
        return str(curve.group.name)
    parts = curve.data_path.split('"')
    return parts[1] if len(parts) > 1 else "Object Transforms"


def put_in_group(holder: Any, curve: bpy.types.FCurve, name: str) -> None:
    """List a curve under a group of channels, made if missing."""
    curve.group = holder.groups.get(name) or holder.groups.new(name)
