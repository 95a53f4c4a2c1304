"""What was keyed by hand at one frame, taken off again: the bake shows through there."""

from typing import Any

import bpy
import numpy as np

from bake.scene.animation.action import holder_at
from bake.scene.animation.raw_curves import RawCurve, edited_frames, raw_curves, read_curve
from bake.scene.by_hand.edits import source_of
from bake.scene.by_hand.fixes import delete_fix, fixes_of

_HERE = 0.5  # frames


def take_off(armature: bpy.types.Object, frame: int, fade: int) -> None:
    """Take off what was keyed by hand at a frame, by Fix Pose or by auto-keying.

    Parameters
    ----------
    armature : bpy.types.Object
    frame : int
    fade : int
        As `delete_fix` takes it.
    """
    if armature.animation_data and any(fix.frame == frame for fix in fixes_of(armature)):
        delete_fix(armature, frame, fade)
    place = source_of(armature)
    if place is None:
        return
    holder = holder_at(place, armature)
    for (path, index), raw in raw_curves(place.action).items():
        curve = holder.fcurves.find(path, index=index)
        if curve is None:
            continue
        edited = edited_frames(raw, read_curve(curve))
        here = {each for each in edited if abs(each - frame) < _HERE}
        if here and edited == here:
            _put_back(curve, raw)
        elif here:
            _put_back_key(curve, raw, frame)


def _put_back(curve: Any, raw: RawCurve) -> None:
    """Let a curve run as it was baked."""
    points = curve.keyframe_points
    while len(points) > len(raw.points):
        points.remove(points[-1], fast=True)
    points.add(len(raw.points) - len(points))
    points.foreach_set("co", raw.points.ravel())
    points.foreach_set("interpolation", raw.interpolation)
    for column, side in ((0, "handle_left"), (2, "handle_right")):
        points.foreach_set(f"{side}_type", np.zeros(len(raw.points), np.uint8))  # free
        points.foreach_set(side, raw.handles[:, column : column + 2].ravel())
    curve.update()


def _put_back_key(curve: Any, raw: RawCurve, frame: int) -> None:
    """Put one key of a curve back, or take it away, where others of it were edited, too."""
    was = np.flatnonzero(np.abs(raw.points[:, 0] - frame) < _HERE)
    for point in reversed(list(curve.keyframe_points)):
        if abs(point.co.x - frame) >= _HERE:
            continue
        if len(was):
            point.co.y = float(raw.points[was[0], 1])
        else:
            curve.keyframe_points.remove(point)
    curve.update()
