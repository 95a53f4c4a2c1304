"""Curves over the frames of a scene that are drivers, not keys of an action.

What is bound to the clip and not to a person's motion is written so: actions hold nothing but
motion, and exporters write each action as an animation.
"""

from typing import Any

import bpy
import numpy as np

_CONSTANT, _LINEAR = 0, 1  # Blender's numbers for interpolation


def drive_by_frame(
    thing: bpy.types.Object,
    path: str,
    frames: np.ndarray,
    values: np.ndarray,
    held: np.ndarray,
) -> None:
    """Let a property follow curves over the scene's frames; those that were there are replaced.

    Parameters
    ----------
    thing : bpy.types.Object
    path : str
        Data path of a property with as many numbers as `values` has columns.
    frames : (K,)
        Increasing.
    values : (K, C)
    held : (K,) bool
        Where the value stays until the next frame that is given, and does not lead there.
    """
    thing.driver_remove(path)
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
