"""A bake and the layers over it made one action, as exporters and other programs want it."""

from typing import Any

import bpy
import numpy as np

from bake.scene.animation.action import (
    bone_path,
    forget_curves,
    holder_at,
    place_of_bake,
    places,
    write_curves,
)
from bake.scene.by_hand.fixes import posed_channel
from core_model.errors import OutputError


def has_layers(armature: Any) -> bool:
    """Return whether anything lies over the bake of an armature."""
    data = armature.animation_data
    place = place_of_bake(data) if data else None
    return place is not None and places(data)[0] != place


def merge_layers(scene: bpy.types.Scene, armature: Any) -> None:
    """Write what is seen of a bake and all that lies over it into the action of the bake.

    Where a layer moves a bone, every frame of the bake gets a key. The actions of the layers stay
    in the file. As the keys differ from what was baked, the next bake keeps the difference.

    Parameters
    ----------
    scene : bpy.types.Scene
        The current one; its frame is the same afterwards.
    armature : bpy.types.Object

    Raises
    ------
    OutputError
        When the bake does not play in a strip of its own at its own frames.
    """
    data = armature.animation_data
    strip = place_of_bake(data)
    first, last = (round(frame) for frame in strip.action.curve_frame_range)
    if (strip.frame_start, strip.frame_end, strip.repeat) != (first, last, 1.0):
        raise OutputError(
            f"The strip of {strip.action.name} was moved or cut: bake the action of "
            f"{armature.name} with Blender's own Bake Action."
        )
    track = next(each for each in data.nla_tracks if strip in list(each.strips))
    above = list(data.nla_tracks)[list(data.nla_tracks).index(track) + 1 :]
    layers = [data] if data.action else []
    layers += [each for each in places(data)[len(layers) :] if _lies_in(above, each)]
    moved = sorted(
        {
            posed
            for place in layers
            for curve in holder_at(place, armature).fcurves
            if (posed := posed_channel(curve.data_path))
        }
    )
    frames = np.arange(first, last + 1)
    values = _seen(scene, armature, moved, frames)
    for place in layers:
        place.action.use_fake_user = True
    for each in above:
        data.nla_tracks.remove(each)
    _make_active(data, track, strip)
    holder, straight = holder_at(data, armature), np.zeros(len(frames), bool)
    for (bone, channel), shown in zip(moved, values, strict=True):
        path = bone_path(bone, channel)
        forget_curves(holder, {path})
        write_curves(holder, path, bone, frames, shown, straight)
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)


def _seen(
    scene: bpy.types.Scene, armature: Any, moved: list[tuple[str, str]], frames: np.ndarray
) -> list[np.ndarray]:
    """Return the values (K, C) of properties of bones at frames, all layers together."""
    shown = scene.frame_current, scene.frame_subframe
    values: list[list[list[float]]] = [[] for _ in moved]
    for frame in frames.tolist():
        scene.frame_set(frame)
        for (bone, channel), found in zip(moved, values, strict=True):
            value = list(getattr(armature.pose.bones[bone], channel))
            if found and channel == "rotation_quaternion" and np.dot(value, found[-1]) < 0:
                value = [-number for number in value]
            found.append(value)
    scene.frame_set(shown[0], subframe=shown[1])
    return [np.array(found) for found in values]


def _make_active(data: Any, track: Any, strip: Any) -> None:
    action, slot = strip.action, getattr(strip, "action_slot", None)
    blend, extrapolation = strip.blend_type, strip.extrapolation
    data.nla_tracks.remove(track)
    data.action = action
    if slot:
        data.action_slot = slot
    data.action_blend_type, data.action_extrapolation = blend, extrapolation


def _lies_in(tracks: list[Any], place: Any) -> bool:
    return any(place in list(track.strips) for track in tracks)
