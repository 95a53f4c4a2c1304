"""Whether somebody worked on a figure by hand since it was baked."""

from typing import Any

import bpy
import numpy as np

from bake.scene.animation.action import is_ours, places
from bake.scene.by_hand.edits import is_worked_on
from bake.scene.by_hand.layers import is_empty_layer


def has_handwork(armature: Any, body: bpy.types.Object | None) -> bool:
    """Return whether a figure holds more than what was baked, so that deleting it would lose work.

    Parameters
    ----------
    armature : bpy.types.Object
    body : bpy.types.Object or None
        Its own body, which is no work.
    """
    if armature.library or armature.override_library:
        return True
    data = armature.animation_data
    if data and (data.drivers or _plays_work(armature, data)):
        return True
    constrained = armature.constraints or any(b.constraints for b in armature.pose.bones)
    others = [each for each in armature.children if each != body]
    moved = not np.allclose(armature.matrix_world, np.eye(4), atol=1e-6)
    return bool(constrained or others or moved)


def _plays_actions(track: bpy.types.NlaTrack) -> bool:
    return bool(track.strips) and all(strip.type == "CLIP" for strip in track.strips)


def _plays_work(armature: Any, data: Any) -> bool:
    """Return whether anything is played but a bake as it was made, under an empty layer at most."""
    if any(not _plays_actions(track) for track in data.nla_tracks):
        return True
    return any(
        not is_ours(place.action) or is_worked_on(armature, place)
        for place in places(data)
        if not is_empty_layer(place.action)
    )
