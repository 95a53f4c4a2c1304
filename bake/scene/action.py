"""Baked curves: one way to write them in every Blender from 4.2 to 5.2."""

from typing import Any

import bpy
import numpy as np

_CONSTANT, _LINEAR = 0, 1
_AUTO_CLAMPED = 4
# The values of Blender's enumerations for interpolation and handles, as foreach_set takes them.


def new_action(name: str, animated: bpy.types.Object) -> tuple[bpy.types.Action, Any]:
    """Make an action, assign it to `animated`, and return it with the holder of its curves.

    The holder has `fcurves` and `groups`: a channelbag since Blender 4.4, before that the action.
    """
    action = bpy.data.actions.new(name)
    data = animated.animation_data or animated.animation_data_create()
    assert data
    data.action = action
    if bpy.app.version < (4, 4, 0):
        return action, action
    slot = action.slots.new(id_type=animated.id_type, name=animated.name)
    strip: Any = action.layers.new("Layer").strips.new(type="KEYFRAME")
    data.action_slot = slot
    return action, strip.channelbag(slot, ensure=True)


def curves_of(animated: bpy.types.Object) -> Any:
    """Return what holds the curves of the action that `new_action` gave to an object."""
    data = animated.animation_data
    assert data and data.action
    if bpy.app.version < (4, 4, 0):
        return data.action
    strip: Any = data.action.layers[0].strips[0]
    return strip.channelbag(data.action_slot)


def write_curves(
    holder: Any,
    path: str,
    group: str,
    frames: np.ndarray,
    values: np.ndarray,
    last_of_run: np.ndarray,
) -> None:
    """Write the curves of one property, a key on every given frame.

    Keys hold their value up to the next where a long gap follows, and lead there in a straight line
    otherwise.

    Parameters
    ----------
    holder : bpy.types.Action or bpy.types.ActionChannelbag
        From `new_action`.
    path : str
        Data path of the property, with as many numbers as `values` has columns.
    group : str
        Group of channels to list the curves under; made if missing.
    frames : (K,)
        Scene frames, increasing.
    values : (K, C)
    last_of_run : (K,) bool
        True at keys that a long gap follows.
    """
    count = len(frames)
    channels = holder.groups.get(group) or holder.groups.new(group)
    coordinates = np.empty((count, 2), np.float32)
    coordinates[:, 0] = frames
    interpolation = np.where(last_of_run, _CONSTANT, _LINEAR).astype(np.uint8)
    handles = np.full(count, _AUTO_CLAMPED, np.uint8)
    for index in range(values.shape[1]):
        curve = holder.fcurves.new(path, index=index)
        curve.group = channels
        points = curve.keyframe_points
        points.add(count)
        coordinates[:, 1] = values[:, index]
        points.foreach_set("co", coordinates.ravel())
        points.foreach_set("interpolation", interpolation)
        # Keys made by add() have both handles at frame 0, in the way of anyone who edits them.
        points.foreach_set("handle_left_type", handles)
        points.foreach_set("handle_right_type", handles)
        curve.update()
