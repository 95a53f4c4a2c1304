"""A Blender camera that sees what the clip's camera saw."""

from collections.abc import Iterable

import bpy
import numpy as np
from mathutils import Matrix

from bake.motion.resample import Timeline, resample
from bake.motion.track import Track
from bake.scene.action import new_action, write_curves
from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import matrix_to_quaternion, without_sign_flips
from core_model.take import Take

_SENSOR_WIDTH = 36.0  # millimetres; only the ratio to the focal length shows in the picture

_OPENCV_TO_BLENDER = np.diag([1.0, -1.0, -1.0, 1.0])
"""Camera space x right, y down, z forward; a Blender camera has Y up and looks along -Z."""


def create_camera(name: str, camera: Camera, collection: bpy.types.Collection) -> bpy.types.Object:
    """Make a camera that projects every point onto the same pixel as `camera` does.

    It needs the picture size that `show_through` gives the scene.
    """
    data = bpy.data.cameras.new(name)
    width, height = (float(side) for side in camera.size)
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = _SENSOR_WIDTH
    data.lens = camera.focal / width * _SENSOR_WIDTH
    # Blender shifts in units of the picture's width, to the right and up.
    data.shift_x = (width / 2 - camera.center[0]) / width
    data.shift_y = (camera.center[1] - height / 2) / width
    data.clip_start, data.clip_end = 0.01, 1000.0
    placed = bpy.data.objects.new(name, data)
    placed.matrix_world = Matrix((camera.to_world @ _OPENCV_TO_BLENDER).tolist())
    collection.objects.link(placed)
    return placed


def turn_camera(placed: bpy.types.Object, takes: Iterable[Take], timeline: Timeline) -> None:
    """Let a camera turn as the clip's did while the takes last, if it did.

    Parameters
    ----------
    placed : bpy.types.Object
        From `create_camera`, for the camera of these takes.
    takes : iterable of Take
        All from one clip; each knows the turns in its own frames.
    timeline : Timeline
        Of the motion.
    """
    turns: dict[float, np.ndarray] = {}
    for take in takes:
        if take.camera is not None and np.size(take.camera_turns):
            to_world = take.camera.to_world[:3, :3]
            turns |= dict(zip(take.times.tolist(), to_world @ take.camera_turns, strict=True))
    if not turns:
        return
    times = np.array(sorted(turns))
    matrices = np.array([turns[time] for time in times]) @ _OPENCV_TO_BLENDER[:3, :3]
    quaternions = np.zeros((len(times), JOINT_COUNT, 4))
    quaternions[..., 0] = 1
    quaternions[:, 0] = without_sign_flips(matrix_to_quaternion(matrices)[:, None])[:, 0]
    keys = resample(Track(times, quaternions, np.zeros((len(times), 3))), timeline)
    placed.rotation_mode = "QUATERNION"
    _, holder = new_action(f"{placed.name}_turns"[:60], placed)
    write_curves(
        holder,
        "rotation_quaternion",
        "Turns",
        keys.frames,
        keys.quaternions[:, 0],
        keys.last_of_run,
    )


def show_through(scene: bpy.types.Scene, camera: bpy.types.Object, size: np.ndarray) -> None:
    """Make `camera` the scene's, and the scene's pictures as large as the clip's (2,)."""
    scene.camera = camera
    render = scene.render
    render.resolution_x, render.resolution_y = int(size[0]), int(size[1])
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0


def overview_camera(positions: np.ndarray) -> Camera:
    """Return a camera from the front that sees a whole motion, for takes without their own.

    Parameters
    ----------
    positions : (K, 3)
        Where the pelvis goes, world, metres.
    """
    size = np.array([1280, 720])
    low, high = positions.min(axis=0), positions.max(axis=0)
    focal = 1280.0
    # Room for a body with raised arms around the pelvis, whichever side fills the picture first.
    extent = high - low + 2.8
    distance = focal * max(extent[0] / size[0], extent[2] / size[1])
    to_world = np.eye(4)
    to_world[:3, :3] = [[1, 0, 0], [0, 0, 1], [0, -1, 0]]
    to_world[:3, 3] = [(low[0] + high[0]) / 2, low[1] - distance, (low[2] + high[2]) / 2]
    return Camera(focal, size / 2, size, to_world)
