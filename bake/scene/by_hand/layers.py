"""Layers over a bake: NLA tracks below, the action that the animator works in on top.

What lies over the bake is combined with it: it holds turns and ways from there, not poses.
"""

from typing import Any

import bpy
import numpy as np

from bake.scene.animation.action import all_holders, curves_in, holder_at, place_of_bake, places
from bake.scene.marks import LAYER, POSES
from core_model.errors import OutputError

_COMBINE = "COMBINE"
_PUSHED = "mocap_pushed"
"""Custom property of a layer: the track that what was active before went into."""


def working_layer(animated: bpy.types.Object, name: str) -> bpy.types.Action:
    """Return the action that poses of the animator go into, the active one, made if need be.

    What was active before goes into a locked track of its own, and is seen as before.

    Parameters
    ----------
    animated : bpy.types.Object
        With animation.
    name : str
        Of the figure.

    Raises
    ------
    OutputError
        When the user has to do something first.
    """
    data = _data(animated)
    if not data.use_nla:
        raise OutputError(
            f"The NLA of {animated.name} is switched off: switch it on in the Nonlinear Animation "
            "editor, for a layer needs it."
        )
    if is_working_layer(data):
        return data.action
    action, _ = new_layer(name, POSES)
    if data.action:
        action[_PUSHED] = push_down(animated).name
    data.action = action
    data.action_blend_type, data.action_influence = _COMBINE, 1.0
    data.action_extrapolation = "HOLD"
    holder_at(data, animated)
    return action


def keep_below(animated: bpy.types.Object, name: str) -> None:
    """Keep a bake in a locked track, under a layer for the animator, if none lies over it yet."""
    data = _data(animated)
    if data.action is None or data == place_of_bake(data):
        working_layer(animated, name)


def is_working_layer(data: Any) -> bool:
    """Return whether the active action takes poses of the animator, as `working_layer` does."""
    return bool(
        data
        and data.action
        and data.action.get(LAYER) == POSES
        and data.action_blend_type == _COMBINE
    )


def take_off_if_empty(animated: bpy.types.Object) -> None:
    """Take a layer away again that nothing is keyed on; what was pushed down is active again."""
    data = _data(animated)
    if not is_working_layer(data) or len(holder_at(data, animated).fcurves):
        return
    layer, track = data.action, data.nla_tracks[-1] if data.nla_tracks else None
    data.action, data.action_blend_type = None, "REPLACE"
    if track and track.lock and track.name == layer.get(_PUSHED) and len(track.strips) == 1:
        strip = track.strips[0]
        data.action = strip.action
        if bpy.app.version >= (4, 4, 0):
            data.action_slot = strip.action_slot
        data.action_blend_type, data.action_extrapolation = strip.blend_type, strip.extrapolation
        data.nla_tracks.remove(track)
    if layer.users == 0:
        bpy.data.actions.remove(layer)


def push_down(animated: bpy.types.Object) -> Any:
    """Put the active action into a locked track over all others, seen as before, and return it."""
    data = _data(animated)
    action, slot = data.action, getattr(data, "action_slot", None)
    track, strip = _new_track(data, action)
    if slot:
        strip.action_slot = slot
    strip.blend_type, strip.extrapolation = data.action_blend_type, data.action_extrapolation
    if data.action_influence < 1:
        strip.use_animated_influence, strip.influence = True, data.action_influence
    data.action, data.action_blend_type, data.action_influence = None, "REPLACE", 1.0
    track.lock = True
    return track


def add_layer(animated: bpy.types.Object, below: Any, action: bpy.types.Action) -> None:
    """Put a layer over what `below` plays, and under all that lies over that already.

    Parameters
    ----------
    animated : bpy.types.Object
    below : bpy.types.AnimData or bpy.types.NlaStrip
        One of `places`; the active action goes into a track, and the layer becomes active.
    action : bpy.types.Action
        From `new_layer`, with its curves.
    """
    data = _data(animated)
    if below == data:
        push_down(animated)
    if data.action is None:
        data.action, data.action_blend_type = action, _COMBINE
        holder_at(data, animated)
        return
    under = next(each for each in data.nla_tracks if below in list(each.strips))
    _, strip = _new_track(data, action, under)
    holder_at(strip, animated)
    strip.blend_type, strip.extrapolation = _COMBINE, "HOLD"


def new_layer(name: str, kind: str) -> tuple[bpy.types.Action, Any]:
    """Make the action of a layer, `EDITS` or `POSES`; return it with the holder of its curves."""
    action = bpy.data.actions.new(f"{name}_{kind}")
    action[LAYER] = kind
    return action, curves_in(action, name)


def is_empty_layer(action: bpy.types.Action) -> bool:
    """Return whether an action is a layer that nothing is keyed on."""
    return bool(action.get(LAYER)) and not any(len(each.fcurves) for each in all_holders(action))


def covers_action(place: Any) -> bool:
    """Return whether a strip plays all of its action, and no part that somebody cut out."""
    if isinstance(place, bpy.types.AnimData):
        return False
    first, last = _frames(place.action)
    return place.action_frame_start <= first and place.action_frame_end >= last


def fit_strip(strip: Any) -> None:
    """Let a strip play all of its action, at its own speed and as far from its frames as before."""
    first, last = _frames(strip.action)
    start = strip.frame_start + (first - strip.action_frame_start) * strip.scale
    _place_strip(strip, first, last, start)


def _new_track(data: Any, action: bpy.types.Action, under: Any = None) -> tuple[Any, Any]:
    """Add a track, on top of all or of one, and the strip of an action at its own frames."""
    track = data.nla_tracks.new(prev=under)
    track.name = action.name
    first, last = _frames(action)
    strip = track.strips.new(action.name, int(first), action)
    _place_strip(strip, first, last, first)
    return track, strip


def _place_strip(strip: Any, first: float, last: float, start: float) -> None:
    length = (last - first) * strip.scale * strip.repeat
    strip.action_frame_end = max(last, strip.action_frame_start + 1)
    strip.action_frame_start, strip.action_frame_end = first, last
    # An end that lies before the beginning would be moved.
    strip.frame_end = max(start + length, strip.frame_start + 1)
    strip.frame_start, strip.frame_end = start, start + length


def move_layers(animated: bpy.types.Object, offset: float, factor: float) -> None:
    """Move the keys of the layers that this program made in time: frame = offset + factor * frame.

    Those of the animator's own stay where they are.
    """
    for place in places(_data(animated)):
        if LAYER not in place.action:
            continue
        whole = covers_action(place)
        for curve in holder_at(place, animated).fcurves:
            for what in ("co", "handle_left", "handle_right"):
                flat = np.empty(2 * len(curve.keyframe_points), np.float32)
                curve.keyframe_points.foreach_get(what, flat)
                flat[::2] = offset + factor * flat[::2]
                curve.keyframe_points.foreach_set(what, flat)
            curve.update()
        if whole:
            fit_strip(place)


def _data(animated: bpy.types.Object) -> Any:
    return animated.animation_data or animated.animation_data_create()


def _frames(action: bpy.types.Action) -> tuple[float, float]:
    """Return the first and last frame of an action, at least one apart."""
    frames = action.curve_frame_range
    return float(frames[0]), max(float(frames[1]), float(frames[0]) + 1)
