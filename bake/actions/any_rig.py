"""Finishing tools for the action of any armature: those that need no body, on its curves."""

from typing import Any

import bpy
import numpy as np

from bake.actions.curves import POSED, group_of, write_cut, write_sampled, write_slower
from bake.scene.animation.action import bone_path, curves_in, holder_at
from bake.scene.animation.evaluate import evaluated
from core_model.errors import OutputError, TakeError

_FEWEST = 1e-6  # of a speed


def frames_of(armature: Any) -> np.ndarray:
    """Return the whole frames (K,) of an armature's active action.

    Raises
    ------
    OutputError
        When none is active.
    """
    first, last = _active(armature).curve_frame_range[:]
    return np.arange(np.floor(first), np.ceil(last) + 1)


def trimmed_action(armature: Any, name: str, first: int, last: int) -> bpy.types.Action:
    """Return the part of an armature's action between two frames, both included, as a new one.

    Raises
    ------
    TakeError
        When nothing is left.
    OutputError
        When no action is active.
    """
    frames = frames_of(armature)
    frames = frames[(frames >= first) & (frames <= last)]
    if not len(frames):
        raise TakeError("Nothing of the action would be left.")
    action, holder, curves = begun(armature, name)
    for curve in curves:
        write_cut(holder, curve, frames)
    return action


def split_action(armature: Any, name: str, frame: int) -> list[bpy.types.Action]:
    """Return an armature's action up to a frame, and from it on, as two new ones.

    Raises
    ------
    TakeError
        When one of the two would be empty.
    OutputError
        When no action is active.
    """
    frames = frames_of(armature)
    if not frames[0] < frame <= frames[-1]:
        raise TakeError("Nothing of the action would be left.")
    first, last = int(frames[0]), int(frames[-1])
    return [
        trimmed_action(armature, name, first, frame - 1),
        trimmed_action(armature, name, frame, last),
    ]


def retimed_action(
    armature: Any, name: str, speed: float, end_speed: float | None = None
) -> bpy.types.Action:
    """Return an armature's action played at another speed, from its first frame on.

    Parameters
    ----------
    armature : bpy.types.Object
    name : str
        Of the new action.
    speed : float
        1 is as it is, 0.5 is slow motion; keys stay keys.
    end_speed : float, optional
        At its end, if it goes over to another; then every frame gets a key.

    Raises
    ------
    TakeError
        When a speed is not above 0.
    OutputError
        When no action is active.
    """
    if not min(speed, speed if end_speed is None else end_speed) > _FEWEST:
        raise TakeError("An action can be played slower or faster, but its speed must be above 0.")
    frames = frames_of(armature)
    action, holder, curves = begun(armature, name)
    if end_speed is None:
        for curve in curves:
            write_slower(holder, curve, float(frames[0]), 1 / speed)
        return action
    speeds = np.linspace(speed, end_speed, len(frames))
    clock = np.concatenate(([0.0], np.cumsum((1 / speeds[:-1] + 1 / speeds[1:]) / 2)))
    count = np.arange(int(np.rint(clock[-1])) + 1)
    at = np.interp(count, clock, frames)
    for curve in curves:
        path, index = curve.data_path, curve.array_index
        write_sampled(holder, path, index, frames[0] + count, evaluated(curve, at), group_of(curve))
    return action


def play_instead(armature: Any, action: bpy.types.Action) -> None:
    """Let an armature play an action in place of its active one, which stays in the file.

    Bones that only the old one moved come to rest.

    Parameters
    ----------
    armature : bpy.types.Object
    action : bpy.types.Action
    """
    data = armature.animation_data
    data.action.use_fake_user = True
    before = {curve.data_path for curve in holder_at(data, armature).fcurves}
    data.action = action
    now = {curve.data_path for curve in holder_at(data, armature).fcurves}
    for bone in armature.pose.bones:
        paths = {bone_path(bone.name, channel) for channel in POSED}
        if paths & before and not paths & now:
            bone.matrix_basis.identity()


def begun(armature: Any, name: str) -> tuple[bpy.types.Action, Any, list[Any]]:
    """Return a new action, what holds its curves, and the curves of the active one."""
    _active(armature)
    curves = [
        curve
        for curve in holder_at(armature.animation_data, armature).fcurves
        if len(curve.keyframe_points)
    ]
    action = bpy.data.actions.new(name)
    action.use_fake_user = True
    return action, curves_in(action, armature.name), curves


def _active(armature: Any) -> bpy.types.Action:
    data = armature.animation_data
    if data is None or data.action is None:
        raise OutputError(
            f"{armature.name} has no active action: choose one in the Action Editor first."
        )
    action: bpy.types.Action = data.action
    return action
