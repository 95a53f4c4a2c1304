"""Curves over the frames of a scene that are drivers, not keys of an action.

What is bound to the clip and not to a person's motion is written so: actions hold nothing but
motion, and exporters write each action as an animation.
"""

import zlib
from typing import Any

import bpy
import numpy as np

_WRITTEN = "mocap_written "
"""How the custom properties begin that keep a fingerprint of what was written for a data path."""

_CONSTANT, _LINEAR = 0, 1  # Blender's numbers for interpolation


def drive_by_frame(
    thing: bpy.types.Object | bpy.types.Camera,
    path: str,
    frames: np.ndarray,
    values: np.ndarray,
    held: np.ndarray,
) -> None:
    """Let a property follow curves over the scene's frames; those that were there are replaced.

    Parameters
    ----------
    thing : bpy.types.Object or bpy.types.Camera
    path : str
        Data path of a property with as many numbers as `values` has columns.
    frames : (K,)
        Increasing.
    values : (K, C)
    held : (K,) bool
        Where the value stays until the next frame that is given, and does not lead there.
    """
    thing.driver_remove(path)
    written = 0
    count, channels = values.shape
    curves: Any = thing.driver_add(path)
    interpolation = np.where(held, _CONSTANT, _LINEAR).astype(np.uint8)
    coordinates = np.empty((count, 2), np.float32)
    coordinates[:, 0] = frames
    for column, curve in enumerate([curves] if channels == 1 else curves):
        curve.driver.expression = "frame"
        # A new driver passes its value on: by a modifier up to Blender 4.5, by two keys since 5.0.
        for modifier in list(curve.modifiers):
            curve.modifiers.remove(modifier)
        points = curve.keyframe_points
        points.clear()
        points.add(count)
        coordinates[:, 1] = values[:, column]
        points.foreach_set("co", coordinates.ravel())
        points.foreach_set("interpolation", interpolation)
        curve.update()
        written = _fingerprint(curve, written)
    thing[_WRITTEN + path] = written


def is_edited(thing: bpy.types.Object | bpy.types.Camera, path: str) -> bool:
    """Return whether curves that `drive_by_frame` wrote were changed by hand since.

    Those that were taken away as a whole do not count.

    Parameters
    ----------
    thing : bpy.types.Object or bpy.types.Camera
    path : str
        Data path of the property.
    """
    data = thing.animation_data
    curves = [each for each in data.drivers if each.data_path == path] if data else []
    written = thing.get(_WRITTEN + path)
    if not curves or written is None:
        return False
    found = 0
    for curve in sorted(curves, key=lambda each: each.array_index):
        found = _fingerprint(curve, found)
    return bool(found != written)


def _fingerprint(curve: Any, before: int) -> int:
    """Return a number (31 bits) that says what a curve does, after others."""
    about = [curve.driver.expression, curve.driver.type, str(curve.mute), str(len(curve.modifiers))]
    points = curve.keyframe_points
    coordinates = np.empty(2 * len(points), np.float32)
    points.foreach_get("co", coordinates)
    interpolation = np.empty(len(points), np.uint8)
    points.foreach_get("interpolation", interpolation)
    content = "|".join(about).encode() + coordinates.tobytes() + interpolation.tobytes()
    return zlib.crc32(content, before) & 0x7FFFFFFF
