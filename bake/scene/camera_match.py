"""A Blender camera that sees what the clip's camera saw, with the clip behind the scene."""

from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix

from bake.motion.resample import Timeline
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
    data.lens = camera.focal / width * _SENSOR_WIDTH
    # Blender shifts in units of the picture's width, to the right and up.
    data.shift_x = (width / 2 - camera.center[0]) / width
    data.shift_y = (camera.center[1] - height / 2) / width
    data.clip_start, data.clip_end = 0.01 * units, 1000.0 * units
    data.display_size = units
    placed = bpy.data.objects.new(name, data)
    to_world = camera.to_world @ OPENCV_TO_BLENDER
    to_world[:3, 3] *= units
    placed.matrix_world = Matrix(to_world.tolist())
    collection.objects.link(placed)
    return placed


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


def add_background(
    camera: bpy.types.Object, clip_path: Path, timeline: Timeline, size: np.ndarray
) -> list[str]:
    """Show the clip behind the scene, in step with the motion.

    Blender plays a clip one picture per scene frame, so that scene and clip stay in step only at
    the same frame rate.

    Parameters
    ----------
    camera : bpy.types.Object
    clip_path : Path
        A video, or a folder of pictures.
    timeline : Timeline
        Of the motion.
    size : (2,)
        Of the upright picture that the take was captured from.

    Returns
    -------
    list of str
        What the user should know, one sentence each.
    """
    path = clip_path
    if clip_path.is_dir():
        path = min((each for each in clip_path.iterdir() if each.is_file()), default=clip_path)
    clip = bpy.data.movieclips.load(str(path.resolve()))
    if clip.frame_duration == 0:
        bpy.data.movieclips.remove(clip)
        return [f"Blender cannot play {clip_path}; the camera has no background."]
    clip.frame_start = timeline.first_frame
    clip_rate = timeline.rate.value if clip_path.is_dir() else clip.fps
    clip.frame_offset = round(timeline.start * clip_rate)
    assert isinstance(camera.data, bpy.types.Camera)
    background = camera.data.background_images.new()
    background.source = "MOVIE_CLIP"
    background.clip = clip
    background.alpha = 1.0
    background.display_depth = "BACK"
    background.frame_method = "FIT"
    camera.data.show_background_images = True
    warnings = []
    width, height = np.array(clip.size)
    if abs(clip_rate / timeline.rate.value - 1) > 0.0005:
        warnings.append(
            f"{clip_path.name} plays at {clip_rate:.6g} pictures per second and the scene at "
            f"{timeline.rate}: Blender shows one picture per frame, so the background drifts."
        )
    if width != size[0] or height != size[1]:
        warnings.append(
            f"Blender shows {clip_path.name} as {width} x {height}, the take was "
            f"captured from {size[0]} x {size[1]}: the background may be turned or stretched."
        )
    return warnings
