"""Keys of a layer that hold a value at one frame and fade it in and out.

Keys that end a fade are breakdowns, all others are firm: poses of somebody. Between two fixes whose
fades would meet, one goes over into the other. A fade begins and ends without a corner, and never
goes more than `STEEPEST` times as fast as an even one.
"""

from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

FADE = "BREAKDOWN"
"""Type of the keys that end a fade."""

_HANDLE = 0.22
"""Length of a fade's handles, of the whole fade: with a third, as Blender makes them, it would be
half as fast again as an even one in its middle."""

STEEPEST = 1 / (1 - _HANDLE)
"""How fast a fade is in its middle, of an even one: the slope of a cubic with such handles."""

_SAME = 1e-6
_SAME_FRAME = 1e-3


@dataclass(frozen=True)
class Channel:
    """The curves of one property of a layer.

    Parameters
    ----------
    curves : list of bpy.types.FCurve
        One for each number of the property.
    rest : (C,)
        What it holds where it changes nothing.
    """

    curves: list[Any]
    rest: np.ndarray

    def at(self, frame: float) -> np.ndarray:
        """Return the values (C,) at a frame."""
        return np.array(
            [
                curve.evaluate(frame) if len(curve.keyframe_points) else rest
                for curve, rest in zip(self.curves, self.rest.tolist(), strict=True)
            ]
        )

    def frames(self, fading: bool) -> list[float]:
        """Return the frames with keys that end a fade, or with firm ones, in order."""
        return sorted(
            {
                float(point.co.x)
                for curve in self.curves
                for point in curve.keyframe_points
                if (point.type == FADE) == fading
            }
        )


def channel_of(holder: Any, path: str, group: str, rest: np.ndarray) -> Channel:
    """Return the curves of a property, made in a group of channels where they are missing."""
    found = [holder.fcurves.find(path, index=index) for index in range(len(rest))]
    channels = holder.groups.get(group) or holder.groups.new(group)
    for index, curve in enumerate(found):
        if curve is None:
            found[index] = holder.fcurves.new(path, index=index)
            found[index].group = channels
    return Channel(found, rest)


def put_fix(channel: Channel, frame: int, value: np.ndarray, fade: int, onward: bool) -> None:
    """Let a property have a value at a frame; nothing changes outside the fades.

    Parameters
    ----------
    channel : Channel
    frame : int
    value : (C,)
    fade : int
        Frames in which the value comes, and goes again.
    onward : bool
        Whether it stays up to the next firm key instead of going.
    """
    if any(abs(each - frame) < _SAME_FRAME for each in channel.frames(fading=False)):
        take_fix(channel, frame, fade)
    sides = [_side(channel, frame, fade, sign) for sign in ((-1,) if onward else (-1, 1))]
    ends = [(end, channel.at(end)) for end, _ in sides if end is not None]
    for end, _ in ends:
        _cut(channel, end)
    for _, useless in sides:
        _remove(channel, useless)
    for end, held in ends:
        _put(channel, end, held, fading=True)
    if onward:
        _hold_onward(channel, frame, value, fade)
    _put(channel, frame, value, fading=False)
    _finish(channel, [float(frame)])


def take_fix(channel: Channel, frame: int, fade: int) -> None:
    """Take a value away that `put_fix` put, with its fades; fixes beside it fade as before.

    Parameters
    ----------
    channel : Channel
    frame : int
    fade : int
        For a fix beside it that has no fade of its own, since one went over into the other.
    """
    firm = [each for each in channel.frames(fading=False) if abs(each - frame) >= _SAME_FRAME]
    missing, useless = [], [float(frame)]
    for sign in (-1, 1):
        beside = _next(firm, frame, sign)
        soft = _between(channel, frame, beside, sign)
        own = _fade_of(channel, beside, soft, -sign) if beside is not None else None
        useless += [each for each in soft if each != own]
        if beside is not None and not soft:
            missing.append(beside - sign * fade)
    _remove(channel, useless)
    if len(missing) < 2 or missing[0] < missing[1]:
        for end in missing:
            _put(channel, end, channel.rest, fading=True)
    _finish(channel, [float(frame), *missing])


def _side(channel: Channel, frame: float, fade: int, sign: int) -> tuple[float | None, list[float]]:
    """Return where the fade on one side ends, if it does, and which old ends of fades go."""
    beside, end = _next(channel.frames(fading=False), frame, sign), frame + sign * fade
    soft = _between(channel, frame, beside, sign)
    if beside is None:
        return end, soft
    theirs = _fade_of(channel, beside, soft, -sign)
    meets = sign * (beside - end) <= 0 or (theirs is not None and sign * (theirs - end) < 0)
    if meets:
        return None, soft
    return end, [each for each in soft if sign * (end - each) > 0]


