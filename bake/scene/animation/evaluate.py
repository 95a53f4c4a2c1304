"""F-curves read at many frames."""

from typing import Any

import bpy
import numpy as np

from bake.scene.animation.action import curves_in
from bake.scene.animation.raw_curves import BEZIER, RawCurves, read_curve, write_raw

_CONSTANT = 0


def evaluated(curve: bpy.types.FCurve, frames: np.ndarray) -> np.ndarray:
    """Return the values (K,) of a curve at frames (K,), its modifiers included."""
    keys = read_curve(curve)
    simple = curve.extrapolation == "CONSTANT" and not curve.modifiers
    if not simple or (keys.interpolation >= BEZIER).any() or len(keys.points) == 0:
        return np.array([curve.evaluate(frame) for frame in frames.tolist()])
    times, values = keys.points.astype(np.float64).T
    before = np.searchsorted(times, frames, side="right").clip(1) - 1
    held = keys.interpolation[before] == _CONSTANT
    return np.where(held, values[before], np.interp(frames, times, values))


def values_at(holder: Any, path: str, frames: np.ndarray, size: int) -> np.ndarray:
    """Return the values (K, C) of a property at frames (K,); zeros where it has no curve."""
    curves = [holder.fcurves.find(path, index=index) for index in range(size)]
    nothing = np.zeros(len(frames))
    return np.stack([evaluated(curve, frames) if curve else nothing for curve in curves], axis=1)


def raw_values(raw: RawCurves, path: str, frames: np.ndarray, size: int) -> np.ndarray:
    """Return the values (K, C) that a property had where only the bake moved it."""
    moment = bpy.data.actions.new("moment")
    try:
        holder = curves_in(moment, "moment")
        values = [
            evaluated(write_raw(holder, path, index, raw[path, index]), frames)
            for index in range(size)
            if (path, index) in raw
        ]
    finally:
        bpy.data.actions.remove(moment)
    return np.stack(values, axis=1)
