"""Blender's default cube, camera and light: what a scene holds that nobody has worked in yet."""

from collections.abc import Collection
from typing import Any

import bpy
import numpy as np

_NEAR = 1e-4
_CAMERA = ((7.358891, -6.925791, 4.958309), (1.109319, 0.0, 0.814928))
_LIGHT = ((4.076245, 1.005454, 5.903862), (0.650328, 0.055217, 1.866391))
_NOWHERE = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
"""Location and Euler angles (XYZ, radians) in Blender's factory settings, the same since 2.80."""


def is_unused(scene: bpy.types.Scene, ours: Collection[bpy.types.Object] = ()) -> bool:
    """Return whether a scene holds nothing of the user's: it is empty or as Blender starts.

    Parameters
    ----------
    scene : bpy.types.Scene
    ours : collection of bpy.types.Object
        What an earlier bake made, which is no work of the user's.
    """
    return all(each in ours or is_default(each) for each in scene.objects)


def clear_default(scene: bpy.types.Scene) -> list[str]:
    """Take the default cube and camera out of an unused scene, and return their names.

    The light stays: it is in nobody's way, and a render shows the figure by it.
    """
    things = [each for each in scene.objects if is_default(each) and each.type != "LIGHT"]
    names = [each.name for each in things]
    for each in things:
        data: Any = each.data
        bpy.data.objects.remove(each)
        if data.users == 0:
            kind = bpy.data.meshes if isinstance(data, bpy.types.Mesh) else bpy.data.cameras
            kind.remove(data)
    return names


def is_default(thing: Any) -> bool:
    """Return whether an object is one that Blender starts with, and nobody changed it."""
    is_bare = (
        thing.animation_data is None
        and not (thing.modifiers or thing.constraints or thing.children or thing.parent)
        and thing.library is None
        and len(thing.users_scene) == 1
        and np.allclose(thing.scale, 1, atol=_NEAR)
        and thing.rotation_mode == "XYZ"
    )
    data: Any = thing.data
    if not is_bare or data is None or data.users > 1 or data.animation_data:
        return False
    if thing.type == "MESH":
        return thing.name == "Cube" and _stands(thing, _NOWHERE) and _is_cube(data)
    if thing.type == "CAMERA":
        plain = abs(data.lens - 50) < _NEAR and not len(data.background_images)
        return thing.name == "Camera" and _stands(thing, _CAMERA) and plain
    return (
        thing.type == "LIGHT"
        and thing.name == "Light"
        and _stands(thing, _LIGHT)
        and data.type == "POINT"
        and abs(data.energy - 1000) < _NEAR
    )


def _stands(thing: Any, place: tuple[tuple[float, ...], tuple[float, ...]]) -> bool:
    location, angles = place
    return bool(
        np.allclose(thing.location, location, atol=_NEAR)
        and np.allclose(thing.rotation_euler, angles, atol=_NEAR)
    )


def _is_cube(mesh: bpy.types.Mesh) -> bool:
    if len(mesh.vertices) != 8 or len(mesh.polygons) != 6 or mesh.shape_keys:
        return False
    corners = np.empty(24)
    mesh.vertices.foreach_get("co", corners)
    plain = all(each is None or each.name == "Material" for each in mesh.materials)
    return plain and np.allclose(np.abs(corners), 1, atol=_NEAR)
