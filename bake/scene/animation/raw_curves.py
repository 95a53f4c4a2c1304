"""What a bake wrote, kept with its action, so that what was edited since can be told and saved.

Stored as compressed bytes, for an action of its own would be exported and listed with the others.
A copy of the action carries it along.
"""

import json
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

_RAW = "mocap_raw"
"""Custom property of an action: bytes for each part that is written in one go."""

BEZIER = 2  # as foreach_get tells the interpolation
_SAME_FRAME, _SAME_VALUE, _SAME_HANDLE = 1e-3, 1e-6, 1e-3
_QUICK = 1  # of zlib's levels; numbers of a motion hardly get smaller by more


@dataclass(frozen=True)
class RawCurve:
    """The keys of one F-curve.

    Parameters
    ----------
    points : (K, 2) float32
        Frame and value.
    interpolation : (K,) uint8
    handles : (K, 4) float32
        Left and right handle, frame and value; zeros where no segment of the curve is Bezier.
    """

    points: np.ndarray
    interpolation: np.ndarray
    handles: np.ndarray


RawCurves = dict[tuple[str, int], RawCurve]
"""By data path and index."""


def keep_raw(action: bpy.types.Action, holder: Any, part: str, paths: Collection[str]) -> None:
    """Remember the curves of some data paths as they are now.

    Parameters
    ----------
    action : bpy.types.Action
    holder : bpy.types.Action or bpy.types.ActionChannelbag
        Of its curves.
    part : str
        What is remembered; replaces what was remembered as that before.
    paths : collection of str
    """
    kept = dict(action.get(_RAW, {}))
    curves = [curve for curve in holder.fcurves if curve.data_path in paths]
    kept[part] = _packed({(each.data_path, each.array_index): read_curve(each) for each in curves})
    action[_RAW] = kept


def raw_curves(action: bpy.types.Action) -> RawCurves:
    """Return what the last bake wrote into an action; empty where it is of no bake."""
    found: RawCurves = {}
    for part in dict(action.get(_RAW, {})).values():
        found |= _unpacked(part)
    return found


def update_raw(action: bpy.types.Action, changed: RawCurves) -> None:
    """Remember other keys of curves that are remembered already."""
    kept = dict(action.get(_RAW, {}))
    for part, packed in kept.items():
        curves = _unpacked(packed)
        own = {key: curve for key, curve in changed.items() if key in curves}
        if own:
            kept[part] = _packed(curves | own)
    action[_RAW] = kept


def forget_raw(action: bpy.types.Action) -> None:
    """Remember nothing of an action any more."""
    if action.get(_RAW) is not None:
        del action[_RAW]


def read_curve(curve: bpy.types.FCurve) -> RawCurve:
    """Read the keys of a curve."""
    points: Any = curve.keyframe_points
    count = len(points)
    values = np.empty(2 * count, np.float32)
    points.foreach_get("co", values)
    interpolation = np.empty(count, np.uint8)
    points.foreach_get("interpolation", interpolation)
    handles = np.zeros((count, 4), np.float32)
    if (interpolation == BEZIER).any():
        for column, side in ((0, "handle_left"), (2, "handle_right")):
            flat = np.empty(2 * count, np.float32)
            points.foreach_get(side, flat)
            handles[:, column : column + 2] = flat.reshape(-1, 2)
    return RawCurve(values.reshape(-1, 2), interpolation, handles)


def write_raw(holder: Any, path: str, index: int, raw: RawCurve) -> bpy.types.FCurve:
    """Make a curve that runs as the remembered one did."""
    curve: bpy.types.FCurve = holder.fcurves.new(path, index=index)
    points: Any = curve.keyframe_points
    points.add(len(raw.points))
    points.foreach_set("co", raw.points.ravel())
    points.foreach_set("interpolation", raw.interpolation)
    for column, side in ((0, "handle_left"), (2, "handle_right")):
        points.foreach_set(f"{side}_type", np.zeros(len(raw.points), np.uint8))  # free
        points.foreach_set(side, raw.handles[:, column : column + 2].ravel())
    curve.update()
    return curve


def edited_frames(raw: RawCurve, now: RawCurve) -> set[float]:
    """Return the frames at which keys were changed, added or taken away."""
    if len(raw.points) == len(now.points) and not _differing(raw, now).any():
        return set()
    was, are = _by_frame(raw), _by_frame(now)
    changed = set(was) ^ set(are)
    both = sorted(set(was) & set(are))
    old, new = (np.array([each[frame] for frame in both], int) for each in (was, are))
    differs = _differing(_picked(raw, old), _picked(now, new), with_handles=not changed)
    return changed | {frame for frame, changes in zip(both, differs, strict=True) if changes}


def _differing(raw: RawCurve, now: RawCurve, with_handles: bool = True) -> np.ndarray:
    """Return which keys (K,) of two curves of as many keys differ.

    Handles follow the change of a neighbour by themselves; they count only where no key changed.
    """
    frame, value = np.abs(raw.points - now.points).T
    scale = 1 + np.abs(raw.points[:, 1])
    keys = (frame > _SAME_FRAME) | (value > _SAME_VALUE * scale)
    keys |= raw.interpolation != now.interpolation
    if keys.any() or not with_handles:
        return keys
    return np.asarray((np.abs(raw.handles - now.handles) > _SAME_HANDLE).any(axis=1))


def _by_frame(curve: RawCurve) -> dict[float, int]:
    return {round(float(frame), 2): place for place, frame in enumerate(curve.points[:, 0])}


def _picked(curve: RawCurve, places: np.ndarray) -> RawCurve:
    return RawCurve(curve.points[places], curve.interpolation[places], curve.handles[places])


def _packed(curves: RawCurves) -> bytes:
    listed = json.dumps([(path, index, len(c.points)) for (path, index), c in curves.items()])
    head = listed.encode()
    arrays = [
        np.concatenate([getattr(curve, name).ravel() for curve in curves.values()]).tobytes()
        for name in ("points", "interpolation", "handles")
        if curves
    ]
    size = len(head).to_bytes(4, "little")
    return zlib.compress(size + head + b"".join(arrays), _QUICK)


def _unpacked(packed: bytes) -> RawCurves:
    data = zlib.decompress(packed)
    start = 4 + int.from_bytes(data[:4], "little")
    listed = json.loads(data[4:start])
    total = sum(count for _, _, count in listed)
    points = np.frombuffer(data, np.float32, 2 * total, start).reshape(-1, 2)
    interpolation = np.frombuffer(data, np.uint8, total, start + 8 * total)
    # The bytes before may end anywhere; floats are read wherever they begin.
    handles = np.frombuffer(data[start + 9 * total :], np.float32).reshape(-1, 4)
    found: RawCurves = {}
    first = 0
    for path, index, count in listed:
        part = slice(first, first + count)
        found[path, index] = RawCurve(points[part], interpolation[part], handles[part])
        first += count
    return found
