"""Exported files read back into Blender by its own importers."""

import json
import struct
from pathlib import Path
from typing import Any

import bpy
import numpy as np

MILLIMETRE = 1e-3


def heads(armature: Any, names: list[str], frame: float) -> np.ndarray:
    """Return where heads of bones (N, 3) are in the world, metres where a unit is one."""
    scene = bpy.data.scenes[0]
    scene.frame_set(int(frame), subframe=frame % 1)
    seen: Any = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return np.array([seen.matrix_world @ seen.pose.bones[name].head for name in names])


def skin(mesh: Any, frame: int) -> np.ndarray:
    """Return where the vertices (V, 3) of a mesh are in the world."""
    bpy.data.scenes[0].frame_set(frame)
    seen: Any = mesh.evaluated_get(bpy.context.evaluated_depsgraph_get())
    points = np.empty(3 * len(seen.data.vertices), np.float32)
    seen.data.vertices.foreach_get("co", points)
    place = np.array(seen.matrix_world)
    return points.reshape(-1, 3) @ place[:3, :3].T + place[:3, 3]


def read_back(path: Path, fps: int = 30, base: float = 1.0) -> list[Any]:
    """Open a file in an empty scene; return its armatures, which play their first animation."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    render = bpy.data.scenes[0].render
    render.fps, render.fps_base = fps, base
    reader: Any = {
        ".fbx": bpy.ops.import_scene.fbx,
        ".glb": bpy.ops.import_scene.gltf,
        ".bvh": bpy.ops.import_anim.bvh,
        ".usdc": bpy.ops.wm.usd_import,
        ".abc": bpy.ops.wm.alembic_import,
    }[path.suffix]
    assert reader(filepath=str(path)) == {"FINISHED"}
    armatures = [thing for thing in bpy.data.objects if thing.type == "ARMATURE"]
    for armature in armatures:
        data: Any = armature.animation_data
        if data and data.nla_tracks:
            # Blender lists animations of a glTF, and plays the first.
            data.action = data.nla_tracks[0].strips[0].action
            if bpy.app.version >= (4, 4, 0):
                data.action_slot = data.action.slots[0]
    return armatures


def first_frame(armature: Any) -> int:
    """Return the first frame of what an armature does."""
    return round(armature.animation_data.action.frame_range[0])


def gltf_content(path: Path) -> dict[str, Any]:
    """Return the JSON of a .glb."""
    data = path.read_bytes()
    (length,) = struct.unpack("<I", data[12:16])
    content: dict[str, Any] = json.loads(data[20 : 20 + length])
    return content
