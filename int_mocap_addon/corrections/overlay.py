"""Marks of pins in the 3D View."""

from typing import Any

import bpy
import numpy as np

from ..settings import settings_of
from ..takes.listing import active_take
from .frames import frame_of
from .kinds import PLACE, ROTATION

_HARD, _SOFT = (1.0, 0.35, 0.25, 1.0), (1.0, 0.8, 0.3, 1.0)
_RADIUS = 6.0  # pixels at a scale of 1, on the frame of the pin
_NEAR = 8  # frames beside it in which the mark goes
_CORNERS = 20

_handle: Any = None


Mark = tuple[tuple[float, ...], float, tuple[float, float, float, float]]
"""Place in the world, size 0 to 1, and colour."""


def marks(scene: bpy.types.Scene) -> list[Mark]:
    """Return the marks of pins that are near the current frame."""
    take = active_take(scene)
    if take is None or take.armature is None or not settings_of(scene).corrections.show_marks:
        return []
    armature, found = take.armature, dict[str, Mark]()
    if scene.objects.get(armature.name) != armature:
        return []
    for item in take.corrections:
        if not item.enabled or item.kind not in (ROTATION, PLACE):
            continue
        away = abs(frame_of(scene, take, item.time) - scene.frame_current)
        bone = armature.pose.bones.get(item.part)
        if bone is None or away > _NEAR:
            continue
        size = 1.0 if away == 0 else 0.6 * (1 - away / (_NEAR + 1))
        if item.part not in found or size > found[item.part][1]:
            place = armature.matrix_world @ bone.head
            found[item.part] = (tuple(place), size, _SOFT if item.soft else _HARD)
    return list(found.values())


def _draw() -> None:
    context = bpy.context
    space, scene, region = context.space_data, context.scene, context.region
    if scene is None or region is None or not isinstance(space, bpy.types.SpaceView3D):
        return
    if not space.overlay.show_overlays or not (shown := marks(scene)):
        return
    import gpu
    from bpy_extras.view3d_utils import location_3d_to_region_2d
    from gpu_extras.batch import batch_for_shader
    from mathutils import Vector

    preferences = context.preferences
    scale = preferences.system.ui_scale if preferences else 1.0
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    gpu.state.blend_set("ALPHA")
    for place, size, colour in shown:
        seen: Any = space.region_3d
        at = location_3d_to_region_2d(region, seen, Vector(place))
        if at is None:
            continue
        corners: Any = _disc(np.array(at), _RADIUS * size * scale)
        shader.uniform_float("color", colour)
        batch_for_shader(shader, "TRIS", {"pos": corners}).draw(shader)
    gpu.state.blend_set("NONE")


def _disc(centre: np.ndarray, radius: float) -> np.ndarray:
    """Return the corners (3 N, 2) of the triangles of a disc, pixels."""
    angles = 2 * np.pi * np.arange(_CORNERS + 1) / _CORNERS
    rim = centre + radius * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    middle = np.broadcast_to(centre, rim[1:].shape)
    return np.stack((middle, rim[:-1], rim[1:]), axis=1).reshape(-1, 2).astype(np.float32)


def add_marks() -> None:
    """Begin to draw."""
    global _handle
    _handle = bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL")


def remove_marks() -> None:
    """Draw no more."""
    global _handle
    if _handle is not None:
        bpy.types.SpaceView3D.draw_handler_remove(_handle, "WINDOW")
        _handle = None
