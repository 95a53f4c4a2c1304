"""A channel that only one figure has: its action fits no other figure.

All figures have the same bones. Exporters that write every action of a file for every object that
it fits, as Blender's FBX exporter does, would give each figure the motions of all others.
"""

import bpy
import numpy as np

from bake.reduction.bezier import keys_with_slopes
from bake.scene.animation.action import all_holders, forget_curves, write_keys

_NAME = "mocap_figure_"


def put_own_channel(armature: bpy.types.Object, holder: object, frame: int) -> None:
    """Let an action that moves an armature say so in a channel of its own.

    Parameters
    ----------
    armature : bpy.types.Object
    holder : bpy.types.Action or bpy.types.ActionChannelbag
        From `baked_action`.
    frame : int
        For the one key that it needs.
    """
    name = next((each for each in armature.keys() if each.startswith(_NAME)), "")
    if not name:
        used = {each for thing in bpy.data.objects for each in thing.keys()}
        name = next(new for n in range(1, len(used) + 2) if (new := f"{_NAME}{n}") not in used)
        armature[name] = 1.0
        presented = armature.id_properties_ui(name)
        assert presented
        presented.update(description="Keeps the motion of this figure from other figures")
    path = f'["{name}"]'
    forget_curves(holder, {path})
    one, level = np.ones((1, 1)), np.zeros((1, 1))
    keys = keys_with_slopes(np.array([frame]), one, level, level, np.array([True]))
    write_keys(holder, path, "Mocap", keys)


def is_of(action: bpy.types.Action, animated: bpy.types.Object) -> bool:
    """Return whether an action may move an object: not if it was baked for another figure."""
    owners = {
        curve.data_path
        for holder in all_holders(action)
        for curve in holder.fcurves
        if curve.data_path.startswith(f'["{_NAME}')
    }
    return owners <= {f'["{name}"]' for name in animated.keys()}