def _hold_onward(channel: Channel, frame: float, value: np.ndarray, fade: int) -> None:
    """Hold a value up to the fade of the next firm key, or for ever."""
    beside = _next(channel.frames(fading=False), frame, 1)
    soft = _between(channel, frame, beside, 1)
    theirs = _fade_of(channel, beside, soft, -1) if beside is not None else None
    _remove(channel, [each for each in soft if each != theirs])
    if beside is not None and theirs is None and beside - fade > frame:
        theirs = beside - fade
    if theirs is not None:
        _put(channel, theirs, value, fading=True)


def _next(frames: list[float], frame: float, sign: int) -> float | None:
    beyond = [each for each in frames if sign * (each - frame) > _SAME_FRAME]
    return min(beyond, key=lambda each: sign * each, default=None)


def _between(channel: Channel, frame: float, beside: float | None, sign: int) -> list[float]:
    """Return the ends of fades from a frame up to a firm key, or all on that side."""
    return [
        each
        for each in channel.frames(fading=True)
        if sign * (each - frame) > _SAME_FRAME and (beside is None or sign * (beside - each) > 0)
    ]


def _fade_of(channel: Channel, firm: float, soft: list[float], sign: int) -> float | None:
    """Return where the fade of a firm key ends; the end of a fade from a held value is not it."""
    nearest = _next(soft, firm, sign)
    if nearest is None or np.allclose(channel.at(nearest), channel.at(firm), rtol=0, atol=_SAME):
        return None
    return nearest


def _cut(channel: Channel, frame: float) -> None:
    """Divide the curves at a frame, so that both halves run as before."""
    for curve in channel.curves:
        points = curve.keyframe_points
        before = [each for each in points if each.co.x < frame - _SAME_FRAME]
        after = [each for each in points if each.co.x > frame + _SAME_FRAME]
        if not before or not after or before[-1].co.y == after[0].co.y:
            continue
        for point in (before[-1], after[0]):
            point.handle_left_type = point.handle_right_type = "FREE"
        divides = points.insert(frame, curve.evaluate(frame))
        divides.handle_left_type = divides.handle_right_type = "FREE"


def _put(channel: Channel, frame: float, values: np.ndarray, fading: bool) -> None:
    for curve, value in zip(channel.curves, values.tolist(), strict=True):
        there = _key_at(curve, frame)
        point = there or curve.keyframe_points.insert(frame, value)
        point.type = FADE if fading else "KEYFRAME"
        if there and fading and abs(there.co.y - value) < _SAME:
            continue  # a key that divides a curve has handles of its own
        point.co.y, point.interpolation = value, "BEZIER"
        point.handle_left_type = point.handle_right_type = "AUTO_CLAMPED"


def _remove(channel: Channel, frames: list[float]) -> None:
    for curve in channel.curves:
        for frame in frames:
            point = _key_at(curve, frame)
            if point:
                curve.keyframe_points.remove(point, fast=True)


def _key_at(curve: bpy.types.FCurve, frame: float) -> Any:
    return next(
        (each for each in curve.keyframe_points if abs(each.co.x - frame) < _SAME_FRAME), None
    )


def _finish(channel: Channel, changed: list[float]) -> None:
    """Choose the signs of quaternions so that they go the short way, and set the handles.

    Parameters
    ----------
    channel : Channel
    changed : list of float
        Frames at which something was put or taken away.
    """
    if len(channel.curves) == 4:
        frames = sorted(channel.frames(fading=True) + channel.frames(fading=False))
        last = channel.rest
        for frame in frames:
            keys = [_key_at(curve, frame) for curve in channel.curves]
            if None in keys:
                continue
            value = np.array([key.co.y for key in keys])
            if value @ last < 0:
                value = -value
                for key, number in zip(keys, value.tolist(), strict=True):
                    key.co.y = number
            last = value
    for curve in channel.curves:
        curve.update()
        _ease(curve, changed)


def _ease(curve: bpy.types.FCurve, changed: list[float]) -> None:
    """Shorten the handles of the spans at some frames, but for those that divide a curve."""
    points = curve.keyframe_points
    handles = [
        (index, side, after.co.x - before.co.x)
        for first, (before, after) in enumerate(zip(points[:-1], points[1:], strict=True))
        if any(
            before.co.x < frame + _SAME_FRAME and after.co.x > frame - _SAME_FRAME
            for frame in changed
        )
        for index, side in ((first, "handle_right"), (first + 1, "handle_left"))
        if getattr(points[index], f"{side}_type") != "FREE"
    ]
    for index, side, _ in handles:
        setattr(points[index], f"{side}_type", "AUTO_CLAMPED")
    curve.update()  # after which the keys may lie elsewhere in memory
    for index in {index for index, _, _ in handles}:
        points[index].handle_left_type = points[index].handle_right_type = "ALIGNED"
    for index, side, frames in handles:
        key = points[index]
        along = np.array(getattr(key, side)) - np.array(key.co)
        setattr(key, side, np.array(key.co) + along * _HANDLE * frames / max(abs(along[0]), _SAME))
    curve.update()
