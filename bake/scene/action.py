"""Baked curves: one way to write them in every Blender from 4.2 to 5.2."""

from collections.abc import Collection
from typing import Any

import bpy
import numpy as np

from bake.motion.bezier import BezierKeys, keys_on_every_frame

_CONSTANT, _LINEAR, _BEZIER = 0, 1, 2
_FREE, _ALIGNED, _AUTO_CLAMPED = 0, 3, 4
# The values of Blender's enumerations for interpolation and handles, as foreach_set takes them.

_SIDE_COLOURS = {"left": "THEME04", "right": "THEME01"}
"""Colour sets of Blender for groups of channels: blue and red, as the bones of a new figure."""

_MADE = "mocap_made"
"""Custom property of an action: the name that it was made under. A copy has another name, and so
has what the user renamed: both are the user's."""


def baked_action(name: str, animated: bpy.types.Object) -> tuple[bpy.types.Action, Any]:
    """Return the action to bake into, assigned to `animated`, with the holder of its curves.

    It is the one that an earlier bake made, with all that the user added to it, as long as nothing
    else uses it and nobody renamed it; else a new one. An action of the user's that gives way stays
    in the file.

    The holder has `fcurves` and `groups`: a channelbag since Blender 4.4, before that the action.
    """
    data = animated.animation_data or animated.animation_data_create()
    assert data
    action = data.action
    if action is None or not _ours(action) or _real_users(action) > 1:
        if action is not None and not _ours(action):
            action.use_fake_user = True
        action = _new_action(name)
        data.action = action
    if bpy.app.version < (4, 4, 0):
        return action, action
    slot = data.action_slot
    if slot is None:
        slot = action.slots.new(id_type=animated.id_type, name=animated.name)
        data.action_slot = slot
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip: Any = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return action, strip.channelbag(slot, ensure=True)


def rename_action(animated: bpy.types.Object, name: str) -> None:
    """Rename the action that was baked for an object; one of the user's keeps its name."""
    data = animated.animation_data
    if data and data.action and _ours(data.action):
        data.action.name = name
        data.action[_MADE] = data.action.name


def remove_baked_action(action: bpy.types.Action | None) -> None:
    """Take an action out of the file if it was baked and nothing uses it any more."""
    if action is not None and _ours(action) and action.users == 0:
        bpy.data.actions.remove(action)


def bone_path(bone: str, channel: str) -> str:
    """Return the data path of a channel of a pose bone."""
    return f'pose.bones["{bone}"].{channel}'


def forget_curves(holder: Any, paths: Collection[str]) -> None:
    """Remove all curves of some data paths, to be written anew."""
    for curve in [each for each in holder.fcurves if each.data_path in paths]:
        holder.fcurves.remove(curve)


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
        From `baked_action`.
    path : str
        Data path of the property, with as many numbers as `values` has columns and no curve yet.
    group : str
        Group of channels to list the curves under; made if missing.
    frames : (K,)
        Scene frames, increasing.
    values : (K, C)
    last_of_run : (K,) bool
        True at keys that a long gap follows.
    """
    write_keys(holder, path, group, keys_on_every_frame(frames, values, last_of_run))


def write_keys(holder: Any, path: str, group: str, keys: BezierKeys) -> None:
    """Write the curves of one property; no key of them is selected.

    Parameters
    ----------
    holder, path, group
        As for `write_curves`.
    keys : BezierKeys
    """
    count, width = keys.values.shape
    channels = holder.groups.get(group) or _new_group(holder, group)
    leads = _LINEAR if keys.straight else _BEZIER
    interpolation = np.where(keys.holds, _CONSTANT, leads).astype(np.uint8)
    kinds = np.where(keys.smooth, _ALIGNED, _FREE).astype(np.uint8)
    if keys.straight:
        # Keys made by add() have both handles at frame 0, in the way of anyone who edits them.
        kinds[:] = _AUTO_CLAMPED
    left, right = keys.handles()
    nothing = np.zeros(count, bool)
    coordinates = np.empty((count, 2), np.float32)
    coordinates[:, 0] = keys.frames
    for index in range(width):
        curve = holder.fcurves.new(path, index=index)
        curve.group = channels
        points = curve.keyframe_points
        points.add(count)
        coordinates[:, 1] = keys.values[:, index]
        points.foreach_set("co", coordinates.ravel())
        points.foreach_set("interpolation", interpolation)
        points.foreach_set("handle_left_type", kinds)
        points.foreach_set("handle_right_type", kinds)
        points.foreach_set("handle_left", left[:, index].astype(np.float32).ravel())
        points.foreach_set("handle_right", right[:, index].astype(np.float32).ravel())
        for part in ("select_control_point", "select_left_handle", "select_right_handle"):
            points.foreach_set(part, nothing)
        curve.select = False
        curve.update()


def _new_group(holder: Any, name: str) -> Any:
    group = holder.groups.new(name)
    side = name.split("_")[0]
    if side in _SIDE_COLOURS:
        group.color_set = _SIDE_COLOURS[side]
    return group


def _new_action(name: str) -> bpy.types.Action:
    remove_baked_action(bpy.data.actions.get(name))
    action = bpy.data.actions.new(name)
    action[_MADE] = action.name
    return action


def _ours(action: bpy.types.Action) -> bool:
    return action.library is None and action.get(_MADE) == action.name


def _real_users(action: bpy.types.Action) -> int:
    return action.users - action.use_fake_user
