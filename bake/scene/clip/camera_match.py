"""A Blender camera that sees what the clip's camera saw."""

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from bake.scene.factory import is_default
from bake.scene.marks import SIZE
from core_model.geometry.camera import Camera

_SENSOR_WIDTH = 36.0  # millimetres; only the ratio to the focal length shows in the picture

OPENCV_TO_BLENDER = np.diag([1.0, -1.0, -1.0, 1.0])
"""Camera space x right, y down, z forward; a Blender camera has Y up and looks along -Z."""


def create_camera(
    name: str, camera: Camera, collection: bpy.types.Collection, units: float = 1.0
) -> bpy.types.Object:
    """Make a camera that projects every point onto the same pixel as `camera` does.

    It needs the picture size that `show_through` gives the scene.

    Parameters
    ----------
    name : str
    camera : Camera
    collection : bpy.types.Collection
    units : float
        Of the scene, per metre.
    """
    data = bpy.data.cameras.new(name)
    width, height = (float(side) for side in camera.size)
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = _SENSOR_WIDTH
    data.lens = lens_of(camera)
    # Blender shifts in units of the picture's width, to the right and up.
    data.shift_x = (width / 2 - camera.center[0]) / width
    data.shift_y = (camera.center[1] - height / 2) / width
    data.clip_start, data.clip_end = 0.01 * units, 1000.0 * units
    data.display_size = units
    placed = bpy.data.objects.new(name, data)
    placed[SIZE] = [int(width), int(height)]
    to_world = camera.to_world @ OPENCV_TO_BLENDER
    to_world[:3, 3] *= units
    placed.matrix_world = Matrix(to_world.tolist())
    collection.objects.link(placed)
    return placed


def lens_of(camera: Camera) -> float:
    """Return the lens of a Blender camera that sees as `camera` does, millimetres."""
    return float(camera.focal / camera.size[0] * _SENSOR_WIDTH)


def show_through(
    scene: bpy.types.Scene, camera: bpy.types.Object, size: np.ndarray | Sequence[int]
) -> None:
    """Make `camera` the scene's, and the scene's pictures as large as the clip's (2,)."""
    scene.camera = camera
    render = scene.render
    render.resolution_x, render.resolution_y = int(size[0]), int(size[1])
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0


def take_over_scene(scene: bpy.types.Scene, camera: bpy.types.Object) -> bool:
    """Make a camera of `create_camera` the scene's, unless the scene has one of the user's.

    The scene's pictures become as large as the camera's clip, unless they have another size than
    the clip of the camera before. Returns whether it is the scene's camera now.
    """
    before: Any = scene.camera
    if before == camera:
        return True
    if before is not None and SIZE not in before and not is_default(before):
        return False
    render, known = scene.render, before.get(SIZE) if before else None
    size: Any = camera.get(SIZE)
    if size and (known is None or [render.resolution_x, render.resolution_y] == list(known)):
        show_through(scene, camera, size)
    scene.camera = camera
    return True


def overview_camera(positions: np.ndarray, room: float = 2.8) -> Camera:
    """Return a camera from the front that sees a whole motion, for takes without their own.

    Parameters
    ----------
    positions : (K, 3)
        Where the pelvis goes, or all joints, world, metres.
    room : float
        Metres to see around that; by default for a body with raised arms around its pelvis.
    """
    size = np.array([1280, 720])
    low, high = positions.min(axis=0), positions.max(axis=0)
    focal = 1280.0
    extent = high - low + room
    # Whichever side fills the picture first.
    distance = focal * max(extent[0] / size[0], extent[2] / size[1])
    to_world = np.eye(4)
    to_world[:3, :3] = [[1, 0, 0], [0, 0, 1], [0, -1, 0]]
    to_world[:3, 3] = [(low[0] + high[0]) / 2, low[1] - distance, (low[2] + high[2]) / 2]
    return Camera(focal, size / 2, size, to_world)
