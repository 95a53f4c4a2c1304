"""Whether somebody worked on a figure by hand since it was baked."""

from typing import Any

import bpy
import numpy as np

_MADE = "mocap_made"
"""As `bake.scene.action` leaves it on an action that it made."""


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
    if data and (data.nla_tracks or data.drivers or _is_users(data.action)):
        return True
    constrained = armature.constraints or any(b.constraints for b in armature.pose.bones)
    others = [each for each in armature.children if each != body]
    moved = not np.allclose(armature.matrix_world, np.eye(4), atol=1e-6)
    return bool(constrained or others or moved)


def _is_users(action: Any) -> bool:
    return action is not None and action.get(_MADE) != action.name
