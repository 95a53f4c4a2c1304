"""Whether somebody worked on a figure by hand since it was baked."""

from typing import Any

import bpy
import numpy as np

from bake.scene.action import is_ours
from bake.scene.edits import is_worked_on, source_of


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
    if data and (data.nla_tracks or data.drivers or _plays_work(armature, data.action)):
        return True
    constrained = armature.constraints or any(b.constraints for b in armature.pose.bones)
    others = [each for each in armature.children if each != body]
    moved = not np.allclose(armature.matrix_world, np.eye(4), atol=1e-6)
    return bool(constrained or others or moved)


def _plays_work(armature: Any, action: bpy.types.Action | None) -> bool:
    if action is None:
        return False
    place = source_of(armature)
    return not is_ours(action) or (place is not None and is_worked_on(armature, place))
