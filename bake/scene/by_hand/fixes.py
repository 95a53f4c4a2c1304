"""Poses mended by hand, on the layer over a bake: put in, listed, taken out again."""

from dataclasses import dataclass
from typing import Any

from bake.scene.animation.action import bone_path, holder_at
from bake.scene.by_hand.fades import FADE, Channel, channel_of, put_fix, take_fix
from bake.scene.by_hand.layers import is_working_layer
from bake.scene.by_hand.pose import Pose, at_rest, layer_value, moved_channels

KeysAtFrame = dict[str, float]
"""Values of the keys that a layer has at a frame, by data path and index in one string."""


@dataclass(frozen=True)
class Fix:
    """A frame at which the animator posed.

    Parameters
    ----------
    frame : int
    bones : tuple of str
    """

    frame: int
    bones: tuple[str, ...]


def keys_at(armature: Any, frame: int) -> KeysAtFrame:
    """Return what the working layer of an armature has keyed at a frame."""
    return {
        f"{curve.data_path}|{curve.array_index}": point.co.y
        for curve in holder_at(armature.animation_data, armature).fcurves
        for point in curve.keyframe_points
        if abs(point.co.x - frame) < 0.5
    }


def restore_keys(armature: Any, frame: int, keys: KeysAtFrame) -> None:
    """Undo what was keyed on the working layer at a frame since `keys_at`, by auto-key perhaps."""
    holder = holder_at(armature.animation_data, armature)
    for curve in list(holder.fcurves):
        known = keys.get(f"{curve.data_path}|{curve.array_index}")
        for point in reversed(list(curve.keyframe_points)):
            if abs(point.co.x - frame) >= 0.5:
                continue
            if known is None:
                curve.keyframe_points.remove(point)
            else:
                point.co.y = known
        if len(curve.keyframe_points):
            curve.update()
        else:
            holder.fcurves.remove(curve)


def key_fix(
    armature: Any, frame: int, before: Pose, after: Pose, fade: int, onward: bool
) -> list[str]:
    """Key on the working layer what differs between two poses, and fade it in and out.

    Parameters
    ----------
    armature : bpy.types.Object
        With a working layer, from `bake.scene.by_hand.layers.working_layer`.
    frame : int
    before, after : Pose
        As it was shown at the frame, and as it is to be.
    fade : int
        Frames on either side in which it fades.
    onward : bool
        Whether it stays from the frame on.

    Returns
    -------
    list of str
        The bones that were moved.
    """
    holder = holder_at(armature.animation_data, armature)
    moved = moved_channels(before, after)
    for bone, name in moved:
        channel = _channel(holder, bone_path(bone, name))
        assert channel
        value = layer_value(name, channel.at(frame), before[bone][name], after[bone][name])
        put_fix(channel, frame, value, fade, onward)
    return list(dict.fromkeys(bone for bone, _ in moved))


def fixes_of(armature: Any) -> list[Fix]:
    """Return what was mended on the working layer, in order of time."""
    data = armature.animation_data
    if not is_working_layer(data) or getattr(data, "action_slot", data) is None:
        return []
    found: dict[int, dict[str, None]] = {}
    for curve in holder_at(armature.animation_data, armature).fcurves:
        posed = posed_channel(curve.data_path)
        if posed is None:
            continue
        for point in curve.keyframe_points:
            if point.type != FADE:
                found.setdefault(round(point.co.x), {})[posed[0]] = None
    return [Fix(frame, tuple(bones)) for frame, bones in sorted(found.items())]


def delete_fix(armature: Any, frame: int, fade: int) -> None:
    """Take out what was mended at a frame; what was mended beside it stays.

    Parameters
    ----------
    armature : bpy.types.Object
    frame : int
    fade : int
        For fixes beside it that went over into this one.
    """
    holder = holder_at(armature.animation_data, armature)
    for path in {curve.data_path for curve in holder.fcurves}:
        channel = _channel(holder, path)
        if channel and any(round(each) == frame for each in channel.frames(fading=False)):
            take_fix(channel, frame, fade)
            if not channel.frames(fading=False):
                for curve in channel.curves:
                    holder.fcurves.remove(curve)


def _channel(holder: Any, path: str) -> Channel | None:
    """Return the curves of a property of a pose, all of them; None for other properties."""
    posed = posed_channel(path)
    rest = at_rest(posed[1]) if posed else None
    return channel_of(holder, path, posed[0], rest) if posed and rest is not None else None


def posed_channel(path: str) -> tuple[str, str] | None:
    """Return the bone and its property that a data path names, None for others."""
    parts = path.split('"')
    if len(parts) != 3 or at_rest(parts[2][2:]) is None:
        return None
    return parts[1], parts[2][2:]
