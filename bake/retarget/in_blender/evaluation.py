"""What Blender makes of an armature at many frames, constraints, drivers and layers included."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from bake.retarget.rig import Rig
from bake.scene.units import units_per_metre
from core_model.errors import RigError

_MOMENT = 0.04  # seconds that a step takes beside its first frame


def in_metres(rig: Rig, scene: bpy.types.Scene) -> Rig:
    """Return a rig whose `to_world` leads to metres, whatever the scene's units are."""
    metres = np.diag([*(3 * [1 / units_per_metre(scene)]), 1.0])
    return replace(rig, to_world=metres @ rig.to_world)


def pose_steps(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    bones: Sequence[str],
    frames: np.ndarray,
) -> Generator[float, None, np.ndarray]:
    """Evaluate bones at frames, in short steps that tell which share is done.

    The armature is looked at alone, in a scene that is there for a moment only: what the user sees,
    and the frame, stay as they are, and no mesh is deformed for it.

    Parameters
    ----------
    scene : bpy.types.Scene
        The one that tells rate and units.
    armature : bpy.types.Object
        Not in edit mode, in which Blender shows bones at rest.
    bones : sequence of str
    frames : (K,) int

    Returns
    -------
    (K, B, 4, 4)
        Of bones in the world, in metres; columns are as long as the object is scaled.
    """
    name, library, stage = armature.name, armature.library, scene.name
    names = armature.pose.bones.keys() if armature.pose else []
    chosen = [names.index(bone) for bone in bones]
    found = np.empty((len(frames), len(chosen), 4, 4))
    flat = np.empty(16 * len(names), np.float32)
    done = 0
    while done < len(frames):
        thing = bpy.data.objects.get((name, library.filepath if library else None))
        if thing is None or thing.pose is None or thing.pose.bones.keys() != names:
            raise RigError(f"{name} was changed meanwhile: begin again.")
        now = bpy.data.scenes[stage]
        metres = 1 / units_per_metre(now)
        with _alone(thing, now) as room:
            # The first frame takes longest: Blender finds out what depends on what.
            end = float("inf")
            while done < len(frames) and time.perf_counter() < end:
                room.frame_set(int(frames[done]))
                evaluated: Any = thing.evaluated_get(room.view_layers[0].depsgraph)
                evaluated.pose.bones.foreach_get("matrix", flat)
                # Blender keeps matrices by columns.
                local = flat.reshape(-1, 4, 4)[chosen].transpose(0, 2, 1).astype(np.float64)
                found[done] = np.array(evaluated.matrix_world, dtype=np.float64) @ local
                found[done, :, :3] *= metres
                done += 1
                end = min(end, time.perf_counter() + _MOMENT)
        if done < len(frames):
            yield done / len(frames)
    return found


@contextmanager
def _alone(armature: bpy.types.Object, scene: bpy.types.Scene) -> Iterator[bpy.types.Scene]:
    room = bpy.data.scenes.new("Retarget")
    try:
        room.render.fps, room.render.fps_base = scene.render.fps, scene.render.fps_base
        room.collection.objects.link(armature)
        yield room
    finally:
        bpy.data.scenes.remove(room)
