"""The action that a motion on a rig becomes: built aside in short steps, then put in its place."""

from collections.abc import Generator, Sequence
from itertools import pairwise
from typing import Any

import bpy
import numpy as np

from bake.reduction.bezier import keys_on_every_frame
from bake.retarget.keying.curves import RigCurves
from bake.retarget.maps.bone_map import Setting
from bake.retarget.settings import RetargetSettings
from bake.scene.animation.action import bone_path, curves_in, write_keys
from bake.scene.animation.raw_curves import BEZIER, RawCurve, read_curve, write_raw
from bake.scene.by_hand.layers import push_down
from core_model.errors import OutputError

_AT_ONCE = 60_000  # keys that are written in one step
_CURVE = 300  # keys that take as long as a curve without any


def build_action(
    target: bpy.types.Object,
    name: str,
    curves: RigCurves,
    settings: Sequence[Setting],
    into: bpy.types.Action | None = None,
) -> Generator[None, None, str]:
    """Write keys into an action that nothing plays yet, and return its name.

    It is looked up by that name after each step: an undo of the user's may take it away.

    Parameters
    ----------
    target : bpy.types.Object
    name : str
        Of a new action.
    curves : RigCurves
    settings : sequence of Setting
        Custom properties that are keyed at the first frame.
    into : bpy.types.Action, optional
        One that `target` plays: a copy of it is built on, in which keys between the first and the
        last frame give way.
    """
    slot = _slot_of(target) if into else ""
    action: Any = into.copy() if into else bpy.data.actions.new(name)
    made = action.name
    if not slot:
        curves_in(action, target.name)
    try:
        written = 0
        for channel, keys in zip(curves.channels, curves.keys, strict=True):
            holder, path = _holder(made, slot), bone_path(channel.bone, channel.path)
            earlier = _taken_out(holder, path, channel.columns, curves.frames)
            write_keys(holder, path, channel.bone, keys, channel.columns)
            _put_back(holder, path, earlier)
            written += len(channel.columns) * (len(keys.frames) + _CURVE)
            if written > _AT_ONCE:
                written = 0
                yield
        holder = _holder(made, slot)
        for setting in settings:
            _key_setting(holder, setting, curves.frames)
        yield
    except BaseException:
        remove_action(made)
        raise
    return made


def remove_action(name: str) -> None:
    """Take an action that was built, and is not in its place, out of the file."""
    action = bpy.data.actions.get(name)
    if action is not None:
        bpy.data.actions.remove(action)


def find_action(name: str) -> bpy.types.Action:
    """Return an action that was built.

    Raises
    ------
    OutputError
        When it is gone.
    """
    action = bpy.data.actions.get(name)
    if action is None:
        raise OutputError("An undo took the new keys away; nothing was changed. Retarget again.")
    return action


def put_new(target: bpy.types.Object, action: bpy.types.Action) -> None:
    """Let an action play on a rig; what played before stays in the file."""
    data: Any = target.animation_data or target.animation_data_create()
    if data.action is not None and data.action.library is None:
        data.action.use_fake_user = True
    data.action = action
    _choose_slot(data, action, target.name)
    data.action_blend_type, data.action_influence = "REPLACE", 1.0


def play(target: bpy.types.Object, name: str) -> None:
    """Let one of several actions play that were made for a rig."""
    data: Any = target.animation_data
    data.action = bpy.data.actions[name]
    _choose_slot(data, data.action, target.name)


def put_instead(target: bpy.types.Object, action: bpy.types.Action) -> None:
    """Let a copy that was built on take the place of the active action, name and users included."""
    data: Any = target.animation_data
    old = data.action
    name, kept = old.name, old.use_fake_user
    old.user_remap(action)
    bpy.data.actions.remove(old)
    action.name, action.use_fake_user = name, kept


