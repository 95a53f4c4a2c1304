"""BVH, by Blender's own exporter."""

from pathlib import Path
from typing import Any

import bpy
import numpy as np

_STILL = 1e-5  # metres; a bone that moves no more than that keeps its distance from its parent


def write_bvh(path: Path, armature: Any, first: int, last: int, units: float) -> None:
    """Write an armature of the scene that is shown.

    Bones get channels for their place only if one below the top needs them: many programs know
    them of the topmost bone alone.

    Parameters
    ----------
    path : Path
    armature : bpy.types.Object
        Its bones in a space with Y up.
    first, last : int
        Frames.
    units : float
        Units of the file in a metre.
    """
    layer: Any = bpy.context.view_layer
    layer.objects.active = armature
    armature.select_set(True)
    bpy.ops.export_anim.bvh(
        filepath=str(path),
        frame_start=first,
        frame_end=last,
        global_scale=1.0,
        rotate_mode="NATIVE",
        root_transform_only=not _bones_move(armature, first, last, _STILL * units),
    )


def _bones_move(armature: Any, first: int, last: int, still: float) -> bool:
    """Return whether any bone but the topmost moves away from its parent."""
    below = [bone for bone in armature.pose.bones if bone.parent]
    scene: Any = bpy.context.scene
    for frame in range(first, last + 1):
        scene.frame_set(frame)
        places = np.array([bone.location for bone in below])
        if len(places) and np.abs(places).max() > still:
            return True
    return False
