"""The picture of a motion: the figure as it is seen at one frame, small and square."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from bake.headless import silent_stderr

SIZE = 256  # pixels

_FROM = Vector((0.55, -1.0, 0.25)).normalized()
"""Where the camera is, seen from the figure: before it, a little aside and above."""

_MARGIN = 1.1
_THIN = 0.12  # of a bone's length: how thick it is drawn


def render_figure(
    scene: bpy.types.Scene, armature: Any, meshes: Sequence[Any], frame: int
) -> np.ndarray | None:
    """Render a figure at a frame; return the picture (SIZE, SIZE, 4), None where it cannot be.

    Parameters
    ----------
    scene : bpy.types.Scene
        Of the figure; it stays as it is.
    armature : bpy.types.Object
    meshes : sequence of bpy.types.Object
        What is shown of the figure; its bones if there are none.
    frame : int
    """
    played: Any = bpy.data.scenes.new("preview")
    shown: Any = bpy.data.scenes.new("preview")
    made: list[Any] = []
    try:
        played.render.fps, played.render.fps_base = scene.render.fps, scene.render.fps_base
        doubles = [_double(mesh) for mesh in meshes]
        made += doubles
        for each in (armature, *doubles):
            played.collection.objects.link(each)
        played.frame_set(frame)
        graph = played.view_layers[0].depsgraph
        # A render would ask for the motion anew; what is still cannot be at another frame.
        stills = [_still(each.evaluated_get(graph), graph) for each in doubles]
        stills = stills or [_sticks(armature.evaluated_get(graph))]
        camera = _camera(np.concatenate([_points(each) for each in stills]))
        for each in (*stills, camera):
            made += [each, each.data]
            shown.collection.objects.link(each)
        shown.camera = camera
        return _rendered(shown)
    finally:
        bpy.data.scenes.remove(played)
        bpy.data.scenes.remove(shown)
        bpy.data.batch_remove(made)


def _double(mesh: Any) -> Any:
    double = mesh.copy()
    for path in ("hide_viewport", "hide_render"):
        double.driver_remove(path)
        setattr(double, path, False)
    return double


def _still(seen: Any, graph: Any) -> Any:
    """Return a mesh as it is seen, in the world."""
    mesh = bpy.data.meshes.new_from_object(seen, depsgraph=graph)
    mesh.transform(seen.matrix_world)
    return bpy.data.objects.new("preview", mesh)


def _sticks(seen: Any) -> Any:
    """Return a mesh of the bones that an armature shows: one double pyramid each."""
    corners: list[Any] = []
    faces: list[tuple[int, int, int]] = []
    for bone in seen.pose.bones:
        if bone.bone.hide or not bone.bone.use_deform:
            continue
        place = seen.matrix_world @ bone.matrix
        start, length = len(corners), bone.length
        thick, along = _THIN * length, 0.15 * length
        ring = [(thick, along, 0), (0, along, thick), (-thick, along, 0), (0, along, -thick)]
        corners += [place @ Vector(each) for each in [(0, 0, 0), *ring, (0, length, 0)]]
        for number in range(4):
            one, two = start + 1 + number, start + 1 + (number + 1) % 4
            faces += [(start, one, two), (start + 5, two, one)]
    mesh = bpy.data.meshes.new("preview")
    mesh.from_pydata([tuple(each) for each in corners], [], faces)
    return bpy.data.objects.new("preview", mesh)


def _points(still: Any) -> np.ndarray:
    points = np.empty(3 * len(still.data.vertices), np.float32)
    still.data.vertices.foreach_get("co", points)
    return points.reshape(-1, 3)


def _camera(points: np.ndarray) -> Any:
    """Return a camera without perspective that sees all points, the figure in the middle."""
    data: Any = bpy.data.cameras.new("preview")
    data.type = "ORTHO"
    turn: Any = _FROM.to_track_quat("Z", "Y").to_matrix()
    seen = points @ np.array(turn)
    low, high = seen.min(axis=0), seen.max(axis=0)
    size = max(float((high - low)[:2].max()), 1e-3)
    data.ortho_scale = _MARGIN * size
    middle = (low + high) / 2
    depth = float(high[2] - low[2]) + 10 * size
    place = np.array([middle[0], middle[1], high[2] + size])
    data.clip_start, data.clip_end = 1e-3 * size, depth
    camera = bpy.data.objects.new("preview", data)
    camera.matrix_world = Matrix.LocRotScale(turn @ Vector(place.tolist()), turn, None)
    return camera


def _rendered(stage: Any) -> np.ndarray | None:
    render, display = stage.render, stage.display
    render.engine = "BLENDER_WORKBENCH"
    render.film_transparent = True
    render.resolution_x = render.resolution_y = SIZE
    render.resolution_percentage = 100
    if bpy.app.version >= (5, 0, 0):
        render.image_settings.media_type = "IMAGE"
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGBA"
    stage.view_settings.view_transform = "Standard"
    display.shading.light, display.shading.color_type = "STUDIO", "MATERIAL"
    display.render_aa = "8"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "preview.png"
        render.filepath = str(path)
        try:
            with silent_stderr():
                bpy.ops.render.render(write_still=True, scene=stage.name)
        except RuntimeError:  # no graphics
            return None
        if not path.is_file():
            return None
        image: Any = bpy.data.images.load(str(path))
        try:
            pixels = np.empty(len(image.pixels), np.float32)
            image.pixels.foreach_get(pixels)
        finally:
            bpy.data.images.remove(image)
    return pixels.reshape(SIZE, SIZE, 4)