def put_strips(
    target: bpy.types.Object,
    actions: Sequence[bpy.types.Action],
    settings: RetargetSettings,
    in_sequence: bool = False,
) -> None:
    """Push actions down, one after the other, into tracks over all that is there.

    Parameters
    ----------
    target : bpy.types.Object
    actions : sequence of bpy.types.Action
    settings : RetargetSettings
    in_sequence : bool
        Whether each shares frames with the next: they lie in two tracks in turn then, and the
        upper ones fade in and out over the lower.
    """
    data: Any = target.animation_data or target.animation_data_create()
    if data.action is not None:
        push_down(target)
    tracks = []
    for _ in actions[: 2 if in_sequence else 1]:
        tracks.append(data.nla_tracks.new())
        tracks[-1].name = actions[0].name
    strips: list[Any] = []
    for number, action in enumerate(actions):
        frames: Any = action.curve_frame_range
        first, last = (int(each) for each in frames)
        start = int(strips[-1].frame_end) + 1 if strips and not in_sequence else first
        strip = tracks[number % len(tracks)].strips.new(action.name, start, action)
        _choose_slot(strip, action, target.name)
        strip.action_frame_start, strip.action_frame_end = first, max(last, first + 1)
        strip.frame_end = strip.frame_start + max(last - first, 1)
        strip.blend_type = "REPLACE"
        strip.use_auto_blend = False
        if settings.blend_in or settings.blend_out:
            strip.extrapolation = "NOTHING"
        strips.append(strip)
    strips[0].blend_in, strips[-1].blend_out = settings.blend_in, settings.blend_out
    for number, (strip, after) in enumerate(pairwise(strips) if in_sequence else ()):
        upper = strip if number % 2 else after
        setattr(upper, "blend_out" if upper is strip else "blend_in", _shared(strip, after))


def _shared(strip: Any, after: Any) -> float:
    return max(float(strip.frame_end - after.frame_start), 0.0)


def _choose_slot(player: Any, action: Any, owner: str) -> None:
    """Let what plays an action play the slot that was made for the rig."""
    if bpy.app.version < (4, 4, 0):
        return
    slots = [each for each in action.slots if each.target_id_type == "OBJECT"]
    named = [each for each in slots if each.name_display == owner]
    player.action_slot = (named or slots)[0]


def _slot_of(target: Any) -> str:
    """Return the identifier of the slot that a rig plays of its active action."""
    if bpy.app.version < (4, 4, 0):
        return ""
    slot = target.animation_data.action_slot
    return slot.identifier if slot else ""


def _holder(name: str, slot: str) -> Any:
    """Return what holds the curves of an action that is being built."""
    action: Any = find_action(name)
    if bpy.app.version < (4, 4, 0):
        return action
    found = action.slots[slot] if slot else action.slots[-1]
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return strip.channelbag(found, ensure=True)


def _taken_out(
    holder: Any, path: str, columns: Sequence[int], frames: tuple[int, int]
) -> dict[int, RawCurve]:
    """Remove curves; return their keys that lie before or behind the frames."""
    kept = {}
    for column in columns:
        curve = holder.fcurves.find(path, index=column)
        if curve is None:
            continue
        raw = read_curve(curve)
        outside = (raw.points[:, 0] < frames[0]) | (raw.points[:, 0] > frames[1])
        if outside.any():
            kept[column] = _part(raw, outside)
        holder.fcurves.remove(curve)
    return kept


def _put_back(holder: Any, path: str, earlier: dict[int, RawCurve]) -> None:
    for column, raw in earlier.items():
        curve = holder.fcurves.find(path, index=column)
        group = curve.group
        new = read_curve(curve)
        holder.fcurves.remove(curve)
        both = RawCurve(
            np.concatenate((raw.points, new.points)),
            np.concatenate((raw.interpolation, new.interpolation)),
            np.concatenate((_handles(raw), _handles(new))),
        )
        ordered = _part(both, np.argsort(both.points[:, 0], kind="stable"))
        write_raw(holder, path, column, ordered).group = group


def _handles(raw: RawCurve) -> np.ndarray:
    if (raw.interpolation == BEZIER).any():
        return raw.handles
    return np.concatenate((raw.points, raw.points), axis=1)


def _part(raw: RawCurve, which: np.ndarray) -> RawCurve:
    return RawCurve(raw.points[which], raw.interpolation[which], raw.handles[which])


def _key_setting(holder: Any, setting: Setting, frames: tuple[int, int]) -> None:
    path, column = setting_path(setting), max(setting.index, 0)
    earlier = _taken_out(holder, path, (column,), frames)
    values = np.full((1, column + 1), setting.value)
    one = keys_on_every_frame(np.array(frames[:1]), values, np.array([True]))
    write_keys(holder, path, setting.bone, one, (column,))
    _put_back(holder, path, earlier)


def setting_path(setting: Setting) -> str:
    """Return the data path of a property of a pose bone."""
    if setting.built_in:
        return bone_path(setting.bone, setting.property)
    bone, name = (bpy.utils.escape_identifier(each) for each in (setting.bone, setting.property))
    return f'pose.bones["{bone}"]["{name}"]'
