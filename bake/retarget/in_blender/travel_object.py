"""The way of a figure that stays in place: an empty that goes there, to be used or not."""

from dataclasses import replace
from typing import Any

import bpy

from bake.reduction.bezier import BezierKeys, keys_on_every_frame
from bake.reduction.key_reduction import Tolerance, reduce_curve
from bake.retarget.motion import RigMotion
from bake.scene.animation.action import curves_in, write_keys

_SIZE = 0.3  # metres


def travel_keys(motion: RigMotion, tolerance: Tolerance | None) -> BezierKeys | None:
    """Return the way of a motion as keys in metres, None if it has none of its own."""
    if motion.travel is None:
        return None
    if tolerance is None:
        return keys_on_every_frame(motion.frames, motion.travel, motion.last_of_run)
    most = tolerance.millimetres / 1000
    return reduce_curve(motion.travel, motion.frames, motion.last_of_run, most)


def put_travel(rig: bpy.types.Object, name: str, keys: BezierKeys, units: float) -> str:
    """Add an empty that goes the way, where the rig is in the scene; return its name.

    It moves nothing: the user may hang the rig on it, or a camera.

    Parameters
    ----------
    rig : bpy.types.Object
    name : str
        Of the motion.
    keys : BezierKeys
        From `travel_keys`.
    units : float
        Of the scene, per metre.
    """
    empty = bpy.data.objects.new(f"{name}_travel", None)
    empty.empty_display_type, empty.empty_display_size = "SINGLE_ARROW", _SIZE * units
    for collection in rig.users_collection:
        collection.objects.link(empty)
    action = bpy.data.actions.new(empty.name)
    scaled = replace(
        keys,
        values=units * keys.values,
        slopes_in=units * keys.slopes_in,
        slopes_out=units * keys.slopes_out,
    )
    write_keys(curves_in(action, empty.name), "location", "Location", scaled)
    data: Any = empty.animation_data_create()
    data.action = action
    if bpy.app.version >= (4, 4, 0):
        data.action_slot = action.slots[0]
    return empty.name
