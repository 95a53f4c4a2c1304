"""Baking a part of a figure anew: some bones, some frames; all else of its action stays."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from bake.scene.animation.action import bone_path, holder_at, place_of_bake
from bake.scene.animation.channels import EULER, QUATERNION, Channel, Rig, channels_of
from bake.scene.animation.evaluate import evaluated, raw_values
from bake.scene.animation.motion import Motion
from bake.scene.animation.raw_curves import RawCurve, raw_curves, read_curve, update_raw
from core_model.errors import OutputError

_LINEAR = 1
_FREE = 0
_FADE = 8  # frames at most in which one motion goes over into the other, inside of the range


@dataclass(frozen=True)
class Part:
    """What is baked anew.

    Parameters
    ----------
    first, last : int
        Frames of the scene, both included.
    bones : collection of str
    """

    first: int
    last: int
    bones: Collection[str]

    def shares(self, frames: np.ndarray) -> np.ndarray:
        """Return how much of the new motion is seen at frames (K,): 0 outside, 1 well inside."""
        fade = min(_FADE, max((self.last - self.first) // 4, 1))
        inside = np.minimum(frames - self.first, self.last - frames) / fade
        share = inside.clip(0.0, 1.0)
        return np.asarray(share**3 * (10 - 15 * share + 6 * share**2))


def bake_part(armature: bpy.types.Object, rig: Rig, motion: Motion, part: Part) -> list[str]:
    """Write a part of a motion into the action of an earlier bake, and return the bones.

    At the ends of its range it goes over into what is there. What was edited by hand outside of
    the part is still told from the bake; inside it gives way.

    Parameters
    ----------
    armature : bpy.types.Object
        See `bake.scene.animation.keys.read_rig`.
    rig : Rig
    motion : Motion
    part : Part

    Raises
    ------
    OutputError
        When there is no bake, or it has nothing there.
    """
    place = place_of_bake(armature.animation_data) if armature.animation_data else None
    if place is None:
        raise OutputError(
            f"{armature.name} does not play what was baked any more: bake all of it first."
        )
    holder, raw = holder_at(place, armature), raw_curves(place.action)
    written, changed = dict[str, None](), dict[tuple[str, int], RawCurve]()
    for channel in channels_of(rig, motion):
        if channel.bone not in part.bones:
            continue
        path, size = bone_path(channel.bone, channel.path), channel.values.shape[1]
        curves = [holder.fcurves.find(path, index=index) for index in range(size)]
        if any(curve is None or not len(curve.keyframe_points) for curve in curves):
            continue  # the user turns it otherwise now, or took its curves away
        frames = _span(curves, part, motion.keys.frames)
        if frames is None:
            continue
        old = np.stack([evaluated(curve, frames) for curve in curves], axis=1)
        _put(curves, frames, _blended(channel, frames, old, motion, part))
        if all((path, index) in raw for index in range(size)):
            was = raw_values(raw, path, frames, size)
            now = _blended(channel, frames, was, motion, part)
            for index in range(size):
                changed[path, index] = _with(raw[path, index], frames, now[:, index])
        written[channel.bone] = None
    if not written:
        raise OutputError(
            f"Nothing of {armature.name} was baked from frame {part.first} to {part.last}."
        )
    update_raw(place.action, changed)
    return list(written)


def _span(curves: list[Any], part: Part, known: np.ndarray) -> np.ndarray | None:
    """Return all frames from the last key before a part to the first one after it."""
    first, last = max(part.first, int(known[0])), min(part.last, int(known[-1]))
    if last <= first:
        return None
    keys = [read_curve(curve).points[:, 0] for curve in curves]
    before = [each[each <= first + 1e-3] for each in keys]
    after = [each[each >= last - 1e-3] for each in keys]
    low = min((float(each[-1]) for each in before if len(each)), default=float(first))
    high = max((float(each[0]) for each in after if len(each)), default=float(last))
    return np.arange(np.floor(low), np.ceil(high) + 1)


def _blended(
    channel: Channel, frames: np.ndarray, old: np.ndarray, motion: Motion, part: Part
) -> np.ndarray:
    """Return values (K, C): the old ones, and inside of the part those of a motion."""
    known = motion.keys.frames
    row = np.searchsorted(known, frames).clip(max=len(known) - 1)
    share = np.where(known[row] == frames, part.shares(frames), 0.0)[:, None]
    new = channel.values[row]
    if channel.path == QUATERNION:
        sign = np.sign((old * new).sum(axis=1, keepdims=True))
        mixed = old + share * (np.where(sign == 0, 1, sign) * new - old)
        length = np.linalg.norm(mixed, axis=1, keepdims=True)
        return np.where(share > 0, mixed / np.maximum(length, 1e-9), old)
    if channel.path == EULER:
        new = new - 2 * np.pi * np.round((new - old) / (2 * np.pi))
    return np.asarray(old + share * (new - old))


def _put(curves: list[Any], frames: np.ndarray, values: np.ndarray) -> None:
    """Let curves go through values at frames, and stay as they are before and after."""
    for index, curve in enumerate(curves):
        points = curve.keyframe_points
        kinds = np.empty((2, len(points)), np.uint8)
        points.foreach_get("handle_left_type", kinds[0])
        points.foreach_get("handle_right_type", kinds[1])
        keys = read_curve(curve)
        new = _with(keys, frames, values[:, index])
        before, after = _beside(keys, frames)
        added = len(frames)
        while len(points) > len(new.points):
            points.remove(points[-1], fast=True)
        points.add(len(new.points) - len(points))
        points.foreach_set("co", new.points.ravel())
        points.foreach_set("interpolation", new.interpolation)
        for row, side in enumerate(("handle_left", "handle_right")):
            own = np.full(added, _FREE, np.uint8)
            kind = np.concatenate((kinds[row, before], own, kinds[row, after]))
            points.foreach_set(f"{side}_type", kind)
            points.foreach_set(side, new.handles[:, 2 * row : 2 * row + 2].ravel())
        curve.update()


def _with(keys: RawCurve, frames: np.ndarray, values: np.ndarray) -> RawCurve:
    """Return the keys of a curve with those in a stretch replaced by one on every frame."""
    before, after = _beside(keys, frames)
    points = np.stack((frames, values), axis=1).astype(np.float32)
    handles = np.concatenate((points, points), axis=1)
    handles[:, 0] -= 1 / 3
    handles[:, 2] += 1 / 3
    interpolation = np.full(len(frames), _LINEAR, np.uint8)
    begins = np.flatnonzero(np.abs(keys.points[:, 0] - frames[0]) < 1e-3)
    if len(begins):  # it is come from as before
        handles[0, :2] = keys.handles[begins[0], :2]
    ends = np.flatnonzero(np.abs(keys.points[:, 0] - frames[-1]) < 1e-3)
    if len(ends):  # what follows is led to as before
        interpolation[-1] = keys.interpolation[ends[0]]
        handles[-1, 2:] = keys.handles[ends[0], 2:]
    return RawCurve(
        np.concatenate((keys.points[before], points, keys.points[after])),
        np.concatenate((keys.interpolation[before], interpolation, keys.interpolation[after])),
        np.concatenate((keys.handles[before], handles, keys.handles[after])),
    )


def _beside(keys: RawCurve, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which keys lie before and after a stretch."""
    at = keys.points[:, 0]
    return np.flatnonzero(at < frames[0] - 1e-3), np.flatnonzero(at > frames[-1] + 1e-3)
