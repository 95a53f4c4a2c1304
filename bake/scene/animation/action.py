"""Baked curves: one way to write them in every Blender from 4.2 to 5.2."""

from collections.abc import Collection, Sequence
from typing import Any

import bpy
import numpy as np

from bake.reduction.bezier import BezierKeys, held_by_keys, keys_on_every_frame
from bake.scene.marks import LAYER

_LINEAR, _BEZIER = 1, 2
_FREE, _ALIGNED, _AUTO_CLAMPED = 0, 3, 4
# The values of Blender's enumerations for interpolation and handles, as foreach_set takes them.

_SIDE_COLOURS = {"left": "THEME04", "right": "THEME01"}
"""Colour sets of Blender for groups of channels: blue and red, as the bones of a new figure."""

_MADE = "mocap_made"
"""Custom property of an action: the name that it was made under. A copy has another name, and so
has what the user renamed: both are the user's."""


def baked_action(name: str, animated: bpy.types.Object) -> tuple[bpy.types.Action, Any]:
    """Return the action to bake into, in its place on `animated`, with the holder of its curves.

    It is the one that an earlier bake made, with all that the user added to it, as long as nothing
    else uses it and nobody renamed it; else a new one. It may be the active action, or play in an
    NLA strip below. An action of the user's that gives way stays in the file; one that lies over
    the others as a layer does not give way, a new action comes into a track below it.

    The holder has `fcurves` and `groups`: a channelbag since Blender 4.4, before that the action.
    """
    data: Any = animated.animation_data or animated.animation_data_create()
    place = place_of_bake(data)
    if place is None:
        new = _new_action(name)
        place = _place_for(data, new)
        if place is data and data.action and not is_ours(data.action):
            data.action.use_fake_user = True
        place.action = new
    return place.action, holder_at(place, animated)


def place_of_bake(data: Any) -> Any:
    """Return what plays the action that a bake may write into: strip or `data`, None if nothing.

    Parameters
    ----------
    data : bpy.types.AnimData
    """
    for place in places(data):
        action = place.action
        if is_ours(action) and action.users - action.use_fake_user == 1:
            return place
    return None


def places(data: Any) -> list[Any]:
    """Return all that plays an action for an object, what is seen over the others first.

    Parameters
    ----------
    data : bpy.types.AnimData

    Returns
    -------
    list of bpy.types.AnimData and bpy.types.NlaStrip
        They have `action`, and `action_slot` since Blender 4.4.
    """
    strips = [strip for track in reversed(data.nla_tracks) for strip in track.strips]
    return [each for each in (data, *strips) if each.action]


def holder_at(place: Any, animated: bpy.types.Object) -> Any:
    """Return what holds the curves of the action that `place` plays for an object."""
    if bpy.app.version < (4, 4, 0):
        return place.action
    if place.action_slot is None:
        fitting = [slot for slot in place.action.slots if slot.target_id_type == "OBJECT"]
        place.action_slot = fitting[0] if fitting else _new_slot(place.action, animated.name)
    return _channelbag(place.action, place.action_slot)


def curves_in(action: bpy.types.Action, name: str) -> Any:
    """Return what holds the curves of a new action, for objects of the name."""
    if bpy.app.version < (4, 4, 0):
        return action
    return _channelbag(action, _new_slot(action, name))


def is_ours(action: bpy.types.Action) -> bool:
    """Return whether a bake made an action, and nobody renamed or copied it since."""
    return action.library is None and action.get(_MADE) == action.name


def give_name(action: bpy.types.Action, name: str) -> None:
    """Name an action that a bake writes into, so that it is known as such."""
    action.name = name
    action[_MADE] = action.name


def leave_to_user(action: bpy.types.Action, name: str) -> None:
    """Give an action of a bake another name and let it stay in the file: it is the user's now."""
    del action[_MADE]
    action.name = name
    action.use_fake_user = True


def rename_action(animated: bpy.types.Object, old: str, name: str) -> None:
    """Rename the action that was baked for an object, and its slot as long as it has the old name.

    An action of the user's keeps its name.
    """
    data = animated.animation_data
    for place in places(data) if data else []:
        if not is_ours(place.action):
            continue
        give_name(place.action, name)
        slot = place.action_slot if bpy.app.version >= (4, 4, 0) else None
        if slot and slot.name_display == old:
            slot.name_display = animated.name


def remove_baked_action(action: bpy.types.Action | None) -> None:
    """Take an action out of the file if it was baked and nothing uses it any more."""
    if action is not None and is_ours(action) and action.users == 0:
        bpy.data.actions.remove(action)


def all_holders(action: bpy.types.Action) -> list[Any]:
    """Return what holds curves in an action: its channelbags, before Blender 4.4 itself."""
    if bpy.app.version < (4, 4, 0):
        return [action]
    return [
        bag
        for layer in action.layers
        for strip in layer.strips
        for bag in getattr(strip, "channelbags")  # noqa: B009 - of strips of keyframes
    ]


def bone_path(bone: str, channel: str) -> str:
    """Return the data path of a channel of a pose bone."""
    return f'pose.bones["{bpy.utils.escape_identifier(bone)}"].{channel}'


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

    Values stay up to the frame before the next key where a long gap follows, and lead there in a
    straight line otherwise.

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


def write_keys(
    holder: Any, path: str, group: str, keys: BezierKeys, columns: Sequence[int] | None = None
) -> None:
    """Write the curves of one property; no key of them is selected.

    Parameters
    ----------
    holder : bpy.types.Action or bpy.types.ActionChannelbag
    path, group : str
        As for `write_curves`.
    keys : BezierKeys
    columns : sequence of int, optional
        Those that get a curve; all if not given.
    """
    keys = held_by_keys(keys)
    count, width = keys.values.shape
    channels = holder.groups.get(group) or _new_group(holder, group)
    leads = _LINEAR if keys.straight else _BEZIER
    interpolation = np.full(count, leads, np.uint8)
    kinds = np.where(keys.smooth, _ALIGNED, _FREE).astype(np.uint8)
    if keys.straight:
        # Keys made by add() have both handles at frame 0, in the way of anyone who edits them.
        kinds[:] = _AUTO_CLAMPED
    left, right = keys.handles()
    nothing = np.zeros(count, bool)
    coordinates = np.empty((count, 2), np.float32)
    coordinates[:, 0] = keys.frames
    for index in range(width) if columns is None else columns:
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


def _place_for(data: Any, action: bpy.types.Action) -> Any:
    """Return where a new action plays: as the active one, or below the user's layer."""
    if data.action is None or not (LAYER in data.action or data.action_blend_type != "REPLACE"):
        return data
    track = data.nla_tracks.new()
    track.name = action.name
    return track.strips.new(action.name, 0, action)


def _new_slot(action: bpy.types.Action, name: str) -> Any:
    return action.slots.new(id_type="OBJECT", name=name)


def _channelbag(action: bpy.types.Action, slot: Any) -> Any:
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip: Any = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return strip.channelbag(slot, ensure=True)
