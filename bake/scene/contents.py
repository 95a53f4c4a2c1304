"""What a .blend holds, as plain arrays: to tell whether two files hold the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.headless import blender_failed
from core_model.errors import OutputError


def contents_of(path: Path) -> dict[str, np.ndarray]:
    """Open a .blend and return what moves in it and what it moves, by name.

    Everything that was open in Blender is closed.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of str to numpy.ndarray
        The scene's time; of every curve its keys (K, 2) and their types (K,); of bones, meshes and
        cameras where they are at rest, metres.

    Raises
    ------
    OutputError
        When Blender cannot open the file.
    """
    try:
        bpy.ops.wm.open_mainfile(filepath=str(path.resolve()), load_ui=False)
    except RuntimeError as error:
        raise OutputError(blender_failed(f"open {path}", error)) from error
    return dict(_contents())


def _contents() -> Iterator[tuple[str, np.ndarray]]:
    for scene in bpy.data.scenes:
        render = scene.render
        time = (scene.frame_start, scene.frame_end, render.fps, render.fps_base)
        yield f"{scene.name}: time", np.array(time)
        yield f"{scene.name}: picture", np.array((render.resolution_x, render.resolution_y))
    for action in bpy.data.actions:
        for name, curve in _curves(action):
            yield f"{action.name}: {name}", _keys(curve, "co", 2)
            yield f"{action.name}: {name}: types", _keys(curve, "type", 1)
    for placed in bpy.data.objects:
        for curve in placed.animation_data.drivers if placed.animation_data else ():
            yield f"{placed.name}: {curve.data_path}[{curve.array_index}]", _keys(curve, "co", 2)
        yield f"{placed.name}: place", np.array(placed.matrix_world)
    for armature in bpy.data.armatures:
        for bone in armature.bones:
            yield f"{armature.name}: {bone.name}: rest", np.array(bone.matrix_local)
    for mesh in bpy.data.meshes:
        vertices = np.empty(3 * len(mesh.vertices), dtype=np.float32)
        mesh.vertices.foreach_get("co", vertices)
        yield f"{mesh.name}: vertices", vertices.reshape(-1, 3)
    for camera in bpy.data.cameras:
        lens = (camera.lens, camera.sensor_width, camera.shift_x, camera.shift_y)
        yield f"{camera.name}: lens", np.array(lens)


def _curves(action: Any) -> Iterator[tuple[str, Any]]:
    """Give the curves of an action with their names, in whichever way this Blender keeps them."""
    if bpy.app.version < (4, 4, 0):
        holders = [("", action)]
    else:
        holders = [
            (f"{bag.slot.name_display}: ", bag)
            for layer in action.layers
            for strip in layer.strips
            for bag in strip.channelbags
        ]
    for slot, holder in holders:
        for curve in holder.fcurves:
            yield f"{slot}{curve.data_path}[{curve.array_index}]", curve


def _keys(curve: Any, what: str, width: int) -> np.ndarray:
    values = np.zeros(width * len(curve.keyframe_points), dtype=np.float32)
    if what == "type":
        values = values.astype(np.uint8)
    curve.keyframe_points.foreach_get(what, values)
    return values.reshape(-1, width)
